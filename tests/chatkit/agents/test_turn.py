from typing import Any

from chatkit_app.chatkit.agents import ResponseStreamConverter
from chatkit_app.chatkit.agents.events import RunEvents
from chatkit_app.chatkit.agents.merge import Queued
from chatkit_app.chatkit.agents.turn import Ids, Turn
from chatkit_app.chatkit.types import CustomTask, ThreadItemAddedEvent, Workflow, WorkflowItem

from .running import envelope, new_context, shape


def new_turn() -> tuple[Turn, RunEvents]:
    turn = Turn(new_context(), ResponseStreamConverter())
    return turn, RunEvents(turn)


async def hand_out(turn: Turn, events: RunEvents) -> list[Any]:
    """What the oldest event of the queue becomes."""
    return list(await events.of(Queued(turn.context._events.get_nowait())))


def looking() -> Workflow:
    return Workflow(type="custom", tasks=[CustomTask(title="Look")])


def thinking() -> WorkflowItem:
    return WorkflowItem(**envelope("wf_thinking"), workflow=Workflow(type="reasoning", tasks=[]))


async def test_a_workflow_of_a_tool_begins_when_its_first_event_is_handed_out():
    turn, events = new_turn()
    await turn.context.start_workflow(looking())
    assert turn.workflow() is None
    assert turn.end_workflow() == ()

    turn.begin_workflow(thinking())
    assert turn.workflow().id == "wf_thinking"
    handed_out = await hand_out(turn, events)

    assert shape(handed_out) == ["done workflow", "added workflow"]
    assert handed_out[0].item.id == "wf_thinking"
    assert turn.workflow() is turn.context.workflow_item


async def test_a_workflow_of_a_tool_has_ended_although_its_last_event_still_waits():
    turn, events = new_turn()
    await turn.context.start_workflow(looking())
    await hand_out(turn, events)
    await turn.context.end_workflow()

    assert turn.workflow() is None
    assert turn.end_workflow() == ()
    assert shape(await hand_out(turn, events)) == ["done workflow"]
    assert turn.workflow() is None


async def test_a_workflow_a_tool_forgot_ends_whole_when_the_next_begins():
    turn, events = new_turn()
    for title in ("one", "two"):
        await turn.context.start_workflow(Workflow(type="custom", tasks=[]))
        await turn.context.add_workflow_task(CustomTask(title=title))
        await turn.context.add_workflow_task(CustomTask(title="more"))

    handed_out = [event for _ in range(4) for event in await hand_out(turn, events)]

    assert shape(handed_out) == [
        "added workflow",
        "workflow.task.added",
        "done workflow",
        "added workflow",
        "workflow.task.added",
    ]
    assert [task.title for task in handed_out[2].item.workflow.tasks] == ["one", "more"]


def test_an_id_lasts_from_the_first_event_to_the_last_8_1_16():
    turn, _ = new_turn()
    ids = Ids(turn, "message")

    first = ids.opened("__fake_id__")
    assert ids.current("__fake_id__") == first
    assert ids.closed("__fake_id__") == first
    second = ids.current("__fake_id__")
    assert second != first
    assert ids.opened("msg_1") == "msg_1"
    assert ids.opened(None).startswith("msg_")
    assert list(turn.produced)[:2] == [first, second]


def test_an_update_after_the_end_is_for_the_item_that_ended():
    turn, _ = new_turn()
    ids = Ids(turn, "message")
    ids.opened("msg_1")
    ids.closed("msg_1")
    again = ids.opened("msg_1")
    ids.closed("msg_1")

    assert ids.current("msg_1") == again != "msg_1"


def test_an_item_that_was_never_announced_is_not_among_what_was_shown():
    turn, _ = new_turn()

    assert Ids(turn, "message").current("msg_1") == "msg_1"
    assert not turn.produced


def test_an_item_that_ends_without_its_id_is_the_newest_one():
    turn, _ = new_turn()
    ids = Ids(turn, "message")
    ids.opened("msg_1")

    assert ids.closed(None) == "msg_1"
    assert not ids.open


async def test_a_workflow_begins_when_the_reader_has_seen_the_end_of_the_last():
    turn, events = new_turn()
    turn.begin_workflow(thinking())
    other = WorkflowItem(**envelope("wf_other"), workflow=looking())
    handed_out = iter(await events.of(Queued(ThreadItemAddedEvent(item=other))))

    assert shape([next(handed_out)]) == ["done workflow"]
    assert turn.context.workflow_item is None
    assert shape([next(handed_out)]) == ["added workflow"]
    assert turn.context.workflow_item is other
