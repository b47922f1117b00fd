"""Runs of real agents on scripted models, for the tests of this folder."""

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any

from agents import Agent, RunConfig, Runner, RunResultStreaming

from chatkit_app.chatkit.agents import AgentContext, stream_agent_response
from chatkit_app.chatkit.store import InMemoryStore
from chatkit_app.chatkit.types import AssistantMessageItem, ThreadItem, ThreadMetadata, ThreadStreamEvent
from tests.fakes import ScriptedModel

USER = {"user_id": "ada"}
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def new_context() -> AgentContext[Any]:
    """The context of a run in an empty thread."""
    return AgentContext(thread=ThreadMetadata(id="thr_1", created_at=NOW), store=InMemoryStore(), request_context=USER)


def start(context: AgentContext[Any], model: ScriptedModel, **agent: Any) -> RunResultStreaming:
    """An agent begins to run."""
    config = RunConfig(tracing_disabled=True)
    return Runner.run_streamed(Agent(name="Guide", model=model, **agent), "Hello", context=context, run_config=config)


async def play(
    *scripts: Any,
    context: AgentContext[Any] | None = None,
    chat_completions: bool = False,
    options: dict[str, Any] | None = None,
    **agent: Any,
) -> list[ThreadStreamEvent]:
    """All events of a run."""
    context = context or new_context()
    result = start(context, ScriptedModel(*scripts, chat_completions=chat_completions), **agent)
    return [event async for event in stream_agent_response(context, result, **(options or {}))]


def finished(events: list[ThreadStreamEvent], kind: str | None = None) -> list[Any]:
    """The items that are done, of one type or of any."""
    items = [event.item for event in events if event.type == "thread.item.done"]
    return [item for item in items if kind in (None, item.type)]


def shape(events: list[ThreadStreamEvent]) -> list[str]:
    """The events in short: `added workflow`, `text_delta`, `done assistant_message`, `progress_update` …"""
    return [_word(event) for event in events]


def _word(event: ThreadStreamEvent) -> str:
    if event.type == "thread.item.updated":
        return event.update.type.removeprefix("assistant_message.content_part.")
    if event.type in ("thread.item.added", "thread.item.done"):
        return f"{event.type.rpartition('.')[2]} {event.item.type}"
    return event.type


class StreamedEvents:
    """Stands where a run's result stands and streams any events; `between` runs before each event is made."""

    def __init__(self, *events: Any, between: Callable[[], None] = lambda: None) -> None:
        self.events = events
        self.between = between

    async def stream_events(self) -> AsyncIterator[Any]:
        for event in self.events:
            self.between()
            if isinstance(event, Exception):
                raise event
            yield event


async def take(events: AsyncIterator[Any], count: int) -> list[Any]:
    """The first events of a stream that is then closed."""
    taken: list[Any] = []
    async with aclosing(events) as stream:
        async for event in stream:
            taken.append(event)
            if len(taken) == count:
                break
    return taken


async def store_items(context: AgentContext[Any], *items: ThreadItem) -> None:
    """Put items into the context's thread."""
    await context.store.save_thread(context.thread, context.request_context)
    for item in items:
        await context.store.add_thread_item(context.thread.id, item, context.request_context)


def envelope(item_id: str) -> dict[str, Any]:
    """What every item has."""
    return {"id": item_id, "thread_id": "thr_1", "created_at": NOW}


def text_of(item: AssistantMessageItem) -> str:
    """All the words of a message."""
    return "".join(part.text for part in item.content)
