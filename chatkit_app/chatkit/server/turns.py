"""A turn: what a handler answers, and what happens to each of its events before a client sees it.

A stage takes the events of the one before and gives its own. Every stage closes the one it reads from, so that
closing the last one closes all.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chatkit_app.chatkit.logger import logger
from chatkit_app.chatkit.types import (
    StreamOptionsEvent,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemReplacedEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    ThreadUpdatedEvent,
)
from chatkit_app.chatkit.types.threads import without_items

from .failures import error_event
from .pending import PendingItems
from .persistence import persist_event
from .projection import HIDDEN_ITEMS, to_response
from .shield import finish
from .user_agent import ModelUserAgent
from .watch import ThreadWatch

if TYPE_CHECKING:
    from .server import ChatKitServer

_ABOUT_AN_ID = (ThreadItemUpdatedEvent, ThreadItemRemovedEvent)
_WITH_AN_ITEM = (ThreadItemAddedEvent, ThreadItemDoneEvent, ThreadItemReplacedEvent)

Events = AsyncGenerator[ThreadStreamEvent, None]
Answer = Callable[[], AsyncIterator[ThreadStreamEvent]]


@dataclass
class Turn:
    """One answer in one thread."""

    server: "ChatKitServer[Any]"
    thread: ThreadMetadata
    """The object the handler was given; what it changes there is stored."""
    context: Any
    watch: ThreadWatch
    pending: PendingItems = field(default_factory=PendingItems)
    stored: set[str] = field(default_factory=set)
    """Items this turn has stored."""
    over: bool = False
    """Whether the handler has ended, well or not."""


def run_turn(
    server: "ChatKitServer[Any]",
    thread: ThreadMetadata,
    context: Any,
    answer: Answer,
    first: tuple[ThreadStreamEvent, ...] = (),
) -> Events:
    """The events of a turn as clients see them, already stored: `first`, then what `answer` returns when called.

    Nothing happens before the first one is asked for.
    """
    turn = Turn(server, thread, context, ThreadWatch(thread))
    events = ask(turn, answer, first)
    for stage in STAGES:
        events = stage(turn, events)
    return events


async def ask(turn: Turn, answer: Answer, first: tuple[ThreadStreamEvent, ...]) -> Events:
    """What the client may do meanwhile, what comes first, then the handler's own events."""
    await asyncio.sleep(0)
    yield StreamOptionsEvent(stream_options=turn.server.get_stream_options(turn.thread, turn.context))
    for event in first:
        yield event
    async with aclosing(_steps(answer)) as events:
        async for event in events:
            yield event


async def persist(turn: Turn, events: Events) -> Events:
    """Store first, then show."""
    update_pending = turn.pending.update
    async with aclosing(events):
        async for event in events:
            if type(event) is not ThreadItemUpdatedEvent or not update_pending(event):
                await persist_event(turn, event)
            yield event


async def report_thread_changes(turn: Turn, events: Events) -> Events:
    """After the event during which the handler changed its thread: store the change, tell the client."""
    changed = turn.watch.changed
    async with aclosing(events):
        async for event in events:
            yield event
            if changed(type(event) is ThreadItemUpdatedEvent):
                yield await _save_thread_changes(turn)
    if changed():
        yield await _save_thread_changes(turn)


async def hide(turn: Turn, events: Events) -> Events:
    """Drop what is for the model only."""
    hidden: set[str] = set()
    async with aclosing(events):
        async for event in events:
            if isinstance(event, _ABOUT_AN_ID):
                if event.item_id not in hidden:
                    yield event
            elif isinstance(event, _WITH_AN_ITEM) and isinstance(event.item, HIDDEN_ITEMS):
                hidden.add(event.item.id)
            else:
                yield event


async def report_errors(turn: Turn, events: Events) -> Events:
    """A failure becomes an event, and the end of the turn."""
    try:
        async with aclosing(events):
            async for event in events:
                yield event
    except Exception as error:
        turn.over = True
        yield error_event(error)
        async with aclosing(_last_thread_changes(turn)) as changes:
            async for change in changes:
                yield change
    turn.over = True


async def keep_what_was_said(turn: Turn, events: Events) -> Events:
    """When the turn is stopped, by cancelling its task or by closing its events, what it said so far is stored."""
    try:
        async with aclosing(events):
            async for event in events:
                yield event
    except (asyncio.CancelledError, GeneratorExit):
        if not turn.over:
            await finish(_record_stop(turn))
        raise


STAGES: tuple[Callable[[Turn, Events], Events], ...] = (
    persist,
    report_thread_changes,
    hide,
    report_errors,
    keep_what_was_said,
)
"""From the handler outwards."""


async def _steps(answer: Answer) -> Events:
    """The handler's events, one step at a time, each naming us to the model provider."""
    name = ModelUserAgent()
    try:
        name.put()
        events = aiter(answer())
        try:
            while True:
                name.put()  # the next step may be asked for by another task
                try:
                    event = await anext(events)
                except StopAsyncIteration:
                    return
                yield event
        finally:
            await _close(events)
    finally:
        name.take_back()


async def _close(events: AsyncIterator[ThreadStreamEvent]) -> None:
    close = getattr(events, "aclose", None)
    if close is None:
        return
    try:
        await close()
    except Exception:  # the turn is over; how the handler ends is not the client's concern
        logger.exception("A handler failed while it was being closed")


async def _save_thread_changes(turn: Turn) -> ThreadUpdatedEvent:
    """Store what this turn changed, and nothing that another one changed meanwhile."""
    server, thread, context = turn.server, turn.thread, turn.context
    changes = turn.watch.take()
    async with server.thread_lock(thread.id):
        current = await server.store.load_thread(thread.id, context=context)
        # A store that keeps live objects may hand out the very thread that was changed.
        saved = without_items(thread) if current is thread else changes.onto(without_items(current))
        await server.store.save_thread(saved, context=context)
    return ThreadUpdatedEvent(thread=to_response(saved))


async def _last_thread_changes(turn: Turn) -> Events:
    """What a handler had changed before it failed; a failure to store that too is not told twice."""
    if turn.watch.changed():
        try:
            change = await _save_thread_changes(turn)
        except Exception:
            logger.exception("Changes of a thread could not be stored after its turn had failed")
        else:
            yield change


async def _record_stop(turn: Turn) -> None:
    try:
        await turn.server.handle_stream_cancelled(turn.thread, turn.pending.items(), turn.context)
    except Exception:
        logger.exception("What was said before the stop could not be stored")
