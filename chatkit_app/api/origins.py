"""Which other sites' pages may talk to us: none but the listed ones."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from chatkit_app.api.errors import error_response
from chatkit_app.api.headers import Edit, header, on_start

_SAFE = {"GET", "HEAD", "OPTIONS"}
_DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_PREFLIGHT_SECONDS = 600


class Origins:
    """Refuses what a foreign page asks us to change, and lets no foreign page read an answer.

    A page of our own host needs nothing. `allowed` lists the other origins, such as `https://www.example.com`,
    exactly as browsers send them; those get CORS headers with credentials. Whatever CORS headers something inside
    adds are removed: this is the one place that decides. A request without an `Origin` comes from no foreign page.
    """

    def __init__(self, app: ASGIApp, allowed: Sequence[str] = ()) -> None:
        if "*" in allowed:
            raise ValueError("'*' would let every page act as your users: list the origins")
        self._app = app
        self._allowed = frozenset(allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self._app(scope, receive, send)
        origin = header(scope, b"origin")
        listed = origin in self._allowed
        foreign = origin is not None and not listed and not _is_own(origin, scope)
        if scope["type"] == "websocket":
            if foreign:
                return await send({"type": "websocket.close", "code": 1008, "reason": "foreign origin"})
            return await self._app(scope, receive, send)
        if foreign and (scope["method"] not in _SAFE or _is_preflight(scope)):
            response = error_response(403, "foreign_origin", "Pages of this origin may not do that here.")
            return await response(scope, receive, send)
        allow = origin if listed else None
        if allow is not None and _is_preflight(scope):
            return await _preflight(scope, allow)(scope, receive, send)
        return await self._app(scope, receive, on_start(scope, send, _cors(allow, varies=bool(self._allowed))))


def _is_own(origin: str, scope: Scope) -> bool:
    """Whether the origin is the host that was asked. Not its scheme: a proxy may have taken the TLS off."""
    try:
        page = urlsplit(origin)
        asked = urlsplit(f"{page.scheme}://{header(scope, b'host') or ''}")
        default = _DEFAULT_PORTS.get(page.scheme)
        return (
            default is not None
            and bool(page.hostname)
            and (page.hostname, page.port or default) == (asked.hostname, asked.port or default)
        )
    except ValueError:
        return False


def _is_preflight(scope: Scope) -> bool:
    return scope["method"] == "OPTIONS" and header(scope, b"access-control-request-method") is not None


def _preflight(scope: Scope, origin: str) -> Response:
    headers = {
        "access-control-allow-origin": origin,
        "access-control-allow-credentials": "true",
        "access-control-allow-methods": "GET, POST, PUT, DELETE",
        "access-control-allow-headers": header(scope, b"access-control-request-headers") or "",
        "access-control-max-age": str(_PREFLIGHT_SECONDS),
        "vary": "Origin",
    }
    return Response(status_code=204, headers=headers)


def _cors(origin: str | None, *, varies: bool) -> Edit:
    def edit(headers: MutableHeaders) -> None:
        for name in [name for name in headers if name.startswith("access-control-")]:
            del headers[name]
        if origin is not None:
            headers["access-control-allow-origin"] = origin
            headers["access-control-allow-credentials"] = "true"
        if varies:
            headers.add_vary_header("Origin")

    return edit
