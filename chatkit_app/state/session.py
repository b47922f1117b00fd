"""What every State class asks: who is this tab, and through what does it speak. Wired once, by the composition root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from chatkit_app.client import ChatClient
from chatkit_app.i18n import LOCALES, negotiate
from chatkit_app.identity import Identity, RequestContext
from chatkit_app.options import Options


@dataclass(frozen=True)
class Wiring:
    """What the composition root gives the user interface."""

    client: ChatClient | None = None
    identity: Identity | None = None
    options: Options = field(default_factory=Options)
    image_hosts: tuple[str, ...] = ()
    is_connected: Callable[[str], bool] = lambda token: True
    """Whether the tab with this token has a connection."""


_wiring = Wiring()


def wire(wiring: Wiring) -> None:
    """Give every State class its client, identity and options. Call it before the first page is made."""
    global _wiring
    _wiring = wiring


def options() -> Options:
    """The options every tab starts with."""
    return _wiring.options


def image_hosts() -> list[str]:
    """Hosts whose pictures are shown."""
    return list(_wiring.image_hosts)


def client() -> ChatClient:
    """The client every tab speaks through. Raises RuntimeError before `wire`."""
    if _wiring.client is None:
        raise RuntimeError("the user interface has no client yet: call chatkit_app.state.session.wire first")
    return _wiring.client


def context_of(state: rx.State) -> RequestContext:
    """Who this tab is: the user of its signed cookie.

    A browser that keeps no cookies is still one user for as long as the tab lives: its own, named by the tab's unguessable token.
    """
    user = _wiring.identity and _wiring.identity.from_cookie_header(state.router.headers.cookie)
    return RequestContext(user_id=user or f"tab_{state.router.session.client_token}", locale=locale_of(state))


def locale_of(state: rx.State) -> str:
    """The language of this tab: the options' own, else the best of the browser's that has words here."""
    return _wiring.options.locale or negotiate(state.router.headers.accept_language, LOCALES)


def is_connected(state: rx.State) -> bool:
    """Whether this tab's connection is open, so that showing something reaches somebody."""
    return _wiring.is_connected(state.router.session.client_token)


def assign(state: rx.State, **values: Any) -> None:
    """Set vars that differ from what they are: a var that is set is sent, even if nothing changed."""
    for name, value in values.items():
        if getattr(state, name) != value:
            setattr(state, name, value)
