"""What a client may see of a thread."""

from chatkit_app.chatkit.types import HiddenContextItem, Page, SDKHiddenContextItem, Thread, ThreadItem, ThreadMetadata

HIDDEN_ITEMS = (HiddenContextItem, SDKHiddenContextItem)
"""Items for the model only."""


def to_response(thread: ThreadMetadata, items: Page[ThreadItem] | None = None) -> Thread:
    """The thread for a client: without the integration's metadata, with these items or none."""
    return Thread(
        id=thread.id,
        title=thread.title,
        created_at=thread.created_at,
        status=thread.status,
        allowed_image_domains=thread.allowed_image_domains,
        items=Page[ThreadItem]() if items is None else without_hidden(items),
    )


def without_hidden(page: Page[ThreadItem]) -> Page[ThreadItem]:
    """The page without items for the model only; it may get short, the cursor stays."""
    return Page(
        data=[item for item in page.data if not isinstance(item, HIDDEN_ITEMS)],
        has_more=page.has_more,
        after=page.after,
    )
