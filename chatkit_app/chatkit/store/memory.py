"""A store that forgets everything when the process ends."""

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Generic

from pydantic import BaseModel
from typing_extensions import TypeVar

from chatkit_app.chatkit.types import Attachment, Page, ThreadItem, ThreadMetadata
from chatkit_app.chatkit.types.copies import deep_copy
from chatkit_app.chatkit.types.threads import without_items

from .contract import NotFoundError, Store, TContext
from .owner import owner_of

TRow = TypeVar("TRow", bound=BaseModel)


class InMemoryStore(Store[TContext]):
    """Keeps everything in this process, each user's rows apart (`owner_of`).

    Rows are copied in and out, so nobody changes a stored row but by saving it.
    """

    adds_are_upserts = True
    """Adding an item that is there already replaces it."""

    def __init__(self) -> None:
        self._shelves: dict[str, _Shelf] = {}

    async def load_thread(self, thread_id: str, context: TContext) -> ThreadMetadata:
        return deep_copy(self._thread(thread_id, context))

    async def save_thread(self, thread: ThreadMetadata, context: TContext) -> None:
        kept = deep_copy(without_items(thread))
        self._shelf_to_fill(context).threads.put(thread.id, thread.created_at, kept)

    async def load_threads(self, limit: int, after: str | None, order: str, context: TContext) -> Page[ThreadMetadata]:
        return self._shelf(context).threads.page(after, limit, order)

    async def delete_thread(self, thread_id: str, context: TContext) -> None:
        shelf = self._shelf(context)
        shelf.threads.remove(thread_id)
        shelf.items.pop(thread_id, None)

    async def load_thread_items(
        self, thread_id: str, after: str | None, limit: int, order: str, context: TContext
    ) -> Page[ThreadItem]:
        items = self._shelf(context).items.get(thread_id) or _Rows[ThreadItem]()
        return items.page(after, limit, order)

    async def add_thread_item(self, thread_id: str, item: ThreadItem, context: TContext) -> None:
        self._thread(thread_id, context)
        items = self._shelf(context).items.setdefault(thread_id, _Rows())
        items.put(item.id, item.created_at, deep_copy(item))

    async def save_item(self, thread_id: str, item: ThreadItem, context: TContext) -> None:
        await self.add_thread_item(thread_id, item, context)

    async def load_item(self, thread_id: str, item_id: str, context: TContext) -> ThreadItem:
        items = self._shelf(context).items.get(thread_id)
        item = items.get(item_id) if items else None
        if item is None:
            raise NotFoundError(f"No item {item_id!r} in thread {thread_id!r}")
        return deep_copy(item)

    async def delete_thread_item(self, thread_id: str, item_id: str, context: TContext) -> None:
        if items := self._shelf(context).items.get(thread_id):
            items.remove(item_id)

    async def delete_thread_items_after(self, thread_id: str, item_id: str, context: TContext) -> None:
        items = self._shelf(context).items.get(thread_id)
        if items is None or items.get(item_id) is None:
            raise NotFoundError(f"No item {item_id!r} in thread {thread_id!r}")
        items.truncate_after(item_id)

    async def save_attachment(self, attachment: Attachment, context: TContext) -> None:
        self._shelf_to_fill(context).attachments[attachment.id] = deep_copy(attachment)

    async def load_attachment(self, attachment_id: str, context: TContext) -> Attachment:
        attachment = self._shelf(context).attachments.get(attachment_id)
        if attachment is None:
            raise NotFoundError(f"No attachment {attachment_id!r}")
        return deep_copy(attachment)

    async def delete_attachment(self, attachment_id: str, context: TContext) -> None:
        self._shelf(context).attachments.pop(attachment_id, None)

    def _shelf(self, context: TContext) -> "_Shelf":
        """The user's rows; somebody who only looks leaves nothing behind."""
        return self._shelves.get(owner_of(context)) or _Shelf()

    def _shelf_to_fill(self, context: TContext) -> "_Shelf":
        return self._shelves.setdefault(owner_of(context), _Shelf())

    def _thread(self, thread_id: str, context: TContext) -> ThreadMetadata:
        thread = self._shelf(context).threads.get(thread_id)
        if thread is None:
            raise NotFoundError(f"No thread {thread_id!r}")
        return thread


class _Rows(Generic[TRow]):
    """Rows by id, in order of time and then of insertion; a replaced row keeps its place."""

    def __init__(self) -> None:
        self._rows: dict[str, TRow] = {}
        self._places: dict[str, tuple[float, int, str]] = {}
        self._order: list[tuple[float, int, str]] = []
        self._inserted = 0

    def get(self, row_id: str) -> TRow | None:
        return self._rows.get(row_id)

    def put(self, row_id: str, created_at: datetime, row: TRow) -> None:
        if row_id not in self._rows:
            # Seconds since the epoch, because naive and aware times do not compare with each other.
            place = (created_at.timestamp(), self._inserted, row_id)
            self._inserted += 1
            self._places[row_id] = place
            insort(self._order, place)
        self._rows[row_id] = row

    def remove(self, row_id: str) -> None:
        if self._rows.pop(row_id, None) is not None:
            del self._order[self._index(row_id)]
            del self._places[row_id]

    def truncate_after(self, row_id: str) -> None:
        end = self._index(row_id) + 1
        for _, _, newer in self._order[end:]:
            del self._rows[newer], self._places[newer]
        del self._order[end:]

    def page(self, after: str | None, limit: int, order: str) -> Page[TRow]:
        if limit < 1:
            raise ValueError(f"limit must be at least 1, not {limit}")
        ids = self._ids_from(after, newest_first=order == "desc")
        page_ids = list(islice(ids, limit))
        has_more = next(ids, None) is not None
        return Page(
            data=[deep_copy(self._rows[row_id]) for row_id in page_ids],
            has_more=has_more,
            after=page_ids[-1] if has_more else None,
        )

    def _ids_from(self, after: str | None, *, newest_first: bool) -> Iterator[str]:
        if after is not None and after not in self._rows:
            raise NotFoundError(f"Unknown cursor {after!r}")
        if newest_first:
            start = len(self._order) if after is None else self._index(after)
            return (self._order[index][2] for index in range(start - 1, -1, -1))
        start = 0 if after is None else self._index(after) + 1
        return (self._order[index][2] for index in range(start, len(self._order)))

    def _index(self, row_id: str) -> int:
        return bisect_left(self._order, self._places[row_id])


@dataclass
class _Shelf:
    """What one user has."""

    threads: _Rows[ThreadMetadata] = field(default_factory=_Rows)
    items: dict[str, _Rows[ThreadItem]] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
