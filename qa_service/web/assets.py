"""What does a browser fetch besides the pages? Style sheets, scripts and pictures, read once and named by their hash."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from qa_service.web.messages import LANGUAGES, messages

WEB = Path(__file__).parent
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
WIDGET = "widget.js"
"""Served at the root, not among the assets: its address never changes."""
WIDGET_MESSAGES = "const MESSAGES = {};"
WIDGET_EVENTS = 'import { events } from "./events.js";'
"""The lines of widget.js that give way to messages and module when it is served, so that the widget is one file."""

SCRIPT_MESSAGES = {"page": ("script.", "answer.heading"), "admin": ("admin.", "kind.", "language.")}
"""Which messages the scripts of each room are given, as the modules `<room>-messages.<language>.js`."""
MESSAGES_OF_WIDGET = (
    "widget.",
    *("search.label", "search.submit", "answer.heading", "answer.differs", "answer.generated"),
    *("hit.page", "hit.slide", "hit.copies", "hit.expired", "hit.not_yet_valid", "hit.superseded", "hit.newer"),
    *("script.loading", "script.slow", "script.retry"),
)
"""Its own, and those in which it says what the page says."""
MESSAGES_OF_PAGE = """\
// The messages of the language of the page.
import { language } from "./words.js";
export default (await import(`./ROOM-messages.${language}.js`)).default;
"""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is served."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Assets:
    """All files that the pages refer to, by name; `version` changes when any of them does."""

    by_name: Mapping[str, Asset]
    version: str

    def address(self, name: str) -> str:
        """Return the path of a file. Raises KeyError where there is none, so that no page refers to nothing."""
        if name not in self.by_name:
            raise KeyError(name)
        return f"/static/{self.version}/{name}"


@cache
def read_assets() -> Assets:
    """Return all files of the rooms of this package, messages included, as one flat folder."""
    found = {}
    for room in ("shared", "page", "viewer", "widget", "admin"):
        for file in sorted((WEB / room).glob("*")):
            if file.suffix in MEDIA_TYPES and file.name != WIDGET:
                found[file.name] = Asset(file.read_bytes(), MEDIA_TYPES[file.suffix])
    for language in LANGUAGES:
        for room, prefixes in SCRIPT_MESSAGES.items():
            found[f"{room}-messages.{language}.js"] = _messages_module(language, prefixes)
    for room in SCRIPT_MESSAGES:
        found[f"{room}-messages.js"] = Asset(MESSAGES_OF_PAGE.replace("ROOM", room).encode(), MEDIA_TYPES[".js"])
    digest = sha256()
    for name in sorted(found):
        digest.update(name.encode() + b"\0" + found[name].content + b"\0")
    return Assets(found, digest.hexdigest()[:12])


@cache
def read_widget() -> Asset:
    """Return the widget as one file: its source with the messages of both languages and the module in their places."""
    source = (WEB / "widget" / WIDGET).read_text(encoding="utf-8")
    by_language = {language: messages(language).starting_with(*MESSAGES_OF_WIDGET) for language in LANGUAGES}
    module = read_assets().by_name["events.js"].content.decode()
    for line, filling in (
        (WIDGET_MESSAGES, f"const MESSAGES = {_as_json(by_language)};"),
        (WIDGET_EVENTS, module.replace("export ", "", 1)),
    ):
        if source.count(line) != 1:
            raise ValueError(f"{WIDGET} must hold the line {line!r} once")
        source = source.replace(line, filling)
    return Asset(source.encode(), MEDIA_TYPES[".js"])


def _messages_module(language: str, prefixes: tuple[str, ...]) -> Asset:
    by_key = messages(language).starting_with(*prefixes)
    return Asset(f"export default {_as_json(by_key)};\n".encode(), MEDIA_TYPES[".js"])


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
