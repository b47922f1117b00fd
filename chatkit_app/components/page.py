"""What stands in the head of the page."""

from __future__ import annotations

from collections.abc import Sequence

import reflex as rx
from reflex.config import get_config


def head(image_hosts: Sequence[str], *, development: bool) -> list[rx.Component]:
    """The script of the page, its icon, and its policy.

    In production the server sends the whole policy as a header. In development the page comes from another server, which knows no
    policy: there the part that keeps foreign pictures out stands in the page itself, and `chat.js` is told where the backend is, to
    begin the session there.
    """
    port = {"data-backend-port": str(get_config().backend_port or 8000)} if development else {}
    parts = [
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        # Before the first paint: it knows whether a thread or the greeting is coming.
        rx.el.script(src="/chat.js", custom_attrs=port),
    ]
    if development:
        pictures = " ".join(["'self'", "data:", "blob:", *image_hosts])
        policy = f"img-src {pictures}; object-src 'none'; base-uri 'none'"
        parts.insert(0, rx.el.meta(http_equiv="Content-Security-Policy", content=policy))
    return parts
