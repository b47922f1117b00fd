"""What can be seen of the bridge to openai-agents: each probe does the same with either package and says what it saw."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from agents import (
    Agent,
    GuardrailFunctionOutput,
    ModelRefusalError,
    OutputGuardrail,
    RunConfig,
    RunContextWrapper,
    Runner,
    function_tool,
)
from pydantic import BaseModel

from tests.chatkit.agents.running import StreamedEvents, shape
from tests.fakes import Call, Say, ScriptedModel, Think

from .kits import CONTEXT, Kit

CITATION = {"type": "url_citation", "url": "https://x.y", "title": "X", "start_index": 0, "end_index": 1}


class Citation(BaseModel):
    """What a client for another server's models may make of a citation."""

    type: str
    url: str
    title: str
    start_index: int
    end_index: int


async def seen(events: AsyncIterator[Any]) -> list[Any]:
    """The events, and what was raised after them."""
    found: list[Any] = []
    try:
        async for event in events:
            found.append(event)
    except Exception as error:
        found.append(SimpleNamespace(type=f"raised {type(error).__name__}"))
    return found


async def context_of(kit: Kit) -> Any:
    store = kit.Store()
    thread = kit.types.ThreadMetadata(id="thr_1", created_at=datetime(2026, 1, 1, tzinfo=UTC))
    await store.save_thread(thread, CONTEXT)
    return kit.agents.AgentContext(thread=thread, store=store, request_context=CONTEXT)


async def run(kit: Kit, *scripts: Any, chat_completions: bool = False, context: Any = None, **agent: Any) -> list[Any]:
    """The events of a run of a scripted model."""
    context = context or await context_of(kit)
    model = ScriptedModel(*scripts, chat_completions=chat_completions)
    result = Runner.run_streamed(
        Agent(name="a", model=model, **agent), "hi", context=context, run_config=RunConfig(tracing_disabled=True)
    )
    return await seen(kit.agents.stream_agent_response(context, result))


async def streamed(kit: Kit, *events: Any, between: Callable[[], None] = lambda: None) -> list[Any]:
    """The events of a run that is nothing but these."""
    result: Any = StreamedEvents(*events, between=between)
    return await seen(kit.agents.stream_agent_response(await context_of(kit), result))


def raw(type: str, **data: Any) -> Any:
    return SimpleNamespace(type="raw_response_event", data=SimpleNamespace(type=type, **data))


def begun(type: str, id: str = "x", **data: Any) -> Any:
    return raw("response.output_item.added", item=SimpleNamespace(type=type, id=id, content=[], **data))


# -- probes -----------------------------------------------------------------------------------------------------------


async def a_refusal_that_ends_the_run(kit: Kit) -> Any:
    return [event.type for event in await streamed(kit, ModelRefusalError("no"))]


async def a_part_that_ends(kit: Kit) -> Any:
    thought = {"item_id": "rs", "summary_index": 0}
    events = await streamed(
        kit,
        begun("reasoning"),
        raw("response.reasoning_summary_text.delta", delta="Where", **thought),
        raw("response.reasoning_summary_part.done", part=SimpleNamespace(text="Where to?"), **thought),
    )
    return shape(events)


async def a_workflow_ended_by_a_tool(kit: Kit) -> Any:
    t = kit.types

    @function_tool
    async def look(ctx: RunContextWrapper[Any]) -> str:
        await ctx.context.start_workflow(t.Workflow(type="custom", tasks=[t.CustomTask(title="one")]))
        await ctx.context.stream(t.ThreadItemDoneEvent(item=ctx.context.workflow_item))
        return "seen"

    return shape(await run(kit, Call("look"), Say("There"), tools=[look])).count("done workflow")


async def an_id_that_comes_again(kit: Kit) -> Any:
    message = SimpleNamespace(type="message", id="m", content=[])
    events = await streamed(kit, *[raw("response.output_item.done", item=message)] * 2)
    return len({event.item.id for event in events})


