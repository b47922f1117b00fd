"""The events of a stream."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from chatkit_app.chatkit.errors import ErrorCode
from chatkit_app.chatkit.icons import IconName

from .items import ThreadItem
from .threads import Thread
from .updates import AssistantMessageContentPartTextDelta, ThreadItemUpdate


class ThreadCreatedEvent(BaseModel):
    """A thread was created and stored."""

    type: Literal["thread.created"] = "thread.created"
    """Says which kind it is."""
    thread: Thread
    """The thread, without items."""


class ThreadUpdatedEvent(BaseModel):
    """Title, status or image domains of the thread changed."""

    type: Literal["thread.updated"] = "thread.updated"
    """Says which kind it is."""
    thread: Thread
    """The thread, without items."""


class ThreadItemAddedEvent(BaseModel):
    """An item begins. It is not stored yet."""

    type: Literal["thread.item.added"] = "thread.item.added"
    """Says which kind it is."""
    item: ThreadItem
    """The item as it begins."""


class ThreadItemUpdatedEvent(BaseModel):
    """An item changes while it is in progress."""

    model_config = ConfigDict(defer_build=True)  # as the updates of widgets are

    type: Literal["thread.item.updated"] = "thread.item.updated"
    """Says which kind it is."""
    item_id: str
    """The item."""
    update: Annotated[
        AssistantMessageContentPartTextDelta | Annotated[ThreadItemUpdate, Field(discriminator="type")],
        Field(union_mode="left_to_right"),  # nearly every update is a word of text: it is looked for first
    ]
    """The change."""


ThreadItemUpdated = ThreadItemUpdatedEvent
"""The former name of `ThreadItemUpdatedEvent`."""


class ThreadItemDoneEvent(BaseModel):
    """An item is complete and stored."""

    type: Literal["thread.item.done"] = "thread.item.done"
    """Says which kind it is."""
    item: ThreadItem
    """The whole item."""


class ThreadItemRemovedEvent(BaseModel):
    """An item is gone from the thread and from the store."""

    type: Literal["thread.item.removed"] = "thread.item.removed"
    """Says which kind it is."""
    item_id: str
    """The item."""


class ThreadItemReplacedEvent(BaseModel):
    """A stored item was replaced in place."""

    type: Literal["thread.item.replaced"] = "thread.item.replaced"
    """Says which kind it is."""
    item: ThreadItem
    """The new item, with the id of the old one."""


class StreamOptions(BaseModel):
    """What the client may do with a running answer."""

    allow_cancel: bool
    """Whether a stop button is shown."""


class StreamOptionsEvent(BaseModel):
    """What the client may do with this answer."""

    type: Literal["stream_options"] = "stream_options"
    """Says which kind it is."""
    stream_options: StreamOptions
    """The options."""


class ProgressUpdateEvent(BaseModel):
    """A line about what is going on. Never stored; the next item replaces it."""

    type: Literal["progress_update"] = "progress_update"
    """Says which kind it is."""
    icon: IconName | None = None
    """Icon drawn beside it."""
    text: str
    """The line."""


class ClientEffectEvent(BaseModel):
    """Something for the page that embeds the chat to do. Never stored; nothing is answered."""

    type: Literal["client_effect"] = "client_effect"
    """Says which kind it is."""
    name: str
    """What to do."""
    data: dict[str, Any] = Field(default_factory=dict)
    """Free data."""


class ErrorEvent(BaseModel):
    """The turn failed. Never stored."""

    type: Literal["error"] = "error"
    """Says which kind it is."""
    code: ErrorCode | Literal["custom"] = "custom"
    """A code the client has words for, or `custom`."""
    message: str | None = None
    """The words to show for `custom`."""
    allow_retry: bool = False
    """Whether a retry is offered."""


class NoticeEvent(BaseModel):
    """Something the user should know. Never stored."""

    type: Literal["notice"] = "notice"
    """Says which kind it is."""
    level: Literal["info", "warning", "danger"]
    """How much it matters."""
    message: str
    """Markdown."""
    title: str | None = None
    """Headline."""


ThreadStreamEvent = Annotated[
    ThreadCreatedEvent
    | ThreadUpdatedEvent
    | ThreadItemDoneEvent
    | ThreadItemAddedEvent
    | ThreadItemUpdatedEvent
    | ThreadItemRemovedEvent
    | ThreadItemReplacedEvent
    | StreamOptionsEvent
    | ProgressUpdateEvent
    | ClientEffectEvent
    | ErrorEvent
    | NoticeEvent,
    Field(discriminator="type"),
]
"""Any event of a stream."""
