"""Which lines of a PDF are running heads, page numbers or a table of contents?"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingest.cleaning import clean_text
from ingest.readers.pdf_page import Line, PageLines
from ingest.readers.pdf_style import MUCH_LARGER
from ingest.readers.reading import Finding

_EDGE = 0.12
"""Page numbers stand in this share of the height of the page, at the top and at the bottom."""
_HEAD_EDGE = 0.2
"""Running heads, which have to stand at the same height on several pages, in this one."""
_PAGE_NUMBER = re.compile(
    r"[-–—|\s]*(?:(?:strana|str\.|stránka|page|p\.|seite)\s*)?(?:\d{1,4}|[ivxlcdm]{1,7})(?:\s*(?:/|z|ze|of|von)\s*\d{1,4})?[-–—|\s]*",
    re.IGNORECASE,
)
_PRINTED_ADDRESS = re.compile(r"(?:https?|file)://\S+\s\d{1,4}/\d{1,4}", re.IGNORECASE)
_PRINTED_TIME = re.compile(r"\d{1,2}[./]\s?\d{1,2}[./]\s?\d{2,4},?\s\d{1,2}:\d{2}(?:\s?[AP]M)?(?:\s.{0,300})?")
"""What a browser prints below a web page, its address and the number of the page, and above it."""
_LEADERS = re.compile(r"(?:\.\s?){5,}|(?:…\s?){2,}|(?:_\s?){5,}|(?:·\s?){5,}")
_LEADER_MARKS = re.compile(r"\.\s?\.|…\s?…|_\s?_|·\s?·")
_CONTENTS = re.compile(r"(?:\d[\d.]*\s+)?(?:obsah|contents|table of contents|inhalt|inhaltsverzeichnis)", re.IGNORECASE)
_CONTENTS_LINE = re.compile(rf"^\s*{_CONTENTS.pattern}\s*$", re.IGNORECASE | re.MULTILINE)
_ENDS_IN_NUMBER = re.compile(r".*\D\s(?:\d{1,4}|[ivxl]{1,6})$")
_NUMBER = re.compile(r"\d+")


def without_furniture(pages: Sequence[PageLines]) -> tuple[list[PageLines], list[Finding]]:
    """Return the pages without running heads, page numbers and tables of contents, and what was left out."""
    body_size = _body_size(pages)
    repeated = _repeated(pages, body_size)
    kept, heads, contents = [], [], []
    in_contents = False
    for page in pages:
        body: list[Line] = []
        for line in page.lines:
            if _is_head(line, page, repeated, body_size):
                heads.append((page.number, line.text))
            else:
                body.append(line)
        if in_contents or _may_hold_contents(body):
            body, entries, in_contents = _without_contents(body, in_contents)
            contents += [(page.number, text) for text in entries]
        kept.append(replace(page, lines=tuple(body)))
    return kept, [*_finding("running_heads", heads), *_finding("table_of_contents", contents)]


def _may_hold_contents(lines: Sequence[Line]) -> bool:
    """Return False for the pages, most of them, on which there is nothing to look for line by line."""
    text = "\n".join([line.text for line in lines])
    return _has_leaders(text) or _CONTENTS_LINE.search(text) is not None


def _without_contents(lines: Sequence[Line], in_contents: bool) -> tuple[list[Line], list[str], bool]:
    """Return the lines of a page without a table of contents, its entries, and whether it may go on overleaf."""
    kept, entries = [], []
    for index, line in enumerate(lines):
        in_contents = _is_in_contents(lines, index, in_contents)
        if in_contents or _is_entry(line.text):
            entries.append(line.text)
        else:
            kept.append(_without_blanks(line))
    return kept, entries, in_contents


def _has_leaders(text: str) -> bool:
    return _LEADER_MARKS.search(text) is not None and bool(_LEADERS.search(text))


def _is_entry(text: str) -> bool:
    """Return whether a line is an entry of a table of contents: dots lead to a number."""
    return _has_leaders(text) and bool(_ENDS_IN_NUMBER.fullmatch(text.rstrip(" .…_·")) or _LEADERS.match(text))


def _without_blanks(line: Line) -> Line:
    """Return a line of a form without the dots and dashes to write on."""
    if not _has_leaders(line.text):
        return line
    return line._replace(text=_LEADERS.sub(" ", line.text).strip(), cells=())


def _finding(code: str, removed: list[tuple[int, str]]) -> list[Finding]:
    if not removed:
        return []
    pages = tuple(dict.fromkeys(number for number, _ in removed))
    return [Finding(code, len(removed), pages, clean_text(removed[0][1])[:120])]


def _is_in_contents(lines: Sequence[Line], index: int, before: bool) -> bool:
    """A table of contents begins with its heading and goes on while entries, of at most three lines, end in numbers."""
    if _CONTENTS.fullmatch(lines[index].text.strip()):
        return True
    entry = [line.text for line in lines[index : index + 3]] if before else []
    return any(_has_leaders(text) or _ENDS_IN_NUMBER.fullmatch(text) for text in entry)


def _is_edge(line: Line, page: PageLines, share: float) -> bool:
    return line.bottom > (1 - share) * page.height or line.top < share * page.height


def _body_size(pages: Sequence[PageLines]) -> float:
    """Return the size of the font in which most characters are set."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _keys(line: Line, body_size: float) -> set[str]:
    """Return what a running head has in common on all its pages: all of it but its first or its last number.

    That number is the page's; the rows of a table differ in more than one. A line set much larger than the body is the
    heading of what begins on its page ("Příloha č. 2"), so its number counts.
    """
    text = line.text
    if not any(map(str.isalpha, text)):
        return set()
    numbers = [] if line.size >= MUCH_LARGER * body_size else list(_NUMBER.finditer(text))
    if not numbers:
        return {_bare(text)}
    return {_bare(text[: number.start()] + text[number.end() :]) for number in (numbers[0], numbers[-1])}


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def _repeated(pages: Sequence[PageLines], body_size: float) -> dict[int, set[str]]:
    """Return the words of the lines at the edge that several pages share, by their place: see `_place`."""
    found: Counter[tuple[str, int]] = Counter()
    for page in pages:
        found.update(
            {
                (key, _place(line, page))
                for line in page.lines
                if _is_edge(line, page, _HEAD_EDGE)
                for key in _keys(line, body_size)
            }
        )
    least = 2 if len(pages) <= 4 else 3  # noqa: PLR2004 - in a short file two equal heads are all there is
    repeated: defaultdict[int, set[str]] = defaultdict(set)
    for (key, place), count in found.items():
        if count >= least:
            for near in (place - 1, place, place + 1):
                repeated[near].add(key)
    return dict(repeated)


def _place(line: Line, page: PageLines) -> int:
    """Return how far from the bottom a line begins, in steps of 2 % of the page."""
    return round(50 * line.top / max(page.height, 1))


def _is_head(line: Line, page: PageLines, repeated: Mapping[int, set[str]], body_size: float) -> bool:
    if not _is_edge(line, page, _HEAD_EDGE):
        return False
    if _is_edge(line, page, _EDGE) and (_PAGE_NUMBER.fullmatch(line.text) or _is_printed_around(line, page)):
        return True
    heads = repeated.get(_place(line, page))
    return heads is not None and not heads.isdisjoint(_keys(line, body_size))


def _is_printed_around(line: Line, page: PageLines) -> bool:
    """Return whether a browser has printed a line at the edge; without the address a day and a time may open a programme."""
    if _PRINTED_TIME.fullmatch(line.text):
        return any(_PRINTED_ADDRESS.fullmatch(other.text) and _is_edge(other, page, _EDGE) for other in page.lines)
    return _PRINTED_ADDRESS.fullmatch(line.text) is not None