async def a_converter_that_cannot_convert(kit: Kit) -> Any:
    class Strict(kit.agents.ResponseStreamConverter):  # type: ignore[name-defined,misc]
        async def url_citation_to_annotation(self, url_citation: Any) -> Any:
            return kit.types.Annotation.model_validate({"source": None})

    part = SimpleNamespace(type="output_text", text="Look", annotations=[CITATION])
    message = SimpleNamespace(type="message", id="m", content=[part])
    result: Any = StreamedEvents(raw("response.output_item.done", item=message))
    stream = kit.agents.stream_agent_response
    return shape(await seen(stream(await context_of(kit), result, converter=Strict())))


async def the_workflow_of_a_run_that_is_taken_back(kit: Kit) -> Any:
    context = await context_of(kit)
    trip = OutputGuardrail(lambda *_: GuardrailFunctionOutput(output_info=None, tripwire_triggered=True))
    await run(kit, [Think(["Hm"])], context=context, output_guardrails=[trip])
    return context.workflow_item


async def a_long_thought(kit: Kit) -> Any:
    pieces = ["0123456789" * 10] * 400
    events = await run(kit, [Think([pieces]), Say("There")])
    return len([word for word in shape(events) if word == "workflow.task.updated"]) >= len(pieces) - 1


async def the_time_a_message_was_made(kit: Kit) -> Any:
    def later() -> None:
        now = datetime.now(UTC)
        while datetime.now(UTC) == now:
            pass

    message = SimpleNamespace(type="message", id="m", content=[])
    events = [raw(f"response.output_item.{word}", item=message) for word in ("added", "done")]
    added, done = await streamed(kit, *events, between=later)
    return added.item.created_at == done.item.created_at


async def a_tool_that_shows_two_workflows(kit: Kit) -> Any:
    t = kit.types

    @function_tool
    async def look(ctx: RunContextWrapper[Any]) -> str:
        for title in ("one", "two"):
            await ctx.context.start_workflow(t.Workflow(type="custom", tasks=[t.CustomTask(title=title)]))
        return "seen"

    events = await run(kit, Call("look"), Say("There"), tools=[look])
    return [
        (event.type, [task.title for task in event.item.workflow.tasks])
        for event in events
        if event.type in ("thread.item.added", "thread.item.done") and event.item.type == "workflow"
    ]


async def thoughts_before_a_tool_with_a_workflow(kit: Kit) -> Any:
    t = kit.types

    @function_tool
    async def look(ctx: RunContextWrapper[Any]) -> str:
        await ctx.context.start_workflow(t.Workflow(type="custom", tasks=[t.CustomTask(title="mine")]))
        return "seen"

    events = await run(kit, [Think(["one", "two"]), Call("look")], Say("There"), tools=[look])
    items = [event.item for event in events if event.type == "thread.item.done" and event.item.type == "workflow"]
    return [[task.type for task in item.workflow.tasks] for item in items]


async def what_a_guardrail_takes_back(kit: Kit) -> Any:
    def trip(*_: Any) -> GuardrailFunctionOutput:
        return GuardrailFunctionOutput(output_info=None, tripwire_triggered=True)

    says = [Say(f"{number}", id=f"msg_{number:02}") for number in range(12)]
    events = await run(kit, says, output_guardrails=[OutputGuardrail(guardrail_function=trip)])
    removed = [event.item_id for event in events if event.type == "thread.item.removed"]
    return len(removed) == len(says) and removed == sorted(removed)


async def a_citation_of_a_model_of_its_own(kit: Kit) -> Any:
    annotation = Citation(**CITATION)
    event = raw("response.output_text.annotation.added", item_id="m", content_index=0, annotation=annotation)
    return [event.type for event in await streamed(kit, event)]


async def a_citation_of_an_unknown_kind(kit: Kit) -> Any:
    annotation = {"type": "from_the_future"}
    event = raw("response.output_text.annotation.added", item_id="m", content_index=0, annotation=annotation)
    return [event.type for event in await streamed(kit, event)]


async def text_without_its_position(kit: Kit) -> Any:
    return shape(await streamed(kit, raw("response.output_text.delta", item_id="m", content_index=None, delta="x")))


