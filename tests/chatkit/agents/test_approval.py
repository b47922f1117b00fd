import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from agents import Agent, RunConfig, RunContextWrapper, Runner, function_tool

from chatkit_app.chatkit.actions import Action
from chatkit_app.chatkit.agents import (
    AgentContext,
    ApprovalCards,
    answer_approval,
    is_approval,
    simple_to_agent_input,
    stream_agent_response,
)
from chatkit_app.chatkit.errors import CustomStreamError
from chatkit_app.chatkit.server import ChatKitServer
from chatkit_app.chatkit.store import InMemoryStore, Store
from chatkit_app.chatkit.types import ProgressUpdateEvent, ThreadMetadata, WidgetItem
from tests.fakes import Call, Say, ScriptedModel, Think

from .running import USER, finished, new_context, play, shape, text_of

PRIVATE = RunConfig(tracing_disabled=True)
CALLS = [Call("delete_file", '{"name": "a"}', call_id="call_a"), Call("delete_file", '{"name": "b"}', call_id="call_b")]


class Files:
    """A tool that must not run without approval, and what it has done."""

    def __init__(self) -> None:
        self.deleted: list[str] = []

        @function_tool(needs_approval=True)
        async def delete_file(ctx: RunContextWrapper[AgentContext[Any]], name: str) -> str:
            self.deleted.append(name)
            await ctx.context.stream(ProgressUpdateEvent(text=f"Deleting {name}"))
            return f"deleted {name}"

        self.tool = delete_file


class Desk(ChatKitServer[dict[str, str]]):
    """A server whose agent asks before it deletes."""

    def __init__(self, store: Store[Any], model: ScriptedModel, files: Files) -> None:
        super().__init__(store)
        self.agent = Agent(name="Guide", model=model, tools=[files.tool])

    async def respond(self, thread: ThreadMetadata, message: Any, context: Any) -> AsyncIterator[Any]:
        agent_context = AgentContext(thread=thread, store=self.store, request_context=context)
        result = Runner.run_streamed(self.agent, "Clean up", context=agent_context, run_config=PRIVATE)
        async for event in stream_agent_response(agent_context, result, ask_approval=True):
            yield event

    async def action(self, thread: ThreadMetadata, action: Any, sender: Any, context: Any) -> AsyncIterator[Any]:
        assert is_approval(action)
        agent_context = AgentContext(thread=thread, store=self.store, request_context=context)
        async for event in answer_approval(self.agent, agent_context, action, sender, run_config=PRIVATE):
            yield event


class SlowStore(InMemoryStore[Any]):
    """A store whose answers take a moment, so that two requests may overlap."""

    async def load_item(self, thread_id: str, item_id: str, context: Any) -> Any:
        item = await super().load_item(thread_id, item_id, context)
        await asyncio.sleep(0)
        return item


async def events_of(server: ChatKitServer[Any], kind: str, **params: Any) -> list[Any]:
    result = await server.process(json.dumps({"type": kind, "params": params}), USER)
    return [json.loads(chunk.removeprefix(b"data: ")) async for chunk in result]


async def ask_to_clean_up(server: ChatKitServer[Any]) -> tuple[str, list[Any]]:
    """The thread, and the cards that ask."""
    content = [{"type": "input_text", "text": "Clean up"}]
    events = await events_of(
        server, "threads.create", input={"content": content, "attachments": [], "inference_options": {}}
    )
    cards = [event["item"] for event in events if event.get("item", {}).get("type") == "widget"]
    assert "chatkit.approval" not in json.dumps([event for event in events if event.get("item") not in cards])
    return events[0]["thread"]["id"], cards


async def click(server: ChatKitServer[Any], thread_id: str, card: Any, button: str) -> list[Any]:
    action = card["widget"][button]["action"]
    return await events_of(server, "threads.custom_action", thread_id=thread_id, item_id=card["id"], action=action)


def said(events: list[Any]) -> list[str]:
    """The events in short, without the frame of every stream."""
    return [event.get("text") or event["type"] for event in events if event["type"] != "stream_options"]


async def test_without_being_asked_to_ask_a_run_just_ends():
    files = Files()

    assert await play(CALLS, tools=[files.tool]) == []
    assert files.deleted == []


async def test_a_call_that_needs_approval_becomes_a_card():
    events = await play([Think(["Hm"]), CALLS[0]], tools=[Files().tool], options={"ask_approval": True})

    assert shape(events)[-3:] == ["done workflow", "done sdk_hidden_context", "done widget"]
    card = events[-1].item.widget
    assert card.confirm["label"] == "Approve"
    assert card.cancel["label"] == "Reject"
    assert card.children[0].value == "Delete file"
    assert '"name": "a"' in card.children[1].value


