"""What a browser is told about every response."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from chatkit_app.api.headers import header, on_start

INLINE_SCRIPTS = ("'self'", "'unsafe-inline'")
"""Sources of scripts while the built page has scripts of its own inside."""

_HOST = re.compile(r"(?:[A-Za-z0-9.\-_]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_FIXED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # no other site learns the address of a thread
    "permissions-policy": "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
}


class SecurityHeaders:
    """Adds a content security policy and its companions to every response that does not bring its own.

    `image_hosts` are the hosts, beside our own, whose images may be shown; `script_sources` is the policy's list for
    scripts; `frame_ancestors` are the origins whose pages may show ours in a frame.
    """

    def __init__(
        self,
        app: ASGIApp,
        image_hosts: Sequence[str] = (),
        script_sources: Sequence[str] = INLINE_SCRIPTS,
        frame_ancestors: Sequence[str] = ("'self'",),
    ) -> None:
        self._app = app
        self._sources = tuple(image_hosts), tuple(script_sources), tuple(frame_ancestors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        policy = content_security_policy(header(scope, b"host"), *self._sources)

        def edit(headers: MutableHeaders) -> None:
            headers.setdefault("content-security-policy", policy)
            for name, value in _FIXED.items():
                headers.setdefault(name, value)

        return await self._app(scope, receive, on_start(scope, send, edit))


@lru_cache(maxsize=64)
def content_security_policy(
    host: str | None,
    image_hosts: tuple[str, ...] = (),
    script_sources: tuple[str, ...] = INLINE_SCRIPTS,
    frame_ancestors: tuple[str, ...] = ("'self'",),
) -> str:
    """The policy of a page served under this `Host`. What looks like no host is left out of it.

    The websocket to our own host is named because some browsers do not count it as `'self'`.
    """
    sockets = (f"ws://{host}", f"wss://{host}") if host and _HOST.fullmatch(host) else ()
    directives: dict[str, Sequence[str]] = {
        "default-src": ["'self'"],
        "script-src": script_sources,
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:", *image_hosts],
        "media-src": ["'self'", "blob:"],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'", *sockets],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": frame_ancestors,
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())
