"""Reading and changing raw headers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Scope, Send

Edit: TypeAlias = Callable[[MutableHeaders], None]
"""Changes the headers of a response."""

_EDITS = "chatkit.edits"


def header(scope: Scope, name: bytes, separator: str = ", ") -> str | None:
    """A request header's value, its repetitions joined; None if it is absent."""
    values = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    return separator.join(values) if values else None


def on_start(scope: Scope, send: Send, edit: Edit) -> Send:
    """A `send` that lets `edit` change the headers of the response before they leave.

    Only the outermost layer that asks wraps `send`; the others leave their edits with it, innermost first to be
    applied. A wrapper is passed by every bit of every answer.
    """
    edits: list[Edit] | None = scope.get(_EDITS)
    if edits is not None:
        edits.append(edit)
        return send
    edits = scope[_EDITS] = [edit]

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            for change in reversed(edits):
                change(headers)
        await send(message)

    return sending
