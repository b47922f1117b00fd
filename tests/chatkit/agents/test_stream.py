import asyncio
import gc
from types import SimpleNamespace
from typing import Any

import pytest
from agents import (
    Agent,
    GuardrailFunctionOutput,
    InputGuardrail,
    InputGuardrailTripwireTriggered,
    ModelRefusalError,
    OutputGuardrail,
    OutputGuardrailTripwireTriggered,
    RunContextWrapper,
    RunResultStreaming,
    function_tool,
)
from openai.types.responses import ResponseFunctionToolCall

from chatkit_app.chatkit.agents import AgentContext, ClientToolCall, stream_agent_response
from chatkit_app.chatkit.types import (
    ClientToolCallItem,
    CustomTask,
    DurationSummary,
    HiddenContextItem,
    ProgressUpdateEvent,
    ThreadItemDoneEvent,
    Workflow,
    WorkflowItem,
)
from chatkit_app.chatkit.widgets import Card, Text
from tests.fakes import Call, Fail, Refuse, Say, ScriptedModel, Think, Wait

from .running import StreamedEvents, envelope, finished, new_context, play, shape, start, store_items, take, text_of

Tool = RunContextWrapper[AgentContext[Any]]


async def test_a_message_is_added_grows_and_is_done():
    events = await play(Say(["Good ", "morning"]))

    assert shape(events) == [
        "added assistant_message",
        "added",
        "text_delta",
        "text_delta",
        "done",
        "done assistant_message",
    ]
    assert events[-1].item.id == events[0].item.id == events[2].item_id
    assert text_of(events[-1].item) == "Good morning"


async def test_a_message_keeps_the_time_it_began_at():
    events = await play("Good morning")

    assert events[-1].item.created_at == events[0].item.created_at


async def test_a_refusal_is_shown_as_the_message():
    events = await play(Refuse("I would rather not."))

    assert shape(events) == ["added assistant_message", "added", "done assistant_message"]
    assert text_of(events[-1].item) == "I would rather not."


@pytest.mark.parametrize("read", [0, 1, 2])
async def test_a_refusal_is_whole_although_the_run_ended_before_it_was_read(read: int):
    seen = [
        raw_event(type="response.output_item.added", item=SimpleNamespace(type="message", id="m", content=[])),
        raw_event(
            type="response.content_part.added",
            item_id="m",
            content_index=0,
            part=SimpleNamespace(type="refusal", refusal=""),
        ),
    ]
    refused = StreamedEvents(*seen[:read], ModelRefusalError("I would rather not."))

    events = [event async for event in stream_agent_response(new_context(), refused)]

    assert [text_of(item) for item in finished(events)] == ["I would rather not."]
    assert events[-1].item.id == events[0].item.id


@pytest.mark.parametrize("chat_completions", [False, True])
async def test_every_message_has_an_id_of_its_own_8_1_16(chat_completions: bool):
    context = new_context()
    first = await play([Say("one"), Say("two")], context=context, chat_completions=chat_completions)
    second = await play("three", context=context, chat_completions=chat_completions)

    messages = finished(first + second)
    assert [text_of(message) for message in messages] == ["one", "two", "three"]
    assert len({message.id for message in messages if chat_completions}) == (3 if chat_completions else 0)
    for events in (first, second):
        ids = [event.item.id if hasattr(event, "item") else event.item_id for event in events]
        assert "__fake_id__" not in ids
        assert [ids[0]] * 5 == ids[:4] + ids[:1]


async def test_a_server_that_leaves_out_positions_and_ids_means_the_first_part_of_the_newest_message():
    nowhere = {"item_id": None, "content_index": None}
    events = StreamedEvents(
        raw_event(
            type="response.output_item.added",
            item=SimpleNamespace(type="message", id="m", content=[], status="in_progress"),
        ),
        raw_event(
            type="response.content_part.added",
            part=SimpleNamespace(type="output_text", text="", annotations=[]),
            **nowhere,
        ),
        raw_event(type="response.output_text.delta", delta="Hi", **nowhere),
        raw_event(type="response.output_text.done", text="Hi", **nowhere),
    )

    shown = [event async for event in stream_agent_response(new_context(), events)]

    assert shape(shown) == ["added assistant_message", "added", "text_delta", "done"]
    assert [(event.item_id, event.update.content_index) for event in shown[1:]] == [("m", 0)] * 3


