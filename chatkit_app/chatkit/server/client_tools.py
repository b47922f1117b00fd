"""Results of tools that run in the user's page."""

from typing import Any

from chatkit_app.chatkit.errors import RequestError
from chatkit_app.chatkit.logger import logger
from chatkit_app.chatkit.store import Store
from chatkit_app.chatkit.types import ClientToolCallItem

_LOOK_BACK = 20
"""Newest items among which a pending call is looked for: hidden context may have come after it."""


async def complete_client_tool_call(store: Store[Any], thread_id: str, result: Any, context: Any) -> None:
    """Store the result of the newest pending call, and drop the other pending ones, which nobody will answer.

    Raises `RequestError` if none is pending.
    """
    newest = await store.load_thread_items(thread_id, None, _LOOK_BACK, "desc", context)
    pending = [item for item in newest.data if isinstance(item, ClientToolCallItem) and item.status == "pending"]
    if not pending:
        raise RequestError(f"Thread {thread_id!r} has no pending client tool call to take an output for")
    call, *abandoned = pending
    completed = call.model_copy(update={"output": result, "status": "completed"})
    await store.save_item(thread_id, completed, context=context)
    for other in abandoned:
        logger.warning("Dropped client tool call %r (%s): it was never answered", other.id, other.name)
        await store.delete_thread_item(thread_id, other.id, context=context)
