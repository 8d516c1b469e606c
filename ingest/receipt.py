"""What does staff need to know about how each publication was read?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from ingest.cost import Cost
from ingest.readers.reading import Finding, finding_from_json
from ingest.reasons import SENTENCES, Outcome, Reason, Sentence

FINDINGS: dict[str, Sentence] = {
    "copyright_lines": Sentence("Vynechány řádky s autorskými právy", "Copyright lines left out"),
    "cookie_bars": Sentence("Vynechána lišta o cookies", "Cookie notices left out"),
    "decoration": Sentence("Vynechány čáry a tečky bez textu", "Lines of dashes or dots without text left out"),
    "duplicate": Sentence(
        "Stejný text jako jiný dokument; ve výsledcích je jen jednou",
        "Same text as another document; results show it once",
    ),
    "editors_note": Sentence(
        "V textu zůstala poznámka editora, zkontrolujte ji", "An editor's note was left in the text, please check it"
    ),
    "encoding_guessed": Sentence("Kódování souboru bylo odhadnuto", "The encoding of the file was guessed"),
    "hidden_slides": Sentence("Vynechány skryté snímky", "Hidden slides left out"),
    "hidden_text": Sentence("Vynechán skrytý text, který čtenář nevidí", "Hidden text that no reader sees left out"),
    "image_names": Sentence("Vynechány názvy obrázků", "Names of pictures left out"),
    "letters_lost": Sentence(
        "Některá písmena jsou v souboru nenávratně poškozená", "Some letters are damaged in the file beyond repair"
    ),
    "link_words": Sentence("Vynechána slova odkazů („Více“, „Celý text“)", 'Link words left out ("Read more")'),
    "menus": Sentence("Vynecháno menu nebo drobečková navigace", "Menus or breadcrumbs left out"),
    "near_duplicate": Sentence(
        "Téměř stejný text jako jiný dokument; společné pasáže jsou ve výsledcích jen jednou",
        "Nearly the same text as another document; results show what both say once",
    ),
    "page_furniture": Sentence(
        "Vynecháno okolí článku (menu, patička, související odkazy)",
        "Surroundings of the article left out (menu, footer, related links)",
    ),
    "pages_without_text": Sentence(
        "Stránky bez textu (naskenované); lze je přečíst jen pomocí OCR",
        "Pages without text (scanned); only OCR can read them",
    ),
    "pages_by_ocr": Sentence(
        "Stránky přečtené rozpoznáním textu (OCR), mohou obsahovat chyby",
        "Pages read by text recognition (OCR), may contain errors",
    ),
    "repeated_blocks": Sentence("Vynechány opakované odstavce", "Repeated paragraphs left out"),
    "running_heads": Sentence(
        "Vynechána záhlaví, zápatí a čísla stran", "Running heads, footers and page numbers left out"
    ),
    "sidecar": Sentence("Soubor document.toml nelze použít", "The file document.toml cannot be used"),
    "site_furniture": Sentence(
        "Vynechány bloky, které se opakují na více stránkách vydavatele",
        "Blocks that repeat over pages of the publisher left out",
    ),
    "table_of_contents": Sentence("Vynechán obsah (seznam kapitol s čísly stran)", "Table of contents left out"),
    "teasers": Sentence("Vynechány upoutávky na jiné články", "Teasers of other articles left out"),
    "unknown_successor": Sentence(
        "Novější verze uvedená v údajích ve sbírce není; zkontrolujte její označení",
        "The newer version named in the details is not in the collection; check its id",
    ),
    "unsupported_language": Sentence(
        "Část textu je v jazyce, který vyhledávání nepodporuje",
        "Part of the text is in a language that search does not support",
    ),
    "version": Sentence("Jiné vydání téhož dokumentu", "Another edition of the same document"),
}
"""What a finding means, by its code."""

INDEXED = Sentence("Dokument je připraven k vyhledávání.", "The document is ready to be searched.")


@dataclass(frozen=True, slots=True)
class Receipt:
    """The account of one publication in one build."""

    document_id: str
    file_name: str
    outcome: Outcome
    reasons: tuple[Reason, ...] = ()
    detail: str = ""
    """What exactly was met, in English; empty for a document without trouble."""
    media_type: str | None = None
    sha256: str = ""
    preparation: str = ""
    """Hash of everything that the passages depend on: equal in two builds, the document is taken over unread."""
    title: str | None = None
    pages: int | None = None
    pages_without_text: tuple[int, ...] = ()
    pages_by_ocr: tuple[int, ...] = ()
    passages: int = 0
    chars: int = 0
    languages: Mapping[str, float] = field(default_factory=dict)
    """Share of the text in each language, 0..1; `unknown` for what could not be told."""
    garbling: float = 0.0
    findings: tuple[Finding, ...] = ()
    related: tuple[Mapping[str, str], ...] = ()
    """Other documents like this one: {document_id, likeness}; of `exact`, `near` and `version`."""
    metadata: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """For each known field: {value, origin, confidence, conflict}."""
    missing: tuple[str, ...] = ()
    """Metadata that nobody gave and nothing tells."""
    acts: tuple[str, ...] = ()
    """Czech acts that the text names ("326/1999 Sb.")."""
    cost: Cost = field(default_factory=Cost)

    @property
    def sentence(self) -> Sentence:
        """The outcome in one sentence for staff."""
        return SENTENCES[self.reasons[0]] if self.reasons and self.outcome is not Outcome.INDEXED else INDEXED

    def to_json(self) -> dict[str, Any]:
        """Return the receipt as JSON values; `message` is Czech, `messages` has both languages."""
        sentence = self.sentence
        return {
            "document_id": self.document_id,
            "file_name": self.file_name,
            "outcome": self.outcome.value,
            "reasons": [reason.value for reason in self.reasons],
            "message": sentence.cs,
            "messages": {"cs": sentence.cs, "en": sentence.en},
            "detail": self.detail,
            "media_type": self.media_type,
            "sha256": self.sha256,
            "preparation": self.preparation,
            "title": self.title,
            "pages": self.pages,
            "pages_without_text": list(self.pages_without_text),
            "pages_by_ocr": list(self.pages_by_ocr),
            "passages": self.passages,
            "chars": self.chars,
            "languages": dict(self.languages),
            "garbling": round(self.garbling, 3),
            "findings": [_finding(finding) for finding in self.findings],
            "related": [dict(entry) for entry in self.related],
            "metadata": {name: dict(entry) for name, entry in self.metadata.items()},
            "missing": list(self.missing),
            "acts": list(self.acts),
            "seconds": self.cost.seconds,
            "cpu_s": self.cost.cpu_s,
            "memory_mb": self.cost.memory_mb,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Receipt:
        """Return the receipt that `to_json` described."""
        kept = {item.name: values[item.name] for item in fields(cls) if item.name in values}
        return cls(
            **kept
            | {
                "outcome": Outcome(values["outcome"]),
                "reasons": tuple(Reason(code) for code in values["reasons"]),
                "pages_without_text": tuple(values["pages_without_text"]),
                "pages_by_ocr": tuple(values["pages_by_ocr"]),
                "findings": tuple(finding_from_json(finding) for finding in values["findings"]),
                "related": tuple(values["related"]),
                "missing": tuple(values["missing"]),
                "acts": tuple(values["acts"]),
                "cost": Cost(values["seconds"], values["cpu_s"], values["memory_mb"]),
            }
        )


def _finding(finding: Finding) -> dict[str, Any]:
    sentence = FINDINGS[finding.code]
    return {**asdict(finding), "pages": list(finding.pages), "messages": {"cs": sentence.cs, "en": sentence.en}}