async def test_an_id_used_again_in_the_same_run_is_replaced_8_1_16():
    events = await play([Say("one", id="0"), Say("two", id="0")])

    first, second = finished(events)
    assert first.id == "0"
    assert second.id.startswith("msg_")


async def test_what_a_tool_shows_comes_between_what_the_model_says():
    @function_tool
    async def look(ctx: Tool) -> str:
        await ctx.context.stream(ProgressUpdateEvent(text="Looking"))
        await ctx.context.stream_widget(Card(children=[Text(value="Seen")]))
        return "seen"

    events = await play([Say("Let me see."), Call("look")], Say("There."), tools=[look])

    done = [word for word in shape(events) if word.startswith("done ") or word == "progress_update"]
    assert done == ["done assistant_message", "progress_update", "done widget", "done assistant_message"]


async def test_a_tool_is_not_shown_before_words_that_a_slow_reader_has_not_read():
    @function_tool
    async def look(ctx: Tool) -> str:
        await ctx.context.stream(ProgressUpdateEvent(text="Looking"))
        return "seen"

    context = new_context()
    result = start(context, ScriptedModel([Say(["a"] * 20), Call("look")], "There."), tools=[look])
    words = []
    async for event in stream_agent_response(context, result):
        words.append(event.type if event.type == "progress_update" else "")
        for _ in range(3):
            await asyncio.sleep(0)

    assert words.index("progress_update") == 24


async def test_nothing_happens_ahead_of_the_reader():
    moments: list[int] = []
    context = new_context()
    raw = [raw_event(type="response.output_text.delta", item_id="m", content_index=0, delta="x") for _ in range(3)]
    events = stream_agent_response(context, StreamedEvents(*raw, between=lambda: moments.append(1)))

    assert moments == []
    for read in (1, 2, 3):
        await anext(events)
        assert len(moments) == read
    assert await take(events, 1) == []


async def test_an_event_of_the_queue_is_shown_while_the_model_is_silent():
    silence = Wait()
    context = new_context()
    result = start(context, ScriptedModel([silence, Say("Done")]))
    events = stream_agent_response(context, result)
    reading = asyncio.ensure_future(anext(events))
    await silence.reached.wait()
    await context.stream(ProgressUpdateEvent(text="Still there"))

    assert (await reading).text == "Still there"
    silence.until.set()
    assert shape([event async for event in events])[-1] == "done assistant_message"


async def test_what_is_queued_when_the_run_has_ended_is_treated_like_the_rest_8_1_13():
    context = new_context()
    events = stream_agent_response(context, StreamedEvents())
    await context.start_workflow(Workflow(type="custom", tasks=[CustomTask(title="Look")]))
    await context.stream(
        ThreadItemDoneEvent(item=WorkflowItem(**envelope("wf_2"), workflow=Workflow(type="custom", tasks=[])))
    )

    assert shape([event async for event in events]) == ["added workflow", "done workflow", "done workflow"]


async def test_a_message_ends_the_workflow_folded_and_with_its_duration():
    context = new_context()
    await context.start_workflow(Workflow(type="custom", tasks=[CustomTask(title="Look")], expanded=True))

    events = await play("Found it", context=context)

    ended = finished(events, "workflow")[0].workflow
    assert (ended.summary, ended.expanded) == (DurationSummary(duration=0), False)
    assert shape(events)[:3] == ["added workflow", "done workflow", "added assistant_message"]
    assert context.workflow_item is None


async def test_hidden_context_and_calls_of_the_page_leave_the_workflow_open():
    context = new_context()
    await store_items(context)
    await context.start_workflow(Workflow(type="custom", tasks=[CustomTask(title="Look")]))
    await context.stream(ThreadItemDoneEvent(item=HiddenContextItem(**envelope("msg_h"), content="psst")))
    await context.stream(
        ThreadItemDoneEvent(item=ClientToolCallItem(**envelope("tc"), call_id="c", name="n", arguments={}))
    )

    events = [event async for event in stream_agent_response(context, StreamedEvents())]

    assert shape(events) == ["added workflow", "done hidden_context_item", "done client_tool_call"]


async def test_a_workflow_that_has_not_ended_is_stored_and_continued_by_the_next_run():
    context = new_context()
    await store_items(context)
    await context.start_workflow(Workflow(type="custom", tasks=[CustomTask(title="Look")]))
    await take(stream_agent_response(context, StreamedEvents()), 9)
    stored = context.workflow_item
    context.workflow_item = None

    events = await play("Found it", context=context)

    assert stored is not None
    assert finished(events, "workflow")[0].id == stored.id


