"""What came back."""

from dataclasses import dataclass
from typing import Any, TypeVar

from chatkit_app.chatkit.actions import Action
from chatkit_app.chatkit.types import (
    AssistantMessageItem,
    ClientEffectEvent,
    ClientToolCallItem,
    ErrorEvent,
    NoticeEvent,
    ProgressUpdateEvent,
    StructuredInputItem,
    ThreadItem,
    ThreadStreamEvent,
    UserMessageItem,
    WidgetItem,
)

from .errors import NotThereError, listed

T = TypeVar("T")


@dataclass(frozen=True, repr=False)
class Turn:
    """What one request brought, as the client saw it."""

    events: tuple[ThreadStreamEvent, ...] = ()
    """The events, decoded."""
    wire: tuple[dict[str, Any], ...] = ()
    """The same events, as their JSON was."""
    items: tuple[ThreadItem, ...] = ()
    """The items that came or changed, as they stood at the end, in reading order; without the user's own message."""
    stopped: bool = False
    """Whether the user stopped it."""
    client_action: Action[str, Any] | None = None
    """The action that was left to the page (`handler: "client"`): the server was not asked."""

    @property
    def kinds(self) -> list[str]:
        """The types of the events."""
        return [event.type for event in self.events]

    @property
    def texts(self) -> list[str]:
        """What the assistant said, message by message."""
        return [text_of(item) for item in self._items(AssistantMessageItem)]

    @property
    def text(self) -> str:
        """The assistant's last message; empty if it said nothing."""
        return next(reversed(self.texts), "")

    @property
    def error(self) -> ErrorEvent | None:
        """How the turn failed, if it did."""
        return next((event for event in self.events if isinstance(event, ErrorEvent)), None)

    @property
    def notices(self) -> list[NoticeEvent]:
        """What the user was told beside the conversation."""
        return self._events(NoticeEvent)

    @property
    def effects(self) -> list[ClientEffectEvent]:
        """What the page was asked to do."""
        return self._events(ClientEffectEvent)

    @property
    def progress(self) -> list[str]:
        """The lines about what was going on."""
        return [event.text for event in self._events(ProgressUpdateEvent)]

    @property
    def widgets(self) -> list[WidgetItem]:
        """The widgets that came or changed."""
        return self._items(WidgetItem)

    @property
    def widget(self) -> WidgetItem:
        """The last of the widgets. Raises `NotThereError` if there is none."""
        return self._last(WidgetItem, "widget")

    @property
    def form(self) -> StructuredInputItem:
        """The last form that came or changed. Raises `NotThereError` if there is none."""
        return self._last(StructuredInputItem, "form")

    @property
    def client_tool_call(self) -> ClientToolCallItem:
        """The call of a tool in the user's page. Raises `NotThereError` if there is none."""
        return self._last(ClientToolCallItem, "call of a client tool")

    def __repr__(self) -> str:
        # Short, because a failing assertion shows it.
        parts = [*map(outline, self.items), *([repr(self.error)] if self.error else []), *["stopped"] * self.stopped]
        return f"<Turn: {len(self.events)} events; {'; '.join(parts) or 'nothing shown'}>"

    def _events(self, kind: type[T]) -> list[T]:
        return [event for event in self.events if isinstance(event, kind)]

    def _items(self, kind: type[T]) -> list[T]:
        return [item for item in self.items if isinstance(item, kind)]

    def _last(self, kind: type[T], name: str) -> T:
        found = self._items(kind)
        if not found:
            failed = f"; it failed with {self.error!r}" if self.error else ""
            raise NotThereError(f"No {name} came; there came: {listed([item.type for item in self.items])}{failed}")
        return found[-1]


def text_of(item: AssistantMessageItem) -> str:
    """All the words of a message."""
    return "".join(part.text for part in item.content)


def outline(item: ThreadItem) -> str:
    """An item in a few words."""
    if isinstance(item, AssistantMessageItem):
        return f"assistant_message {text_of(item)[:200]!r}"
    if isinstance(item, UserMessageItem):
        return f"user_message {''.join(part.text for part in item.content)[:200]!r}"
    return f"{item.type} {item.id!r}"
