"""Who holds a key, and what does it allow?

Keys are kept as hashes in one small file of the state folder, which a running service reads again when it changes. A
key is 256 random bits, so a plain SHA-256 keeps it: there is nothing to guess that slow hashing would protect.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path

from indexes.storage import write_durably
from qa_service.errors import KeyRefused

KEYS_FILE = "keys.json"
SECRET_BYTES = 32
NAME_CHARS = 100


class Role(IntEnum):
    """What somebody may do; each role may do all that the ones before it may."""

    ANONYMOUS = 0
    READER = 1
    """Search, read, ask."""
    STAFF = 2
    """Upload, build, publish, roll back."""
    ADMIN = 3
    """See the audit log as well."""

    @property
    def label(self) -> str:
        """Name of the role, as people write it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Key:
    """A key without its secret; `secret_hash` is the hexadecimal SHA-256 of the whole key."""

    id: str
    name: str
    role: str
    created: str
    """ISO 8601, UTC."""
    secret_hash: str


class KeyRing:
    """The keys of a state folder. Safe to use from several threads; one process writes at a time."""

    def __init__(self, state: Path) -> None:
        self._file = state / KEYS_FILE
        self._lock = threading.Lock()
        self._keys: dict[str, Key] = {}
        self._stamp: tuple[int, int] | None = None

    def keys(self) -> list[Key]:
        """Return all keys in the order in which they were made. Raises KeyRefused for a file that cannot be read."""
        with self._lock:
            self._read_if_changed()
            return list(self._keys.values())

    def create(self, name: str, role: str) -> tuple[Key, str]:
        """Add a key and return it with its secret, which is shown this once. Raises KeyRefused."""
        allowed = [each.label for each in Role if each is not Role.ANONYMOUS]
        if role not in allowed:
            raise KeyRefused(f"{role!r} is no role: choose one of {', '.join(allowed)}")
        if not name.strip() or len(name) > NAME_CHARS or not name.isprintable():
            raise KeyRefused(
                f"{name[:NAME_CHARS]!r} is no name for a key: write 1 to {NAME_CHARS} printable characters"
            )
        identity = secrets.token_hex(4)
        secret = f"pramen_{identity}_{secrets.token_urlsafe(SECRET_BYTES)}"
        key = Key(identity, name.strip(), role, datetime.now(UTC).isoformat(timespec="seconds"), hashed(secret))
        with self._lock:
            self._read_if_changed()
            self._write({**self._keys, identity: key})
        return key, secret

    def revoke(self, identity: str) -> Key:
        """Remove a key by its id and return it. Raises KeyRefused for an unknown one."""
        with self._lock:
            self._read_if_changed()
            if identity not in self._keys:
                raise KeyRefused(f"no key has the id {identity!r}: pramen keys list shows them")
            revoked = self._keys[identity]
            self._write({known: key for known, key in self._keys.items() if known != identity})
        return revoked

    def find(self, secret: str) -> Key | None:
        """Return the key whose secret this is, or None. Takes the same time for every wrong secret of a known id."""
        parts = secret.split("_", 2)
        with self._lock:
            self._read_if_changed()
            key = self._keys.get(parts[1]) if len(parts) == 3 else None  # noqa: PLR2004 - prefix, id, random part
        kept = key.secret_hash if key else hashed("")
        return key if hmac.compare_digest(kept, hashed(secret)) and key else None

    def get(self, identity: str) -> Key | None:
        """Return the key with this id, or None if it was revoked."""
        with self._lock:
            self._read_if_changed()
            return self._keys.get(identity)

    def _read_if_changed(self) -> None:
        try:
            status = self._file.stat()
        except FileNotFoundError:
            self._keys, self._stamp = {}, None
            return
        stamp = (status.st_mtime_ns, status.st_ino)
        if stamp == self._stamp:
            return
        try:
            lines = json.loads(self._file.read_text(encoding="utf-8"))
            self._keys = {line["id"]: Key(**line) for line in lines}
        except (ValueError, TypeError, KeyError) as error:
            raise KeyRefused(f"{self._file} cannot be read ({error}): restore it from a backup or remove it") from error
        self._stamp = stamp

    def _write(self, keys: dict[str, Key]) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps([asdict(key) for key in keys.values()], ensure_ascii=False, indent=1)
        write_durably(self._file, text.encode(), is_secret=True)
        self._read_if_changed()


def hashed(secret: str) -> str:
    """Return the hexadecimal SHA-256 of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
