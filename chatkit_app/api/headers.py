"""Reading and changing raw headers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Scope, Send

Edit: TypeAlias = Callable[[MutableHeaders], None]
"""Changes the headers of a response."""


def header(scope: Scope, name: bytes, separator: str = ", ") -> str | None:
    """A request header's value, its repetitions joined; None if it is absent."""
    values = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    return separator.join(values) if values else None


def on_start(send: Send, edit: Edit) -> Send:
    """A `send` that lets `edit` change the headers of the response before they leave."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            edit(MutableHeaders(raw=message.setdefault("headers", [])))
        await send(message)

    return sending
