"""What can go wrong between a question and its answer?

PramenError
└── ServiceError
    ├── InvalidQuery             one or more parameters are unknown, malformed or out of range
    ├── UploadRefused            a file is refused at the door; its code is that of the receipts
    ├── UnknownReceipt           nothing has read this publication yet
    ├── UnknownDocument          the release has no document with this id
    ├── UnknownPassage           the release, or the document, has no passage with this id
    ├── KeyRefused               a key cannot be made, found or read
    ├── ExportRefused            an export would overwrite something
    ├── Overloaded               too much is asked at once
    ├── TooSlow                  the answer was not ready in time
    ├── GlossaryUnreadable       the glossary file cannot be read, or a line of it cannot be understood
    ├── InvalidGlossary          an entry, or lines of a whole glossary, cannot be taken
    ├── UnknownEntry             the glossary has no such entry, or no longer
    ├── GlossaryChanged          somebody else has changed the glossary meanwhile
    ├── EndpointFailed           the model endpoint cannot be reached, is too slow, or sends no answer
    ├── CalibrationUnreadable    the calibration of a release cannot be read, or is of another version
    ├── NothingToCalibrate       the judged questions are all answerable, or none is
    └── EvaluationError
        └── UnreadableJudgments  an evaluation set is missing a file, or a line of it cannot be understood
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from corpus.errors import PramenError

PARAMETER_MESSAGES: Mapping[str, Mapping[str, str]] = {
    "missing": {
        "cs": "Chybí dotaz: napište, co hledáte.",
        "en": "The query is missing: say what you are looking for.",
    },
    "empty": {
        "cs": "Dotaz neobsahuje žádné písmeno ani číslici: napište, co hledáte.",
        "en": "The query holds no letter and no digit: say what you are looking for.",
    },
    "too_long": {
        "cs": "Dotaz má {length} znaků, nejvýše smí mít {limit}: zkraťte jej.",
        "en": "The query has {length} characters and may have at most {limit}: shorten it.",
    },
    "not_a_number": {
        "cs": "Hodnota „{value}“ není celé číslo.",
        "en": "“{value}” is not a whole number.",
    },
    "out_of_range": {
        "cs": "Hodnota {value} není mezi {least} a {most}.",
        "en": "{value} is not between {least} and {most}.",
    },
    "not_a_choice": {
        "cs": "Hodnota „{value}“ není z nabídky: {choices}.",
        "en": "“{value}” is none of: {choices}.",
    },
    "not_a_date": {
        "cs": "„{value}“ není den v kalendáři, nebo není napsán jako 2024-05-31.",
        "en": "“{value}” is no day of the calendar, or is not written as 2024-05-31.",
    },
    "years_reversed": {
        "cs": "Rok „od“ ({year_from}) je až po roce „do“ ({year_to}).",
        "en": "The first year ({year_from}) lies after the last one ({year_to}).",
    },
    "too_many_values": {
        "cs": "Parametr má {count} hodnot, nejvýše jich smí mít {limit}.",
        "en": "The parameter has {count} values and may have at most {limit}.",
    },
    "value_too_long": {
        "cs": "Hodnota parametru má {length} znaků, nejvýše smí mít {limit}.",
        "en": "The value has {length} characters and may have at most {limit}.",
    },
    "repeated": {
        "cs": "Parametr je uveden vícekrát, smí být jen jednou.",
        "en": "The parameter is given more than once.",
    },
    "empty_column": {
        "cs": "Termín chybí: vyplňte oba jazyky.",
        "en": "The term is missing: fill in both languages.",
    },
    "column_too_long": {
        "cs": "Text je příliš dlouhý, smí mít nejvýše {limit} znaků: rozdělte ho do více dvojic.",
        "en": "The text is too long, it may have at most {limit} characters: divide it into several pairs.",
    },
    "unwritable": {
        "cs": "Text obsahuje tabulátor, konec řádku nebo neviditelný znak: napište ho znovu ručně.",
        "en": "The text holds a tab, a line end or an invisible character: type it again by hand.",
    },
    "looks_like_a_remark": {
        "cs": "Termín nesmí začínat znakem #, tak se v souboru značí poznámky.",
        "en": "A term cannot begin with #, which marks remarks in the file.",
    },
    "no_telling_word": {
        "cs": "Termín je složen jen ze slov, která při hledání nic neznamenají: doplňte významové slovo.",
        "en": "The term is made only of words that mean nothing to search: add a telling word.",
    },
    "entry_exists": {
        "cs": "Slovník už to říká dvojicí „{czech}“ – „{english}“.",
        "en": "The glossary says so already: “{english}” – “{czech}”.",
    },
    "too_many_entries": {
        "cs": "Slovník smí mít nejvýše {limit} dvojic.",
        "en": "The glossary may have at most {limit} pairs.",
    },
    "not_two_columns": {
        "cs": "Na řádku mají být dva sloupce, anglicky a česky, mezi nimi tabulátor; počet sloupců je tu {count}.",
        "en": "The line should have two columns, English and Czech, with a tab between them; their number here is {count}.",
    },
    "no_entries": {
        "cs": "V souboru není žádná dvojice termínů: na každém řádku má být anglicky, tabulátor, česky.",
        "en": "The file holds no pair of terms: each line is English, a tab, Czech.",
    },
    "unknown_parameter": {
        "cs": "Parametr neznáme; známe, nejbližší první: {known}.",
        "en": "The parameter is unknown; known are, nearest first: {known}.",
    },
    "unknown_cursor": {
        "cs": "Za značkou „{value}“ žádná stránka není: začněte znovu bez ní.",
        "en": "There is no page behind the cursor “{value}”: begin again without it.",
    },
}
"""The sentence for each code, in the languages of our readers; the names in braces are facts of the problem."""


SHOWN_CHARS = 100
"""How much of a name that a stranger chose is told back."""


class ServiceError(PramenError):
    """A question could not be served.

    Attributes:
        facts: What the sentence for a reader names, by the names of the catalogue of refusals.
    """

    code = "service"
    facts: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ParameterProblem:
    """One parameter that cannot be taken as it is; `code` is a key of PARAMETER_MESSAGES."""

    parameter: str
    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)

    def message(self, language: str) -> str:
        """Return the sentence for a reader of `language` (`cs` or `en`)."""
        return PARAMETER_MESSAGES[self.code][language].format(**self.facts)


class InvalidQuery(ServiceError):
    """One or more parameters are unknown, malformed or out of range; all of them are told at once.

    Attributes:
        errors: One entry for each problem, in the order of the parameters.
    """

    code = "invalid_query"

    def __init__(self, errors: Sequence[ParameterProblem]) -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(f"{error.parameter}: {error.message('en')}" for error in self.errors))


class UploadRefused(ServiceError):
    """A file is refused at the door, before anything of it is kept; `code` is one of those of the receipts."""

    def __init__(self, code: str, name: str, detail: str) -> None:
        self.code = code
        self.facts = {"name": name[:SHOWN_CHARS], "reason": detail}
        super().__init__(f"{name[:SHOWN_CHARS]!r} is refused ({code}): {detail}")


class UnknownReceipt(ServiceError):
    """Nothing has read this publication yet, or there is no such publication."""

    code = "unknown_receipt"

    def __init__(self, document_id: str) -> None:
        self.facts = {"id": document_id[:SHOWN_CHARS]}
        super().__init__(f"no build has read {document_id[:SHOWN_CHARS]!r}: run pramen build")


class UnknownDocument(ServiceError):
    """The release has no document with this id."""

    code = "unknown_document"

    def __init__(self, document_id: str) -> None:
        self.facts = {"id": document_id}
        super().__init__(f"no document of the release has the id {document_id!r}: pramen search shows ids")


class UnknownPassage(ServiceError):
    """The release, or the document named beside it, has no passage with this id."""

    code = "unknown_passage"

    def __init__(self, passage_id: str) -> None:
        self.facts = {"id": passage_id}
        super().__init__(f"no passage has the id {passage_id!r}: pramen search shows ids")


class KeyRefused(ServiceError):
    """A key cannot be made as asked, is unknown, or the file of keys cannot be read."""

    code = "key_refused"


class ExportRefused(ServiceError):
    """An export would overwrite what stands in its place; nothing was written."""

    code = "export_refused"


class Overloaded(ServiceError):
    """More is asked at once than can run and wait; nothing was done."""

    code = "overloaded"

    def __init__(self, what: str, seconds: int) -> None:
        self.facts = {"seconds": seconds}
        super().__init__(f"{what}: all places are taken, try again in {seconds} s")


class TooSlow(ServiceError):
    """The answer was not ready in time."""

    code = "too_slow"

    def __init__(self, what: str, seconds: float) -> None:
        self.facts = {"seconds": round(seconds)}
        super().__init__(f"{what}: nothing was ready within {seconds:g} s")


class GlossaryUnreadable(ServiceError):
    """The glossary file cannot be read, or a line of it is not two columns of terms."""

    code = "glossary_unreadable"


class InvalidGlossary(ServiceError):
    """An entry, or lines of a whole glossary, cannot be taken; all problems are told at once.

    Attributes:
        errors: One entry for each problem: of a column (`english`, `czech`) or of a line (`line 12`).
    """

    code = "invalid_glossary"

    def __init__(self, errors: Sequence[ParameterProblem]) -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(f"{error.parameter}: {error.message('en')}" for error in self.errors))


class UnknownEntry(ServiceError):
    """The glossary has no entry with this id: somebody may have changed or removed it meanwhile."""

    code = "unknown_entry"

    def __init__(self, entry_id: str) -> None:
        super().__init__(f"no entry of the glossary has the id {entry_id[:SHOWN_CHARS]!r}: read the glossary again")


class GlossaryChanged(ServiceError):
    """A glossary was to be replaced that is no longer the one that was read."""

    code = "glossary_changed"

    def __init__(self, read: str, present: str) -> None:
        super().__init__(f"the glossary is at version {present}, not {read[:SHOWN_CHARS]!r}: read it again")


class EndpointFailed(ServiceError):
    """The model endpoint cannot be reached, is too slow, or sends something that is no answer."""

    code = "model_endpoint_failed"


class CalibrationUnreadable(ServiceError):
    """The calibration of a release cannot be read, or is of another version."""

    code = "calibration_unreadable"


class NothingToCalibrate(ServiceError):
    """The judged questions are all answerable, or none is."""

    code = "nothing_to_calibrate"


class EvaluationError(ServiceError):
    """Judging a configuration of search was not possible."""

    code = "evaluation_failed"


class UnreadableJudgments(EvaluationError):
    """An evaluation set lacks a file, or a line of it cannot be understood."""

    code = "judgments_unreadable"
