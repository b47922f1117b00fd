"""The first answer of a process would wait half a second while the SDKs build what they need to read a stream."""

import json
from collections.abc import Callable

import httpx2
from agents import Agent, Model, RunConfig, Runner

from chatkit_app.assistant.speech import Event, Say, tell
from chatkit_app.settings import ModelApi


class StartableModel(Model):
    """A model that can be made ready before it is first asked."""

    async def start(self) -> None:
        """Make the first answer as fast as the second. Asks nobody anything."""
        raise NotImplementedError


async def warm_up(api: ModelApi, connect: Callable[[httpx2.AsyncClient], Model]) -> None:
    """Have an answer read once, from a server that is only pretended; nothing leaves the process.

    `connect` makes a model that uses the HTTP client it is given.
    """
    answer = "".join(f"data: {json.dumps(event)}\n\n" for event in _ANSWERS[api]())
    headers = {"content-type": "text/event-stream"}
    pretended = httpx2.MockTransport(lambda request: httpx2.Response(200, headers=headers, text=answer))
    async with httpx2.AsyncClient(transport=pretended) as http:
        agent = Agent(name="Nobody", model=connect(http))
        result = Runner.run_streamed(agent, "Hello", run_config=RunConfig(tracing_disabled=True))
        async for _ in result.stream_events():
            pass


def _responses() -> list[Event]:
    first, *rest = tell([Say("Hello")], model="none")
    # Complete events are read in one way, and those of servers that leave something out in another: one of the first.
    return [first | {"sequence_number": 0}, *rest]


def _completions() -> list[Event]:
    chunk: Event = {"id": "none", "object": "chat.completion.chunk", "created": 0, "model": "none"}
    choice: Event = {"index": 0, "delta": {"role": "assistant", "content": "Hello"}, "finish_reason": None}
    return [
        chunk | {"choices": [choice]},
        chunk | {"choices": [choice | {"delta": {}, "finish_reason": "stop"}]},
    ]


_ANSWERS: dict[ModelApi, Callable[[], list[Event]]] = {"responses": _responses, "chat_completions": _completions}
