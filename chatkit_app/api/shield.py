"""What every request passes through, in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from starlette.types import ASGIApp

from chatkit_app.api.origins import Origins
from chatkit_app.api.security_headers import INLINE_SCRIPTS, SecurityHeaders
from chatkit_app.api.session_cookie import SessionCookie
from chatkit_app.identity import Identity


def shield(
    app: ASGIApp,
    identity: Identity,
    *,
    allowed_origins: Sequence[str] = (),
    image_hosts: Sequence[str] = (),
    script_sources: Sequence[str] = INLINE_SCRIPTS,
    frame_ancestors: Sequence[str] = ("'self'",),
) -> ASGIApp:
    """The application behind its defences: headers on everything, then the origin, then the user.

    `allowed_origins` are the other origins whose pages may call us; `image_hosts` the hosts whose images a page may
    show; `script_sources` and `frame_ancestors` are lists of the content security policy.
    """
    layers: list[Callable[[ASGIApp], ASGIApp]] = [
        partial(
            SecurityHeaders,
            image_hosts=image_hosts,
            script_sources=script_sources,
            frame_ancestors=frame_ancestors,
        ),
        partial(Origins, allowed=allowed_origins),
        partial(SessionCookie, identity=identity),
    ]
    for layer in reversed(layers):
        app = layer(app)
    return app
