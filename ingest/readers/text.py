"""How is plain text read, and Markdown, which is plain text with signs?"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from statistics import median

from corpus.document import Metadata
from ingest.cleaning import clean_text
from ingest.errors import UnreadableDocument
from ingest.readers.encodings import decode, is_guess
from ingest.readers.kinds import FileKind, is_markdown
from ingest.readers.markdown import front_matter, markdown_blocks
from ingest.readers.reading import Block, BlockKind, Finding, Reading, require_few
from ingest.reasons import Reason
from ingest.settings import ReaderLimits

_BULLET = re.compile(r"\s*(?:[•●▪◦‣·*–—-]|\(?[a-z]\)|\(?\d{1,2}[.)])\s+(?=\S)")
_RULE = re.compile(r"\s*(?:[-=_*~#.•]{3,}|--)\s*")
_QUOTED = re.compile(r"^(?:>\s?)+")
_CLOSING = re.compile(
    r"(?:S pozdravem|S úctou|Děkuji|Děkujeme|(?:Best|Kind) regards|Yours \w+)\b.{0,20}", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[.!?:;,…]['\"”“»)\]]*$")
_LINE_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_HEADING_CHARS = 120
_LEAST_BROKEN = 2
_TITLE_LINES = 3
_WRAPPED_WIDTH = range(50, 110)
"""Median length of lines that a program or a person broke at the edge of the page."""


def read_text(path: Path, limits: ReaderLimits) -> Reading:
    """Return the paragraphs, headings and list items of a text file. Raises UnreadableDocument."""
    data = path.read_bytes()
    text, encoding = decode(data)
    text = text.replace("\x00", "")
    if not text.strip():
        raise UnreadableDocument(Reason.NO_TEXT)
    findings = [Finding("encoding_guessed", sample=encoding)] if is_guess(encoding) else []
    if "\ufffd" in text:
        findings.append(Finding("letters_lost", text.count("\ufffd")))
    is_marked = is_markdown(text)
    blocks = tuple(markdown_blocks(text) if is_marked else text_blocks(text))
    require_few(blocks, limits)
    kind, metadata = (FileKind.MARKDOWN, front_matter(text)) if is_marked else (FileKind.TEXT, Metadata())
    return Reading(kind, blocks, metadata=metadata, findings=tuple(findings))


def text_blocks(text: str) -> list[Block]:
    """Return the blocks of plain text: a line each, or a group of lines where the lines were broken at an edge."""
    groups = _groups(_LINE_BREAK.split(text))
    is_wrapped = _is_wrapped(groups)
    edge = 0 if is_wrapped else _edge(groups)
    units = [unit for group in groups for unit in (_unwrapped(group, edge) if is_wrapped or edge else group)]
    return _with_kinds(units)


def _groups(lines: list[str]) -> list[list[str]]:
    """Return the lines between empty lines."""
    groups: list[list[str]] = [[]]
    for line in lines:
        if line.strip() and not _RULE.fullmatch(line[:300]):
            groups[-1].append(_QUOTED.sub("", line))
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def _is_wrapped(groups: list[list[str]]) -> bool:
    inner = [len(line) for group in groups if len(group) > 1 for line in group[:-1]]
    total = sum(len(group) for group in groups)
    if len(inner) < 3 or len(inner) < total / 4:  # noqa: PLR2004 - too few lines to judge by
        return False
    return int(median(inner)) in _WRAPPED_WIDTH and max(inner) < 2 * median(inner)


def _edge(groups: list[list[str]]) -> int:
    """Return the width at which some paragraphs of a text are broken, 0 where none is: letters between short lines."""
    width = max((len(line.rstrip()) for group in groups for line in group), default=0)
    if width not in _WRAPPED_WIDTH:
        return 0
    pairs = [pair for group in groups for pair in pairwise(group)]
    broken = sum(_is_broken(above, line, width) and line.lstrip()[:1].islower() for above, line in pairs)
    return width if broken >= _LEAST_BROKEN else 0


def _is_broken(above: str, line: str, width: int) -> bool:
    """Return whether a line ends where it does because the first word of the next would not have fitted."""
    return len(above.rstrip()) + 1 + len(line.split(maxsplit=1)[0]) > width


def _unwrapped(group: list[str], edge: int = 0) -> list[str]:
    """Return the units of a group of broken lines: list items apart, everything else joined.

    Where an `edge` is given, only lines that were broken there are joined.
    """
    units: list[str] = []
    for above, line in zip(["", *group], group, strict=False):
        if units and not _BULLET.match(line) and (not edge or _is_broken(above, line, edge)):
            joined = units[-1].rstrip()
            is_hyphenated = joined.endswith("-") and joined[-2:-1].isalpha() and line.lstrip()[:1].islower()
            units[-1] = joined[:-1] + line.lstrip() if is_hyphenated else f"{joined} {line.lstrip()}"
        else:
            units.append(line)
    return units


def _with_kinds(units: list[str]) -> list[Block]:
    blocks: list[Block] = []
    for index, (unit, following) in enumerate(zip(units, [*units[1:], ""], strict=True)):
        bullet = _BULLET.match(unit[:200])
        is_number = bullet is not None and bullet[0].strip()[:1].isdigit()
        text = clean_text(unit[bullet.end() :] if bullet and not is_number else unit)
        is_in_list = bool(blocks) and blocks[-1].kind is BlockKind.LIST_ITEM and bool(_BULLET.match(following[:200]))
        if text and bullet:
            blocks.append(Block(BlockKind.LIST_ITEM, text, level=min((len(unit) - len(unit.lstrip())) // 2, 5)))
        elif text and _is_heading(text, following if index else _below_title(units)) and not is_in_list:
            blocks.append(Block(BlockKind.HEADING, text, level=1))
        elif text:
            blocks.append(Block(BlockKind.PARAGRAPH, text))
    return blocks


def _below_title(units: list[str]) -> str:
    """Return the text under the first line: between the two may stand the title once more, an author, a date."""
    return max(units[1 : 1 + _TITLE_LINES], key=len, default="")


def _is_heading(text: str, following: str) -> bool:
    """A short line without the end of a sentence, or a short question, with more text below it."""
    if len(text) > _HEADING_CHARS or not following.strip() or not any(char.isalpha() for char in text):
        return False
    if _CLOSING.fullmatch(text):
        return False
    ends = _SENTENCE_END.search(text)
    is_question = text.endswith("?") and len(text) < _HEADING_CHARS / 2
    return (ends is None or is_question) and (text[0].isupper() or text[0].isdigit()) and len(following) > len(text)
