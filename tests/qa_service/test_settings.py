"""Are the settings of the service refused where they would surprise later?"""

from __future__ import annotations

from pathlib import Path

import pytest

from indexes.errors import SettingsError
from indexes.settings import open_settings, read_settings
from qa_service.settings import ServiceSettings


def read(folder: Path, **variables: str) -> ServiceSettings:
    """Return the settings of the service as an environment sets them."""
    return read_settings(ServiceSettings, open_settings(variables, folder, [ServiceSettings]))


def test_a_service_without_settings_listens_on_loopback_alone_and_has_no_admin(tmp_path: Path) -> None:
    """The defaults expose nothing: loopback, no foreign origin, no trusted proxy, no admin."""
    settings = read(tmp_path)
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert (settings.allowed_origins, settings.trusted_proxies, settings.admin_token) == ((), (), None)


def test_origins_are_read_as_a_comma_separated_list(tmp_path: Path) -> None:
    """Spaces around an origin do not count; a port that is not the usual one stays."""
    settings = read(tmp_path, PRAMEN_ALLOWED_ORIGINS="https://a.example, http://b.example:8080")
    assert settings.allowed_origins == ("https://a.example", "http://b.example:8080")


@pytest.mark.parametrize(
    "origin", ["*", "null", "https://a.example/", "https://A.example", "a.example", "https://a.example/page"]
)
def test_an_origin_that_could_never_match_or_matches_everything_is_refused(tmp_path: Path, origin: str) -> None:
    """What a browser never sends as an origin, and the star, are told at the start."""
    with pytest.raises(SettingsError, match="PRAMEN_ALLOWED_ORIGINS"):
        read(tmp_path, PRAMEN_ALLOWED_ORIGINS=origin)


@pytest.mark.parametrize("address", ["search.example.org", "ftp://search.example.org", "https://a b"])
def test_a_public_address_without_http_is_refused(tmp_path: Path, address: str) -> None:
    """Links in citations are built from it, so it must be a web address."""
    with pytest.raises(SettingsError, match="PRAMEN_PUBLIC_URL"):
        read(tmp_path, PRAMEN_PUBLIC_URL=address)


def test_a_service_without_a_slot_for_searches_is_refused(tmp_path: Path) -> None:
    """Zero slots would let every search wait for ever."""
    with pytest.raises(SettingsError, match="PRAMEN_SEARCH_SLOTS"):
        read(tmp_path, PRAMEN_SEARCH_SLOTS="0")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PRAMEN_SEARCH_RATE", "many"),
        ("PRAMEN_FAILED_SIGN_IN_RATE", ""),
        ("PRAMEN_SEARCH_QUEUE", "-1"),
        ("PRAMEN_SEARCH_WAIT_S", "-0.5"),
        ("PRAMEN_ANSWER_WAIT_S", "nan"),
        ("PRAMEN_SHUTDOWN_TIMEOUT_S", "inf"),
        ("PRAMEN_SESSION_HOURS", "0"),
        ("PRAMEN_REQUEST_TIMEOUT_S", "0"),
        ("PRAMEN_PORT", "65536"),
    ],
)
def test_a_rate_or_a_figure_that_makes_no_sense_is_told_at_the_start(tmp_path: Path, name: str, value: str) -> None:
    """Not by a fault at the first request, nor by a service that refuses everybody."""
    with pytest.raises(SettingsError, match=name):
        read(tmp_path, **{name: value})


def test_nobody_need_wait_and_a_port_may_be_any_that_is_free(tmp_path: Path) -> None:
    """The least values are values, too."""
    settings = read(tmp_path, PRAMEN_SEARCH_QUEUE="0", PRAMEN_SEARCH_WAIT_S="0", PRAMEN_PORT="0")
    assert (settings.search_queue, settings.search_wait_s, settings.port) == (0, 0.0, 0)
