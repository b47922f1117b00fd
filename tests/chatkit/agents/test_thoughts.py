from types import SimpleNamespace
from typing import Any

from agents import function_tool

from chatkit_app.chatkit.agents.responses import ResponseStreamConverter
from chatkit_app.chatkit.agents.thoughts import PACE, SHORT, Thoughts
from chatkit_app.chatkit.agents.turn import Turn
from chatkit_app.chatkit.types import CustomTask, ThoughtTask, Workflow
from tests.fakes import Call, Emit, Say, Think

from .running import finished, new_context, play, shape


def thoughts_of(events: list[Any]) -> list[str]:
    return [task.content for item in finished(events, "workflow") for task in item.workflow.tasks]


async def test_the_first_summary_grows_and_the_others_come_whole():
    events = await play([Think([["Where ", "to?"], ["By ", "train."]]), Say("Take the train")])

    assert shape(events)[:6] == [
        "added workflow",
        "workflow.task.added",
        "workflow.task.updated",
        "workflow.task.updated",
        "workflow.task.added",
        "done workflow",
    ]
    assert thoughts_of(events) == ["Where to?", "By train."]
    assert events[0].item.workflow.type == "reasoning"
    assert events[4].update.task_index == 1


async def test_equal_thoughts_have_places_of_their_own_8_1_11():
    events = await play([Think(["Hm", "Hm", "Hm"]), Say("Well")])

    assert [event.update.task_index for event in events if "workflow.task.added" in shape([event])] == [0, 1, 2]


async def test_raw_reasoning_is_shown_to_those_who_ask_for_everything():
    script = [Think([["Where ", "to?"]], raw=True), Say("Take the train")]

    assert thoughts_of(await play(script)) == []
    events = await play(script, options={"show_tools": True})

    assert shape(events)[1:4] == ["workflow.task.added", "workflow.task.updated", "workflow.task.updated"]
    assert thoughts_of(events) == ["Where to?"]


async def test_raw_reasoning_after_a_tool_is_added_to_the_same_workflow():
    @function_tool
    async def look() -> str:
        return "seen"

    events = await play(
        [Think(["Where?"], raw=True), Call("look")],
        [Think([["So ", "there."]], raw=True), Say("There")],
        tools=[look],
        chat_completions=True,
        options={"show_tools": True},
    )

    (shown,) = finished(events, "workflow")
    assert [task.content for task in shown.workflow.tasks if task.type == "thought"] == ["Where?", "So there."]


async def test_a_summary_that_only_its_part_ends_is_whole_8_1_16():
    def event(kind: str, **data: Any) -> Any:
        return SimpleNamespace(type=f"response.reasoning_{kind}", item_id="__fake_id__", **data)

    item = SimpleNamespace(type="reasoning", id="__fake_id__")
    begun = SimpleNamespace(type="response.output_item.added", item=item)
    ends = event("summary_part.done", summary_index=0, part=SimpleNamespace(text="Where to?"))
    chat_completions = [
        begun,
        event("summary_text.delta", summary_index=0, delta="Where "),
        event("summary_text.delta", summary_index=0, delta="to?"),
        ends,
    ]
    whole = {"summary_index": 1, "text": "By train."}
    responses_too = [
        event("summary_text.done", **whole),
        event("summary_part.done", summary_index=1, part=SimpleNamespace(text="By train.")),
    ]

    events = await play([Emit([*chat_completions, *responses_too]), Say("Take the train")])

    assert thoughts_of(events) == ["Where to?", "By train."]


async def test_a_model_that_tells_its_thoughts_twice_is_heard_once():
    turn, thoughts = new_thoughts(every=True)
    await thoughts.begun(None)
    await thoughts.raw_delta(delta("raw", content_index=0))
    await thoughts.summary_delta(delta("short", summary_index=0))

    assert turn.context.workflow_item.workflow.tasks == [ThoughtTask(content="raw")]


async def test_thoughts_join_a_workflow_of_the_application_when_they_are_complete():
    context = new_context()
    await context.start_workflow(Workflow(type="custom", tasks=[CustomTask(title="Look")]))

    events = await play([Think([["So ", "there."]]), Say("There")], context=context)

    assert shape(events)[:3] == ["added workflow", "workflow.task.added", "done workflow"]
    assert events[1].update.task_index == 1


async def test_thoughts_without_a_workflow_are_not_shown():
    _, thoughts = new_thoughts()

    assert await thoughts.summary_delta(delta("x", summary_index=0)) == ()
    assert await thoughts.summary_done(SimpleNamespace(item_id="rs", summary_index=0, text="x")) == ()


async def test_a_thought_keeps_its_place_when_another_is_told_meanwhile():
    turn, thoughts = new_thoughts()
    await thoughts.begun(None)
    await thoughts.summary_delta(delta("one", summary_index=0))
    await thoughts.summary_done(whole("two", summary_index=1))
    (grown,) = await thoughts.summary_delta(delta(" and more", summary_index=0))

    assert grown.update.task_index == 0
    assert contents(turn) == ["one and more", "two"]


async def test_thoughts_of_two_reasonings_may_have_the_same_number():
    turn, thoughts = new_thoughts()
    await thoughts.begun(None)
    for item_id in ("rs_1", "rs_2"):
        await thoughts.summary_done(whole(item_id, item_id, summary_index=0))
        part = SimpleNamespace(item_id=item_id, summary_index=0, part=SimpleNamespace(text=item_id))
        assert await thoughts.summary_part_done(part) == ()

    assert contents(turn) == ["rs_1", "rs_2"]


async def test_a_thought_does_not_take_the_place_of_what_a_tool_put_there():
    turn, thoughts = new_thoughts()
    await thoughts.begun(None)
    await thoughts.summary_delta(delta("thin", summary_index=0))
    await turn.context.update_workflow_task(CustomTask(content="of the tool"), 0)
    await thoughts.summary_done(whole("thinking", summary_index=0))

    assert contents(turn) == ["of the tool", "thinking"]


async def test_a_server_that_does_not_number_its_thoughts_is_understood():
    turn, thoughts = new_thoughts(every=True)
    await thoughts.begun(None)
    await thoughts.raw_delta(SimpleNamespace(item_id=None, delta="Hm", content_index=None))

    assert contents(turn) == ["Hm"]


async def test_a_long_thought_is_sent_at_a_bounded_pace():
    now = 0.0
    _, thoughts = new_thoughts(every=True, clock=lambda: now)
    await thoughts.begun(None)
    sent = 0
    for _ in range(20 * SHORT // 4):
        now += 0.001
        for event in await thoughts.raw_delta(delta("abcd", content_index=0)):
            sent += len(event.update.task.content)
    (last,) = await thoughts.raw_done(SimpleNamespace(item_id="rs", content_index=0, text="abcd" * 5 * SHORT))

    assert sent <= SHORT * SHORT / 4 + now * PACE + 20 * SHORT
    assert len(last.update.task.content) == 20 * SHORT


def new_thoughts(**options: Any) -> tuple[Turn, Thoughts]:
    turn = Turn(new_context(), ResponseStreamConverter())
    return turn, Thoughts(turn, **options)


def delta(text: str, **index: int) -> Any:
    return SimpleNamespace(item_id="rs", delta=text, **index)


def whole(text: str, item_id: str = "rs", **index: int) -> Any:
    return SimpleNamespace(item_id=item_id, text=text, **index)


def contents(turn: Turn) -> list[str]:
    return [task.content for task in turn.context.workflow_item.workflow.tasks]
