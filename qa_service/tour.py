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
    Stop(
        "Inflected Czech finds other forms of its words", "Na čem se domluvili účastníci Integračního fóra Praha?", "cs"
    ),
    Stop("Diacritics are not needed", "kdy se konala konference vyzvy integrace", "cs"),
    Stop("An English question, evidence in Czech", "When did Prague take part in the workshop in Turin?", "en"),
    Stop("A quotation comes with its page", "Kolik lidí přišlo na konferenci Města, migrace a integrace?", "cs"),
    Stop(
        "What the collection does not hold is not invented",
        "Kolik lidí přišlo na konferenci v Ostravě v roce 2016?",
        "cs",
    ),
)
