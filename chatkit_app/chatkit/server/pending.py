"""Items that began and are not stored yet."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from chatkit_app.chatkit.types import (
    AssistantMessageContentPartTextDelta,
    ThreadItem,
    ThreadItemUpdate,
    ThreadItemUpdatedEvent,
    WidgetRootUpdated,
    WidgetStreamingTextValueDelta,
)
from chatkit_app.chatkit.types.reduce import apply_update

_LOGGED = (AssistantMessageContentPartTextDelta, WidgetStreamingTextValueDelta)


class PendingItems:
    """What a turn that is stopped would lose, apart from whatever the responder does to its own objects.

    Growing text is only written down as it comes and put together when somebody asks.
    """

    def __init__(self) -> None:
        self._items: dict[str, ThreadItem] = {}
        self._logs: dict[str, list[ThreadItemUpdate]] = {}

    def __contains__(self, item_id: str) -> bool:
        return item_id in self._items

    def begin(self, item: ThreadItem) -> None:
        """An item was added."""
        self._items[item.id] = item.model_copy(deep=True)
        self._logs[item.id] = []

    def update(self, event: ThreadItemUpdatedEvent) -> None:
        """An item changed; unknown ones are ignored."""
        log = self._logs.get(event.item_id)
        if log is None:
            return
        update = event.update
        if isinstance(update, _LOGGED):
            log.append(update)
            return
        self._settle_log(event.item_id)
        # A whole widget is kept as it is: it is big, and states of a widget are made anew rather than changed.
        kept = update if isinstance(update, WidgetRootUpdated) else update.model_copy(deep=True)
        self._items[event.item_id] = apply_update(self._items[event.item_id], kept)

    def settle(self, item_id: str) -> None:
        """An item was stored, or is gone."""
        self._items.pop(item_id, None)
        self._logs.pop(item_id, None)

    def items(self) -> list[ThreadItem]:
        """The items as they are now, in the order they began."""
        for item_id in self._items:
            self._settle_log(item_id)
        return list(self._items.values())

    def _settle_log(self, item_id: str) -> None:
        log = self._logs[item_id]
        for update in _joined(log):
            self._items[item_id] = apply_update(self._items[item_id], update)
        log.clear()


def _joined(log: Iterable[ThreadItemUpdate]) -> Iterator[ThreadItemUpdate]:
    """The same updates with runs of text for one part as a single one: a long text is not copied for every word."""
    for part, run in groupby(log, key=_part):
        if part is None:
            yield from run
        else:
            text = "".join(update.delta for update in run if isinstance(update, AssistantMessageContentPartTextDelta))
            yield AssistantMessageContentPartTextDelta(content_index=part, delta=text)


def _part(update: ThreadItemUpdate) -> int | None:
    return update.content_index if isinstance(update, AssistantMessageContentPartTextDelta) else None
