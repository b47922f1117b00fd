"""What a running agent and its tools know of the thread they work for."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Annotated, Any, Generic

from pydantic import BaseModel, ConfigDict, PrivateAttr, SkipValidation

from chatkit_app.chatkit.server.stream_widget import stream_widget
from chatkit_app.chatkit.store import Store, StoreItemType, TContext
from chatkit_app.chatkit.types import (
    GeneratedImageItem,
    Task,
    ThreadItemAddedEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    Workflow,
    WorkflowItem,
    WorkflowSummary,
    WorkflowTaskAdded,
    WorkflowTaskUpdated,
)
from chatkit_app.chatkit.types.copies import deep_copy
from chatkit_app.chatkit.widgets import WidgetRoot

from .queue import EventQueue
from .workflows import ended, snapshot


class ClientToolCall(BaseModel):
    """A tool to be called in the user's page once the run has ended."""

    name: str
    """Name of the tool, as the page knows it."""
    arguments: dict[str, Any]
    """What it is called with."""


class AgentContext(BaseModel, Generic[TContext]):
    """The context to run an agent with: `Runner.run_streamed(agent, input, context=AgentContext(...))`.

    Tools find it in `ctx.context` and may show things while the agent runs. Nothing is lost by showing early or late:
    events wait until `stream_agent_response` hands them out.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    thread: ThreadMetadata
    """The thread; kept as it is, so changes to it are seen and stored by the server."""
    store: Annotated[Store[TContext], SkipValidation]
    """Where the thread is kept."""
    request_context: TContext
    """What the host handed to the server with the request."""
    previous_response_id: str | None = None
    """For the application's use: the model's id of its last answer."""
    client_tool_call: ClientToolCall | None = None
    """Set by a tool to have the page called when the run has ended."""
    workflow_item: WorkflowItem | None = None
    """The workflow in progress."""
    generated_image_item: GeneratedImageItem | None = None
    """The picture in progress; the newest one if there are several."""
    _events: EventQueue = PrivateAttr(default_factory=EventQueue)
    _started: dict[str, WorkflowItem] = PrivateAttr(default_factory=dict)

    def generate_id(self, type: StoreItemType, thread: ThreadMetadata | None = None) -> str:
        """A new id from the store, for an item of `thread` (default: this thread) or for a thread."""
        if type == "thread":
            return self.store.generate_thread_id(self.request_context)
        return self.store.generate_item_id(type, thread or self.thread, self.request_context)

    async def stream(self, event: ThreadStreamEvent) -> None:
        """Show an event of any kind. The event belongs to the stream from now on: do not change it."""
        self._events.put_nowait(event)

    async def stream_widget(
        self, widget: WidgetRoot | AsyncGenerator[WidgetRoot, None], copy_text: str | None = None
    ) -> None:
        """Show a widget, or an async generator of its states; returns when the last state is on its way.

        Raises `RuntimeError` for a generator without a state, and whatever the generator raises.
        """
        async with aclosing(stream_widget(self.thread, widget, copy_text, self._item_id)) as events:
            async for event in events:
                self._events.put_nowait(event)

    async def start_workflow(self, workflow: Workflow) -> None:
        """Begin a workflow, which ends the one in progress. One of type `custom` is shown with its first task."""
        item = self._begin(workflow)
        if workflow.type == "reasoning" or workflow.tasks:
            await self.stream(ThreadItemAddedEvent(item=snapshot(item)))

    async def add_workflow_task(self, task: Task) -> None:
        """Append a task to the workflow in progress; without one, a workflow of type `custom` begins."""
        item = self.workflow_item or self._begin(Workflow(type="custom", tasks=[]))
        item.workflow.tasks.append(task)
        last = len(item.workflow.tasks) - 1
        if last == 0 and item.workflow.type != "reasoning":
            await self.stream(ThreadItemAddedEvent(item=snapshot(item)))
        else:
            update = WorkflowTaskAdded(task_index=last, task=deep_copy(task))
            await self.stream(ThreadItemUpdatedEvent(item_id=item.id, update=update))

    async def update_workflow_task(self, task: Task, task_index: int) -> None:
        """Replace a task. Raises `ValueError` without a workflow and `IndexError` for a task that does not exist."""
        if self.workflow_item is None:
            raise ValueError("No workflow is in progress: start_workflow or add_workflow_task comes first")
        tasks = self.workflow_item.workflow.tasks
        position = range(len(tasks))[task_index]
        tasks[position] = task
        update = WorkflowTaskUpdated(task_index=position, task=deep_copy(task))
        await self.stream(ThreadItemUpdatedEvent(item_id=self.workflow_item.id, update=update))

    async def end_workflow(self, summary: WorkflowSummary | None = None, expanded: bool = False) -> None:
        """End the workflow in progress, if there is one. Without a summary it is told by how long it took."""
        if self.workflow_item is None:
            return
        await self.stream(ended(self.workflow_item, summary, expanded))
        self.workflow_item = None

    def _begin(self, workflow: Workflow) -> WorkflowItem:
        item = WorkflowItem(
            id=self.generate_id("workflow"),
            created_at=datetime.now(UTC),
            thread_id=self.thread.id,
            workflow=workflow,
        )
        self.workflow_item = self._started[item.id] = item
        return item

    def _item_id(self, type: StoreItemType) -> str:
        return self.store.generate_item_id(type, self.thread, self.request_context)

    def _complete(self) -> None:
        """Nothing: a stream ends with its run. The original has this method, and programs may know it."""
