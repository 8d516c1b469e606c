"""How is metadata written down beside a publication?

`document.toml` in the folder `<id>/` of a publication holds one key for each field of `Metadata`; only `title` is
required.
"""

from __future__ import annotations

import datetime
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import tomli_w

from corpus.document import DocumentKind, Metadata
from corpus.errors import InvalidSidecar
from corpus.languages import language_code

SIDECAR_NAME = "document.toml"
_MISNAMED = "document.toml.txt"
"""How Notepad keeps a text called `document.toml`; Windows shows it without the ending."""

KEYS = tuple(field.name for field in fields(Metadata))
_LISTS = {"authors", "tags"}
_DATES = {"date", "valid_from", "valid_to"}


def is_for_sidecars(name: str) -> bool:
    """Return whether a file of this name is a sidecar or was meant as one, so that it is no publication itself."""
    return name == SIDECAR_NAME or is_misnamed(name)


def is_misnamed(name: str) -> bool:
    """Return whether a file of this name was meant as a sidecar, but is none until it is renamed."""
    return name.lower() == _MISNAMED


def read_sidecar(file: Path) -> Metadata:
    """Return the metadata of a `document.toml`. Raises InvalidSidecar, which names the file, the key and the value."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidSidecar(f"{file.parent.name}/{file.name} is not TOML in UTF-8: {error}") from error
    except OSError as error:
        raise InvalidSidecar(f"{file.parent.name}/{file.name} cannot be read: {error.strerror}") from error
    return metadata_from(table, f"{file.parent.name}/{file.name}")


def metadata_from(values: Mapping[str, Any], where: str) -> Metadata:
    """Return the metadata that `values` (from TOML, JSON or the command line) describe.

    `where` names their source in messages. Raises InvalidSidecar for an unknown key, a wrong type, a date that is none,
    a kind or language that is not known, an empty title, or a validity that ends before it begins.
    """
    unknown = sorted(set(values) - set(KEYS))
    if unknown:
        raise InvalidSidecar(f"{where}: unknown key {unknown[0]!r}; known are {', '.join(KEYS)}")
    if not str(values.get("title") or "").strip():
        raise InvalidSidecar(f"{where}: title is missing; it is the only required key")
    found = Metadata(**{key: _value(key, value, where) for key, value in values.items() if value is not None})
    if found.valid_from and found.valid_to and found.valid_from > found.valid_to:
        raise InvalidSidecar(
            f"{where}: valid_to is {found.valid_to}, before valid_from {found.valid_from}: exchange them"
        )
    return found


def write_sidecar(file: Path, metadata: Metadata) -> None:
    """Write `metadata` as TOML; absent facts are left out."""
    file.write_bytes(tomli_w.dumps(as_table(metadata)).encode())


def as_table(metadata: Metadata) -> dict[str, Any]:
    """Return the facts of `metadata` that are present, as TOML values (dates stay dates, kinds become strings)."""
    table: dict[str, Any] = {}
    for key in KEYS:
        value = getattr(metadata, key)
        if value is None or value == ():
            continue
        table[key] = (
            list(value) if isinstance(value, tuple) else str(value) if isinstance(value, DocumentKind) else value
        )
    return table


def _value(key: str, value: object, where: str) -> Any:
    if key in _LISTS:
        return _texts(key, value, where)
    if key in _DATES:
        return _date(key, value, where)
    if key == "kind":
        return _kind(value, where)
    if key == "year":
        return _year(value, where)
    if not isinstance(value, str):
        raise InvalidSidecar(f"{where}: {key} is {value!r}; write it as text in quotes")
    text = _text(value) or None
    return _language(text, where) if key == "language" and text else text


def _language(value: str, where: str) -> str:
    code = language_code(value)
    if code is None:
        raise InvalidSidecar(f"{where}: language is {value!r}; write its code of two letters: cs, en, sk, uk, de, ...")
    return code


def _texts(key: str, value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise InvalidSidecar(f'{where}: {key} is {value!r}; write a list of texts, ["…", "…"]')
    return tuple(text for item in value if (text := _text(item)))


def _text(value: str) -> str:
    return unicodedata.normalize("NFC", value.strip())


def _date(key: str, value: object, where: str) -> datetime.date:
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError as error:
        raise InvalidSidecar(f"{where}: {key} is {value!r}; write a date as 2024-05-31") from error


def _kind(value: object, where: str) -> DocumentKind:
    try:
        return DocumentKind(str(value))
    except ValueError as error:
        raise InvalidSidecar(f"{where}: kind is {value!r}; known are {', '.join(DocumentKind)}") from error


def _year(value: object, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not datetime.MINYEAR <= value <= datetime.MAXYEAR:
        raise InvalidSidecar(f"{where}: year is {value!r}; write it as a number, 2024")
    return value
