"""An agent's run as a stream of thread events."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Any

from agents import (
    InputGuardrailTripwireTriggered,
    ModelRefusalError,
    OutputGuardrailTripwireTriggered,
    RunResultStreaming,
)

from chatkit_app.chatkit.types import ClientToolCallItem, ThreadStreamEvent, WorkflowItem

from .approval import ApprovalCards, ask
from .context import AgentContext
from .events import RunEvents
from .merge import Merge
from .responses import ResponseStreamConverter
from .tool_tasks import ToolTasks
from .turn import Events, Turn

_DEFAULT_RESPONSE_STREAM_CONVERTER = ResponseStreamConverter()


async def stream_agent_response(
    context: AgentContext[Any],
    result: RunResultStreaming,
    *,
    converter: ResponseStreamConverter = _DEFAULT_RESPONSE_STREAM_CONVERTER,
    show_tools: bool | ToolTasks = False,
    ask_approval: bool | ApprovalCards = False,
) -> AsyncGenerator[ThreadStreamEvent, None]:
    """What an agent and its tools do, as events of the thread, while they do it.

    `result` is what `Runner.run_streamed(agent, input, context=context)` returned. Nothing happens ahead of the reader,
    and one who leaves early stops the run. When a guardrail trips, everything shown so far is removed again and the
    guardrail's exception raised; other errors of the run pass through.

    `show_tools` shows calls of tools as tasks of a workflow, and every thought, raw ones too, as it grows; a
    `ToolTasks` says how.
    `ask_approval` asks the user about calls that need approval, with a card each; `ApprovalCards` says how, and
    `answer_approval` goes on when a card was answered. Without it such a run just ends.
    """
    await _continue_workflow(context)
    tool_tasks = ToolTasks() if show_tools is True else show_tools or None
    cards = ApprovalCards() if ask_approval is True else ask_approval or None
    turn = Turn(context, converter)
    events = RunEvents(turn, tool_tasks)
    merge = Merge(result.stream_events(), context._events, _backlog(result))
    is_over = False
    try:
        while (produced := await _next(merge, events)) is not None:
            for event in produced:
                yield event
        is_over = True
        for event in (*events.closed(), *(ask(turn, result, cards) if cards is not None else ())):
            yield event
        await _store_workflow(context)
        for event in events.in_page():
            yield event
    except (InputGuardrailTripwireTriggered, OutputGuardrailTripwireTriggered):
        is_over = True
        context._events.clear()
        for event in events.rolled_back():
            yield event
        raise
    finally:
        if not is_over:
            _stop(result)
        await merge.aclose()


async def _next(merge: Merge[Any], events: RunEvents) -> Events | None:
    """What the next event becomes; None at the end."""
    try:
        arrived = await merge.next()
    except ModelRefusalError as error:  # openai-agents calls it an error; to the user it is the answer
        return await events.refused(error.refusal)
    return await events.of(arrived) if arrived is not None else None


async def _continue_workflow(context: AgentContext[Any]) -> None:
    """Go on with the workflow the thread ends in, with or without a call of the page after it."""
    page = await context.store.load_thread_items(context.thread.id, None, 2, "desc", context.request_context)
    newest = page.data[0] if page.data else None
    if isinstance(newest, ClientToolCallItem) and len(page.data) > 1:
        newest = page.data[1]
    if isinstance(newest, WorkflowItem):
        context.workflow_item = newest


async def _store_workflow(context: AgentContext[Any]) -> None:
    """Keep a workflow that has not ended, so that the next run can go on with it."""
    if context.workflow_item is not None:
        await context.store.add_thread_item(context.thread.id, context.workflow_item, context.request_context)


def _stop(result: RunResultStreaming) -> None:
    """Stop a run; what only stands in for one has nothing to stop."""
    if isinstance(result, RunResultStreaming) and _queue_of(result) is not None:
        result.cancel()


def _backlog(result: RunResultStreaming) -> Callable[[], int]:
    """How many events of the run wait to be read; 0 for a result that does not say."""
    queue = _queue_of(result)
    return queue.qsize if queue is not None else lambda: 0


def _queue_of(result: RunResultStreaming) -> asyncio.Queue[Any] | None:
    queue = getattr(result, "_event_queue", None)
    return queue if isinstance(queue, asyncio.Queue) else None
