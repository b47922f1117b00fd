"""What the model thinks → thoughts in a workflow."""

import time
from collections.abc import Callable
from typing import Any, Literal

from pydantic import BaseModel

from chatkit_app.chatkit.types import (
    ThoughtTask,
    ThreadItemAddedEvent,
    ThreadItemUpdatedEvent,
    Workflow,
    WorkflowItem,
    WorkflowTaskAdded,
    WorkflowTaskUpdated,
)

from .turn import Events, Turn
from .workflows import snapshot

SHORT = 1_000
"""Characters up to which a growing thought is sent anew for each piece."""
PACE = 100_000
"""Characters a second at which longer thoughts are sent: the protocol knows no piece of a thought, only the whole."""

Source = Literal["summary", "raw"]
"""How a thought is told: summed up, or as it was thought."""
Key = tuple[str, int]
"""Which thought: the model's id of the reasoning, and the thought's number in it."""


class StreamingThoughtTracker(BaseModel):
    """The thought that is growing."""

    item_id: str
    """The model's id of the reasoning it belongs to."""
    index: int
    """Its number in that reasoning."""
    task: ThoughtTask
    """The thought so far."""


class Thoughts:
    """Follows the reasoning of a run, told as summaries or raw; if a model tells both, whichever comes first.

    Without `every`, only the first summary of a workflow is shown as it grows, the others appear when they are
    complete, and raw reasoning is not shown. With it everything is shown as it grows: raw reasoning may have no other
    end than the answer.
    """

    def __init__(self, turn: Turn, every: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self._turn = turn
        self._every = every
        self._clock = clock
        self._growing: StreamingThoughtTracker | None = None
        self._place: Key = ("", 0)
        self._source: Source | None = None
        self._told: set[Key] = set()
        self._sent_at = 0.0

    async def begun(self, item: Any) -> Events:
        """The model starts to think."""
        self._growing, self._source, self._told = None, None, set()
        if self._turn.workflow() is not None:
            return ()
        envelope = self._turn.envelope(self._turn.new_id("workflow"))
        workflow = WorkflowItem(**envelope, workflow=Workflow(type="reasoning", tasks=[]))
        self._turn.begin_workflow(workflow)
        return (ThreadItemAddedEvent(item=snapshot(workflow)),)

    async def summary_delta(self, data: Any) -> Events:
        """A summary grows."""
        return self._grow("summary", _summary_of(data), data.delta)

    async def summary_done(self, data: Any) -> Events:
        """A summary is complete."""
        return self._finish("summary", _summary_of(data), data.text)

    async def summary_part_done(self, data: Any) -> Events:
        """The only end of a summary that Chat Completions models announce; elsewhere it was told already."""
        key = _summary_of(data)
        return self._finish("summary", key, data.part.text) if key not in self._told else ()

    async def raw_delta(self, data: Any) -> Events:
        """Raw reasoning grows."""
        return self._grow("raw", _raw_of(data), data.delta)

    async def raw_done(self, data: Any) -> Events:
        """Raw reasoning is complete."""
        return self._finish("raw", _raw_of(data), data.text)

    def _grow(self, source: Source, key: Key, delta: str) -> Events:
        workflow = self._workflow(source)
        if workflow is None:
            return ()
        growing = self._growing
        if growing is None or (growing.item_id, growing.index) != key:
            is_first = workflow.workflow.type == "reasoning" and not workflow.workflow.tasks
            if not (is_first or self._every):
                return ()
            self._source = source
            self._growing = StreamingThoughtTracker(item_id=key[0], index=key[1], task=ThoughtTask(content=delta))
            self._place = (workflow.id, len(workflow.workflow.tasks))
            return self._append(workflow, self._growing.task)
        growing.task = ThoughtTask(content=growing.task.content + delta)
        workflow.workflow.tasks[self._place[1]] = growing.task
        return self._update(workflow, growing.task) if self._is_due(len(growing.task.content)) else ()

    def _finish(self, source: Source, key: Key, text: str) -> Events:
        workflow = self._workflow(source)
        if workflow is None:
            return ()
        self._source = source
        self._told.add(key)
        task = ThoughtTask(content=text)
        growing = self._growing
        if growing is None or (growing.item_id, growing.index) != key:
            return self._append(workflow, task)
        self._growing = None
        workflow.workflow.tasks[self._place[1]] = task
        return self._update(workflow, task)

    def _workflow(self, source: Source) -> WorkflowItem | None:
        """The workflow that takes the thought, if any."""
        if source == "raw" and not self._every:
            return None
        workflow = self._turn.workflow()
        if self._growing is not None and (workflow is None or not self._holds(workflow, self._growing.task)):
            self._growing = None
        return workflow if self._source in (None, source) else None

    def _holds(self, workflow: WorkflowItem, thought: ThoughtTask) -> bool:
        """Whether the thought is where it was put: its workflow goes on, and no tool has replaced it."""
        workflow_id, position = self._place
        tasks = workflow.workflow.tasks
        return workflow.id == workflow_id and position < len(tasks) and tasks[position] is thought

    def _append(self, workflow: WorkflowItem, task: ThoughtTask) -> Events:
        tasks = workflow.workflow.tasks
        tasks.append(task)
        self._sent_at = self._clock()
        update = WorkflowTaskAdded(task_index=len(tasks) - 1, task=task.model_copy())
        return (ThreadItemUpdatedEvent(item_id=workflow.id, update=update),)

    def _update(self, workflow: WorkflowItem, task: ThoughtTask) -> Events:
        self._sent_at = self._clock()
        update = WorkflowTaskUpdated(task_index=self._place[1], task=task.model_copy())
        return (ThreadItemUpdatedEvent(item_id=workflow.id, update=update),)

    def _is_due(self, length: int) -> bool:
        return length <= SHORT or self._clock() - self._sent_at >= length / PACE


def _summary_of(data: Any) -> Key:
    return data.item_id or "", data.summary_index or 0


def _raw_of(data: Any) -> Key:
    return data.item_id or "", data.content_index or 0
