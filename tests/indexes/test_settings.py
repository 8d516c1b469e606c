"""Settings come from where the contract says, and a wrong one is refused by name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from indexes.errors import SettingsError
from indexes.settings import IndexSettings, list_settings, open_settings, read_settings, setting


@dataclass(frozen=True, slots=True)
class TrialSettings:
    """One setting of each type."""

    folder: Path = setting(Path("data"), "A folder")
    count: int = setting(3, "A count")
    share: float = setting(0.5, "A share")
    is_open: bool = setting(True, "A switch")
    origins: tuple[str, ...] = setting((), "A list")
    url: str | None = setting(None, "An address")
    token: str | None = setting(None, "A secret", secret=True)


def trial(environment: dict[str, str], folder: Path) -> TrialSettings:
    """Return the trial settings as read from an environment and a folder."""
    return read_settings(TrialSettings, open_settings(environment, folder, [TrialSettings]))


def test_without_anything_set_the_defaults_hold(tmp_path: Path) -> None:
    """Relative paths count from the working folder."""
    assert TrialSettings(folder=tmp_path / "data") == trial({"HOME": "x"}, tmp_path)


def test_variables_win_over_the_file_and_the_file_over_defaults(tmp_path: Path) -> None:
    """Each value keeps the type of its setting."""
    (tmp_path / "pramen.toml").write_text('count = 5\nshare = 0.25\norigins = ["https://a.cz"]\n', encoding="utf-8")
    environment = {"PRAMEN_COUNT": "7", "PRAMEN_IS_OPEN": "off", "PRAMEN_FOLDER": "/srv/x", "PRAMEN_URL": ""}
    expected = TrialSettings(Path("/srv/x"), 7, 0.25, False, ("https://a.cz",), None, None)
    assert expected == trial(environment, tmp_path)


def test_a_list_in_a_variable_is_parted_by_commas(tmp_path: Path) -> None:
    """Spaces around the parts do not count."""
    assert trial({"PRAMEN_ORIGINS": "https://a.cz, https://b.cz,"}, tmp_path).origins == (
        "https://a.cz",
        "https://b.cz",
    )


def test_an_unknown_variable_names_the_nearest_known_one(tmp_path: Path) -> None:
    """A typing error is never ignored in silence."""
    with pytest.raises(SettingsError, match=r"PRAMEN_CORPSU .* PRAMEN_CORPUS"):
        open_settings({"PRAMEN_CORPSU": "x"}, tmp_path, [IndexSettings])


def test_an_unknown_key_of_the_file_is_refused_too(tmp_path: Path) -> None:
    """The message names the file."""
    (tmp_path / "pramen.toml").write_text("cuont = 1", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"cuont in .*pramen\.toml.*PRAMEN_COUNT"):
        trial({}, tmp_path)


@pytest.mark.parametrize(
    ("variable", "text"), [("PRAMEN_COUNT", "three"), ("PRAMEN_IS_OPEN", "maybe"), ("PRAMEN_SHARE", "")]
)
def test_a_value_of_the_wrong_type_is_refused_with_its_variable(tmp_path: Path, variable: str, text: str) -> None:
    """The message shows what was written."""
    with pytest.raises(SettingsError, match=variable):
        trial({variable: text}, tmp_path)


def test_a_file_that_is_no_toml_is_refused_with_its_place(tmp_path: Path) -> None:
    """It is not taken for an empty file."""
    (tmp_path / "pramen.toml").write_text("count =", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"pramen\.toml"):
        trial({}, tmp_path)


def test_a_listing_masks_secrets_and_names_origins(tmp_path: Path) -> None:
    """What `pramen doctor --settings` shows may be sent to somebody who helps."""
    source = open_settings({"PRAMEN_TOKEN": "planted-secret", "PRAMEN_COUNT": "4"}, tmp_path, [TrialSettings])
    lines = {line.variable: line for line in list_settings([TrialSettings], source)}
    assert (lines["PRAMEN_TOKEN"].value, lines["PRAMEN_TOKEN"].origin) == ("(set)", "environment")
    assert (
        lines["PRAMEN_COUNT"].value,
        lines["PRAMEN_COUNT"].default,
        lines["PRAMEN_COUNT"].origin,
    ) == ("4", "3", "environment")
    assert "planted-secret" not in repr(lines)
