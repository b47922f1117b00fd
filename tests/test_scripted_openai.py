import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from agents import Agent, Model, OpenAIChatCompletionsModel, OpenAIResponsesModel, RunConfig, Runner, function_tool
from openai import APIError, AsyncOpenAI, RateLimitError

from tests.scripted_openai import Call, Drop, Hold, Message, Part, Pause, Refuse, ScriptedOpenAI, Think

FLAVOURS = [OpenAIChatCompletionsModel, OpenAIResponsesModel]


@pytest.fixture(params=FLAVOURS)
def flavour(request: pytest.FixtureRequest) -> Any:
    return request.param


@asynccontextmanager
async def model_at(server: ScriptedOpenAI, flavour: Any) -> AsyncIterator[Model]:
    async with AsyncOpenAI(base_url=server.url, api_key="key", max_retries=0) as client:
        yield flavour("scripted", client)


async def run(server: ScriptedOpenAI, flavour: Any, input: Any = "Hi", **options: Any) -> list[Any]:
    async with model_at(server, flavour) as model:
        agent = Agent(name="A", instructions="Be kind.", model=model, **options)
        result = Runner.run_streamed(agent, input, run_config=RunConfig(tracing_disabled=True))
        events = [event.data async for event in result.stream_events() if event.type == "raw_response_event"]
        return [*events, result.final_output]


async def failure_of(server: ScriptedOpenAI, flavour: Any) -> Exception | None:
    try:
        await run(server, flavour)
    except Exception as error:
        return error
    return None


def deltas(events: list[Any], kind: str) -> list[str]:
    return [event.delta for event in events[:-1] if event.type == kind]


async def test_it_says_what_the_script_says_piece_by_piece(flavour: Any) -> None:
    with ScriptedOpenAI(lambda messages: ["Hel", Pause(0.001), "lo"]) as server:
        events = await run(server, flavour)
    assert deltas(events, "response.output_text.delta") == ["Hel", "lo"]
    assert events[-1] == "Hello"
    assert server.requests[0]["authorization"] == "Bearer key"


async def test_the_script_sees_the_conversation(flavour: Any) -> None:
    seen: list[list[Message]] = []

    def script(messages: list[Message]) -> list[Part]:
        seen.append(messages)
        return ["Fine"]

    history = [
        {"role": "user", "content": "Hi"},
        {"type": "message", "role": "assistant", "content": "Hello"},
        {"role": "user", "content": [{"type": "input_text", "text": "How are you?"}]},
    ]
    with ScriptedOpenAI(script) as server:
        await run(server, flavour, history)
    assert [tuple(message) for message in seen[0]] == [
        ("system", "Be kind."),
        ("user", "Hi"),
        ("assistant", "Hello"),
        ("user", "How are you?"),
    ]


async def test_reasoning_comes_before_the_answer(flavour: Any) -> None:
    with ScriptedOpenAI(lambda messages: [Think("Hm"), Think("mm"), "Yes"]) as server:
        events = await run(server, flavour)
    assert "".join(deltas(events, "response.reasoning_summary_text.delta")) == "Hmmm"
    assert events[-1] == "Yes"


async def test_a_tool_is_called_and_its_answer_comes_back(flavour: Any) -> None:
    @function_tool
    def double(number: int) -> int:
        """Double it."""
        return 2 * number

    def script(messages: list[Message]) -> list[Part]:
        return [f"It is {messages[-1].text}"] if messages[-1].role == "tool" else [Call("double", {"number": 21})]

    with ScriptedOpenAI(script) as server:
        events = await run(server, flavour, tools=[double])
    assert events[-1] == "It is 42"


async def test_a_refusal_is_an_http_error(flavour: Any) -> None:
    with ScriptedOpenAI(lambda messages: [Refuse(429, "insufficient_quota")]) as server:
        error = await failure_of(server, flavour)
    assert isinstance(error, RateLimitError)
    assert error.code == "insufficient_quota"


@pytest.mark.parametrize("end", [Refuse(500), Drop()])
async def test_an_answer_may_break_off(flavour: Any, end: Part) -> None:
    with ScriptedOpenAI(lambda messages: ["Hel", end]) as server:
        error = await failure_of(server, flavour)
    assert isinstance(error, APIError | httpx2.TransportError), repr(error)


async def test_it_notices_a_reader_who_leaves(flavour: Any) -> None:
    never = threading.Event()
    with ScriptedOpenAI(lambda messages: ["Hel", Hold(never), "lo"]) as server:
        async with model_at(server, flavour) as model:
            result = Runner.run_streamed(
                Agent(name="A", model=model), "Hi", run_config=RunConfig(tracing_disabled=True)
            )
            async for event in result.stream_events():
                if event.type == "raw_response_event" and event.data.type == "response.output_text.delta":
                    result.cancel()
            assert await server.reader_left()
