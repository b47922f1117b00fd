import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from agents import Agent, function_tool
from agents.tracing import get_trace_provider
from agents.tracing.provider import DefaultTraceProvider
from openai import APIConnectionError

from chatkit_app.assistant.agent import create_agent
from chatkit_app.assistant.errors import NO_CREDIT
from chatkit_app.assistant.server import REMEMBERED_ITEMS, Assistant, create_server
from chatkit_app.chatkit.actions import Action
from chatkit_app.chatkit.store import InMemoryStore
from chatkit_app.chatkit.testing import Call as ToolCall
from chatkit_app.chatkit.testing import ChatTestClient, Fail, ScriptedModel
from chatkit_app.chatkit.types import CustomTask, ErrorEvent, ThoughtTask, WorkflowItem
from chatkit_app.identity import RequestContext
from chatkit_app.settings import ModelApi, SettingsError, load_settings
from tests.scripted_openai import Call, Drop, Hold, Message, Part, Refuse, ScriptedOpenAI, Think

SECRET = "sk-proj-very-secret"


def chat_with(assistant: Assistant, user: str = "ada") -> ChatTestClient:
    return ChatTestClient(assistant, RequestContext(user_id=user))


@pytest.fixture(params=["responses", "chat_completions"])
def api(request: pytest.FixtureRequest) -> ModelApi:
    flavour: ModelApi = request.param
    return flavour


@asynccontextmanager
async def assistant_with(**given: Any) -> AsyncIterator[Assistant]:
    assistant = create_server(load_settings(None, **given), InMemoryStore())
    try:
        yield assistant
    finally:
        await assistant.aclose()


@asynccontextmanager
async def assistant_at(server: ScriptedOpenAI, api: ModelApi) -> AsyncIterator[Assistant]:
    given = {"openai_base_url": server.url, "openai_api_key": SECRET, "model": "scripted", "model_api": api}
    async with assistant_with(**given) as assistant:
        yield assistant


def in_words(messages: list[Message]) -> list[Part]:
    questions = [message.text for message in messages if message.role == "user"]
    return ["You have", " asked ", f"{len(questions)} times, last: ", f"**{questions[-1]}**"]


@pytest.mark.parametrize("places", [True, False])
async def test_a_conversation_of_two_turns_streams_and_is_kept(api: ModelApi, places: bool) -> None:
    with ScriptedOpenAI(in_words, places=places) as server:
        async with assistant_at(server, api) as assistant:
            chat = chat_with(assistant)
            assert (await chat.say("one")).text == "You have asked 1 times, last: **one**"
            assert (await chat.say("two")).text == "You have asked 2 times, last: **two**"
            await chat.assert_reload_shows_the_same()
    assert len(chat.items) == 4


async def test_every_answer_has_an_id_of_its_own(api: ModelApi) -> None:
    with ScriptedOpenAI(in_words) as server:
        async with assistant_at(server, api) as assistant:
            first, second = chat_with(assistant, "ada"), chat_with(assistant, "bob")
            for chat in (first, second, first, second):
                await chat.say("hi")
    ids = [item.id for chat in (first, second) for item in chat.items]
    assert len(set(ids)) == len(ids) == 8
    assert not [id for id in ids if "fake" in id]


async def test_an_answer_comes_piece_by_piece(api: ModelApi) -> None:
    with ScriptedOpenAI(in_words) as server:
        async with assistant_at(server, api) as assistant:
            turn = await chat_with(assistant).say("hi")
    updates = [event.update for event in turn.events if event.type == "thread.item.updated"]
    deltas = [update.delta for update in updates if update.type.endswith("text_delta")]  # type: ignore[union-attr]
    assert deltas == ["You have", " asked ", "1 times, last: ", "**hi**"]


