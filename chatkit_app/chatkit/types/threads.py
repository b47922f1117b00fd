"""Threads: conversations and the state of their composer."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from .items import ThreadItem
from .pages import Page
from .times import Time


class ActiveStatus(BaseModel):
    """The user may write."""

    type: Literal["active"] = Field(default="active", frozen=True)
    """Says which kind it is."""


class LockedStatus(BaseModel):
    """The user may not write for now: the composer is disabled."""

    type: Literal["locked"] = Field(default="locked", frozen=True)
    """Says which kind it is."""
    reason: str | None = None
    """Shown in place of the composer's hint."""


class ClosedStatus(BaseModel):
    """The conversation is over: a banner replaces the composer."""

    type: Literal["closed"] = Field(default="closed", frozen=True)
    """Says which kind it is."""
    reason: str | None = None
    """Shown in the banner."""


ThreadStatus = Annotated[ActiveStatus | LockedStatus | ClosedStatus, Field(discriminator="type")]
"""What the composer allows. The server does not enforce it."""


class ThreadMetadata(BaseModel):
    """A thread without its items; what a store keeps of it."""

    title: str | None = None
    """Name in the history."""
    id: str
    """Identity, from `Store.generate_thread_id`."""
    created_at: Time
    """When it was begun; the history is ordered by it."""
    status: ThreadStatus = Field(default_factory=ActiveStatus)
    """What the composer allows."""
    allowed_image_domains: list[str] | None = None
    """Hosts from which Markdown images may be loaded; absent means the client's own rule."""
    metadata: dict[str, Any] = Field(default_factory=dict)
    """Private to the integration: stored, never sent to a client."""


class Thread(ThreadMetadata):
    """A thread with a page of its items, as clients see it."""

    items: Page[ThreadItem]
    """Some of its items; empty in lists and in events."""


def without_items(thread: ThreadMetadata) -> ThreadMetadata:
    """The thread as a store keeps it: a `Thread` loses its items, anything else is returned as it is."""
    if not isinstance(thread, Thread):
        return thread
    return ThreadMetadata.model_construct(
        _fields_set=thread.model_fields_set - {"items"},
        **{name: getattr(thread, name) for name in ThreadMetadata.model_fields},
    )
