"""What shows a newcomer in five questions what Pramen can do? They are asked of the starter collection."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stop:
    """One question of the tour and the strength that its answer shows."""

    strength: str
    question: str
    language: str


TOUR = (
    Stop("Inflected Czech finds other forms of its words", "Ze kterých krajů jeli lidé do Drážďan?", "cs"),
    Stop("Diacritics are not needed", "co delaji ucastnici kulatych stolu", "cs"),
    Stop(
        "An English question, evidence in Czech",
        "Which mayor and member of parliament spoke for the town of Kolín?",
        "en",
    ),
    Stop(
        "A quotation comes with its page as it is printed", "Are academic degrees given with the names of guests?", "en"
    ),
    Stop(
        "What the collection does not hold is not invented",
        "Kolik lidí přišlo na konferenci v Ostravě v roce 2016?",
        "cs",
    ),
)
