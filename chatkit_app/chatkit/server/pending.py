"""Items that began and are not stored yet."""

from dataclasses import dataclass, field

from chatkit_app.chatkit.types import (
    AssistantMessageContentPartTextDelta,
    ThreadItem,
    ThreadItemUpdate,
    ThreadItemUpdatedEvent,
    WidgetRootUpdated,
)
from chatkit_app.chatkit.types.copies import deep_copy
from chatkit_app.chatkit.types.reduce import apply_update


class PendingItems:
    """What a turn that is stopped would lose, apart from whatever the responder does to its own objects."""

    def __init__(self) -> None:
        self._items: dict[str, _Pending] = {}

    def __contains__(self, item_id: str) -> bool:
        return item_id in self._items

    def begin(self, item: ThreadItem) -> None:
        """An item was added."""
        self._items[item.id] = _Pending(deep_copy(item))

    def update(self, event: ThreadItemUpdatedEvent) -> bool:
        """An item changed. False if it did not begin here."""
        pending = self._items.get(event.item_id)
        if pending is None:
            return False
        update = event.update
        if type(update) is AssistantMessageContentPartTextDelta:
            if update.content_index != pending.part:
                pending.settle_text()
                pending.part = update.content_index
            pending.words.append(update.delta)
        else:
            pending.apply(update)
        return True

    def words_of(self, item_id: str) -> list[str] | None:
        """The list to which further words of the part of the last one may be added; None if it did not begin here.

        It is to be left alone as soon as anything else happens.
        """
        pending = self._items.get(item_id)
        return None if pending is None else pending.words

    def finish(self, item: ThreadItem) -> None:
        """An item that began is whole, and about to be stored."""
        if item.id in self._items:
            self._items[item.id] = _Pending(item)

    def settle(self, item_id: str) -> None:
        """An item was stored, or is gone."""
        self._items.pop(item_id, None)

    def items(self) -> list[ThreadItem]:
        """The items as they are now, in the order they began."""
        for pending in self._items.values():
            pending.settle_text()
        return [pending.item for pending in self._items.values()]


@dataclass(slots=True)
class _Pending:
    """An item, and words that are only written down as they come and put in their place when somebody asks."""

    item: ThreadItem
    part: int = 0
    words: list[str] = field(default_factory=list)

    def settle_text(self) -> None:
        if self.words:
            text = AssistantMessageContentPartTextDelta(content_index=self.part, delta="".join(self.words))
            self.item = apply_update(self.item, text)
            self.words.clear()

    def apply(self, update: ThreadItemUpdate) -> None:
        self.settle_text()
        # A whole widget is kept as it is: it is big, and states of a widget are made anew rather than changed.
        kept = update if isinstance(update, WidgetRootUpdated) else deep_copy(update)
        self.item = apply_update(self.item, kept)