async def test_reasoning_and_a_tool_on_the_way_to_an_answer(api: ModelApi) -> None:
    def script(messages: list[Message]) -> list[Part]:
        if messages[-1].role == "tool":
            return [messages[-1].text]
        return [Think("I can"), Think(" compute."), Call("calculate", {"expression": "6*7"})]

    with ScriptedOpenAI(script) as server:
        async with assistant_at(server, api) as assistant:
            chat = chat_with(assistant)
            assert (await chat.say("what is 6*7")).text == "6*7 = 42"
            await chat.assert_reload_shows_the_same()
    workflows = [item.workflow for item in chat.items if isinstance(item, WorkflowItem)]
    tasks = [task for workflow in workflows for task in workflow.tasks]
    assert [task.content for task in tasks if isinstance(task, ThoughtTask)] == ["I can compute."]
    assert [(task.title, task.status_indicator) for task in tasks if isinstance(task, CustomTask)] == [
        ("Calculate", "complete")
    ]


async def test_stop_keeps_what_was_said_and_lets_the_model_go(api: ModelApi) -> None:
    with ScriptedOpenAI(lambda messages: ["Half", " an", Hold(threading.Event()), " answer"]) as server:
        async with assistant_at(server, api) as assistant:
            chat = chat_with(assistant)
            await chat.say("hi", stop_after="Half an")
            assert await server.reader_left()
            await chat.reload()
    assert [item.type for item in chat.items] == ["user_message", "assistant_message"]
    assert chat.text == "Half an"


