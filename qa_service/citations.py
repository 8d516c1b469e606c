"""How is a source cited, in the forms that people and reference managers expect, down to the page?

Reference text follows ISO 690:2021 (in Czech ČSN ISO 690:2022). BibTeX after Oren Patashnik's "BibTeXing" (1988), RIS
after the specification of Research Information Systems (2011), CSL-JSON after the schema of CSL 1.0.2.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from corpus.document import Document, DocumentKind
from indexes.passage import PageSpan

SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
MOST_AUTHORS = 3
"""ISO 690 lets a list of more than three creators be cut to the first."""


class CitationFormat(StrEnum):
    """The forms in which a citation is given out."""

    ISO690 = "iso690"
    BIBTEX = "bibtex"
    RIS = "ris"
    CSL = "csl"


MEDIA_TYPES = {
    CitationFormat.ISO690: "text/plain",
    CitationFormat.BIBTEX: "application/x-bibtex",
    CitationFormat.RIS: "application/x-research-info-systems",
    CitationFormat.CSL: "application/vnd.citationstyles.csl+json",
}
"""The media type of each form, for the answer over HTTP."""


@dataclass(frozen=True, slots=True)
class Name:
    """A creator: a person with `given`, or a body whose whole name is `family`."""

    family: str
    given: str = ""


def permalink(document_id: str, release_id: str, passage_id: str | None = None, public_url: str = "") -> str:
    """Return the address of a document in the viewer, pinned to its release and, if given, to a passage."""
    fragment = f"#passage={passage_id}" if passage_id else ""
    return f"{public_url.rstrip('/')}/documents/{document_id}?release={release_id}{fragment}"


def citation_text(
    document: Document, pages: PageSpan | None, language: str | None, accessed: date | None = None
) -> str:
    """Return the ISO 690 reference in Czech (English for `language` "en") with its page locator.

    `accessed` adds the day on which an online source was read. A year that was inferred stands in square brackets, as
    the standard has it for what the citer supplies. No place of publication is named: `place` in the metadata is the one
    that a document speaks of.
    """
    words = _ENGLISH if language == "en" else _CZECH
    meta = document.metadata
    parts = [_creators(authors(document), words), document.title, words.online if meta.url else ""]
    parts.append(
        ", ".join(filter(None, [meta.publisher, _year(document, words), page_locator(document, pages, language)]))
    )
    if meta.url:
        parts.append(f"{words.available}: {meta.url}")
    text = " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part)
    return f"{text} [{words.read} {accessed.isoformat()}]." if accessed else text


def page_locator(document: Document, pages: PageSpan | None, language: str | None) -> str:
    """Return where to look, the printed page first and the page of the file beside it: "s. iv (s. 4 v PDF)".

    Empty for a file without pages. The second part is left out where both numbers are equal.
    """
    if pages is None:
        return ""
    words = _ENGLISH if language == "en" else _CZECH
    has_slides = document.media_type == SLIDES
    unit = (words.slides if has_slides else words.pages)[pages.first != pages.last]
    printed = _span(pages.labels[0], pages.labels[-1])
    counted = _span(str(pages.first), str(pages.last))
    if has_slides or printed == counted:
        return f"{unit} {counted}"
    return f"{unit} {printed} ({unit} {counted} {words.in_file})"


def cite(
    document: Document,
    form: CitationFormat,
    pages: PageSpan | None = None,
    language: str | None = None,
    *,
    accessed: date | None = None,
    link: str = "",
) -> str:
    """Return the citation of a document, or of some of its pages, in one of the four forms.

    `link` is its address in the collection, for reference managers where the publisher gives none.
    """
    if form is CitationFormat.ISO690:
        return citation_text(document, pages, language, accessed)
    if link and not document.metadata.url:
        document = replace(document, metadata=replace(document.metadata, url=link))
    writers: dict[CitationFormat, Callable[[Document, PageSpan | None, str | None], str]] = {
        CitationFormat.BIBTEX: _bibtex,
        CitationFormat.RIS: _ris,
        CitationFormat.CSL: _csl,
    }
    return writers[form](document, pages, language)


def authors(document: Document) -> tuple[Name, ...]:
    """Return the creators with family and given names told apart; bodies keep their name whole."""
    return tuple(_parsed(name) for name in document.metadata.authors if name.strip())


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a reference in one language."""

    and_: str
    others: str
    online: str
    undated: str
    available: str
    read: str
    pages: tuple[str, str]
    """For one page and for several."""
    slides: tuple[str, str]
    in_file: str


_CZECH = _Words("a", "et al.", "Online", "[b. r.]", "Dostupné z", "cit.", ("s.", "s."), ("snímek", "snímky"), "v PDF")
_ENGLISH = _Words(
    "and", "et al.", "Online", "[n. d.]", "Available from", "viewed", ("p.", "pp."), ("slide", "slides"), "of the PDF"
)

_DEGREES = re.compile(
    r"(?<!\w)(?:Mgr|Bc|Ing|PhDr|JUDr|MUDr|RNDr|PaedDr|ThDr|doc|prof|Ph\.?\s?D|CSc|DrSc|DiS|MBA|M\.?A|Dr)(?:\.|(?!\w))\s*,?",
    re.IGNORECASE,
)
_BODY_WORDS = re.compile(
    r"\b(?:z\. ?[sú]\.|o\. ?p\. ?s|s\. ?r\. ?o|ministerstv|centr|organiza|sdružen|konsorci|asocia|úřad|rada|magistrát|"
    r"město|kraj|institut|univerzit|nadac|fond|ministry|cent(?:er|re)|association|office|council|commission|university|"
    r"foundation|institute|agency|network|city)",
    re.IGNORECASE,
)
_ABBREVIATION = re.compile(r"\b[A-ZÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ]{3,}\b")
_LONGEST_PERSONAL_NAME = 4
"""In words; longer names without a comma are those of bodies."""


