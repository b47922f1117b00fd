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
from chatkit_app.chatkit.testing import ChatTestClient, Turn
from chatkit_app.chatkit.types import ProgressUpdateEvent, ThreadMetadata, WidgetItem
from chatkit_app.chatkit.widgets import Card
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


async def ask_to_clean_up(server: Desk) -> ChatTestClient:
    """A user who sees the cards that ask."""
    chat = ChatTestClient(server, USER)
    turn = await chat.say("Clean up")
    beside_the_cards = [event for event in turn.wire if event.get("item", {}).get("type") != "widget"]
    assert "chatkit.approval" not in json.dumps(beside_the_cards)
    return chat


async def another_tab(chat: ChatTestClient, server: Desk | None = None) -> ChatTestClient:
    """The same user with the same thread, perhaps after a restart of the server."""
    tab = ChatTestClient(server or chat.server, USER)
    await tab.open(chat.thread)
    return tab


def said(turn: Turn) -> list[str]:
    """The events in short, without the frame of every stream."""
    return [event.get("text") or event["type"] for event in turn.wire if event["type"] != "stream_options"]


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
    chat = await ask_to_clean_up(Desk(store, ScriptedModel(CALLS[0]), files))
    assert files.deleted == []

    model = ScriptedModel("It is gone.")
    chat = await another_tab(chat, Desk(store, model, files))
    turn = await chat.click("Approve")

    assert files.deleted == ["a"]
    assert said(turn)[:3] == ["thread.item.replaced", "Deleting a", "thread.item.added"]
    answered = turn.widget.widget
    assert isinstance(answered, Card)
    assert answered.confirm is None
    assert answered.children[-1].value == "Approved"
    assert turn.text == "It is gone."
    assert model.inputs[0][-1]["output"] == "deleted a"
    page = await store.load_thread_items(chat.thread.id, None, 20, "asc", USER)
    assert [item.type for item in page.data] == ["user_message", "widget", "assistant_message"]
    await chat.assert_reload_shows_the_same()


async def test_a_rejected_call_does_not_run_and_the_model_is_told():
    files = Files()
    model = ScriptedModel(CALLS[0], "Then I leave it.")
    chat = await ask_to_clean_up(Desk(InMemoryStore(), model, files))

    turn = await chat.click("Reject")

    assert files.deleted == []
    assert turn.widget.widget.children[-1].value == "Rejected"
    assert "not approved" in model.inputs[1][-1]["output"]


async def test_the_run_goes_on_when_every_card_is_answered():
    files = Files()
    chat = await ask_to_clean_up(Desk(InMemoryStore(), ScriptedModel(CALLS, "Half of it is gone."), files))
    _, first, second = chat.items

    assert said(await chat.click("Approve", within=second)) == ["thread.item.replaced"]
    assert files.deleted == []
    await chat.click("Reject", within=first)

    assert files.deleted == ["b"]


async def test_a_card_counts_once_whatever_is_clicked():
    files = Files()
    chat = await ask_to_clean_up(Desk(SlowStore(), ScriptedModel(CALLS, "Gone.", "Gone again."), files))
    _, first, second = chat.items
    tabs = [await another_tab(chat) for _ in range(3)]
    await chat.click("Approve", within=first)
    again = await tabs[0].click("Reject", within=first)

    both = await asyncio.gather(*(tab.click("Approve", within=second) for tab in tabs[:2]))
    late = await tabs[2].click("Approve", within=second)

    assert files.deleted == ["a", "b"]
    assert sorted(len(turn.events) for turn in both)[0] == len(again.events) == len(late.events) == 2
    for turn in (again, late):
        assert turn.error is not None
        assert turn.error.message == "This question has been answered already."


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
    files = Files()
    server = Desk(InMemoryStore(), ScriptedModel(CALLS[0], CALLS[1]), files)
    first, second = await ask_to_clean_up(server), await ask_to_clean_up(server)
    theirs = second.turns[-1].widget.widget.confirm["action"]

    turn = await first.act(Action(type=theirs.type, payload=theirs.payload), sender=first.turns[-1].widget)

    assert turn.kinds[-1] == "error"
    assert files.deleted == []


async def test_a_question_stays_open_while_its_run_cannot_be_read():
    files, store = Files(), InMemoryStore[Any]()
    chat = await ask_to_clean_up(Desk(store, ScriptedModel(CALLS[0]), files))
    broken = Desk(store, ScriptedModel(), files)
    broken.agent = Agent(name="Somebody else", model=ScriptedModel())
    assert (await (await another_tab(chat, broken)).click("Approve")).error is not None

    chat = await another_tab(chat, Desk(store, ScriptedModel("It is gone."), files))
    assert (await chat.click("Approve")).text == "It is gone."
    assert files.deleted == ["a"]


async def test_what_is_kept_of_a_run_is_no_input_for_the_model():
    events = await play(CALLS[0], tools=[Files().tool], options={"ask_approval": True})

    (hidden,) = finished(events, "sdk_hidden_context")
    assert await simple_to_agent_input(hidden) == []


async def test_the_next_call_that_needs_approval_is_asked_for_too():
    files = Files()
    chat = await ask_to_clean_up(Desk(InMemoryStore(), ScriptedModel(CALLS[0], CALLS[1], "Both are gone."), files))
    await chat.click("Approve")
    await chat.click("Approve")

    assert files.deleted == ["a", "b"]
    assert chat.text == "Both are gone."


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
