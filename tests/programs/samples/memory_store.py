"""Keeps everything in dicts, as quick-starts do: the live objects, for one user, sorted by time when they are read."""

from collections.abc import Callable
from typing import Any

from chatkit_app.chatkit.store import Attachment, NotFoundError, Page, Store, ThreadItem, ThreadMetadata


class MemoryStore(Store[dict]):
    def __init__(self) -> None:
        self.threads: dict[str, ThreadMetadata] = {}
        self.items: dict[str, list[Any]] = {}
        self.attachments: dict[str, Any] = {}

    async def load_thread(self, thread_id: str, context: dict) -> ThreadMetadata:
        if thread_id not in self.threads:
            raise NotFoundError(thread_id)
        return self.threads[thread_id].model_copy(deep=True)

    async def save_thread(self, thread: ThreadMetadata, context: dict) -> None:
        kept = thread.model_dump(exclude={"items"})
        self.threads[thread.id] = ThreadMetadata(**kept)

    async def load_threads(self, limit: int, after: str | None, order: str, context: dict) -> Page[ThreadMetadata]:
        return _page(list(self.threads.values()), after, limit, order)

    async def delete_thread(self, thread_id: str, context: dict) -> None:
        self.threads.pop(thread_id, None)
        self.items.pop(thread_id, None)

    async def load_thread_items(
        self, thread_id: str, after: str | None, limit: int, order: str, context: dict
    ) -> Page[ThreadItem]:
        return _page(self.items.get(thread_id, []), after, limit, order)

    async def add_thread_item(self, thread_id: str, item: ThreadItem, context: dict) -> None:
        await self.save_item(thread_id, item, context)

    async def save_item(self, thread_id: str, item: ThreadItem, context: dict) -> None:
        items = self.items.setdefault(thread_id, [])
        for index, existing in enumerate(items):
            if existing.id == item.id:
                items[index] = item
                return
        items.append(item)

    async def load_item(self, thread_id: str, item_id: str, context: dict) -> ThreadItem:
        return _first(self.items.get(thread_id, []), lambda item: item.id == item_id)

    async def delete_thread_item(self, thread_id: str, item_id: str, context: dict) -> None:
        self.items[thread_id] = [item for item in self.items.get(thread_id, []) if item.id != item_id]

    async def save_attachment(self, attachment: Attachment, context: dict) -> None:
        self.attachments[attachment.id] = attachment

    async def load_attachment(self, attachment_id: str, context: dict) -> Attachment:
        return _first(list(self.attachments.values()), lambda attachment: attachment.id == attachment_id)

    async def delete_attachment(self, attachment_id: str, context: dict) -> None:
        self.attachments.pop(attachment_id, None)


def _first(rows: list[Any], wanted: Callable[[Any], bool]) -> Any:
    for row in rows:
        if wanted(row):
            return row
    raise NotFoundError("no such row")


def _page(rows: list[Any], after: str | None, limit: int, order: str) -> Page[Any]:
    rows = sorted(rows, key=lambda row: row.created_at, reverse=order == "desc")
    start = 0 if after is None else [row.id for row in rows].index(after) + 1
    data = rows[start : start + limit]
    has_more = start + limit < len(rows)
    return Page(data=data, has_more=has_more, after=data[-1].id if has_more else None)
