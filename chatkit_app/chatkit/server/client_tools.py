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
    pending = await _newest_pending(store, thread_id, context)
    if not pending:
        raise RequestError(f"Thread {thread_id!r} has no pending client tool call to take an output for")
    completed = pending[0].model_copy(update={"output": result, "status": "completed"})
    await store.save_item(thread_id, completed, context=context)
    await _drop(store, thread_id, pending[1:], context)


async def drop_pending_calls(store: Store[Any], thread_id: str, context: Any) -> None:
    """Drop the pending calls among the newest items."""
    await _drop(store, thread_id, await _newest_pending(store, thread_id, context), context)


async def _newest_pending(store: Store[Any], thread_id: str, context: Any) -> list[ClientToolCallItem]:
    newest = await store.load_thread_items(thread_id, None, _LOOK_BACK, "desc", context)
    return [item for item in newest.data if isinstance(item, ClientToolCallItem) and item.status == "pending"]


async def _drop(store: Store[Any], thread_id: str, calls: list[ClientToolCallItem], context: Any) -> None:
    for call in calls:
        logger.warning("Dropped client tool call %r (%s): it was never answered", call.id, call.name)
        await store.delete_thread_item(thread_id, call.id, context=context)
