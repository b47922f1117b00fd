import time
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from unittest.mock import Mock

import pytest
from pydantic import ConfigDict, Field

from chatkit_app.chatkit.agents import AgentContext
from chatkit_app.chatkit.agents.workflows import ended
from chatkit_app.chatkit.types import (
    CustomSummary,
    CustomTask,
    DurationSummary,
    Page,
    ProgressUpdateEvent,
    Thread,
    ThreadMetadata,
    Workflow,
    WorkflowItem,
)
from chatkit_app.chatkit.widgets import Card, Text

from .running import NOW, new_context, shape


def shown(context: AgentContext[Any]) -> list[Any]:
    return context._events.waiting()


def test_the_thread_is_kept_as_it_is_and_any_store_and_context_will_do():
    thread = Thread(id="thr_1", created_at=NOW, items=Page())
    store = Mock()

    context = AgentContext(thread=thread, store=store, request_context=None)

    assert context.thread is thread
    assert context.store is store


def test_a_subclass_may_add_fields_and_name_its_types():
    class Cats:
        pass

    class CatContext(AgentContext):
        model_config = ConfigDict(arbitrary_types_allowed=True)
        store: Annotated[Any, Field(exclude=True)]
        request_context: dict[str, Any]
        cats: Annotated[Cats, Field(exclude=True)]

    first, second = (CatContext(thread=new_context().thread, store=None, request_context={}, cats=Cats()) for _ in "12")

    assert isinstance(first.cats, Cats)
    assert first._events is not second._events


def test_ids_come_from_the_store():
    class Numbered:
        def generate_thread_id(self, context: Any) -> str:
            return f"thread for {context}"

        def generate_item_id(self, item_type: str, thread: ThreadMetadata, context: Any) -> str:
            return f"{item_type} in {thread.id} for {context}"

    context = AgentContext(thread=new_context().thread, store=Numbered(), request_context="ada")

    assert context.generate_id("thread") == "thread for ada"
    assert context.generate_id("task") == "task in thr_1 for ada"
    assert context.generate_id("task", ThreadMetadata(id="thr_2", created_at=NOW)) == "task in thr_2 for ada"


async def test_a_custom_workflow_is_shown_with_its_first_task():
    context = new_context()
    await context.start_workflow(Workflow(type="custom", tasks=[]))
    assert shown(context) == []

    await context.add_workflow_task(CustomTask(title="one"))
    await context.add_workflow_task(CustomTask(title="two"))

    assert shape(shown(context)) == ["added workflow", "workflow.task.added"]


async def test_a_reasoning_workflow_is_shown_at_once():
    context = new_context()
    await context.start_workflow(Workflow(type="reasoning", tasks=[]))
    await context.add_workflow_task(CustomTask(title="one"))

    assert shape(shown(context)) == ["added workflow", "workflow.task.added"]
    assert shown(context)[1].update.task_index == 0


async def test_equal_tasks_have_places_of_their_own_8_1_11():
    context = new_context()
    for _ in range(3):
        await context.add_workflow_task(CustomTask(title="again"))

    assert [event.update.task_index for event in shown(context)[1:]] == [1, 2]


async def test_what_was_shown_does_not_change_with_the_workflow_8_1_12():
    context = new_context()
    task = CustomTask(title="one", status_indicator="loading")
    await context.add_workflow_task(task)
    await context.add_workflow_task(CustomTask(title="two"))
    task.status_indicator = "complete"
    await context.update_workflow_task(task, 0)
    task.title = "changed"
    await context.end_workflow()

    added, second, updated, done = shown(context)
    assert [each.title for each in added.item.workflow.tasks] == ["one"]
    assert added.item.workflow.tasks[0].status_indicator == "loading"
    assert added.item.workflow.summary is None
    assert second.update.task.title == "two"
    assert updated.update.task.title == "one"
    assert len(done.item.workflow.tasks) == 2


async def test_a_task_is_replaced_in_its_place():
    context = new_context()
    await context.add_workflow_task(CustomTask(title="one"))
    await context.add_workflow_task(CustomTask(title="two"))
    await context.update_workflow_task(CustomTask(title="2"), -1)

    assert context.workflow_item is not None
    assert [task.title for task in context.workflow_item.workflow.tasks] == ["one", "2"]
    assert shown(context)[-1].update.task_index == 1


async def test_a_task_can_only_be_replaced_where_there_is_one():
    context = new_context()
    with pytest.raises(ValueError, match="No workflow"):
        await context.update_workflow_task(CustomTask(title="one"), 0)
    await context.add_workflow_task(CustomTask(title="one"))
    with pytest.raises(IndexError):
        await context.update_workflow_task(CustomTask(title="two"), 1)


async def test_a_workflow_ends_with_its_summary_or_its_duration():
    context = new_context()
    await context.end_workflow()
    assert shown(context) == []

    for summary in (None, CustomSummary(title="Looked around")):
        await context.add_workflow_task(CustomTask(title="one"))
        await context.end_workflow(summary, expanded=True)
        last = shown(context)[-1].item.workflow
        assert last.summary == (summary or DurationSummary(duration=0))
        assert last.expanded
        assert context.workflow_item is None


async def test_a_widget_that_grows_is_shown_growing():
    async def states() -> AsyncGenerator[Card, None]:
        for value in ("", "a", "ab"):
            yield Card(children=[Text(id="t", value=value, streaming=value != "ab")])

    context = new_context()
    await context.stream_widget(states(), copy_text="ab")
    await context.stream(ProgressUpdateEvent(text="next"))

    events = shown(context)
    assert shape(events)[0] == "added widget"
    assert shape(events)[-2:] == ["done widget", "progress_update"]
    assert events[-2].item.copy_text == "ab"
    assert events[0].item.id.startswith("msg_")


async def test_an_application_may_have_a_start_and_a_stream_of_its_own():
    class Context(AgentContext[Any]):
        async def start_workflow(self, title: str) -> None:  # type: ignore[override]
            raise AssertionError(title)

        async def stream(self, event: Any, note: str = "") -> None:
            notes.append(event.type)
            await super().stream(event)

    notes: list[str] = []
    context = Context(thread=new_context().thread, store=new_context().store, request_context=None)
    await context.add_workflow_task(CustomTask(title="one"))
    await context.stream_widget(Card(children=[Text(value="x")]))
    context._complete()

    assert shape(shown(context)) == ["added workflow", "done widget"]
    assert notes == ["thread.item.added"]


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Asia/Tokyo"])
@pytest.mark.parametrize("now", [datetime.now, lambda: datetime.now(UTC).replace(tzinfo=None)])
def test_a_workflow_of_a_time_without_a_zone_did_not_take_hours(zone: str, now: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    item = WorkflowItem(
        id="wf", thread_id="thr_1", created_at=now() - timedelta(seconds=5), workflow=Workflow(type="custom", tasks=[])
    )
    duration = ended(item).item.workflow.summary.duration
    monkeypatch.undo()
    time.tzset()

    assert 5 <= duration < 60
