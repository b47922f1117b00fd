"""Assistants with a fault, to see what the page makes of it."""

from __future__ import annotations

from typing import Any

from chatkit_app.assistant.server import create_server
from chatkit_app.chatkit.store import Store


def forgetful(settings: Any, store: Store[Any]) -> Any:
    """Cannot list threads the first time it is asked."""
    list_threads, asked = store.load_threads, []

    async def load_threads(*args: Any, **kwargs: Any) -> Any:
        asked.append(args)
        if len(asked) == 1:
            raise OSError("the disk is on fire")
        return await list_threads(*args, **kwargs)

    store.load_threads = load_threads  # type: ignore[method-assign]
    return create_server(settings, store)
