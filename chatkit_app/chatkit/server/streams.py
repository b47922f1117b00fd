"""Operations answered with events: what each does before its turn, and who answers in it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from chatkit_app.chatkit.errors import ErrorCode, RequestError
from chatkit_app.chatkit.logger import logger
from chatkit_app.chatkit.store import NotFoundError
from chatkit_app.chatkit.types import (
    ErrorEvent,
    StreamingReq,
    ThreadCreatedEvent,
    ThreadItemDoneEvent,
    ThreadItemReplacedEvent,
    ThreadMetadata,
    ThreadsAddClientToolOutputReq,
    ThreadsAddStructuredInputReq,
    ThreadsAddUserMessageReq,
    ThreadsCreateReq,
    ThreadsCustomActionReq,
    ThreadsRetryAfterItemReq,
    ThreadStreamEvent,
    UserMessageItem,
    WidgetItem,
)
from chatkit_app.chatkit.types.copies import deep_copy

from .client_tools import complete_client_tool_call
from .failures import error_event
from .projection import to_response
from .shield import finish
from .structured_input import load_answered
from .turns import Opening
from .user_messages import store_user_message

if TYPE_CHECKING:
    from .server import ChatKitServer


@dataclass(frozen=True, kw_only=True)
class MessageToAnswer(Opening):
    """A message that is not stored yet: the program stores and answers it in a step of its own."""

    thread: ThreadMetadata
    """The object the handler is given."""
    message: UserMessageItem
    """What the user said."""


async def begin(server: "ChatKitServer[Any]", request: StreamingReq, context: Any, *, apart: bool = False) -> Opening:
    """Do what comes before the answer.

    A thread, item or attachment that is missing, and any failure of a store, is an `error` event. A request that does
    not fit the thread raises `RequestError`. With `apart` a message is neither stored nor answered: `MessageToAnswer`.
    """
    work = _APART.get(type(request)) if apart else None
    try:
        return await (work or STREAMS[type(request)])(server, request, context)
    except RequestError as error:
        logger.warning("%s: %s", request.type, error)
        raise
    except NotFoundError as error:
        logger.warning("%s: %s", request.type, error)
        return _no_answer(ErrorEvent(code=ErrorCode.STREAM_ERROR, allow_retry=False))
    except Exception as error:  # whatever a store raises: the client is told that it failed, the log how
        return _no_answer(error_event(error))


async def _create_thread(
    server: "ChatKitServer[Any]", request: ThreadsCreateReq, context: Any, apart: bool = False
) -> Opening:
    thread = ThreadMetadata(id=server.store.generate_thread_id(context), created_at=datetime.now(UTC))
    message = await server._build_user_message_item(request.params.input, thread, context)
    created = ThreadCreatedEvent(thread=to_response(thread))
    try:
        # The store gets a thread of its own: one that keeps live objects would hand ours to other turns.
        await server.store.save_thread(deep_copy(thread), context=context)
        if apart:
            return MessageToAnswer(announced=(created,), thread=thread, message=message)
        await store_user_message(server, message, context)
    except BaseException:
        await finish(_forget_thread(server, thread.id, context))
        raise
    return _respond(server, thread, message, context, announced=(created, ThreadItemDoneEvent(item=message)))


async def _add_user_message(
    server: "ChatKitServer[Any]", request: ThreadsAddUserMessageReq, context: Any, apart: bool = False
) -> Opening:
    thread = await server.store.load_thread(request.params.thread_id, context=context)
    message = await server._build_user_message_item(request.params.input, thread, context)
    if apart:
        return MessageToAnswer(thread=thread, message=message)
    await store_user_message(server, message, context)
    return _respond(server, thread, message, context, announced=(ThreadItemDoneEvent(item=message),))


async def _add_client_tool_output(
    server: "ChatKitServer[Any]", request: ThreadsAddClientToolOutputReq, context: Any
) -> Opening:
    thread = await server.store.load_thread(request.params.thread_id, context=context)
    await complete_client_tool_call(server.store, thread.id, request.params.result, context)
    return _respond(server, thread, None, context)


async def _add_structured_input(
    server: "ChatKitServer[Any]", request: ThreadsAddStructuredInputReq, context: Any
) -> Opening:
    params = request.params
    thread = await server.store.load_thread(params.thread_id, context=context)
    answered = await load_answered(server.store, thread.id, params.item_id, params.input, context)
    return _respond(server, thread, None, context, first=(ThreadItemReplacedEvent(item=answered),))


async def _retry_after_item(server: "ChatKitServer[Any]", request: ThreadsRetryAfterItemReq, context: Any) -> Opening:
    params = request.params
    thread = await server.store.load_thread(params.thread_id, context=context)
    message = await server.store.load_item(thread.id, params.item_id, context=context)
    if not isinstance(message, UserMessageItem):
        raise RequestError(f"Item {params.item_id!r} is not a user message: only those can be answered again")
    await server.store.delete_thread_items_after(thread.id, message.id, context=context)
    return _respond(server, thread, message, context)


async def _custom_action(server: "ChatKitServer[Any]", request: ThreadsCustomActionReq, context: Any) -> Opening:
    params = request.params
    thread = await server.store.load_thread(params.thread_id, context=context)
    sender = None
    if params.item_id:
        item = await server.store.load_item(thread.id, params.item_id, context=context)
        if not isinstance(item, WidgetItem):
            logger.warning("Action %r of item %r, which is not a widget", params.action.type, params.item_id)
            return _no_answer(ErrorEvent(code=ErrorCode.STREAM_ERROR, allow_retry=False))
        sender = item

    def answer() -> AsyncIterator[ThreadStreamEvent]:
        return server.action(thread, params.action, sender, context)

    return Opening(thread=thread, answer=answer)


def _respond(
    server: "ChatKitServer[Any]",
    thread: ThreadMetadata,
    message: UserMessageItem | None,
    context: Any,
    announced: Iterable[ThreadStreamEvent] = (),
    first: Iterable[ThreadStreamEvent] = (),
) -> Opening:
    return Opening(announced, thread, lambda: server.respond(thread, message, context), first)


def _no_answer(event: ErrorEvent) -> Opening:
    return Opening(announced=(event,))


async def _forget_thread(server: "ChatKitServer[Any]", thread_id: str, context: Any) -> None:
    try:
        await server.store.delete_thread(thread_id, context=context)
    except Exception:  # what made us forget it is raised; this is told to the log
        logger.exception("A thread whose first message could not be stored could not be deleted")


STREAMS: Mapping[type, Callable[["ChatKitServer[Any]", Any, Any], Awaitable[Opening]]] = MappingProxyType(
    {
        ThreadsCreateReq: _create_thread,
        ThreadsAddUserMessageReq: _add_user_message,
        ThreadsAddClientToolOutputReq: _add_client_tool_output,
        ThreadsAddStructuredInputReq: _add_structured_input,
        ThreadsRetryAfterItemReq: _retry_after_item,
        ThreadsCustomActionReq: _custom_action,
    }
)
"""Who answers a request with events."""

_APART: Mapping[type, Callable[["ChatKitServer[Any]", Any, Any], Awaitable[Opening]]] = MappingProxyType(
    {
        ThreadsCreateReq: partial(_create_thread, apart=True),
        ThreadsAddUserMessageReq: partial(_add_user_message, apart=True),
    }
)
