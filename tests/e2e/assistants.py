"""Assistants with a fault, to see what the page makes of it."""

from __future__ import annotations

from typing import Any

from agents import ModelSettings

from chatkit_app.assistant.server import create_server
from chatkit_app.chatkit.store import Store
from chatkit_app.client.chat import PAGE


def forgetful(settings: Any, store: Store[Any]) -> Any:
    """Cannot list threads the first time it is asked."""
    list_threads, asked = store.load_threads, []

    async def load_threads(limit: int, *args: Any, **kwargs: Any) -> Any:
        if limit == PAGE:  # not the health check
            asked.append(limit)
        if len(asked) == 1:
            raise OSError("the disk is on fire")
        return await list_threads(limit, *args, **kwargs)

    store.load_threads = load_threads  # type: ignore[method-assign]
    return create_server(settings, store)


def terse(settings: Any, store: Store[Any]) -> Any:
    """Our assistant, held to short answers: a small model can talk for minutes."""
    server = create_server(settings, store)
    server.agent.model_settings = server.agent.model_settings.resolve(ModelSettings(max_tokens=60))
    server.agent.tools = []  # with tools a model of this size calls them at random
    return server
