"""How do staff keep the glossary, and when does it count?

What staff edit stands in the state folder; until the first edit it is the glossary that the settings name. A build
takes a copy into its release, so an edit counts from the next published release on. An entry is known by an id made
from its words: whoever changes an entry that somebody else has changed meanwhile is told so, and nothing is lost.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from indexes.analysis import fold
from indexes.storage import exclusive, storage_errors, write_durably
from qa_service.errors import GlossaryChanged, InvalidGlossary, ParameterProblem, UnknownEntry
from qa_service.glossary import REMARK, Glossary, entry_variants, numbered_entries, read_glossary_file

STAFF_GLOSSARY = "glossary.tsv"
"""The file of the state folder."""
LOCK_FILE = "glossary.lock"
COLUMN_CHARS = 300
MOST_ENTRIES = 5000
SHOWN_PROBLEMS = 20
"""How many wrong lines of an import are told at once."""
COLUMNS = ("english", "czech")
_ID_DIGITS = 16
_UNWRITABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that no term holds: controls, invisible marks, line ends, and what is no character."""


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """Terms that mean the same; variants in each language are separated by `; `."""

    english: str
    czech: str

    @property
    def id(self) -> str:
        """Return 16 hexadecimal digits of the SHA-256 of the entry: an entry that is changed gets another id."""
        return sha256(f"{self.english}\t{self.czech}".encode()).hexdigest()[:_ID_DIGITS]

    @property
    def line(self) -> str:
        """Return the entry as it stands in the file."""
        return f"{self.english}\t{self.czech}"


