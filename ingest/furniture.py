"""Which blocks of a document are no part of it: teasers, menus, link words, lines that every page of a site repeats?

Left out of the text and of passages, never out of the stored original; the receipt says what and how much.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import compress

from ingest.readers.reading import Block, BlockKind, Finding
from ingest.repetition import SITE_BLOCK_CHARS, block_key, site_key

LINK_WORDS = (
    "Více", "Více informací", "Více zde", "Zobrazit více", "Číst více", "Čtěte více", "Číst dál", "Číst dále", "Celý text", "Celý článek",
    "Méně textu", "Méně", "Zpět", "Zpět nahoru", "Nahoru", "Tisk", "Vytisknout", "Sdílet", "Přeskočit na obsah", "Přejít k obsahu",
    "Přejít na hlavní obsah", "Read more", "More", "Show more", "Show less", "Learn more", "Continue reading", "Full text", "Less text",
    "Back", "Back to top", "Print", "Share", "Skip to content", "Skip to main content", "Viac", "Čítať viac", "Mehr", "Weiterlesen", "Mehr lesen",
)  # fmt: skip
_GLUE_WORDS = (
    "Více",
    "Více informací",
    "Více zde",
    "Zobrazit více",
    "Čtěte více",
    "Číst více",
    "Číst dál",
    "Celý text",
    "Celý článek",
    "Méně textu",
    "Read more",
    "Learn more",
    "Show more",
)
_LONGEST_FIRST = sorted(LINK_WORDS, key=len, reverse=True)
_ONLY_LINK_WORDS = re.compile(r"(?:(?:" + "|".join(map(re.escape, _LONGEST_FIRST)) + r")[\s.…»>›→|]*)+", re.IGNORECASE)
_GLUED = re.compile(
    r"(?:" + "|".join(map(re.escape, sorted(_GLUE_WORDS, key=len, reverse=True))) + r")(?=[A-ZÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ„“\"])"
)
_GLUED_END = re.compile(
    r"(?<=[….!?])\s*(?:" + "|".join(map(re.escape, sorted(_GLUE_WORDS, key=len, reverse=True))) + r")[\s»›→]*$"
)
_CUT_SHORT = re.compile(r"(?:…|\.\.\.)\s*$")
_WORD_CHARACTER = re.compile(r"[^\W_]")
_IMAGE_NAME = re.compile(r"[\w\-. ()]{1,120}\.(?:jpe?g|png|gif|svg|webp|bmp)", re.IGNORECASE)
_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright\b).{0,120}", re.IGNORECASE)
_COOKIES = re.compile(r"\bcookies?\b", re.IGNORECASE)
_COOKIE_WORDS = re.compile(r"souhlas|přijmout|používá|accept|consent|we use|nastavení", re.IGNORECASE)
_EDITORS_NOTE = re.compile(
    r"\b(?:tady|zde|sem) by m[ěe]l[oaiy]?\b|\bbude doplněno\b|\bdoplnit\s*!|\bTODO\b|\bk doplnění\b|\blorem ipsum\b|\b(?:to be|will be) (?:added|attached) here\b",
    re.IGNORECASE,
)
_CONTENTS = re.compile(r"obsah|contents|table of contents|inhalt", re.IGNORECASE)
_CONTENTS_ENTRY = re.compile(r"(.{1,200}?)(?:(?:\.\s?){5,}|(?:…\s?){2,})\s*(\d{1,4})")
_LEAST_ENTRIES = 3
_MENU_CHARS = 160
_REPEATED_CHARS = 25
"""Shorter blocks repeat by chance ("Ano", "Kontakt")."""
_MOST_REMOVED = 0.6
"""A document that would lose more than this to repetition is a version of another, not furniture."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """The blocks of a document that are its own, and what was left out or should be looked at."""

    blocks: tuple[Block, ...]
    findings: tuple[Finding, ...]


def clear_furniture(blocks: Sequence[Block], site_blocks: Collection[str] = ()) -> Cleared:
    """Return a document without its furniture; `site_blocks` are the keys of blocks that another document keeps.

    See `ingest.repetition`.
    """
    removed: dict[str, list[str]] = defaultdict(list)
    kept = _without_site_blocks(_unglued(blocks, removed), site_blocks, removed)
    kept = _without_contents(kept, removed)
    kept = _without_teasers(kept, removed)
    kept = [block for block in kept if not _is_lone_furniture(block, removed)]
    kept = _without_menu(kept, removed)
    kept = _without_repetition(kept, removed)
    findings = [Finding(code, len(texts), sample=texts[0][:160]) for code, texts in removed.items()]
    notes = [block.text for block in kept if len(block.text) < SITE_BLOCK_CHARS and _EDITORS_NOTE.search(block.text)]
    findings += [Finding("editors_note", len(notes), sample=notes[0][:160])] if notes else []
    return Cleared(tuple(kept), tuple(findings))


def _unglued(blocks: Sequence[Block], removed: dict[str, list[str]]) -> list[Block]:
    """Part a link word from the sentence that it was glued to ("VíceSpecialista ...") or that it follows ("... Více")."""
    mark = Block(BlockKind.PARAGRAPH, _MARK)
    parted: list[Block] = []
    for block in blocks:
        before, after = _GLUED.match(block.text), _GLUED_END.search(block.text)
        found = before or after
        if found is None:
            parted.append(block)
            continue
        cut = before.end() if before else 0
        text = block.text[cut : after.start() if after else None]
        breaks = tuple((max(offset - cut, 1), page) for offset, page in block.breaks)
        removed["link_words"].append(found[0].strip())
        parted += [*([mark] if before else []), replace(block, text=text, breaks=breaks), *([mark] if after else [])]
    return parted


_MARK = "\x00"
"""Stands where a link word was, so that the teaser before it is recognised; never leaves this module."""


def _without_teasers(blocks: Sequence[Block], removed: dict[str, list[str]]) -> list[Block]:
    """Leave out blocks that are cut short by an ellipsis and followed by a link word, another teaser, or repeated."""
    repeats = Counter(block.text for block in blocks)
    kept: list[Block] = []
    for index, block in enumerate(blocks):
        following = blocks[index + 1].text if index + 1 < len(blocks) else ""
        is_linked = following == _MARK or _ONLY_LINK_WORDS.fullmatch(following)
        if block.text == _MARK:
            continue
        is_repeated = repeats[block.text] > 1
        is_cut = block.page is None and bool(_CUT_SHORT.search(block.text))  # teasers are a habit of web pages
        if (is_cut and (is_linked or is_repeated)) or (is_linked and is_repeated):
            removed["teasers"].append(block.text)
        else:
            kept.append(block)
    return kept


def _without_site_blocks(blocks: list[Block], site: Collection[str], removed: dict[str, list[str]]) -> list[Block]:
    if not site:
        return blocks
    is_site = [block.text != _MARK and site_key(block) in site for block in blocks]
    found = list(compress(blocks, is_site))
    size = sum(len(block.text) for block in blocks)
    if not found or sum(len(block.text) for block in found) > _MOST_REMOVED * size:
        return blocks
    removed["site_furniture"] += [block.text for block in found]
    return [block for block, is_found in zip(blocks, is_site, strict=True) if not is_found]


def _without_contents(blocks: list[Block], removed: dict[str, list[str]]) -> list[Block]:
    """Leave out lines whose dots lead to numbers of pages, which grow from line to line, with the heading above them.

    Prices may grow as well: without such a heading, one of the lines must name what stands as a block of its own.
    """
    entries = [_contents_entry(block.text) for block in blocks]
    named = {block.text for block in blocks}
    kept: list[Block] = []
    start = 0
    while start < len(blocks):
        end = start + 1
        while end < len(blocks) and entries[start] and _page(entries[end]) >= _page(entries[end - 1]):
            end += 1
        is_headed = bool(kept and _CONTENTS.fullmatch(kept[-1].text))
        leads = is_headed or any(entry and entry[1].strip() in named for entry in entries[start:end])
        if entries[start] and end - start >= _LEAST_ENTRIES and leads:
            removed["table_of_contents"] += [kept.pop().text] if is_headed else []
            removed["table_of_contents"] += [block.text for block in blocks[start:end]]
        else:
            kept += blocks[start:end]
        start = end
    return kept


def _contents_entry(text: str) -> re.Match[str] | None:
    return _CONTENTS_ENTRY.fullmatch(text) if len(text) <= SITE_BLOCK_CHARS else None


def _page(entry: re.Match[str] | None) -> int:
    return int(entry[2]) if entry else 0


def _is_lone_furniture(block: Block, removed: dict[str, list[str]]) -> bool:
    text = block.text
    if not _WORD_CHARACTER.search(text):
        removed["decoration"].append(text)
        return True
    if len(text) > SITE_BLOCK_CHARS:
        return False
    for code, is_found in (
        ("link_words", _ONLY_LINK_WORDS.fullmatch(text)),
        ("image_names", _IMAGE_NAME.fullmatch(text)),
        ("copyright_lines", block.page is None and _COPYRIGHT.fullmatch(text)),
        ("cookie_bars", _COOKIES.search(text) and _COOKIE_WORDS.search(text) and block.kind is not BlockKind.HEADING),
    ):
        if is_found:
            removed[code].append(text)
            return True
    return False


def _without_menu(blocks: list[Block], removed: dict[str, list[str]]) -> list[Block]:
    """Leave out lines before the title that run menu entries together and end in the title ("Úvod Novinky Název")."""
    for index in range(min(3, len(blocks) - 1)):
        line, title = blocks[index].text, blocks[index + 1].text
        is_trail = len(line) < _MENU_CHARS and len(title) > 3 and line != title and line.endswith(title)  # noqa: PLR2004 - "Úvod"
        if is_trail and not line.removesuffix(title).rstrip().endswith((".", ":", "?", "!")):
            removed["menus"].append(line)
            return blocks[:index] + blocks[index + 1 :]
    return blocks


def _without_repetition(blocks: list[Block], removed: dict[str, list[str]]) -> list[Block]:
    """Leave out all but the first occurrence of a block."""
    counts = Counter(block_key(block.text) for block in blocks if _may_repeat(block))
    seen: set[str] = set()
    kept = []
    previous = ""
    for block in blocks:
        key = block_key(block.text)
        is_title_again = block.text == previous and block.kind is not BlockKind.TABLE_ROW
        if is_title_again or (_may_repeat(block) and counts[key] > 1 and key in seen):
            removed["repeated_blocks"].append(block.text)
        else:
            kept.append(block)
        seen.add(key)
        previous = block.text
    return kept


def _may_repeat(block: Block) -> bool:
    return (
        block.kind not in (BlockKind.TABLE_ROW, BlockKind.FOOTNOTE)
        and _REPEATED_CHARS <= len(block.text) <= SITE_BLOCK_CHARS
    )


def merged_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return one finding for each code: counts and pages added up, the first sample kept."""
    merged: dict[str, Finding] = {}
    for finding in findings:
        old = merged.get(finding.code)
        if old is None:
            merged[finding.code] = finding
        else:
            pages = tuple(sorted({*old.pages, *finding.pages}))
            merged[finding.code] = replace(old, count=old.count + finding.count, pages=pages)
    return tuple(merged.values())
