"""Which lines of a PDF begin an item of a list?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.readers.pdf_page import Line

ROUND_BULLETS = "•●▪■◦‣"
"""Signs that are never anything else; a dash or a number may belong to a sentence."""
_SIGNS = ROUND_BULLETS + "∙·▶➢➤✓–—*\x88\uf0b7\uf0a7\uf076-"
BULLET = re.compile(rf"([{_SIGNS}]|\(?[a-z]\)|\(?\d{{1,2}}[.)])\s+(?=\S)")
_BULLET_CHARS = 4
_LONE_BULLET = re.compile(rf"[”„“]|[{_SIGNS}]|\(?[a-z]\)|\(?\d{{1,2}}[.)]")


def with_bullets(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with each bullet that stands as a line of its own put before the text of its row.

    A bullet without a row is dropped, but a number without one is the end of a sentence and stays.
    """
    bullets = [line for line in lines if len(line.text) <= _BULLET_CHARS and _LONE_BULLET.fullmatch(line.text)]
    if not bullets:
        return list(lines)
    owners = {id(bullet): _owner(bullet, lines) for bullet in bullets}
    owned = {id(owners[id(bullet)]): bullet for bullet in bullets}
    joined = []
    for line in lines:
        bullet = owned.get(id(line))
        if bullet is not None:
            mark = "„" if bullet.text == "”" else bullet.text  # old fonts lower the upper quotation mark
            text = f"{mark}{'' if mark in '„“' else ' '}{line.text}"
            joined.append(line._replace(text=text, left=bullet.left, cells=()))
        elif id(line) not in owners or (owners[id(line)] is None and line.text[0].isdigit()):
            joined.append(line)
    return joined


def _owner(bullet: Line, lines: Sequence[Line]) -> Line | None:
    """Return the line that begins on the row of a bullet, right of it."""
    row = [
        line
        for line in lines
        if line is not bullet
        and bullet.right <= line.left + 1
        and line.bottom - 0.3 * line.size <= (bullet.top + bullet.bottom) / 2 <= line.top + 1
    ]
    return min(row, key=lambda line: line.left, default=None)
