import copy
import json
import pickle
from typing import Any

import httpx
import pytest
from agents import Agent, OpenAIChatCompletionsModel, OpenAIResponsesModel, RunConfig, Runner
from openai import AsyncOpenAI

from chatkit_app.chatkit.agents import ThreadItemConverter, simple_to_agent_input
from chatkit_app.chatkit.agents.portable import OUTPUT_TEXT

from .test_input import Portable, answered, said, text


def test_the_tag_is_the_word_output_text_wherever_it_goes():
    assert json.dumps({"type": OUTPUT_TEXT}) == '{"type": "output_text"}'
    assert f"{OUTPUT_TEXT}" == "output_text"
    assert {"output_text": 1}[OUTPUT_TEXT] == 1
    assert OUTPUT_TEXT == "output_text" == OUTPUT_TEXT
    assert OUTPUT_TEXT != "text"
    assert (OUTPUT_TEXT != "output_text") is False
    for same in (copy.deepcopy(OUTPUT_TEXT), pickle.loads(pickle.dumps(OUTPUT_TEXT))):
        assert same == "input_text"


class Endpoint:
    """Stands where a model's HTTP endpoint stands: keeps what it is sent and refuses to answer."""

    def __init__(self) -> None:
        self.sent: Any = None

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.sent = json.loads(request.content)
        return httpx.Response(400, json={"error": {"message": "closed", "type": "t", "code": "c", "param": None}})


async def sent_by(model_type: Any, converter: ThreadItemConverter | None) -> Any:
    """What goes over the wire in the second turn of a conversation."""
    history = [said(text("Hi")), answered("Hello", "you"), said(text("Bye"))]
    agent_input = await (converter.to_agent_input(history) if converter else simple_to_agent_input(history))
    endpoint = Endpoint()
    async with httpx.AsyncClient(transport=httpx.MockTransport(endpoint)) as http:
        client = AsyncOpenAI(api_key="k", base_url="http://model.test/v1", http_client=http, max_retries=0)
        agent = Agent(name="Guide", model=model_type(model="m", openai_client=client))
        result = Runner.run_streamed(agent, agent_input, run_config=RunConfig(tracing_disabled=True))
        with pytest.raises(Exception, match="closed"):
            async for _ in result.stream_events():
                pass
    return endpoint.sent


async def test_the_second_turn_reaches_a_chat_completions_model_8_1_16b():
    sent = await sent_by(OpenAIChatCompletionsModel, None)

    assert [message["role"] for message in sent["messages"]] == ["user", "assistant", "user"]
    assert sent["messages"][1]["content"] == [{"type": "text", "text": "Hello"}, {"type": "text", "text": "you"}]


async def test_the_second_turn_reaches_a_responses_model():
    sent = await sent_by(OpenAIResponsesModel, None)

    assert [part["type"] for part in sent["input"][1]["content"]] == ["output_text", "output_text"]


@pytest.mark.parametrize(("model", "key"), [(OpenAIChatCompletionsModel, "messages"), (OpenAIResponsesModel, "input")])
async def test_portable_input_is_plain_for_both_kinds_of_models_8_1_16b(model: Any, key: str):
    sent = await sent_by(model, Portable())

    assert sent[key][1]["role"] == "assistant"
    assert sent[key][1]["content"] == "Hello\nyou"