async def equal_thoughts(kit: Kit) -> Any:
    events = await run(kit, [Think(["Hm", "Hm", "Hm"]), Say("Well")])
    updates = [event.update for event in events if event.type == "thread.item.updated"]
    return [update.task_index for update in updates if update.type == "workflow.task.added"]


async def tasks_of_a_workflow_that_begins(kit: Kit) -> Any:
    t, context = kit.types, await context_of(kit)
    await context.add_workflow_task(t.CustomTask(title="one"))
    await context.add_workflow_task(t.CustomTask(title="two"))
    added = context._events.get_nowait()
    return len(added.item.workflow.tasks)


async def an_item_queued_after_the_run(kit: Kit) -> Any:
    t, context = kit.types, await context_of(kit)
    await context.start_workflow(t.Workflow(type="custom", tasks=[t.CustomTask(title="one")]))
    await context.stream(t.ThreadItemDoneEvent(item=t.EndOfTurnItem(id="i", thread_id="thr_1", created_at=_now())))
    result: Any = StreamedEvents()
    return shape(await seen(kit.agents.stream_agent_response(context, result)))


async def a_hosted_call_after_the_pages(kit: Kit) -> Any:
    return await pages_call_is_kept(kit, {"type": "web_search_call", "id": "ws"})


async def another_call_beside_the_pages(kit: Kit) -> Any:
    other = {"type": "function_call", "call_id": "call_2", "id": "fc_2", "name": "look", "arguments": "{}"}
    return await pages_call_is_kept(kit, other)


async def pages_call_is_kept(kit: Kit, later: dict[str, Any]) -> bool:
    """Whether the item for the page has the id the model gave that call, although another call came after it."""
    context = await context_of(kit)
    context.client_tool_call = kit.agents.ClientToolCall(name="pick", arguments={})
    function = {"type": "function_call", "call_id": "call_1", "id": "fc_1", "name": "pick", "arguments": "{}"}
    calls = [
        SimpleNamespace(type="run_item_stream_event", item=SimpleNamespace(type="tool_call_item", raw_item=item))
        for item in (function, later)
    ]
    result: Any = StreamedEvents(*calls)
    (event,) = await seen(kit.agents.stream_agent_response(context, result))
    return event.item.call_id == "call_1"


async def a_call_without_an_id(kit: Kit) -> Any:
    function = {"type": "function_call", "call_id": "call_1", "id": None, "name": "pick", "arguments": "{}"}
    item = SimpleNamespace(type="tool_call_item", raw_item=function)
    return [event.type for event in await streamed(kit, SimpleNamespace(type="run_item_stream_event", item=item))]


async def ids_behind_chat_completions(kit: Kit) -> Any:
    context = await context_of(kit)
    events = [
        event for text in ("one", "two") for event in await run(kit, text, chat_completions=True, context=context)
    ]
    return len({event.item.id for event in events if event.type == "thread.item.done"})


async def a_picture_that_never_came(kit: Kit) -> Any:
    ended = raw("response.output_item.done", item=SimpleNamespace(type="image_generation_call", id="g", result=None))
    return shape(await streamed(kit, begun("image_generation_call", "g"), ended))


async def two_mentions_with_one_name(kit: Kit) -> Any:
    class Converter(kit.agents.ThreadItemConverter):  # type: ignore[name-defined,misc]
        async def tag_to_message_content(self, tag: Any) -> Any:
            return {"type": "input_text", "text": tag.id}

    content = [{"type": "input_tag", "id": id, "text": "Ann", "data": {}} for id in ("1", "2")]
    message = {"type": "user_message", "id": "u", "thread_id": "t", "created_at": _now(), "inference_options": {}}
    said = await Converter().to_agent_input([kit.item.validate_python({**message, "content": content})])
    return [part["text"] for part in said[-1]["content"]][1:]


async def tasks_left_behind_by_a_failing_run(kit: Kit) -> Any:
    await streamed(kit, begun("message"), RuntimeError("boom"))
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    return len(others)


def _now() -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC)