async def test_a_workflow_before_an_answered_call_of_the_page_is_continued_8_1_1():
    context = new_context()
    workflow = WorkflowItem(**envelope("wf_1"), workflow=Workflow(type="reasoning", tasks=[]))
    call = ClientToolCallItem(**envelope("tc_1"), call_id="c", name="n", arguments={}, status="completed")
    await store_items(context, workflow, call)

    events = await play([Think(["So they are there."]), "I see"], context=context)

    assert [item.id for item in finished(events, "workflow")] == ["wf_1"]


async def test_thoughts_before_a_tool_stay_out_of_its_workflow():
    @function_tool
    async def look(ctx: Tool) -> str:
        await ctx.context.start_workflow(Workflow(type="custom", tasks=[CustomTask(title="Look")]))
        await ctx.context.end_workflow()
        return "seen"

    events = await play([Think(["Where?"]), Call("look")], "There.", tools=[look])

    thinking, looking = finished(events, "workflow")
    assert [task.content for task in thinking.workflow.tasks] == ["Where?"]
    assert [task.title for task in looking.workflow.tasks] == ["Look"]


async def test_a_call_of_the_page_carries_the_models_own_ids():
    context = new_context()
    events = await play(
        page_calls("pick"), "never said", context=context, tools=[ask_page], tool_use_behavior="stop_on_first_tool"
    )

    call = finished(events, "client_tool_call")[0]
    assert (call.name, call.arguments, call.status, call.call_id) == ("pick", {"n": 1}, "pending", "call_page")
    assert call.id.startswith("fc_")


async def test_a_call_of_the_page_is_found_among_parallel_calls_8_1_14():
    other = Call("pick_other", call_id="call_other")
    events = await play(
        [*page_calls("pick"), other], tools=[ask_page, renamed("pick_other")], tool_use_behavior="stop_on_first_tool"
    )

    assert finished(events, "client_tool_call")[0].call_id == "call_page"


async def test_a_hosted_call_after_the_function_call_does_not_lose_its_ids_8_1_14():
    context = new_context()
    context.client_tool_call = ClientToolCall(name="pick", arguments={})
    function = {"type": "function_call", "name": "pick", "call_id": "call_1", "id": "fc_1"}
    hosted = {"type": "web_search_call", "id": "ws_1"}

    events = stream_agent_response(context, StreamedEvents(tool_call(function), tool_call(hosted)))

    (event,) = [event async for event in events]
    assert (event.item.id, event.item.call_id) == ("fc_1", "call_1")


async def test_a_function_call_is_known_by_its_class_too():
    context = new_context()
    context.client_tool_call = ClientToolCall(name="pick", arguments={})
    function = ResponseFunctionToolCall.model_construct(name="pick", call_id="call_1", id="fc_1")

    (event,) = [event async for event in stream_agent_response(context, StreamedEvents(tool_call(function)))]

    assert (event.item.id, event.item.call_id) == ("fc_1", "call_1")


@pytest.mark.parametrize("item_id", [None, "__fake_id__"])
async def test_a_function_call_without_an_id_of_its_own_gets_one_8_1_15(item_id: str | None):
    context = new_context()
    context.client_tool_call = ClientToolCall(name="pick", arguments={})
    function = {"type": "function_call", "name": "pick", "call_id": "call_1", "id": item_id}

    (event,) = [event async for event in stream_agent_response(context, StreamedEvents(tool_call(function)))]

    assert event.item.id.startswith("tc_")
    assert event.item.call_id == "call_1"


async def test_events_of_unknown_kinds_are_ignored():
    unknown = [
        raw_event(type="response.something.new"),
        raw_event(type=object()),
        raw_event(type="response.output_item.added", item=SimpleNamespace(type="thing")),
        tool_call(object()),
        SimpleNamespace(type="run_item_stream_event", item=SimpleNamespace(type=object())),
        SimpleNamespace(type="agent_updated_stream_event"),
    ]

    assert [event async for event in stream_agent_response(new_context(), StreamedEvents(*unknown))] == []


