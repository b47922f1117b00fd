"""What a store promises. The server relies on every sentence here."""

from abc import ABC, abstractmethod
from contextlib import aclosing
from typing import Any, ClassVar, Generic

from typing_extensions import TypeVar

from chatkit_app.chatkit.types import Attachment, AttachmentCreateParams, Page, ThreadItem, ThreadMetadata

from .ids import StoreItemType, default_generate_id
from .walk import newest_first

TContext = TypeVar("TContext", default=Any)
"""What a host hands to the server with each request; passed on untouched."""

_PAGE = 100


class NotFoundError(Exception):
    """The thread, item, attachment or cursor does not exist, or belongs to somebody else."""


class AttachmentStore(ABC, Generic[TContext]):
    """Keeps the bytes of attachments; the `Store` keeps what is known about them."""

    @abstractmethod
    async def delete_attachment(self, attachment_id: str, context: TContext) -> None:
        """Delete the bytes. Called before the store forgets the attachment; an error keeps it."""

    async def create_attachment(self, input: AttachmentCreateParams, context: TContext) -> Attachment:
        """Announce a file: an attachment with an `upload_descriptor`. The server saves it; this method does not."""
        raise NotImplementedError(f"{type(self).__name__} must override create_attachment to accept uploads")

    def generate_attachment_id(self, mime_type: str, context: TContext) -> str:
        """A new id for a file of this media type."""
        return default_generate_id("attachment")


class Store(ABC, Generic[TContext]):
    """Keeps threads, their items and what is known about attachments, each user's apart.

    What belongs to another user is missing, in every method. Lists are ordered by `created_at`, then by insertion;
    `after` is the id of the last row already seen, exclusive, and unknown ones raise `NotFoundError`.
    """

    adds_are_upserts: ClassVar[bool] = False
    """Whether `add_thread_item` replaces an item that exists, as it should. For a store that does not say so, the
    server looks before it adds an item it did not see begin."""

    def generate_thread_id(self, context: TContext) -> str:
        """A new id for a thread."""
        return default_generate_id("thread")

    def generate_item_id(self, item_type: StoreItemType, thread: ThreadMetadata, context: TContext) -> str:
        """A new id for an item of this kind in this thread."""
        return default_generate_id(item_type)

    @abstractmethod
    async def load_thread(self, thread_id: str, context: TContext) -> ThreadMetadata:
        """The thread, without items. Raises `NotFoundError`."""

    @abstractmethod
    async def save_thread(self, thread: ThreadMetadata, context: TContext) -> None:
        """Insert the thread or replace it. It may be a `Thread`; its items are not kept from here."""

    @abstractmethod
    async def load_thread_items(
        self, thread_id: str, after: str | None, limit: int, order: str, context: TContext
    ) -> Page[ThreadItem]:
        """A page of items; empty for a missing thread. Raises `NotFoundError` for an unknown cursor."""

    @abstractmethod
    async def save_attachment(self, attachment: Attachment, context: TContext) -> None:
        """Insert the attachment or replace it."""

    @abstractmethod
    async def load_attachment(self, attachment_id: str, context: TContext) -> Attachment:
        """The attachment. Raises `NotFoundError`."""

    @abstractmethod
    async def delete_attachment(self, attachment_id: str, context: TContext) -> None:
        """Forget the attachment, if it exists."""

    @abstractmethod
    async def load_threads(self, limit: int, after: str | None, order: str, context: TContext) -> Page[ThreadMetadata]:
        """A page of the user's threads. Raises `NotFoundError` for an unknown cursor."""

    @abstractmethod
    async def add_thread_item(self, thread_id: str, item: ThreadItem, context: TContext) -> None:
        """Insert the item, or replace the one with its id at its old place."""

    @abstractmethod
    async def save_item(self, thread_id: str, item: ThreadItem, context: TContext) -> None:
        """Insert the item, or replace the one with its id at its old place."""

    @abstractmethod
    async def load_item(self, thread_id: str, item_id: str, context: TContext) -> ThreadItem:
        """The item. Raises `NotFoundError`."""

    @abstractmethod
    async def delete_thread(self, thread_id: str, context: TContext) -> None:
        """Delete the thread with its items, if it exists."""

    @abstractmethod
    async def delete_thread_item(self, thread_id: str, item_id: str, context: TContext) -> None:
        """Delete the item, if it exists."""

    async def delete_thread_items_after(self, thread_id: str, item_id: str, context: TContext) -> None:
        """Delete every item newer than this one, hidden ones included. Raises `NotFoundError` if it is missing.

        This one reads pages and deletes item by item, newest first; a store that can do it at once should.
        """
        newer = await self._ids_after(thread_id, item_id, context)
        for newer_id in newer:
            await self.delete_thread_item(thread_id, newer_id, context=context)

    async def _ids_after(self, thread_id: str, item_id: str, context: TContext) -> list[str]:
        ids: list[str] = []
        async with aclosing(newest_first(self, thread_id, context, _PAGE)) as items:
            async for item in items:
                if item.id == item_id:
                    return ids
                ids.append(item.id)
        raise NotFoundError(f"No item {item_id!r} in thread {thread_id!r}")
