"""Reading a thread page by page."""

from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Any

from chatkit_app.chatkit.types import ThreadItem

if TYPE_CHECKING:
    from .contract import Store


async def newest_first(
    store: "Store[Any]", thread_id: str, context: Any, page_size: int
) -> AsyncGenerator[ThreadItem, None]:
    """The items of a thread, hidden ones included, newest first, read in pages of `page_size`.

    A store that gives no cursor is asked for what comes after the last item; one that repeats a cursor ends it, for it
    must not hold us for ever.
    """
    cursors: set[str | None] = set()
    cursor: str | None = None
    while cursor not in cursors:
        cursors.add(cursor)
        page = await store.load_thread_items(thread_id, cursor, page_size, "desc", context)
        for item in page.data:
            yield item
        if not page.has_more:
            return
        cursor = page.after or (page.data[-1].id if page.data else None)
