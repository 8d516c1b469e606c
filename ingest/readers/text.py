"""How is plain text read, and Markdown, which is plain text with signs?"""

from __future__ import annotations

import re
from pathlib import Path
from statistics import median

from ingest.cleaning import clean_text
from ingest.errors import UnreadableDocument
from ingest.reasons import Reason
from ingest.readers.encodings import decode
from ingest.readers.kinds import FileKind, is_markdown
from ingest.readers.markdown import markdown_blocks
from ingest.readers.reading import Block, BlockKind, Finding, Reading
from ingest.settings import ReaderLimits

_BULLET = re.compile(r"\s*(?:[•●▪◦‣·*–—-]|\(?[a-z]\)|\(?\d{1,2}[.)])\s+(?=\S)")
_RULE = re.compile(r"\s*[-=_*~#.•]{3,}\s*")
_SENTENCE_END = re.compile(r"[.!?:;,…]['\"”“»)\]]*$")
_LINE_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_HEADING_CHARS = 120
_WRAPPED_WIDTH = range(50, 110)
"""Median length of lines that a program or a person broke at the edge of the page."""


def read_text(path: Path, limits: ReaderLimits) -> Reading:
    """Return the paragraphs, headings and list items of a text file. Raises UnreadableDocument."""
    data = path.read_bytes()
    text, encoding = decode(data)
    text = text.replace("\x00", "")
    if not text.strip():
        raise UnreadableDocument(Reason.NO_TEXT)
    findings = [] if encoding.startswith("utf-8") else [Finding("encoding_guessed", sample=encoding)]
    if "\ufffd" in text:
        findings.append(Finding("letters_lost", text.count("\ufffd")))
    if is_markdown(text):
        return Reading(FileKind.MARKDOWN, tuple(markdown_blocks(text)), findings=tuple(findings))
    return Reading(FileKind.TEXT, tuple(text_blocks(text)[: limits.elements]), findings=tuple(findings))


def text_blocks(text: str) -> list[Block]:
    """Return the blocks of plain text: a line each, or a group of lines where the lines were broken at an edge."""
    lines = _LINE_BREAK.split(text)
    groups = _groups(lines)
    if _is_wrapped(groups):
        units = [unit for group in groups for unit in _unwrapped(group)]
    else:
        units = [(line, index == len(group) - 1) for group in groups for index, line in enumerate(group)]
    return _with_kinds(units)


def _groups(lines: list[str]) -> list[list[str]]:
    """Return the lines between empty lines."""
    groups: list[list[str]] = [[]]
    for line in lines:
        if line.strip() and not _RULE.fullmatch(line[:300]):
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def _is_wrapped(groups: list[list[str]]) -> bool:
    inner = [len(line) for group in groups if len(group) > 1 for line in group[:-1]]
    total = sum(len(group) for group in groups)
    if len(inner) < 3 or len(inner) < total / 4:  # noqa: PLR2004 - too few lines to judge by
        return False
    return int(median(inner)) in _WRAPPED_WIDTH and max(inner) < 2 * median(inner)


def _unwrapped(group: list[str]) -> list[tuple[str, bool]]:
    """Return the units of a group of broken lines: list items apart, everything else joined."""
    units: list[str] = []
    for line in group:
        if units and not _BULLET.match(line):
            joined = units[-1].rstrip()
            is_hyphenated = joined.endswith("-") and joined[-2:-1].isalpha() and line.lstrip()[:1].islower()
            units[-1] = joined[:-1] + line.lstrip() if is_hyphenated else f"{joined} {line.lstrip()}"
        else:
            units.append(line)
    return [(unit, index == len(units) - 1) for index, unit in enumerate(units)]


def _with_kinds(units: list[tuple[str, bool]]) -> list[Block]:
    blocks = []
    for index, (raw, _) in enumerate(units):
        bullet = _BULLET.match(raw[:200])
        text = clean_text(raw[bullet.end() :] if bullet and not raw[: bullet.end()].strip()[:1].isdigit() else raw)
        if not text:
            continue
        if bullet:
            blocks.append(Block(BlockKind.LIST_ITEM, text, level=min((len(raw) - len(raw.lstrip())) // 2, 5)))
        elif _is_heading(text, units[index + 1][0] if index + 1 < len(units) else ""):
            blocks.append(Block(BlockKind.HEADING, text, level=1))
        else:
            blocks.append(Block(BlockKind.PARAGRAPH, text))
    return blocks


def _is_heading(text: str, following: str) -> bool:
    """A short line without the end of a sentence, or a short question, with more text below it."""
    if len(text) > _HEADING_CHARS or not following.strip() or not any(char.isalpha() for char in text):
        return False
    ends = _SENTENCE_END.search(text)
    is_question = text.endswith("?") and len(text) < _HEADING_CHARS / 2
    return (ends is None or is_question) and (text[0].isupper() or text[0].isdigit()) and len(following) > len(text)
