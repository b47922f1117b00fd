"""A turn: what a handler answers, and what happens to each of its events before a client sees it.

An event is stored, then shown unless it is for the model only, then changes of the thread are stored and shown. A
failure becomes an event and ends the turn. All of it is one generator around the handler's own: one for each of these
steps costs as much a word as everything that is done with the word.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable
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
"""The events of a thread, to be closed by who opens them."""
Answer = Callable[[], AsyncIterator[ThreadStreamEvent]]
"""Calls the handler."""


@dataclass
class Turn:
    """One answer in one thread."""

    server: "ChatKitServer[Any]"
    """Whose turn it is."""
    thread: ThreadMetadata
    """The object the handler was given; what it changes there is stored."""
    context: Any
    """Whatever the host gave for this request."""
    watch: ThreadWatch
    """Notices what the handler changes on its thread."""
    pending: PendingItems = field(default_factory=PendingItems)
    """Items the handler has begun."""
    stored: set[str] = field(default_factory=set)
    """Items this turn has stored."""
    hidden: set[str] = field(default_factory=set)
    """Items no client has heard of, because they are for the model only."""
    over: bool = False
    """Whether the handler has ended, well or not."""

    def may_show(self, event: ThreadStreamEvent) -> bool:
        """Whether a client may see the event."""
        if isinstance(event, _ABOUT_AN_ID):
            return event.item_id not in self.hidden
        if isinstance(event, _WITH_AN_ITEM) and isinstance(event.item, HIDDEN_ITEMS):
            self.hidden.add(event.item.id)
            return False
        return True


async def run_turn(
    server: "ChatKitServer[Any]",
    thread: ThreadMetadata,
    context: Any,
    answer: Answer,
    announced: Iterable[ThreadStreamEvent] = (),
    first: Iterable[ThreadStreamEvent] = (),
) -> Events:
    """The events of a turn as clients see them, already stored.

    `announced` are the events of what was stored before it, `first` those that come before what `answer` returns when
    called. When the turn is stopped, by cancelling its task or by closing its events, what it said so far is stored.
    """
    for event in announced:
        yield event
    turn = Turn(server, thread, context, ThreadWatch(thread))
    update_pending, hidden, changed = turn.pending.update, turn.hidden, turn.watch.changed
    try:
        try:
            await asyncio.sleep(0)
            options = StreamOptionsEvent(stream_options=server.get_stream_options(thread, context))
            for event in (options, *first):
                await persist_event(turn, event)
                yield event
                if changed():
                    yield await _save_thread_changes(turn)
            async with aclosing(_Steps(answer)) as events:
                async for event in events:
                    if type(event) is ThreadItemUpdatedEvent and update_pending(event):
                        # Nearly always: a word of an answer, for which nothing else is to be done.
                        if event.item_id not in hidden:
                            yield event
                        if changed(in_text=True):
                            yield await _save_thread_changes(turn)
                        continue
                    await persist_event(turn, event)
                    if turn.may_show(event):
                        yield event
                    if changed(in_text=type(event) is ThreadItemUpdatedEvent):
                        yield await _save_thread_changes(turn)
            if changed():
                yield await _save_thread_changes(turn)
        except Exception as error:  # whatever a handler or a store raises is an event
            turn.over = True
            yield error_event(error)
            if changed() and (change := await _last_thread_changes(turn)) is not None:
                yield change
        turn.over = True
    except (asyncio.CancelledError, GeneratorExit):
        if not turn.over:
            await finish(_record_stop(turn))
        raise


class _Steps:
    """The handler's own events, one step at a time, each naming us to the model provider."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._name = ModelUserAgent()
        self._events: AsyncIterator[ThreadStreamEvent] | None = None

    def __aiter__(self) -> AsyncIterator[ThreadStreamEvent]:
        self._name.put()
        self._events = aiter(self._answer())
        self._next = self._events.__anext__
        return self

    def __anext__(self) -> Awaitable[ThreadStreamEvent]:
        # Handed on rather than awaited here: another coroutine a word is noticeable.
        self._name.put()  # this step may be asked for by another task than the last one
        return self._next()

    async def aclose(self) -> None:
        try:
            if self._events is not None:
                await _close(self._events)
        finally:
            self._name.take_back()


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


async def _last_thread_changes(turn: Turn) -> ThreadUpdatedEvent | None:
    """What a handler had changed before it failed; a failure to store that too is not told twice."""
    try:
        return await _save_thread_changes(turn)
    except Exception:  # the client has been told of a failure already
        logger.exception("Changes of a thread could not be stored after its turn had failed")
        return None


async def _record_stop(turn: Turn) -> None:
    try:
        await turn.server.handle_stream_cancelled(turn.thread, turn.pending.items(), turn.context)
    except Exception:  # nobody reads any more
        logger.exception("What was said before the stop could not be stored")
