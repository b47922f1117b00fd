"""The user has answered a card that asks for approval: the run goes on."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any
from weakref import WeakValueDictionary

from agents import Agent, RunContextWrapper, Runner, RunState, ToolApprovalItem
from pydantic import BaseModel, ValidationError

from chatkit_app.chatkit.actions import Action
from chatkit_app.chatkit.errors import CustomStreamError
from chatkit_app.chatkit.store import NotFoundError
from chatkit_app.chatkit.types import (
    SDKHiddenContextItem,
    ThreadItemReplacedEvent,
    ThreadStreamEvent,
    WidgetItem,
)

from .approval import ApprovalCards, InterruptedRun, interrupted_run
from .context import AgentContext
from .responses import ResponseStreamConverter
from .stream import _DEFAULT_RESPONSE_STREAM_CONVERTER, stream_agent_response
from .tool_tasks import ToolTasks

ANSWERED = "This question has been answered already."
"""What a user is told who clicks a card that is no longer open."""

_answering: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()


class _Answer(BaseModel):
    run: str
    approve: bool


async def answer_approval(
    agent: Agent[Any],
    context: AgentContext[Any],
    action: Action[str, Any],
    sender: WidgetItem | None,
    *,
    converter: ResponseStreamConverter = _DEFAULT_RESPONSE_STREAM_CONVERTER,
    show_tools: bool | ToolTasks = False,
    ask_approval: bool | ApprovalCards = True,
    **run_options: Any,
) -> AsyncGenerator[ThreadStreamEvent, None]:
    """The events that follow an action for which `is_approval` is true; call it from `ChatKitServer.action`.

    The card is replaced by its answer. When every card of the run is answered, the run goes on: `agent` is the agent it
    began with, `run_options` go to `Runner.run_streamed`, the others to `stream_agent_response`. An approved call
    happens at most once, whatever is clicked twice. Raises `CustomStreamError` for a card that is not open any more.
    """
    cards = ask_approval if isinstance(ask_approval, ApprovalCards) else ApprovalCards()
    answer = _read(action)
    lock = _answering.setdefault(answer.run, asyncio.Lock())
    async with lock:
        kept, interrupted = await _load(context, answer.run)
        call_id = interrupted.calls.get(sender.id) if sender is not None else None
        if sender is None or call_id is None or call_id in interrupted.answers:
            raise CustomStreamError(ANSWERED)
        state = await RunState.from_json(agent, interrupted.run, context_override=RunContextWrapper(context=context))
        calls = {call.call_id: call for call in state.get_interruptions()}
        interrupted.answers[call_id] = answer.approve
        is_complete = len(interrupted.answers) == len(interrupted.calls)
        await _keep(context, kept, None if is_complete else interrupted)
    yield ThreadItemReplacedEvent(item=_replaced(sender, calls[call_id], cards, answer.approve))
    if not is_complete:
        return
    for each, call in calls.items():
        if interrupted.answers.get(str(each)):
            state.approve(call)
        else:
            state.reject(call)
    result = Runner.run_streamed(agent, state, context=context, **run_options)
    options: dict[str, Any] = {"converter": converter, "show_tools": show_tools, "ask_approval": ask_approval}
    async with aclosing(stream_agent_response(context, result, **options)) as events:
        async for event in events:
            yield event


def _read(action: Action[str, Any]) -> _Answer:
    try:
        return _Answer.model_validate(action.payload)
    except ValidationError as error:
        raise CustomStreamError(ANSWERED) from error


async def _load(context: AgentContext[Any], item_id: str) -> tuple[SDKHiddenContextItem, InterruptedRun]:
    try:
        item = await context.store.load_item(context.thread.id, item_id, context.request_context)
    except NotFoundError as error:
        raise CustomStreamError(ANSWERED) from error
    interrupted = interrupted_run(item) if isinstance(item, SDKHiddenContextItem) else None
    if interrupted is None or not isinstance(item, SDKHiddenContextItem):
        raise CustomStreamError(ANSWERED)
    return item, interrupted


async def _keep(context: AgentContext[Any], item: SDKHiddenContextItem, interrupted: InterruptedRun | None) -> None:
    """Store the answers so far; a run that has them all leaves the store before it goes on, so it goes on once."""
    thread_id, request_context = context.thread.id, context.request_context
    if interrupted is None:
        await context.store.delete_thread_item(thread_id, item.id, request_context)
    else:
        changed = item.model_copy(update={"content": interrupted.model_dump_json()})
        await context.store.save_item(thread_id, changed, request_context)


def _replaced(card: WidgetItem, call: ToolApprovalItem, cards: ApprovalCards, is_approved: bool) -> WidgetItem:
    widget = cards.answered(call.name or "", call.arguments or "", is_approved)
    return card.model_copy(update={"widget": widget})
