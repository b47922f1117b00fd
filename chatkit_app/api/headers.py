"""Reading and changing raw headers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Scope, Send

Edit: TypeAlias = Callable[[MutableHeaders], None]
"""Changes the headers of a response."""

_EDITED = "chatkit.edited_send"


@dataclass(frozen=True, slots=True)
class EditedSend:
    """A `send` that changes the headers of the response on their way out."""

    send: Send
    """Where everything goes. The bits of a body may go there right away."""
    edits: list[Edit]
    """What is changed; the last one comes first."""

    async def __call__(self, message: Message) -> None:
        """Send the message."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            for edit in reversed(self.edits):
                edit(headers)
        await self.send(message)


def header(scope: Scope, name: bytes, separator: str = ", ") -> str | None:
    """A request header's value, its repetitions joined; None if it is absent."""
    values = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    return separator.join(values) if values else None


def on_start(scope: Scope, send: Send, edit: Edit) -> Send:
    """A `send` that lets `edit` change the headers of the response before they leave.

    Only the outermost layer that asks wraps `send`; the others leave their edits with it, innermost first to be
    applied.
    """
    edited: EditedSend | None = scope.get(_EDITED)
    if edited is not None:
        edited.edits.append(edit)
        return send
    edited = scope[_EDITED] = EditedSend(send, [edit])
    return edited


def body_send(send: Send) -> Send:
    """The `send` for bits of a body: past the one that only edits headers. A layer costs each bit of each answer."""
    return send.send if isinstance(send, EditedSend) else send
