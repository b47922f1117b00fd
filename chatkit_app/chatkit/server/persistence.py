"""What the store is told of an event before a client is."""

from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

from chatkit_app.chatkit.logger import logger
from chatkit_app.chatkit.store import Store
from chatkit_app.chatkit.types import (
    ThreadItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemReplacedEvent,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
    WidgetComponentUpdated,
    WidgetRootUpdated,
    WidgetStreamingTextValueDelta,
)
from chatkit_app.chatkit.types.reduce import apply_update

if TYPE_CHECKING:
    from .turns import Turn

_WIDGET_UPDATES = (WidgetRootUpdated, WidgetComponentUpdated, WidgetStreamingTextValueDelta)


async def persist_event(turn: "Turn", event: ThreadStreamEvent) -> None:
    """Store what the event says. Raises `TypeError` for what is no event, and whatever the store raises."""
    rule = _rule(type(event))
    if rule is not None:
        await rule(turn, event)


async def _added(turn: "Turn", event: ThreadItemAddedEvent) -> None:
    turn.pending.begin(event.item)


async def _updated(turn: "Turn", event: ThreadItemUpdatedEvent) -> None:
    known = turn.pending.update(event)
    if not known and turn.server.persist_widget_updates and isinstance(event.update, _WIDGET_UPDATES):
        store, thread_id = turn.server.store, turn.thread.id
        item = await store.load_item(thread_id, event.item_id, context=turn.context)
        await store.save_item(thread_id, apply_update(item, event.update), context=turn.context)


async def _done(turn: "Turn", event: ThreadItemDoneEvent) -> None:
    item = event.item
    turn.pending.finish(item)
    if await _is_stored(turn, item):
        await turn.server.store.save_item(turn.thread.id, item, context=turn.context)
    else:
        await turn.server.store.add_thread_item(turn.thread.id, item, context=turn.context)
    _settle(turn, item.id)


async def _replaced(turn: "Turn", event: ThreadItemReplacedEvent) -> None:
    await turn.server.store.save_item(turn.thread.id, event.item, context=turn.context)
    _settle(turn, event.item.id)


async def keep_item(store: Store[Any], thread_id: str, item: ThreadItem, context: Any) -> None:
    """Store an item that may be there already, because the turn was stopped while it was being stored."""
    try:
        await store.add_thread_item(thread_id, item, context=context)
    except Exception:  # a store that only inserts has an error of its own for what it has
        try:
            await store.save_item(thread_id, item, context=context)
        except Exception:  # what else there is to store is stored all the same
            logger.exception("A message could not be stored when its turn was stopped")


async def _removed(turn: "Turn", event: ThreadItemRemovedEvent) -> None:
    await turn.server.store.delete_thread_item(turn.thread.id, event.item_id, context=turn.context)
    turn.pending.settle(event.item_id)
    turn.stored.discard(event.item_id)


def _settle(turn: "Turn", item_id: str) -> None:
    turn.stored.add(item_id)
    turn.pending.settle(item_id)


async def _is_stored(turn: "Turn", item: ThreadItem) -> bool:
    """Whether adding the item would be adding it twice: a workflow goes on in the turn after a client tool call."""
    if item.id in turn.stored:
        return True
    store = turn.server.store
    if item.id in turn.pending or getattr(store, "adds_are_upserts", False) is True:
        return False
    try:
        return isinstance(await store.load_item(turn.thread.id, item.id, context=turn.context), BaseModel)
    except Exception:  # the contract says NotFoundError, stores in the wild say anything; adding will tell
        return False


EVENT_RULES: Mapping[type, Callable[["Turn", Any], Awaitable[None]] | None] = MappingProxyType(
    dict.fromkeys(get_args(get_args(ThreadStreamEvent)[0]))
    | {
        ThreadItemAddedEvent: _added,
        ThreadItemUpdatedEvent: _updated,
        ThreadItemDoneEvent: _done,
        ThreadItemReplacedEvent: _replaced,
        ThreadItemRemovedEvent: _removed,
    }
)
"""What each kind of event does to the store; None for what is never stored."""


@cache
def _rule(kind: type) -> Callable[["Turn", Any], Awaitable[None]] | None:
    for known in kind.__mro__:
        if known in EVENT_RULES:
            return EVENT_RULES[known]
    raise TypeError(f"A handler yielded {kind.__name__}, which is not a ThreadStreamEvent")
