"""Where do settings come from, and what do they mean?

A package describes its settings as a frozen dataclass whose fields are made by `setting`. The program reads all of
them once (`read_settings`) from `PRAMEN_*` variables and a `pramen.toml`, and passes them on as arguments; nothing else
reads the environment. A variable wins over the file, the file over the default.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from indexes.errors import SettingsError

PREFIX = "PRAMEN_"
SETTINGS_FILE = "pramen.toml"
BUNDLED_MODEL = Path(__file__).parent / "models" / "pramen-minilm-cs-en"

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}

S = TypeVar("S")


def setting(default: Any, description: str, *, secret: bool = False, shown: str | None = None) -> Any:
    """Return a dataclass field that `read_settings` fills: its name is the setting's, lower-cased without the prefix.

    `shown` describes a default whose value says nothing to a person, as the place of a bundled file.
    """
    return field(default=default, metadata={"description": description, "secret": secret, "shown": shown})


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """Where the model, the releases and the state live, and how many releases are kept."""

    corpus: Path = setting(
        Path("corpus/publications"), "Folder of publications; only read by a build, never written to"
    )
    judgments: Path = setting(
        Path("corpus/judgments"), "Folder of judged questions by which a release is scored before it is published"
    )
    releases: Path = setting(Path("indexes/releases"), "Folder of releases")
    state: Path = setting(Path("indexes/state"), "Folder of jobs, uploads, feedback, keys and removed publications")
    model: str = setting(
        str(BUNDLED_MODEL),
        "Embedding model: a folder, or the name of a sentence-transformers model (extra [transformers])",
        shown="the bundled model",
    )
    keep_releases: int = setting(3, "How many releases are kept, the published one included")

    @property
    def removed(self) -> Path:
        """Folder of the publications that were removed or replaced."""
        return self.state / "removed"


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One setting as `pramen doctor --settings` lists it; secrets are masked."""

    variable: str
    value: str
    default: str
    origin: str
    """`default`, `environment`, or the path of the file that sets it."""
    description: str


@dataclass(frozen=True, slots=True)
class SettingsSource:
    """Everything that was set, by field name, before any package has looked at it.

    `folders` tells from which folder a relative path counts: that of the `pramen.toml` that names it, else the
    working folder.
    """

    values: Mapping[str, Any]
    origins: Mapping[str, str]
    folders: Mapping[str, Path]


def open_settings(environment: Mapping[str, str], folder: Path, known: Sequence[type]) -> SettingsSource:
    """Return what `environment` and the `pramen.toml` of `folder` set.

    `known` are the dataclasses of all packages of the program. Raises SettingsError for a name none of them has, with
    the nearest known one, and for a file that is no TOML.
    """
    names = [f.name for settings in known for f in fields(settings)]
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    file = folder / SETTINGS_FILE
    if file.is_file():
        for name, value in _read_toml(file).items():
            _require_known(name, names, f"{name} in {file}")
            values[name], origins[name] = value, str(file)
    for variable, text in environment.items():
        if variable.startswith(PREFIX):
            name = variable.removeprefix(PREFIX).lower()
            _require_known(name, names, variable)
            values[name], origins[name] = text, "environment"
    return SettingsSource(values, origins, dict.fromkeys(names, folder))


def read_settings(settings: type[S], source: SettingsSource) -> S:
    """Return the settings of one package. Raises SettingsError for a value of the wrong type or out of range."""
    hints = get_type_hints(settings)
    arguments = {}
    for item in fields(settings):  # type: ignore[arg-type]
        raw = source.values.get(item.name, item.default)
        value = _converted(raw, hints[item.name], PREFIX + item.name.upper())
        arguments[item.name] = (source.folders[item.name] / value) if isinstance(value, Path) else value
    try:
        return settings(**arguments)
    except ValueError as error:
        raise SettingsError(str(error)) from error


def list_settings(known: Sequence[type], source: SettingsSource) -> list[SettingLine]:
    """Return every setting of the program, in the order in which the packages describe them."""
    return [_line(item, source) for settings in known for item in fields(settings)]


def _line(item: Field[Any], source: SettingsSource) -> SettingLine:
    is_set = item.name in source.values
    default = item.metadata["shown"] or _shown(item.default)
    value = ("(set)" if item.metadata["secret"] else _shown(source.values[item.name])) if is_set else default
    origin = source.origins.get(item.name, "default")
    return SettingLine(PREFIX + item.name.upper(), value, default, origin, item.metadata["description"])


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{file} cannot be read as TOML ({error}): mend or remove it") from error


def _require_known(name: str, names: Sequence[str], where: str) -> None:
    if name in names:
        return
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.0)
    hint = f"did you mean {PREFIX}{near[0].upper()}?" if near else "see pramen doctor --settings"
    raise SettingsError(f"{where} is not a setting of Pramen: {hint}")


def _converted(raw: Any, kind: Any, variable: str) -> Any:
    text = raw.strip() if isinstance(raw, str) else raw
    try:
        if kind is Path:
            return Path(text).expanduser()
        if kind is bool:
            return raw if isinstance(raw, bool) else _boolean(str(text))
        if kind in (int, float):
            return kind(text)
        if kind == tuple[str, ...]:
            parts = text.split(",") if isinstance(text, str) else text
            return tuple(part.strip() for part in parts if part.strip())
        if kind == str | None:
            return str(text) if text else None
        return str(text)
    except (TypeError, ValueError) as error:
        raise SettingsError(f"{variable} is {raw!r}, which is not a value of type {kind}: {error}") from error


def _boolean(text: str) -> bool:
    if text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    raise ValueError("write true or false")
