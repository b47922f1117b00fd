"""The events of a run and of its context's queue → the events of a thread."""

from collections.abc import Awaitable, Callable
from typing import Any

from chatkit_app.chatkit.types import (
    ThreadItemRemovedEvent,
    ThreadStreamEvent,
    WorkflowItem,
)

from .calls import FunctionCalls
from .images import Images
from .merge import Queued
from .messages import Messages
from .thoughts import Thoughts
from .tool_tasks import ToolTasks
from .tools import Tools
from .turn import Events, Turn

Handler = Callable[[Any], Awaitable[Events]]
"""Something of the run → what it becomes."""

STAY_IN_WORKFLOW = ("client_tool_call", "hidden_context_item")
"""Items a tool may show without ending the workflow in progress."""


class RunEvents:
    """Follows one run of an agent. What an event becomes is said by three tables; what is in none becomes nothing."""

    def __init__(self, turn: Turn, tool_tasks: ToolTasks | None = None) -> None:
        self._turn = turn
        self._tools = Tools(turn, tool_tasks) if tool_tasks is not None else None
        self._calls = FunctionCalls(turn)
        images = Images(turn)
        self._messages = messages = Messages(turn)
        thoughts = Thoughts(turn, every=tool_tasks is not None)
        self.on_model_event: dict[str, Handler] = {
            "response.output_item.added": self._item_added,
            "response.output_item.done": self._item_done,
            "response.content_part.added": messages.part_added,
            "response.output_text.delta": messages.text_delta,
            "response.output_text.done": messages.text_done,
            "response.output_text.annotation.added": messages.annotation_added,
            "response.reasoning_summary_text.delta": thoughts.summary_delta,
            "response.reasoning_summary_text.done": thoughts.summary_done,
            "response.reasoning_summary_part.done": thoughts.summary_part_done,
            "response.reasoning_text.delta": thoughts.raw_delta,
            "response.reasoning_text.done": thoughts.raw_done,
            "response.image_generation_call.partial_image": images.partial,
            "response.completed": images.ended,
            "response.incomplete": images.ended,
        }
        """Type of an event of the model → what it becomes."""
        self.on_item_added: dict[str, Handler] = {
            "reasoning": thoughts.begun,
            "message": messages.added,
            "image_generation_call": images.begun,
        }
        """Type of an item the model begins → what it becomes."""
        self.on_item_done: dict[str, Handler] = {
            "message": messages.done,
            "image_generation_call": images.done,
        }
        """Type of an item the model has completed → what it becomes."""

    async def of(self, arrived: Any) -> Events:
        """What the next event becomes."""
        return self._from_queue(arrived.event) if isinstance(arrived, Queued) else await self._from_run(arrived)

    async def refused(self, text: str) -> Events:
        """The model refused, and the run ended at that, perhaps before the refusal itself was read."""
        return await self._messages.refused(text)

    def closed(self) -> Events:
        """What is left to say when the run has ended, but for the call of the page, which goes on with the workflow."""
        if self._tools is None or self._turn.context.client_tool_call is not None:
            return ()
        return self._turn.end_workflow()

    def in_page(self) -> Events:
        """The call the page has to make, if a tool asked for one."""
        return self._calls.in_page()

    def rolled_back(self) -> Events:
        """A guardrail tripped: everything this run has shown goes."""
        workflow = self._turn.context.workflow_item
        if workflow is not None and workflow.id in self._turn.produced:
            self._turn.forget_workflow(workflow.id)
        return tuple(ThreadItemRemovedEvent(item_id=item_id) for item_id in self._turn.produced)

    async def _from_run(self, event: Any) -> Events:
        """What an event of `RunResultStreaming.stream_events` becomes."""
        if event.type == "raw_response_event":
            data = event.data
            handler = self.on_model_event.get(data.type)
            return await handler(data) if handler is not None else ()
        if event.type != "run_item_stream_event":
            return ()
        if event.item.type == "tool_call_item":
            self._calls.called(event.item.raw_item)
        return self._tools.ran(event.item) if self._tools is not None else ()

    def _from_queue(self, event: ThreadStreamEvent) -> Events:
        """What an event of the context's queue becomes: itself, after the end of a workflow it does not belong to."""
        if event.type in ("thread.item.added", "thread.item.done"):
            item = event.item
            workflow = self._turn.workflow(arriving=item.id)
            if workflow is not None and workflow.id != item.id and item.type not in STAY_IN_WORKFLOW:
                yield from self._turn.end_workflow(arriving=item.id)
            if isinstance(item, WorkflowItem):
                self._follow(item, is_done=event.type == "thread.item.done")
            self._turn.produced[item.id] = None
        yield event

    def _follow(self, item: WorkflowItem, is_done: bool) -> None:
        """A tool showed a workflow of its own."""
        if is_done:
            self._turn.forget_workflow(item.id)
        else:
            self._turn.begin_workflow(self._turn.context._started.get(item.id, item))

    async def _item_added(self, data: Any) -> Events:
        handler = self.on_item_added.get(data.item.type)
        tasks = self._tools.begun(data.item) if self._tools is not None else ()
        return (*tasks, *await handler(data.item)) if handler is not None else tasks

    async def _item_done(self, data: Any) -> Events:
        handler = self.on_item_done.get(data.item.type)
        done = await handler(data.item) if handler is not None else ()
        return done if self._tools is None else (*self._tools.written(data.item), *done)
