"""How do the blocks of a document become one text with headings and pages marked in it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexes.passage import DocumentText, HeadingSpan, PageSegment
from ingest.readers.reading import Block, BlockKind


@dataclass(frozen=True, slots=True)
class BlockSpan:
    """A block at its place in the document's text."""

    start: int
    end: int
    kind: BlockKind
    heading: tuple[str, ...]
    """The headings above it, outermost first, without the title."""
    is_counted: bool = True
    """False for a title above all else or all headings, which every passage of the document carries anyway."""


def assemble(
    document_id: str, title: str, blocks: Sequence[Block], labels: Sequence[str]
) -> tuple[DocumentText, list[BlockSpan]]:
    """Return the text of a document, a block a line and footnotes last, and where in it each block stands."""
    ordered = _ordered(_demoted(_titled(blocks, title)), title)
    parts: list[str] = []
    spans: list[BlockSpan] = []
    segments: list[PageSegment] = []
    headings: list[HeadingSpan] = []
    position = 0
    top = sum(block.kind is BlockKind.HEADING and block.level <= 1 for block, _ in ordered)
    for block, path in ordered:
        end = position + len(block.text)
        is_title = block.kind is BlockKind.HEADING and _same(block.text, title) and (top == 1 or position == 0)
        spans.append(BlockSpan(position, end, block.kind, path, not is_title))
        if block.kind is BlockKind.HEADING:
            headings.append(HeadingSpan(position, end, max(block.level, 1)))
        _add_segments(segments, block, position, end, labels)
        parts.append(block.text)
        position = end + 1
    return DocumentText(document_id, "\n".join(parts), tuple(segments), tuple(headings)), spans


def _same(one: str, other: str) -> bool:
    return one.casefold().strip(" .:") == other.casefold().strip(" .:")


def _titled(blocks: Sequence[Block], title: str) -> list[Block]:
    """Return the blocks with the title made an outermost heading, where it stands as a heading at the beginning."""
    marked = list(blocks)
    for index, block in enumerate(blocks[:10]):
        if _same(block.text, title) and block.kind is BlockKind.HEADING:
            marked[index] = replace(block, level=1)
            break
    return marked


def _demoted(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with every heading that has nothing below it made a paragraph: a heading never stands alone."""
    kept = list(blocks)
    following: Block | None = None
    for index in range(len(kept) - 1, -1, -1):
        block = kept[index]
        if block.kind is BlockKind.FOOTNOTE:
            continue
        is_bare = following is None or (following.kind is BlockKind.HEADING and following.level <= block.level)
        if block.kind is BlockKind.HEADING and is_bare and not (index == 0 and following is not None):
            kept[index] = block = replace(block, kind=BlockKind.PARAGRAPH, level=0)
        following = block
    return kept


def _ordered(blocks: Sequence[Block], title: str) -> list[tuple[Block, tuple[str, ...]]]:
    """Return each block with the headings above it; footnotes after everything else, with the headings of their place."""
    path: list[tuple[int, str]] = []
    body: list[tuple[Block, tuple[str, ...]]] = []
    notes: list[tuple[Block, tuple[str, ...]]] = []
    for block in blocks:
        if block.kind is BlockKind.HEADING:
            path = [entry for entry in path if entry[0] < block.level]
            body.append((block, tuple(text for _, text in path)))
            if not _same(block.text, title):
                path.append((block.level, block.text))
        else:
            (notes if block.kind is BlockKind.FOOTNOTE else body).append((block, tuple(text for _, text in path)))
    return [*body, *notes]


def _add_segments(segments: list[PageSegment], block: Block, start: int, end: int, labels: Sequence[str]) -> None:
    """Extend the last segment over a block, or begin new ones where its pages begin."""
    if block.page is None:
        return
    pieces = [(0, block.page), *block.breaks]
    for (offset, page), following in zip(pieces, [*(offset for offset, _ in pieces[1:]), end - start], strict=True):
        label = labels[page - 1] if page <= len(labels) else str(page)
        if segments and segments[-1].number == page and offset == 0:
            last = segments.pop()
            segments.append(PageSegment(last.start, start + following, page, label))
        else:
            segments.append(PageSegment(start + offset, start + following, page, label))
