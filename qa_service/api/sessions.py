"""How does the console stay signed in without keeping a token in the browser?

A signed cookie names the key that was shown at sign-in and when; scripts cannot read it and other sites cannot send
it. Every change must also bring a CSRF token that only our own pages can read. Nothing is kept on the server but the
signing secret, so revoking a key or changing the admin token ends its sessions.
"""

from __future__ import annotations

import hmac
import json
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.responses import Response

from indexes.storage import write_durably

COOKIE = "pramen_session"
CSRF_HEADER = "x-csrf-token"
SIGNING_FILE = "session.secret"
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in: the id of the key, the first digits of its hash (so that a new token ends it), and a random mark."""

    key_id: str
    fingerprint: str
    mark: str


class Sessions:
    """Writes and reads the cookie; valid for `hours`."""

    def __init__(self, state: Path, hours: float) -> None:
        secret = _secret(state / SIGNING_FILE)
        self._seconds = int(hours * 3600)
        self._cookies = URLSafeTimedSerializer(secret, salt="session", serializer=json)
        self._secret = secret

    def begin(self, response: Response, key_id: str, fingerprint: str, *, secure: bool) -> Session:
        """Set the cookie of a new session on a response; `secure` keeps it to https."""
        session = Session(key_id, fingerprint, secrets.token_urlsafe(16))
        value = self._cookies.dumps([session.key_id, session.fingerprint, session.mark])
        response.set_cookie(
            COOKIE, str(value), max_age=self._seconds, path="/", secure=secure, httponly=True, samesite="strict"
        )
        return session

    def end(self, response: Response, *, secure: bool) -> None:
        """Take the cookie back."""
        response.delete_cookie(COOKIE, path="/", secure=secure, httponly=True, samesite="strict")

    def read(self, cookie: str) -> Session | None:
        """Return the session of a cookie, or None if it was not signed by us or has ended."""
        try:
            return Session(*self._cookies.loads(cookie, max_age=self._seconds))
        except (BadSignature, TypeError, ValueError):
            return None

    def csrf_token(self, session: Session) -> str:
        """Return the token that a change must bring in the header X-CSRF-Token."""
        return hmac.digest(self._secret, f"csrf:{session.mark}".encode(), "sha256").hex()

    def is_csrf_token(self, session: Session, token: str) -> bool:
        """Whether `token` belongs to the session; takes the same time for every wrong one."""
        return hmac.compare_digest(self.csrf_token(session), token.encode("ascii", "replace").decode())


def _secret(file: Path) -> bytes:
    """Return the signing secret of a state folder, made at the first start and readable by the service alone.

    One that is not whole would be easy to guess, so it is made anew.
    """
    with suppress(FileNotFoundError):
        kept = file.read_bytes()
        if len(kept) == SECRET_BYTES:
            return kept
    file.parent.mkdir(parents=True, exist_ok=True)
    made = secrets.token_bytes(SECRET_BYTES)
    write_durably(file, made, is_secret=True)
    return made
