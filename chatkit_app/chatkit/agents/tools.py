"""Calls of tools → tasks of the workflow in progress, which begin, run and end."""

from typing import Any, NamedTuple

from chatkit_app.chatkit.types import (
    Task,
    ThreadItemAddedEvent,
    ThreadItemUpdatedEvent,
    Workflow,
    WorkflowItem,
    WorkflowTaskAdded,
    WorkflowTaskUpdated,
)
from chatkit_app.chatkit.types.copies import deep_copy

from .tool_tasks import HOSTED, ToolTasks
from .turn import Events, Turn
from .workflows import snapshot


class _Place(NamedTuple):
    workflow: WorkflowItem
    position: int


class Tools:
    """Follows the calls of a run. A call is known by its call id, a hosted one by the id of its item."""

    def __init__(self, turn: Turn, words: ToolTasks) -> None:
        self._turn = turn
        self._words = words
        self._running: dict[str, _Place] = {}
        turn.before_workflow_ends = self._settle

    def begun(self, item: Any) -> Events:
        """The model begins a call; of a function it may not know the arguments yet."""
        if item.type == "function_call":
            return self._show(item.call_id, self._words.function_task(item.name, "", None))
        return self._show(item.id, self._hosted(item)) if item.type in HOSTED else ()

    def written(self, item: Any) -> Events:
        """The model has written the call. A hosted one is over with that; a function only now begins to run."""
        if item.type == "function_call":
            return self._show(item.call_id, self._words.function_task(item.name, item.arguments, None))
        return self._show(item.id, self._hosted(item), is_over=True) if item.type in HOSTED else ()

    def ran(self, item: Any) -> Events:
        """What openai-agents says of the call: that it takes place, what came out, or who takes over."""
        if item.type == "tool_call_item" and getattr(item.raw_item, "type", None) == "function_call":
            raw = item.raw_item
            return self._show(raw.call_id, self._words.function_task(raw.name, raw.arguments, item.title))
        if item.type == "tool_call_output_item":
            return self._finish(item.call_id)
        if item.type == "handoff_output_item":
            task = self._words.handoff_task(item.target_agent.name)
            return self._show(item.raw_item["call_id"], task, is_over=True)
        return ()

    def _hosted(self, item: Any) -> Task | None:
        task: Task | None = getattr(self._words, HOSTED[item.type])(item)
        return task

    def _show(self, key: str | None, task: Task | None, is_over: bool = False) -> Events:
        """Put the task in its place: a new one, or the one it has."""
        if task is None or not key:
            return ()
        task.status_indicator = "complete" if is_over else "loading"
        place = self._running.get(key)
        if place is None:
            return self._begin(key, task, is_over)
        if is_over:
            del self._running[key]
        return self._replace(place, task)

    def _finish(self, key: str | None) -> Events:
        place = self._running.pop(key, None) if key else None
        if place is None:
            return ()
        task = place.workflow.workflow.tasks[place.position]
        return self._replace(place, task.model_copy(update={"status_indicator": "complete"}))

    def _begin(self, key: str, task: Task, is_over: bool) -> Events:
        workflow = self._turn.workflow()
        is_new = workflow is None
        if workflow is None:
            envelope = self._turn.envelope(self._turn.new_id("workflow"))
            workflow = WorkflowItem(**envelope, workflow=Workflow(type="custom", tasks=[]))
            self._turn.begin_workflow(workflow)
        tasks = workflow.workflow.tasks
        tasks.append(task)
        if not is_over:
            self._running[key] = _Place(workflow, len(tasks) - 1)
        if is_new:
            return (ThreadItemAddedEvent(item=snapshot(workflow)),)
        update = WorkflowTaskAdded(task_index=len(tasks) - 1, task=deep_copy(task))
        return (ThreadItemUpdatedEvent(item_id=workflow.id, update=update),)

    def _replace(self, place: _Place, task: Task) -> Events:
        tasks = place.workflow.workflow.tasks
        if tasks[place.position] == task:
            return ()
        tasks[place.position] = task
        update = WorkflowTaskUpdated(task_index=place.position, task=deep_copy(task))
        return (ThreadItemUpdatedEvent(item_id=place.workflow.id, update=update),)

    def _settle(self, workflow: WorkflowItem) -> None:
        """The workflow ends: a call that is not over by now is not shown running for ever."""
        for key, place in list(self._running.items()):
            if place.workflow is workflow:
                del self._running[key]
                tasks = workflow.workflow.tasks
                tasks[place.position] = tasks[place.position].model_copy(update={"status_indicator": "none"})
