"""A turn: what a handler answers, and what happens to each of its events before a client sees it.

An event is stored, then shown unless it is for the model only, then changes of the thread are stored and shown. A
failure becomes an event and ends the turn. All of it is one generator around the handler's own: one for each of these
steps costs as much a word as everything that is done with the word.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from chatkit_app.chatkit.logger import logger
from chatkit_app.chatkit.types import (
    AssistantMessageContentPartTextDelta,
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
from .output import Output
from .pending import PendingItems
from .persistence import persist_event
from .projection import HIDDEN_ITEMS, to_response
from .shield import finish
from .user_agent import ModelUserAgent
from .watch import ThreadChanges, ThreadWatch

if TYPE_CHECKING:
    from .server import ChatKitServer

_ALWAYS = 32
"""The thread is compared after each of so many words in a row…"""
_WORDS = 8
"""…and then whenever so many more have come. In the middle of a hundred answers it is far from the processor: comparing
it costs many times what it costs in a process with one stream, as much as building the two models of the event."""

_ABOUT_AN_ID = (ThreadItemUpdatedEvent, ThreadItemRemovedEvent)
_WITH_AN_ITEM = (ThreadItemAddedEvent, ThreadItemDoneEvent, ThreadItemReplacedEvent)

T = TypeVar("T")
Answer = Callable[[], AsyncIterator[ThreadStreamEvent]]
"""Calls the handler."""


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """A part of a message that grows word by word."""

    item_id: str
    """The message."""
    index: int
    """Position of the part in it."""
    add: Callable[[str], None]
    """Writes the word down for the case that the turn is stopped."""
    show: Callable[[ThreadItemUpdatedEvent, str], T]
    """What is yielded for the event, whose text is given too."""


@dataclass(frozen=True)
class Opening:
    """What came before an answer, and how to ask for it."""

    announced: Iterable[ThreadStreamEvent] = ()
    """Events of what was stored already, or of why there is no answer."""
    thread: ThreadMetadata | None = None
    """The object the handler is given; None if nobody answers."""
    answer: Answer | None = None
    """Asks the handler."""
    first: Iterable[ThreadStreamEvent] = ()
    """Events of the turn itself that come before what the handler says."""


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

    def part_of(self, event: ThreadStreamEvent, output: Output[T]) -> Part[T] | None:
        """The part of a message that the event added a word to, if more words may follow without further ado."""
        if type(event) is not ThreadItemUpdatedEvent or type(event.update) is not AssistantMessageContentPartTextDelta:
            return None
        words = self.pending.words_of(event.item_id)
        if words is None or event.item_id in self.hidden:
            return None
        index = event.update.content_index
        return Part(event.item_id, index, words.append, output.words(event.item_id, index))


async def run_turn(
    server: "ChatKitServer[Any]",
    begin: Callable[[], Awaitable[Opening]],
    context: Any,
    output: Output[T],
) -> AsyncGenerator[T, None]:
    """The events of a turn as clients see them, already stored; `output` makes of each what is yielded.

    Nothing happens before the first one is asked for: then `begin` does what comes before the answer. When the turn is
    stopped, by cancelling its task or by closing this generator, what it said so far is stored. Raises what `begin`
    raises.
    """
    shown = output.event
    opening = await begin()
    for event in opening.announced:
        yield shown(event)
    if opening.thread is None or opening.answer is None:
        return
    turn = Turn(server, opening.thread, context, ThreadWatch(opening.thread))
    changed, noticed = turn.watch.changed, turn.watch.noticed
    try:
        try:
            await asyncio.sleep(0)
            options = StreamOptionsEvent(stream_options=server.get_stream_options(turn.thread, context))
            for event in (options, *opening.first):
                await persist_event(turn, event)
                yield shown(event)
                if noticed():
                    yield shown(await _save_thread_changes(turn))
            async with _Handler(opening.answer) as handler:
                name_us, part, words, until_look = handler.name_us, None, 0, iter(range(0))
                async for event in handler.events:
                    if (
                        part is not None
                        and type(event) is ThreadItemUpdatedEvent
                        and type(update := (fields := event.__dict__)["update"]) is AssistantMessageContentPartTextDelta
                        and (word := update.__dict__)["content_index"] == part.index
                        and fields["item_id"] == part.item_id
                    ):
                        # Nearly every event is a word, and nearly every word goes on where the last one ended.
                        # Attributes of a model are looked up slowly; its dictionary is not.
                        delta = word["delta"]
                        part.add(delta)
                        said = part.show(event, delta)
                        del event, update, fields, word  # freed now, while all of it is at hand
                        yield said
                        for _ in until_look:  # the cheapest way to count down
                            has_changed = False
                            break
                        else:
                            has_changed = noticed()
                            words += 1
                            until_look = iter(range(_WORDS if words > _ALWAYS else 0))
                    else:
                        await persist_event(turn, event)
                        if turn.may_show(event):
                            yield shown(event)
                        part = turn.part_of(event, output)
                        has_changed = noticed() if type(event) is ThreadItemUpdatedEvent else changed()
                        words, until_look = 0, iter(range(0))
                    if has_changed:
                        yield shown(await _save_thread_changes(turn))
                    if name_us is not None:
                        name_us()  # the next step may be asked for by another task than the last one
            if changed():
                yield shown(await _save_thread_changes(turn))
        except Exception as error:  # whatever a handler or a store raises is an event
            turn.over = True
            yield shown(error_event(error))
            if changed() and (change := await _last_thread_changes(turn)) is not None:
                yield shown(change)
        turn.over = True
    except (asyncio.CancelledError, GeneratorExit):
        if not turn.over:
            await finish(_record_stop(turn))
        raise


class _Handler:
    """The handler's own events, which name us to the model provider, and are closed in every case."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._name = ModelUserAgent()
        self.events: AsyncIterator[ThreadStreamEvent]
        """What the handler says."""
        self.name_us = self._name.put if self._name.is_needed else None
        """To be called before each step, if there is a provider to name us to."""

    async def __aenter__(self) -> "_Handler":
        self._name.put()
        try:
            self.events = aiter(self._answer())
        except BaseException:
            self._name.take_back()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        try:
            await _close(self.events)
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
    """Store what this turn changed, to the end even if it is stopped meanwhile: it will not be asked again."""
    saved = await finish(_store(turn, turn.watch.take()))
    return ThreadUpdatedEvent(thread=to_response(saved))


async def _store(turn: Turn, changes: ThreadChanges) -> ThreadMetadata:
    """Change the thread in the store, but nothing that another turn changed meanwhile."""
    server, thread, context = turn.server, turn.thread, turn.context
    async with server.thread_lock(thread.id):
        current = await server.store.load_thread(thread.id, context=context)
        # A store that keeps live objects may hand out the very thread that was changed.
        saved = without_items(thread) if current is thread else changes.onto(without_items(current))
        await server.store.save_thread(saved, context=context)
    return saved


async def _last_thread_changes(turn: Turn) -> ThreadUpdatedEvent | None:
    """What a handler had changed before it failed or was stopped; a failure to store that is not told."""
    try:
        return await _save_thread_changes(turn)
    except Exception:  # the client has been told of a failure already, or is gone
        logger.exception("Changes of a thread could not be stored after its turn had failed or was stopped")
        return None


async def _record_stop(turn: Turn) -> None:
    if turn.watch.changed():
        await _last_thread_changes(turn)
    try:
        await turn.server.handle_stream_cancelled(turn.thread, turn.pending.items(), turn.context)
    except Exception:  # nobody reads any more
        logger.exception("What was said before the stop could not be stored")
