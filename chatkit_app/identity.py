"""Who is asking: an anonymous user, known by a signed cookie.

The credential says one thing, the user's id, and proves that this server wrote it. It holds no name, no role and no
secret of the user's. Knowing the signing secret is being able to be anybody, so it stays in a file only we can read.
"""

from __future__ import annotations

import os
import secrets
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt

COOKIE_NAME = "chatkit_session"
"""Name of the cookie that carries the credential."""

COOKIE_MAX_AGE = 365 * 24 * 60 * 60
"""How long a browser keeps the cookie, in seconds: one year."""

RENEW_AFTER = 30 * 24 * 60 * 60
"""Age at which a credential is replaced by a fresh one for the same user, in seconds: 30 days."""

_ALGORITHM = "HS256"
_AUDIENCE = "chatkit-session"
_MIN_SECRET_BYTES = 32
_USER_ID_BYTES = 16
_KNOWN = 1024


@dataclass(frozen=True, slots=True)
class RequestContext:
    """The context of our own application: decided once a request, carried by every call to a store.

    `user_id` is the verified id of the user, never something the client merely claimed.
    `locale` is the BCP 47 tag of the language the user reads.
    """

    user_id: str
    locale: str = "en"


class Identity:
    """Mints and checks the signed credential of an anonymous user.

    `secret` signs every credential; at least 32 bytes, or `ValueError` is raised. Changing it makes every browser a
    new user.
    """

    def __init__(self, secret: str) -> None:
        if len(secret.encode()) < _MIN_SECRET_BYTES:
            raise ValueError(f"the session secret is too short: at least {_MIN_SECRET_BYTES} bytes are needed")
        self._secret = secret
        self._known: dict[str, dict[str, Any]] = {}  # one request asks several times about one credential

    def mint(self) -> str:
        """A credential for a user who did not exist before. The id holds 128 random bits."""
        return self.sign(f"user_{secrets.token_hex(_USER_ID_BYTES)}")

    def sign(self, user_id: str) -> str:
        """A credential for this user. It does not expire by itself: the cookie's own age bounds it."""
        claims = {"sub": user_id, "aud": _AUDIENCE, "iat": int(time.time())}
        token = jwt.encode(claims, self._secret, algorithm=_ALGORITHM)
        self._remember(token, claims)
        return token

    def verify(self, token: str) -> str | None:
        """The user's id if we signed this token, else None. Never raises, whatever the token holds."""
        claims = self._claims(token)
        return None if claims is None else str(claims["sub"])

    def from_cookie_header(self, header: str | None) -> str | None:
        """The user's id from a request's whole `Cookie` header, None if there is none that we signed.

        Another application on the same host may have set a cookie of the same name for a narrower path: every
        cookie of our name is tried, in the order the browser sent them.
        """
        claims = self._claims_in(header)
        return None if claims is None else str(claims["sub"])

    def renewed(self, header: str | None) -> str | None:
        """A fresh credential for the user of this `Cookie` header, if the one there is old; else None.

        So a browser that comes back within a year keeps its user for ever.
        """
        claims = self._claims_in(header)
        if claims is None or time.time() - float(claims["iat"]) < RENEW_AFTER:
            return None
        return self.sign(str(claims["sub"]))

    def _claims_in(self, header: str | None) -> dict[str, Any] | None:
        found = (self._claims(token) for token in _cookie_values(header or "", COOKIE_NAME))
        return next((claims for claims in found if claims is not None), None)

    def _claims(self, token: str) -> dict[str, Any] | None:
        claims = self._known.get(token)
        if claims is None:
            claims = self._decoded(token)
            if claims is not None:
                self._remember(token, claims)
        return claims

    def _remember(self, token: str, claims: dict[str, Any]) -> None:
        if len(self._known) >= _KNOWN:
            del self._known[next(iter(self._known))]
        self._known[token] = claims

    def _decoded(self, token: str) -> dict[str, Any] | None:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._secret,
                algorithms=[_ALGORITHM],
                audience=_AUDIENCE,
                options={"require": ["sub", "iat", "aud"], "verify_iat": False},  # a clock set back locks nobody out
            )
        except (jwt.PyJWTError, ValueError, UnicodeError, RecursionError):
            return None
        well_formed = isinstance(claims["sub"], str) and claims["sub"] and isinstance(claims["iat"], int | float)
        return claims if well_formed else None


def _cookie_values(header: str, name: str) -> list[str]:
    pairs = (part.partition("=") for part in header.split(";"))
    return [_unquoted(value.strip()) for key, _, value in pairs if key.strip() == name and value.strip()]


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) >= 2 and value[0] == value[-1] == '"' else value


def load_or_create_secret(path: Path | str) -> str:
    """The signing secret kept in this file, which is made, with 256 random bits and mode 0600, if it is missing.

    Two processes that start at the same time end with the same secret. `ValueError` if the file is there but holds
    too little to be a secret; `OSError` if it can be neither read nor made.
    """
    file = Path(path)
    if not file.exists():
        _create(file, secrets.token_urlsafe(_MIN_SECRET_BYTES))
    secret = file.read_text(encoding="utf-8").strip()
    if len(secret.encode()) < _MIN_SECRET_BYTES:
        raise ValueError(f"{file} does not hold a session secret: delete the file to have a new one made")
    return secret


def _create(file: Path, secret: str) -> None:
    """Put a complete file in place at once; whoever comes second keeps the first one's secret."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")  # mkstemp makes it 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as draft:
            draft.write(secret + "\n")
            draft.flush()
            os.fsync(draft.fileno())
        try:
            os.link(name, file)  # unlike a rename, a link never replaces what is there
        except FileExistsError:
            return
    finally:
        Path(name).unlink(missing_ok=True)
