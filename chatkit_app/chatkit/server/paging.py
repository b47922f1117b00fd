"""How many rows a page has, and reading page after page."""

from collections.abc import AsyncIterator
from typing import Any

from chatkit_app.chatkit.store import Store
from chatkit_app.chatkit.types import ThreadItem

DEFAULT_PAGE_SIZE = 20
"""Rows when the client does not say."""

MAX_PAGE_SIZE = 100
"""Rows at most, however many the client asks for."""


def page_size(asked: int | None) -> int:
    """Rows to read: 1 to `MAX_PAGE_SIZE`; `DEFAULT_PAGE_SIZE` for none or 0."""
    return max(1, min(asked or DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE))


async def newest_first(store: Store[Any], thread_id: str, context: Any) -> AsyncIterator[ThreadItem]:
    """The items of a thread, newest first. A store that repeats a cursor ends it."""
    cursor: str | None = None
    seen: set[str | None] = set()
    while cursor not in seen:
        seen.add(cursor)
        page = await store.load_thread_items(thread_id, cursor, DEFAULT_PAGE_SIZE, "desc", context)
        for item in page.data:
            yield item
        if not page.has_more:
            return
        cursor = page.after or (page.data[-1].id if page.data else None)
