"""What stands in the head of the page."""

from __future__ import annotations

from collections.abc import Sequence

import reflex as rx
from reflex.config import get_config


def head(image_hosts: Sequence[str], *, development: bool) -> list[rx.Component]:
    """The script of the page, its icon, and its policy.

    In production the server sends the whole policy as a header. In development the page comes from another server, which knows no
    policy: there the part that keeps foreign pictures out stands in the page itself, and the session begins with a script from the
    backend, because a browser keeps no cookie that comes with a websocket.
    """
    parts = [
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.script(src="/chat.js"),  # before the first paint: it knows whether a thread or the greeting is coming
    ]
    if development:
        pictures = " ".join(["'self'", "data:", "blob:", *image_hosts])
        parts.insert(
            0,
            rx.el.meta(
                http_equiv="Content-Security-Policy", content=f"img-src {pictures}; object-src 'none'; base-uri 'none'"
            ),
        )
        parts.append(rx.el.script(_ask_backend(get_config().backend_port or 8000)))
    return parts


def _ask_backend(port: int) -> str:
    # Written while the page is read, so that the browser waits for it: the cookie is there before the socket opens.
    address = f"'//' + location.hostname + ':{port}/session.js'"
    return f"document.write('<script src=\"' + {address} + '\"></' + 'script>')"
