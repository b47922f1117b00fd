"""Where the agent's model is: at OpenAI, at any server that speaks like it, or in this process."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import httpx2
from agents import OpenAIChatCompletionsModel, OpenAIResponsesModel
from agents.items import TResponseStreamEvent
from openai import AsyncOpenAI

from chatkit_app.assistant.local import LocalModel
from chatkit_app.assistant.warm_up import StartableModel, warm_up
from chatkit_app.settings import LOCAL, OPENAI_URL, ModelApi, Settings

_NO_KEY = "none"
"""What a server that asks for no key is sent, because the client insists on one."""


def create_model(settings: Settings) -> StartableModel:
    """The model the settings name. Nothing is connected or started before it is asked or told to `start`.

    Raises SettingsError for `local` when its packages are not installed.
    """
    if settings.model == LOCAL:
        return LocalModel(lambda url, key: connect("local", url, key, settings.model_api))
    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else _NO_KEY
    return connect(settings.model, settings.openai_base_url or OPENAI_URL, key, settings.model_api)


def connect(name: str, url: str, key: str, api: ModelApi, http: httpx2.AsyncClient | None = None) -> StartableModel:
    """A model by its name at the server of a base URL, asked through one of its two APIs."""
    client = AsyncOpenAI(base_url=url, api_key=key, http_client=http)
    return CompletionsModel(name, client) if api == "chat_completions" else ResponsesModel(name, client)


class CompletionsModel(OpenAIChatCompletionsModel, StartableModel):
    """A model asked through Chat Completions, with a client of its own."""

    async def start(self) -> None:
        await warm_up("chat_completions", lambda http: connect("none", "http://none", "none", "chat_completions", http))

    async def close(self) -> None:
        """Close the client's connections."""
        await self._client.close()


class ResponsesModel(OpenAIResponsesModel, StartableModel):
    """A model asked through the Responses API, with a client of its own.

    Also at servers that leave out what OpenAI's always says: llama.cpp does not tell which part of which item a piece
    of text belongs to, as there is only one.
    """

    async def start(self) -> None:
        await warm_up("responses", lambda http: connect("none", "http://none", "none", "responses", http))

    async def stream_response(self, *args: Any, **options: Any) -> AsyncIterator[TResponseStreamEvent]:
        """The events of a response, each with its place in it."""
        stream: Any = super().stream_response(*args, **options)
        async with aclosing(stream) as events:
            async for event in events:
                for place in ("output_index", "content_index", "summary_index"):
                    if getattr(event, place, 0) is None:
                        setattr(event, place, 0)
                yield event

    async def close(self) -> None:
        """Close the client's connections."""
        await self._client.close()