@pytest.mark.parametrize("side", ["input", "output"])
async def test_a_tripped_guardrail_takes_back_what_was_shown(side: str):
    async def trip(*_: Any) -> GuardrailFunctionOutput:
        return GuardrailFunctionOutput(output_info=None, tripwire_triggered=True)

    async def trip_late(*_: Any) -> GuardrailFunctionOutput:
        await reached.wait()
        return await trip()

    reached = asyncio.Event()
    context = new_context()
    guard: dict[str, Any] = (
        {"input_guardrails": [InputGuardrail(trip_late)]}
        if side == "input"
        else {"output_guardrails": [OutputGuardrail(trip)]}
    )
    result = start(context, ScriptedModel([Think(["Hm"]), Say("Secret")]), **guard)
    events: list[Any] = []
    with pytest.raises((InputGuardrailTripwireTriggered, OutputGuardrailTripwireTriggered)):
        async for event in stream_agent_response(context, result):
            events.append(event)
            if event.type == "thread.item.done" and event.item.type == "assistant_message":
                await context.stream(ProgressUpdateEvent(text="too late"))
                reached.set()

    shown = {event.item.id for event in events if event.type == "thread.item.added"}
    removed = [event.item_id for event in events if event.type == "thread.item.removed"]
    assert len(shown) == 2
    assert set(removed) == shown
    assert shape(events)[-2:] == ["thread.item.removed"] * 2


async def test_an_error_of_the_run_passes_through_and_leaves_no_task_behind_8_1_19():
    before = asyncio.all_tasks()
    with pytest.raises(RuntimeError, match="the line is dead"):
        await play([Say("Good "), Fail(RuntimeError("the line is dead"))])
    gc.collect()

    assert asyncio.all_tasks() == before


class HalfARun(RunResultStreaming):
    """What programs test with: a result that was never told of a run."""

    def __init__(self, *events: Any) -> None:
        self.events = StreamedEvents(*events)

    def stream_events(self) -> Any:
        return self.events.stream_events()


async def test_an_error_of_what_only_stands_in_for_a_run_passes_through_too():
    with pytest.raises(RuntimeError, match="the line is dead"):
        await anext(stream_agent_response(new_context(), HalfARun(RuntimeError("the line is dead"))))


async def test_one_may_leave_what_only_stands_in_for_a_run():
    message = SimpleNamespace(type="message", id="m", content=[])
    added = raw_event(type="response.output_item.added", item=message)

    assert len(await take(stream_agent_response(new_context(), HalfARun(added, added)), 1)) == 1


async def test_one_who_leaves_early_stops_the_run():
    before = asyncio.all_tasks()
    context = new_context()
    result = start(context, ScriptedModel([Say("Good"), Wait()]))

    assert len(await take(stream_agent_response(context, result), 3)) == 3

    assert result.is_complete
    assert asyncio.all_tasks() == before


async def test_one_who_is_cancelled_while_waiting_stops_the_run():
    before = asyncio.all_tasks()
    context = new_context()
    silence = Wait()
    result = start(context, ScriptedModel([silence]))
    reading = asyncio.ensure_future(take(stream_agent_response(context, result), 1))
    await silence.reached.wait()
    reading.cancel()

    with pytest.raises(asyncio.CancelledError):
        await reading
    assert result.is_complete
    assert asyncio.all_tasks() == before


async def test_the_answer_of_another_agent_follows_a_hand_over():
    billing = Agent(name="Billing", model=ScriptedModel("This is billing."))
    events = await play([Say("One moment."), Call("transfer_to_billing")], handoffs=[billing])

    assert [text_of(item) for item in finished(events)] == ["One moment.", "This is billing."]


async def test_the_same_context_serves_two_runs():
    context = new_context()
    await play("one", context=context)
    await context.stream(ProgressUpdateEvent(text="between"))

    assert shape(await play("two", context=context))[0] == "progress_update"


@function_tool(name_override="pick")
async def ask_page(ctx: Tool) -> str:
    ctx.context.client_tool_call = ClientToolCall(name="pick", arguments={"n": 1})
    return "asked"


def renamed(name: str) -> Any:
    @function_tool(name_override=name)
    async def other() -> str:
        return "other"

    return other


def page_calls(name: str) -> list[Call]:
    return [Call(name, call_id="call_page")]


def raw_event(**data: Any) -> Any:
    return SimpleNamespace(type="raw_response_event", data=SimpleNamespace(**data))


def tool_call(raw: Any) -> Any:
    return SimpleNamespace(type="run_item_stream_event", item=SimpleNamespace(type="tool_call_item", raw_item=raw))