async def test_an_approved_call_runs_and_the_answer_follows_also_after_a_restart():
    files, store = Files(), InMemoryStore[Any]()
    thread_id, (card,) = await ask_to_clean_up(Desk(store, ScriptedModel(CALLS[0]), files))
    assert files.deleted == []

    model = ScriptedModel("It is gone.")
    events = await click(Desk(store, model, files), thread_id, card, "confirm")

    assert files.deleted == ["a"]
    assert said(events)[:3] == ["thread.item.replaced", "Deleting a", "thread.item.added"]
    answered = events[1]["item"]["widget"]
    assert "confirm" not in answered
    assert answered["children"][-1]["value"] == "Approved"
    assert events[-1]["item"]["content"][0]["text"] == "It is gone."
    assert model.inputs[0][-1]["output"] == "deleted a"
    page = await store.load_thread_items(thread_id, None, 20, "asc", USER)
    assert [item.type for item in page.data] == ["user_message", "widget", "assistant_message"]


async def test_a_rejected_call_does_not_run_and_the_model_is_told():
    files, store = Files(), InMemoryStore[Any]()
    model = ScriptedModel(CALLS[0], "Then I leave it.")
    server = Desk(store, model, files)
    thread_id, (card,) = await ask_to_clean_up(server)

    events = await click(server, thread_id, card, "cancel")

    assert files.deleted == []
    assert events[1]["item"]["widget"]["children"][-1]["value"] == "Rejected"
    assert "not approved" in model.inputs[1][-1]["output"]


async def test_the_run_goes_on_when_every_card_is_answered():
    files, store = Files(), InMemoryStore[Any]()
    server = Desk(store, ScriptedModel(CALLS, "Half of it is gone."), files)
    thread_id, (first, second) = await ask_to_clean_up(server)

    assert said(await click(server, thread_id, second, "confirm")) == ["thread.item.replaced"]
    assert files.deleted == []
    await click(server, thread_id, first, "cancel")

    assert files.deleted == ["b"]


async def test_a_card_counts_once_whatever_is_clicked():
    files, store = Files(), SlowStore()
    server = Desk(store, ScriptedModel(CALLS, "Gone.", "Gone again."), files)
    thread_id, (first, second) = await ask_to_clean_up(server)
    await click(server, thread_id, first, "confirm")
    again = await click(server, thread_id, first, "cancel")

    both = await asyncio.gather(*(click(server, thread_id, second, "confirm") for _ in range(2)))
    late = await click(server, thread_id, second, "confirm")

    assert files.deleted == ["a", "b"]
    assert sorted(len(events) for events in both)[0] == len(again) == len(late) == 2
    assert again[-1]["type"] == late[-1]["type"] == "error"
    assert again[-1]["message"] == "This question has been answered already."


@pytest.mark.parametrize("payload", [None, {}, {"run": "msg_x", "approve": True}, {"run": 1, "approve": "?"}, "x"])
async def test_an_action_that_fits_no_card_is_refused(payload: Any):
    context = new_context()
    await context.store.save_thread(context.thread, USER)
    agent = Agent(name="Guide", model=ScriptedModel())
    action = Action[str, Any](type="chatkit.approval", payload=payload)

    with pytest.raises(CustomStreamError):
        async for _ in answer_approval(agent, context, action, None):
            pass


async def test_a_card_cannot_answer_for_another_run():
    files, store = Files(), InMemoryStore[Any]()
    server = Desk(store, ScriptedModel(CALLS[0], CALLS[1]), files)
    first_thread, (first,) = await ask_to_clean_up(server)
    _, (second,) = await ask_to_clean_up(server)
    first["widget"]["confirm"] = second["widget"]["confirm"]

    events = await click(server, first_thread, first, "confirm")

    assert events[-1]["type"] == "error"
    assert files.deleted == []


async def test_what_is_kept_of_a_run_is_no_input_for_the_model():
    events = await play(CALLS[0], tools=[Files().tool], options={"ask_approval": True})

    (hidden,) = finished(events, "sdk_hidden_context")
    assert await simple_to_agent_input(hidden) == []


async def test_the_next_call_that_needs_approval_is_asked_for_too():
    files, store = Files(), InMemoryStore[Any]()
    server = Desk(store, ScriptedModel(CALLS[0], CALLS[1], "Both are gone."), files)
    thread_id, (first,) = await ask_to_clean_up(server)
    events = await click(server, thread_id, first, "confirm")
    (second,) = [event["item"] for event in events if event["type"] == "thread.item.done"]

    await click(server, thread_id, second, "confirm")

    assert files.deleted == ["a", "b"]


async def test_an_application_asks_in_its_own_words():
    class Cards(ApprovalCards):
        approve = "Ja"
        rejected = "Nein"

    events = await play(CALLS[0], tools=[Files().tool], options={"ask_approval": Cards()})

    (item,) = finished(events, "widget")
    assert isinstance(item, WidgetItem)
    assert item.widget.confirm["label"] == "Ja"
    assert Cards().answered("f", "", False).children[-1].value == "Nein"


async def test_a_run_that_was_not_interrupted_asks_nothing():
    events = await play(Say("Hello"), options={"ask_approval": True})

    assert [text_of(item) for item in finished(events)] == ["Hello"]