def _parsed(name: str) -> Name:
    bare = " ".join(_DEGREES.sub(" ", name).split()).strip(" ,")
    if _BODY_WORDS.search(name) or not bare:
        return Name(name.strip())
    if "," in bare:
        family, given = bare.split(",", 1)
        return Name(family.strip(), given.strip())
    words = bare.split()
    capitalised = all(word[0].isupper() for word in words)
    if 1 < len(words) <= _LONGEST_PERSONAL_NAME and capitalised and not _ABBREVIATION.search(bare):
        return Name(words[-1], " ".join(words[:-1]))
    return Name(name.strip())


def _creators(names: Sequence[Name], words: _Words) -> str:
    shown = [f"{name.family.upper()}, {name.given}" if name.given else name.family for name in names]
    if len(shown) > MOST_AUTHORS:
        return f"{shown[0]} {words.others}"
    return f"{'; '.join(shown[:-1])} {words.and_} {shown[-1]}" if len(shown) > 1 else "".join(shown)


def _year(document: Document, words: _Words) -> str:
    year = document.metadata.year
    if year is None:
        return words.undated
    return f"[{year}]" if "year" in document.inferred else str(year)


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first}–{last}"


_BIBTEX_TYPES = {
    DocumentKind.REPORT: "techreport",
    DocumentKind.GUIDE: "manual",
    DocumentKind.STUDY: "techreport",
    DocumentKind.CONFERENCE: "proceedings",
}
_BIBTEX_PUBLISHER = {"techreport": "institution", "manual": "organization", "proceedings": "publisher"}
_TEX_SPECIAL = str.maketrans(
    {char: f"\\{char}" for char in "&%$#_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)


def _bibtex(document: Document, pages: PageSpan | None, language: str | None) -> str:
    meta = document.metadata
    kind = _BIBTEX_TYPES.get(meta.kind, "misc") if meta.kind else "misc"
    fields = {
        "author": " and ".join(map(_bibtex_name, authors(document))),
        "title": f"{{{_tex(document.title)}}}",
        _BIBTEX_PUBLISHER.get(kind, "howpublished"): _tex(meta.publisher or ""),
        "year": str(meta.year or ""),
        "language": meta.language or "",
        "url": (meta.url or "").replace("{", "%7B").replace("}", "%7D"),
        "pages": _tex(_span(pages.labels[0], pages.labels[-1]).replace("–", "--")) if pages else "",
        "note": _tex(page_locator(document, pages, language)),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{document.id},", *lines, "}", ""])


def _bibtex_name(name: Name) -> str:
    """Return a name for BibTeX; that of a body stands in braces, so that it is not taken apart."""
    return _tex(f"{name.family}, {name.given}") if name.given else f"{{{_tex(name.family)}}}"


def _tex(text: str) -> str:
    return text.translate(_TEX_SPECIAL)


_RIS_TYPES = {
    DocumentKind.REPORT: "RPRT",
    DocumentKind.GUIDE: "RPRT",
    DocumentKind.STUDY: "RPRT",
    DocumentKind.CONFERENCE: "CONF",
    DocumentKind.NEWS: "NEWS",
    DocumentKind.LAW: "STAT",
}


def _ris(document: Document, pages: PageSpan | None, language: str | None) -> str:
    meta = document.metadata
    fields = [("TY", _RIS_TYPES.get(meta.kind, "GEN") if meta.kind else "GEN")]
    fields += [("AU", f"{name.family}, {name.given}" if name.given else name.family) for name in authors(document)]
    fields += [
        ("TI", document.title),
        ("PB", meta.publisher or ""),
        ("PY", str(meta.year or "")),
        ("DA", meta.date.strftime("%Y/%m/%d/") if meta.date else ""),
        ("LA", meta.language or ""),
        ("UR", meta.url or ""),
        ("SP", pages.labels[0] if pages else ""),
        ("EP", pages.labels[-1] if pages else ""),
        ("N1", page_locator(document, pages, language)),
        ("ID", document.id),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", ""])


# A text on a conference is a "document": the type "event" is for the event itself.
_CSL_TYPES = {
    DocumentKind.REPORT: "report",
    DocumentKind.GUIDE: "report",
    DocumentKind.STUDY: "report",
    DocumentKind.NEWS: "article-newspaper",
    DocumentKind.LAW: "legislation",
}


def _csl(document: Document, pages: PageSpan | None, language: str | None) -> str:
    meta = document.metadata
    issued = [meta.date.year, meta.date.month, meta.date.day] if meta.date else [meta.year]
    item: dict[str, object] = {
        "id": document.id,
        "type": _CSL_TYPES.get(meta.kind, "document") if meta.kind else "document",
        "title": document.title,
        "author": [_csl_name(name) for name in authors(document)],
        "publisher": meta.publisher,
        "issued": {"date-parts": [issued]} if issued[0] else None,
        "language": meta.language,
        "URL": meta.url,
        "page": _span(pages.labels[0], pages.labels[-1]) if pages else None,
        "note": page_locator(document, pages, language),
    }
    return json.dumps([{key: value for key, value in item.items() if value}], ensure_ascii=False, indent=2) + "\n"


def _csl_name(name: Name) -> dict[str, str]:
    return {"family": name.family, "given": name.given} if name.given else {"literal": name.family}