async def test_the_model_is_shown_only_the_newest_items(api: ModelApi) -> None:
    with ScriptedOpenAI(in_words) as server:
        async with assistant_at(server, api) as assistant:
            chat = chat_with(assistant)
            for number in range(REMEMBERED_ITEMS // 2 + 2):
                await chat.say(f"question {number}")
    shown = str(server.requests[-1])
    assert "question 11" in shown
    assert "question 2" in shown
    assert "question 1'" not in shown


async def test_nothing_but_the_model_is_asked_and_with_the_key_of_the_settings(api: ModelApi) -> None:
    with ScriptedOpenAI(in_words) as server:
        async with assistant_at(server, api) as assistant:
            await chat_with(assistant).say("hi")
    assert [request["authorization"] for request in server.requests] == [f"Bearer {SECRET}"]


def careful(*scripts: Any) -> tuple[Assistant, list[str]]:
    """An assistant with a tool that needs the user's word, and what the tool has done."""
    sent: list[str] = []

    @function_tool(needs_approval=True)
    def send_mail(to: str) -> str:
        sent.append(to)
        return "sent"

    agent = Agent[Any](name="Careful", model=ScriptedModel(*scripts), tools=[send_mail])
    return Assistant(InMemoryStore(), agent), sent


@pytest.mark.parametrize(("button", "delivered"), [("Approve", ["bob"]), ("Reject", [])])
async def test_a_tool_that_needs_approval_waits_for_the_users_word(button: str, delivered: list[str]) -> None:
    assistant, sent = careful(ToolCall("send_mail", {"to": "bob"}), "So be it.", "Hello again.")
    chat = chat_with(assistant)
    await chat.say("Write to Bob")
    assert sent == []

    await chat.click(button)

    assert sent == delivered
    assert chat.text == "So be it."
    await chat.assert_reload_shows_the_same()
    assert (await chat.say("And now?")).text == "Hello again."


async def test_a_model_that_fails_after_an_approval_is_told_in_a_sentence() -> None:
    assistant, sent = careful(ToolCall("send_mail", {"to": "bob"}), Fail(APIConnectionError(request=None)))  # type: ignore[arg-type]
    chat = chat_with(assistant)
    await chat.say("Write to Bob")
    await chat.click("Approve")
    assert sent == ["bob"]
    assert chat.view.error is not None
    assert "cannot be reached" in str(chat.view.error.message)


async def test_an_action_nobody_knows_is_refused_in_words() -> None:
    assistant, _ = careful("Hi.")
    chat = chat_with(assistant)
    await chat.say("Hello")
    await chat.act(Action(type="dance"))
    assert chat.view.error is not None
    assert chat.view.error.message == "This chat does not know the action 'dance'."


@pytest.mark.parametrize("reasoning", [None, "low"])
async def test_thinking_is_asked_for_only_where_the_settings_do(api: ModelApi, reasoning: str | None) -> None:
    with ScriptedOpenAI(in_words) as server:
        given = {"openai_base_url": server.url, "model": "scripted", "model_api": api, "reasoning": reasoning}
        async with assistant_with(**given) as assistant:
            await chat_with(assistant).say("hi")
    (asked,) = server.requests
    effort = asked.get("reasoning_effort") or (asked.get("reasoning") or {}).get("effort")
    assert effort == reasoning


async def test_no_conversation_is_reported_to_anyone() -> None:
    async with assistant_with(model="offline", offline_pace=0) as assistant:
        await chat_with(assistant).say("hello")
        provider = get_trace_provider()
        assert isinstance(provider, DefaultTraceProvider)
        assert provider._multi_processor._processors == ()


async def test_the_first_message_names_the_thread_and_later_ones_do_not_rename_it() -> None:
    async with assistant_with(model="offline", offline_pace=0) as assistant:
        chat = chat_with(assistant)
        await chat.say("Show me   Markdown")
        assert chat.thread.title == "Show me Markdown"
        await chat.say("Now a tool")
        assert chat.thread.title == "Show me Markdown"


@pytest.mark.parametrize(
    ("script", "says", "allow_retry"),
    [
        ([Refuse(401, message=SECRET)], "Check OPENAI_API_KEY", False),
        ([Refuse(404)], "Check CHATKIT_MODEL", False),
        ([Refuse(429, "insufficient_quota")], NO_CREDIT[0], False),
        ([Refuse(400, "context_length_exceeded")], "too long", False),
        (["half an ans", Refuse(500, message=SECRET)], "Try again", True),
        (["half an ans", Drop()], "Try again", True),
    ],
)
async def test_a_failure_of_the_model_is_told_in_a_sentence(
    api: ModelApi, script: list[Part], says: str, allow_retry: bool
) -> None:
    with ScriptedOpenAI(lambda messages: script) as server:
        async with assistant_at(server, api) as assistant:
            chat = chat_with(assistant)
            await chat.say("hi")
    error = chat.view.error
    assert isinstance(error, ErrorEvent)
    assert says in str(error.message)
    assert error.allow_retry is allow_retry
    assert SECRET not in error.model_dump_json()


async def test_after_a_failure_the_next_try_can_succeed(api: ModelApi) -> None:
    answers: list[list[Part]] = [[Refuse(404)], ["Well"]]
    with ScriptedOpenAI(lambda messages: answers.pop(0)) as server:
        async with assistant_at(server, api) as assistant:
            chat = chat_with(assistant)
            await chat.say("hi")
            assert (await chat.retry()).text == "Well"
            assert len((await chat.reload()).items) == 2


async def test_a_server_that_is_not_there_is_told_with_its_setting(api: ModelApi) -> None:
    with ScriptedOpenAI(in_words) as server:
        url = server.url
    async with assistant_with(openai_base_url=url, model="any", model_api=api) as assistant:
        chat = chat_with(assistant)
        await chat.say("hi")
    assert chat.view.error is not None
    assert "check OPENAI_BASE_URL" in str(chat.view.error.message)


async def test_the_tour_is_told_through_the_whole_server() -> None:
    async with assistant_with(model="offline", offline_pace=0) as assistant:
        chat = chat_with(assistant)
        assert "offline assistant" in (await chat.say("hello")).text
        assert "> 12*7 = 84" in (await chat.say("what is 12*7?")).text
        assert (await chat.say("markdown")).text.startswith("# Everything Markdown")
        await chat.say("think")
        await chat.assert_reload_shows_the_same()


async def test_the_tours_error_can_be_tried_again() -> None:
    async with assistant_with(model="offline", offline_pace=0) as assistant:
        chat = chat_with(assistant)
        await chat.say("show me an error")
        assert chat.view.error is not None
        assert chat.view.error.allow_retry
        assert (await chat.retry()).text.startswith("This time it worked")
        assert chat.view.error is None


def test_a_model_that_cannot_be_set_up_is_a_settings_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatkit_app.assistant.local.find_spec", lambda name: None)
    with pytest.raises(SettingsError, match=r"requirements-local\.txt"):
        create_agent(load_settings(None, model="local"))
