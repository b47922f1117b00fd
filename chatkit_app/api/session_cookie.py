"""Every browser is a user."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from chatkit_app.api.headers import Edit, header, on_start
from chatkit_app.identity import COOKIE_MAX_AGE, COOKIE_NAME, Identity


class SessionCookie:
    """Gives a browser that has none, or one we did not sign, the cookie of a new user.

    The cookie is put into the very request it is missing from, so all inside see the user at once, and is set on the
    response. A response that sets it must not be cached: whoever got it from a cache would be that user.
    """

    def __init__(self, app: ASGIApp, identity: Identity) -> None:
        self._app = app
        self._identity = identity

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self._app(scope, receive, send)
        cookies = header(scope, b"cookie", "; ")
        if self._identity.from_cookie_header(cookies) is None:
            token = self._identity.mint()
            scope = _with_cookie(scope, cookies, token)
        elif (renewed := self._identity.renewed(cookies)) is not None:
            token = renewed
        else:
            return await self._app(scope, receive, send)
        if scope["type"] == "http":
            send = on_start(scope, send, _setting(token, secure=scope.get("scheme") == "https"))
        return await self._app(scope, receive, send)


def _with_cookie(scope: Scope, cookies: str | None, token: str) -> Scope:
    pair = f"{COOKIE_NAME}={token}"
    joined = f"{cookies}; {pair}" if cookies else pair
    others = [(name, value) for name, value in scope["headers"] if name != b"cookie"]
    return {**scope, "headers": [*others, (b"cookie", joined.encode("latin-1"))]}


def _setting(token: str, *, secure: bool) -> Edit:
    attributes = f"Path=/; Max-Age={COOKIE_MAX_AGE}; HttpOnly; SameSite=Lax{'; Secure' if secure else ''}"

    def edit(headers: MutableHeaders) -> None:
        headers.append("set-cookie", f"{COOKIE_NAME}={token}; {attributes}")
        headers["cache-control"] = "no-store"

    return edit
