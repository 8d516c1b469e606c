"""Are keys kept so that whoever reads the file cannot use them?"""

from __future__ import annotations

import stat
from hashlib import sha256
from pathlib import Path

import pytest

from qa_service.errors import KeyRefused
from qa_service.keys import KEYS_FILE, KeyRing, Role


def test_a_key_is_shown_once_and_kept_as_its_hash(tmp_path: Path) -> None:
    """The file holds the SHA-256 of the key and can be read by its owner alone."""
    key, secret = KeyRing(tmp_path).create("Web města", "reader")
    file = tmp_path / KEYS_FILE
    text = file.read_text()
    assert secret not in text
    assert secret.split("_")[2] not in text
    assert sha256(secret.encode()).hexdigest() in text
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (key.name, key.role) == ("Web města", "reader")


def test_a_key_is_found_by_its_secret_and_by_nothing_else(tmp_path: Path) -> None:
    """Another process sees it too."""
    key, secret = KeyRing(tmp_path).create("a", "staff")
    ring = KeyRing(tmp_path)
    assert ring.find(secret) == key
    for wrong in ("", "x", f"pramen_{key.id}_", secret[:-1], secret + "x", f"pramen_{key.id}_{'a' * 43}", "\ud800"):
        assert ring.find(wrong) is None


def test_revoking_takes_one_key_away_and_leaves_the_others(tmp_path: Path) -> None:
    """A ring that was opened before notices."""
    ring, other = KeyRing(tmp_path), KeyRing(tmp_path)
    (first, first_secret), (second, second_secret) = ring.create("a", "staff"), ring.create("b", "admin")
    assert other.find(first_secret) == first
    ring.revoke(first.id)
    assert other.find(first_secret) is None
    assert other.find(second_secret) == second
    assert ring.keys() == [second]


@pytest.mark.parametrize(("name", "role"), [("a", "king"), ("a", "anonymous"), ("", "staff"), ("a\nb", "staff")])
def test_a_key_that_makes_no_sense_is_not_made(tmp_path: Path, name: str, role: str) -> None:
    """The message lists the roles there are."""
    with pytest.raises(KeyRefused):
        KeyRing(tmp_path).create(name, role)


def test_a_file_that_cannot_be_read_is_an_error_and_not_an_empty_ring(tmp_path: Path) -> None:
    """Nobody is let in, and nobody's key is silently lost."""
    (tmp_path / KEYS_FILE).write_text("[{")
    with pytest.raises(KeyRefused, match=KEYS_FILE):
        KeyRing(tmp_path).find("pramen_x_y")


def test_revoking_an_unknown_key_is_told(tmp_path: Path) -> None:
    """The message says how to see the ids."""
    with pytest.raises(KeyRefused, match="pramen keys list"):
        KeyRing(tmp_path).revoke("none")


def test_roles_stand_in_order() -> None:
    """Each may do all that the ones before it may."""
    assert Role.ANONYMOUS < Role.READER < Role.STAFF < Role.ADMIN
