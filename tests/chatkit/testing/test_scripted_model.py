"""A program of a real agent, tested as its author would."""

import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
from agents import Agent, RunConfig, RunContextWrapper, Runner, function_tool

import chatkit_app.chatkit.testing as kit
from chatkit_app.chatkit.agents import AgentContext, simple_to_agent_input, stream_agent_response
from chatkit_app.chatkit.server import ChatKitServer
from chatkit_app.chatkit.store import InMemoryStore
from chatkit_app.chatkit.testing import Call, ChatTestClient, Fail, Say, ScriptedModel, Think, Wait
from chatkit_app.chatkit.types import Action
from chatkit_app.chatkit.widgets import Button, Card


@function_tool
async def show_seats(ctx: RunContextWrapper[AgentContext[Any]], count: int) -> str:
    """Show some seats."""
    seats = [f"{row}A" for row in range(1, count + 1)]
    buttons = [Button(label=seat, onClickAction={"type": "seat.pick", "payload": seat}) for seat in seats]
    await ctx.context.stream_widget(Card(children=buttons))
    return "shown"


class Desk(ChatKitServer[Any]):
    def __init__(self, model: ScriptedModel) -> None:
        super().__init__(InMemoryStore())
        self.agent = Agent(name="Desk", model=model, tools=[show_seats])

    async def respond(self, thread: Any, message: Any, context: Any) -> AsyncIterator[Any]:
        page = await self.store.load_thread_items(thread.id, None, 20, "asc", context)
        agent_context = AgentContext(thread=thread, store=self.store, request_context=context)
        asked = await simple_to_agent_input(page.data)
        config = RunConfig(tracing_disabled=True)
        result = Runner.run_streamed(self.agent, asked, context=agent_context, run_config=config)
        async for event in stream_agent_response(agent_context, result):
            yield event

    def action(self, thread: Any, action: Action[str, Any], sender: Any, context: Any) -> AsyncIterator[Any]:
        return self.respond(thread, None, context)


async def test_a_customer_changes_seats():
    model = ScriptedModel(Call("show_seats", {"count": 2}), "Which one?", Say(["You sit ", "in 2A."]))
    chat = ChatTestClient(Desk(model), {"user_id": "ada"})

    turn = await chat.say("I want another seat")
    assert turn.text == "Which one?"

    await chat.click("2A")
    assert chat.text == "You sit in 2A."
    await chat.assert_reload_shows_the_same()
    assert [item.type for item in turn.items] == ["widget", "assistant_message"]
    assert "I want another seat" in str(model.inputs[0])


async def test_an_answer_is_stopped_while_the_model_still_thinks():
    model = ScriptedModel([Think(["Hm"]), Say(["Half ", "an answer"]), Wait()], "Yes?")
    chat = ChatTestClient(Desk(model), {"user_id": "ada"})
    turn = await chat.say("hi", stop_after="Half an")
    assert (turn.text, turn.stopped) == ("Half an answer", True)
    assert [item.type for item in turn.items] == ["workflow", "assistant_message"]
    await chat.say("still there?")
    assert "The user cancelled the stream" in str(model.inputs[1])


async def test_a_model_that_breaks_is_an_error_the_user_can_retry():
    model = ScriptedModel(["Half", Fail(ConnectionError("gone"))], "Whole")
    chat = ChatTestClient(Desk(model), {"user_id": "ada"})
    turn = await chat.say("hi")
    assert turn.error is not None
    assert turn.error.allow_retry
    assert (await chat.retry()).text == "Whole"
    assert chat.view.error is None


async def test_a_model_without_a_script_left_fails_the_turn(caplog: pytest.LogCaptureFixture):
    chat = ChatTestClient(Desk(ScriptedModel()), {"user_id": "ada"})
    assert (await chat.say("hi")).error is not None
    assert "once more than its 0 scripts" in caplog.text


async def test_the_messages_of_two_models_are_two_messages():
    chat = ChatTestClient(server := Desk(ScriptedModel("One")), {"user_id": "ada"})
    await chat.say("hi")
    server.agent = Agent(name="Colleague", model=ScriptedModel("Two"))
    await chat.say("and you?")
    said = [item for item in chat.items if item.type == "assistant_message"]
    assert [item.content[0].text for item in said] == ["One", "Two"]


async def test_a_model_answers_a_run_that_does_not_stream():
    agent = Agent(name="Desk", model=ScriptedModel(Say(["Good ", "morning"])))
    result = await Runner.run(agent, "hi", run_config=RunConfig(tracing_disabled=True))
    assert result.final_output == "Good morning"


def test_the_kit_needs_openai_agents_for_the_model_only():
    program = "import sys, chatkit_app.chatkit.testing; print('agents' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_every_name_of_the_kit_is_there():
    assert [name for name in kit.__all__ if not hasattr(kit, name)] == []
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        _ = kit.Nothing
