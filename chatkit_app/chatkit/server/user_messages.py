"""From what a user sent to an item of the thread."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chatkit_app.chatkit.types import ThreadMetadata, UserMessageInput, UserMessageItem

if TYPE_CHECKING:
    from .server import ChatKitServer


async def build_user_message(
    server: "ChatKitServer[Any]", input: UserMessageInput, thread: ThreadMetadata, context: Any
) -> UserMessageItem:
    """The item for a message, its attachments loaded and bound to the thread. Nothing is stored.

    Raises the store's `NotFoundError` for an attachment that is missing.
    """
    store = server.store
    return UserMessageItem(
        id=store.generate_item_id("message", thread, context),
        thread_id=thread.id,
        created_at=datetime.now(UTC),
        content=input.content,
        attachments=[
            (await store.load_attachment(attachment_id, context)).model_copy(update={"thread_id": thread.id})
            for attachment_id in input.attachments
        ],
        quoted_text=input.quoted_text,
        inference_options=input.inference_options,
    )


async def store_user_message(server: "ChatKitServer[Any]", item: UserMessageItem, context: Any) -> None:
    """Store a message and whose its attachments are."""
    for attachment in item.attachments:
        await server.store.save_attachment(attachment, context=context)
    await server.store.add_thread_item(item.thread_id, item, context=context)
