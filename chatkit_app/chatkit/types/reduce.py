"""The one fold: view + event → view, and item + update → item.

Rules

1. Nothing is changed in place; what did not change is the same object as before.
2. An item has one place. `added`, `done` and `replaced` put it there: a known id keeps its place, a new one comes last.
   So an event that is delivered twice changes nothing the second time.
3. `added` begins an item, `done` and `replaced` settle it, `removed` forgets it. `updated` changes a known item,
   in progress or settled; an unknown id, a kind of item the update is not for, or a place that cannot exist is ignored.
4. A part of a message that is done keeps the references already streamed when it brings none of its own.
5. The progress line lasts until a message, a widget, a picture, a form or an error takes its place.
6. A client effect is for the page to do, not to remember: it leaves no trace.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from . import events as e
from . import items as i
from . import updates as u
from .item_changes import UPDATE_RULES, apply_update
from .threads import Thread, ThreadMetadata, without_items

__all__ = [
    "EVENT_RULES",
    "UPDATE_RULES",
    "ThreadView",
    "apply_update",
    "begin_turn",
    "end_turn",
    "is_worth_keeping",
    "reduce",
]

_NOTHING: Mapping[str, float] = MappingProxyType({})
_PROGRESS_ENDS_AT = (i.AssistantMessageItem, i.WidgetItem, i.GeneratedImageItem, i.StructuredInputItem)


@dataclass(frozen=True, slots=True)
class ThreadView:
    """What a reader of a thread sees at one moment."""

    thread: ThreadMetadata | None = None
    """The thread, once it is known."""
    items: tuple[i.ThreadItem, ...] = ()
    """Settled items and those in progress, in reading order."""
    in_progress: frozenset[str] = frozenset()
    """Ids of items that began and did not settle."""
    image_progress: Mapping[str, float] = field(default_factory=lambda: _NOTHING)
    """How far a picture in progress is, from 0 to 1, by id of its item."""
    progress: e.ProgressUpdateEvent | None = None
    """The line about what is going on."""
    notices: tuple[e.NoticeEvent, ...] = ()
    """What the user should know, each once."""
    error: e.ErrorEvent | None = None
    """How the turn failed."""
    allow_cancel: bool = False
    """Whether the running answer may be stopped."""

    @property
    def settled(self) -> tuple[i.ThreadItem, ...]:
        """The items a store has too."""
        return tuple(item for item in self.items if item.id not in self.in_progress)

    @classmethod
    def of(cls, thread: Thread) -> "ThreadView":
        """The view of a thread as it was loaded, oldest item first."""
        return cls(thread=without_items(thread), items=tuple(thread.items.data))


def reduce(view: ThreadView, event: e.ThreadStreamEvent) -> ThreadView:
    """The view after an event. An unknown kind of event changes nothing."""
    rule = EVENT_RULES.get(type(event))
    return view if rule is None else rule(view, event)


def begin_turn(view: ThreadView) -> ThreadView:
    """The view when the user asks for something new: what was said about the last turn is gone."""
    return replace(view, progress=None, notices=(), error=None, allow_cancel=False)


def end_turn(view: ThreadView, *, stopped: bool = False) -> ThreadView:
    """The view when the stream is over: only what the store has remains.

    A turn that was stopped keeps the messages that had begun to say something. One that waits for a client tool keeps
    its workflow, which goes on with the tool's output.
    """
    stays = is_worth_keeping if stopped else _goes_on if _waits_for_the_page(view) else _ends
    kept = tuple(item for item in view.items if item.id not in view.in_progress or stays(item))
    return replace(
        view, items=kept, in_progress=frozenset(), image_progress=_NOTHING, progress=None, allow_cancel=False
    )


def is_worth_keeping(item: i.ThreadItem) -> bool:
    """Whether an item in progress is stored when its turn is stopped: a message with some text."""
    return isinstance(item, i.AssistantMessageItem) and any(part.text.strip() for part in item.content)


def _goes_on(item: i.ThreadItem) -> bool:
    return isinstance(item, i.WorkflowItem)


def _ends(item: i.ThreadItem) -> bool:
    return False


def _waits_for_the_page(view: ThreadView) -> bool:
    last = view.items[-1] if view.items and view.error is None else None
    return isinstance(last, i.ClientToolCallItem) and last.status == "pending"


# -- events -----------------------------------------------------------------------------------------------------------


def _thread(view: ThreadView, event: e.ThreadCreatedEvent | e.ThreadUpdatedEvent) -> ThreadView:
    return replace(view, thread=without_items(event.thread))


def _added(view: ThreadView, event: e.ThreadItemAddedEvent) -> ThreadView:
    return _put(view, event.item, in_progress=view.in_progress | {event.item.id})


def _settled(view: ThreadView, event: e.ThreadItemDoneEvent | e.ThreadItemReplacedEvent) -> ThreadView:
    return _put(view, event.item, in_progress=view.in_progress - {event.item.id})


def _removed(view: ThreadView, event: e.ThreadItemRemovedEvent) -> ThreadView:
    return replace(
        view,
        items=tuple(item for item in view.items if item.id != event.item_id),
        in_progress=view.in_progress - {event.item_id},
        image_progress=_without(view.image_progress, event.item_id),
    )


def _updated(view: ThreadView, event: e.ThreadItemUpdatedEvent) -> ThreadView:
    place = _place(view.items, event.item_id)
    if place is None:
        return view
    before = view.items[place]
    after = apply_update(before, event.update)
    if after is not before:
        view = replace(view, items=(*view.items[:place], after, *view.items[place + 1 :]))
    if isinstance(event.update, u.GeneratedImageUpdated) and event.item_id in view.in_progress:
        return _with_image_progress(view, event.item_id, event.update.progress)
    return view


def _stream_options(view: ThreadView, event: e.StreamOptionsEvent) -> ThreadView:
    return replace(view, allow_cancel=event.stream_options.allow_cancel)


def _progress(view: ThreadView, event: e.ProgressUpdateEvent) -> ThreadView:
    return replace(view, progress=event)


def _notice(view: ThreadView, event: e.NoticeEvent) -> ThreadView:
    return view if event in view.notices else replace(view, notices=(*view.notices, event))


def _error(view: ThreadView, event: e.ErrorEvent) -> ThreadView:
    return replace(view, error=event, progress=None)


def _effect(view: ThreadView, event: e.ClientEffectEvent) -> ThreadView:
    return view


def _put(view: ThreadView, item: i.ThreadItem, *, in_progress: frozenset[str]) -> ThreadView:
    place = _place(view.items, item.id)
    items = (*view.items, item) if place is None else (*view.items[:place], item, *view.items[place + 1 :])
    return replace(
        view,
        items=items,
        in_progress=in_progress,
        image_progress=_without(view.image_progress, item.id),
        progress=None if isinstance(item, _PROGRESS_ENDS_AT) else view.progress,
    )


def _place(items: tuple[i.ThreadItem, ...], item_id: str) -> int | None:
    for place in range(len(items) - 1, -1, -1):  # what changes is nearly always the last one
        if items[place].id == item_id:
            return place
    return None


def _with_image_progress(view: ThreadView, item_id: str, progress: float | None) -> ThreadView:
    if progress is None:
        return view
    return replace(view, image_progress=MappingProxyType({**view.image_progress, item_id: progress}))


def _without(progress: Mapping[str, float], item_id: str) -> Mapping[str, float]:
    if item_id not in progress:
        return progress
    return MappingProxyType({key: value for key, value in progress.items() if key != item_id})


EVENT_RULES: Mapping[type, Callable[[ThreadView, Any], ThreadView]] = MappingProxyType(
    {
        e.ThreadCreatedEvent: _thread,
        e.ThreadUpdatedEvent: _thread,
        e.ThreadItemAddedEvent: _added,
        e.ThreadItemUpdatedEvent: _updated,
        e.ThreadItemDoneEvent: _settled,
        e.ThreadItemRemovedEvent: _removed,
        e.ThreadItemReplacedEvent: _settled,
        e.StreamOptionsEvent: _stream_options,
        e.ProgressUpdateEvent: _progress,
        e.ClientEffectEvent: _effect,
        e.ErrorEvent: _error,
        e.NoticeEvent: _notice,
    }
)
"""What each kind of event does to a view."""