@dataclass(frozen=True, slots=True)
class GlossaryText:
    """The whole text of a glossary, and its entries in the order of the text."""

    text: str
    entries: tuple[GlossaryEntry, ...]

    @property
    def version(self) -> str:
        """Return 16 hexadecimal digits of the SHA-256 of the text."""
        return sha256(self.text.encode()).hexdigest()[:_ID_DIGITS]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import changes: how many entries come, go and stay."""

    added: int
    removed: int
    unchanged: int


class StaffGlossary:
    """The glossary of one installation; safe to use from several threads and processes."""

    def __init__(self, state: Path, original: Path) -> None:
        """Edit the glossary of the folder `state`; `original` is what it begins with."""
        self._file = state / STAFF_GLOSSARY
        self._lock_file = state / LOCK_FILE
        self._original = original

    @property
    def file(self) -> Path:
        """Return the file that counts at the next build."""
        return self._file if self._file.is_file() else self._original

    def read(self) -> GlossaryText:
        """Return the glossary as it stands. Raises GlossaryUnreadable."""
        text = read_glossary_file(self.file)
        lines = numbered_entries(text, str(self.file))
        return GlossaryText(text, tuple(GlossaryEntry(*map(tidy, columns)) for _, columns in lines))

    def sound_text(self) -> str:
        """Return the text for a release, after reading it as search will. Raises GlossaryUnreadable."""
        text = read_glossary_file(self.file)
        Glossary.parsed(text, str(self.file))
        return text

    def described(self) -> str:
        """Return in words what the glossary holds and where it stands. Raises GlossaryUnreadable."""
        return f"{len(self.read().entries)} pairs in {self.file}"

    def add(self, english: str, czech: str) -> GlossaryEntry:
        """Add an entry at the end and return it. Raises InvalidGlossary, DiskFull."""
        entry = checked_entry(english, czech)
        with self._editing() as lines:
            entries = _entries(lines)
            _refuse_known(entry, entries.values())
            if len(entries) >= MOST_ENTRIES:
                raise InvalidGlossary([ParameterProblem("english", "too_many_entries", {"limit": MOST_ENTRIES})])
            lines.append(entry.line)
        return entry

    def change(self, entry_id: str, english: str, czech: str) -> GlossaryEntry:
        """Put other words in the place of an entry and return it.

        Raises InvalidGlossary, DiskFull, and UnknownEntry where the entry is no longer as its id says.
        """
        entry = checked_entry(english, czech)
        with self._editing() as lines:
            entries = _entries(lines)
            place = _place(entries, entry_id)
            _refuse_known(entry, [other for number, other in entries.items() if number != place])
            lines[place] = entry.line
        return entry

    def remove(self, entry_id: str) -> GlossaryEntry:
        """Take an entry out and return it. Raises UnknownEntry, DiskFull."""
        with self._editing() as lines:
            entries = _entries(lines)
            place = _place(entries, entry_id)
            del lines[place]
        return entries[place]

    def replace(self, text: str, version: str, *, is_trial: bool = False) -> ImportReport:
        """Put another text in the place of the glossary and return what that changes; a trial only looks.

        Raises InvalidGlossary with the wrong lines, GlossaryChanged where `version` is not the present one, DiskFull.
        """
        wanted = checked_text(text)
        with self._editing() as lines:
            present = self.read()
            if version != present.version:
                raise GlossaryChanged(version, present.version)
            before, after = set(present.entries), set(wanted.entries)
            if not is_trial:
                lines[:] = wanted.text.splitlines()
        return ImportReport(len(after - before), len(before - after), len(before & after))

    @contextmanager
    def _editing(self) -> Iterator[list[str]]:
        """Lend the lines of the glossary, alone, and write them back where they were changed."""
        with exclusive(self._lock_file, wait=True):
            before = read_glossary_file(self.file).splitlines()
            lines = list(before)
            yield lines
            if lines != before:
                with storage_errors(f"writing {self._file}"):
                    write_durably(self._file, "".join(f"{line}\n" for line in lines).encode())


def checked_entry(english: str, czech: str) -> GlossaryEntry:
    """Return the tidy entry of two columns. Raises InvalidGlossary with everything that is wrong with them."""
    columns = dict(zip(COLUMNS, (english, czech), strict=True))
    problems = [
        ParameterProblem(name, code, {"limit": COLUMN_CHARS})
        for name, text in columns.items()
        if (code := _fault(text))
    ]
    if not problems:
        said = {variant.language for variant in entry_variants(english, czech)}
        problems = [
            ParameterProblem(name, "no_telling_word")
            for name, language in zip(COLUMNS, ("en", "cs"), strict=True)
            if language not in said
        ]
    if problems:
        raise InvalidGlossary(problems)
    return GlossaryEntry(tidy(english), tidy(czech))


def checked_text(text: str) -> GlossaryText:
    """Return a whole glossary with every entry tidy; remarks stay. Raises InvalidGlossary, naming the wrong lines."""
    lines: list[str] = []
    entries: dict[GlossaryEntry, None] = {}
    problems: list[ParameterProblem] = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            if not line.strip() or line.startswith(REMARK):
                lines.append(line)
                continue
            entry = checked_entry(*_columns(line))
            _refuse_known(entry, [entry] if entry in entries else [])
        except InvalidGlossary as error:
            problems += [ParameterProblem(f"line {number}", each.code, each.facts) for each in error.errors]
        else:
            entries[entry] = None
            lines.append(entry.line)
    if not problems and not entries:
        problems = [ParameterProblem("line 1", "no_entries")]
    if len(entries) > MOST_ENTRIES:
        problems = [ParameterProblem(f"line {len(lines)}", "too_many_entries", {"limit": MOST_ENTRIES})]
    if problems:
        raise InvalidGlossary(problems[:SHOWN_PROBLEMS])
    return GlossaryText("".join(f"{line}\n" for line in lines), tuple(entries))


def tidy(column: str) -> str:
    """Return a column in composed characters (NFC), with single spaces, without empty and repeated variants."""
    variants = (" ".join(part.split()) for part in unicodedata.normalize("NFC", column).split(";"))
    return "; ".join(dict.fromkeys(part for part in variants if part))


def _columns(line: str) -> Sequence[str]:
    columns = line.split("\t")
    if len(columns) != len(COLUMNS):
        raise InvalidGlossary([ParameterProblem("line", "not_two_columns", {"count": len(columns)})])
    return columns


def _fault(column: str) -> str | None:
    """Return the code of what is wrong with a column by itself, or None."""
    words = tidy(column)
    if any(unicodedata.category(char) in _UNWRITABLE for char in column):
        return "unwritable"
    if not words:
        return "empty_column"
    if words.startswith(REMARK):
        return "looks_like_a_remark"
    return "column_too_long" if len(words) > COLUMN_CHARS else None


def _entries(lines: Sequence[str]) -> dict[int, GlossaryEntry]:
    """Return the entries by the number of their line, from 0."""
    found = numbered_entries("\n".join(lines), "of the staff")
    return {number: GlossaryEntry(*map(tidy, columns)) for number, columns in found}


def _place(entries: dict[int, GlossaryEntry], entry_id: str) -> int:
    for number, entry in entries.items():
        if entry.id == entry_id:
            return number
    raise UnknownEntry(entry_id)


def _refuse_known(entry: GlossaryEntry, others: Iterable[GlossaryEntry]) -> None:
    """Raise InvalidGlossary where another entry says all that this one says, whatever its case and diacritics."""
    for other in others:
        if _said(entry.english) <= _said(other.english) and _said(entry.czech) <= _said(other.czech):
            facts = {"english": other.english, "czech": other.czech}
            raise InvalidGlossary([ParameterProblem("english", "entry_exists", facts)])


def _said(column: str) -> frozenset[str]:
    return frozenset(fold(variant) for variant in tidy(column).split("; "))
