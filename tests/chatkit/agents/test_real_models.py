"""The models of openai-agents themselves, in front of endpoints that stream what real ones stream."""

import json
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from agents import (
    Agent,
    OpenAIChatCompletionsModel,
    OpenAIResponsesModel,
    RunConfig,
    Runner,
    function_tool,
)
from openai import AsyncOpenAI

from chatkit_app.chatkit.agents import stream_agent_response

from .running import finished, new_context, shape, text_of


@function_tool
async def get_weather(city: str) -> str:
    return f"sunny in {city}"


async def answer(model_type: Any, *streams: Sequence[Any], **options: Any) -> list[Any]:
    """All events of a run whose model streams these chunks, call by call."""
    waiting = list(streams)

    async def endpoint(request: httpx.Request) -> httpx.Response:
        lines = [f"event: {chunk.get('type', 'chunk')}\ndata: {json.dumps(chunk)}\n\n" for chunk in waiting.pop(0)]
        headers = {"content-type": "text/event-stream"}
        return httpx.Response(200, headers=headers, text="".join([*lines, "data: [DONE]\n\n"]))

    async with httpx.AsyncClient(transport=httpx.MockTransport(endpoint)) as http:
        client = AsyncOpenAI(api_key="k", base_url="http://model.test/v1", http_client=http, max_retries=0)
        agent = Agent(name="Guide", model=model_type(model="m", openai_client=client), tools=[get_weather])
        context = new_context()
        run_config = RunConfig(tracing_disabled=True)
        result = Runner.run_streamed(agent, "Hello", context=context, run_config=run_config)
        return [event async for event in stream_agent_response(context, result, **options)]


def chunk(finish: str | None = None, **delta: Any) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}


def call(arguments: str) -> dict[str, Any]:
    function = {"name": "get_weather", "arguments": arguments}
    return {"tool_calls": [{"index": 0, "id": "call_1", "type": "function", "function": function}]}


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
async def test_a_chat_completions_model_thinks_calls_and_answers_8_1_16(field: str):
    thinking = [chunk(role="assistant", **{field: "Which "}), chunk(**{field: "city?"})]
    first = [*thinking, chunk(**call('{"city": "Oslo"}')), chunk("tool_calls")]
    second = [
        chunk(role="assistant", **{field: "Sunny."}),
        chunk(content="It is "),
        chunk(content="sunny."),
        chunk("stop"),
    ]

    events = await answer(OpenAIChatCompletionsModel, first, second, show_tools=True)

    workflow, message = finished(events)
    tasks = workflow.workflow.tasks
    assert [getattr(task, "content", "").strip("`json\n{} ") for task in tasks] == [
        "Which city?",
        '"city": "Oslo"',
        "Sunny.",
    ]
    assert [task.status_indicator for task in tasks] == ["none", "complete", "none"]
    assert text_of(message) == "It is sunny."
    assert [word for word in shape(events) if word == "text_delta"] == ["text_delta"] * 2
    begun = next(event for event in events if event.type == "thread.item.added" and event.item.type == message.type)
    assert begun.item.id == message.id


async def test_a_chat_completions_model_that_refuses_is_understood():
    events = await answer(
        OpenAIChatCompletionsModel,
        [chunk(role="assistant", refusal="I would "), chunk(refusal="rather not."), chunk("stop")],
    )

    assert [text_of(item) for item in finished(events)] == ["I would rather not."]


async def test_a_responses_model_searches_and_cites():
    response = {
        "id": "resp_1",
        "object": "response",
        "created_at": 0,
        "model": "m",
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "output": [],
    }
    action = {"type": "search", "query": "weather", "sources": [{"type": "url", "url": "https://yr.no"}]}
    search = {"type": "web_search_call", "id": "ws_1", "status": "completed", "action": action}
    citation = {"type": "url_citation", "url": "https://yr.no", "title": "Yr", "start_index": 0, "end_index": 5}
    part = {"type": "output_text", "text": "Sunny", "annotations": [citation], "logprobs": []}
    message = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [part]}
    place = {"item_id": "msg_1", "output_index": 1, "content_index": 0}
    stream: list[dict[str, Any]] = [
        {"type": "response.created", "response": response},
        {"type": "response.output_item.added", "output_index": 0, "item": {**search, "status": "in_progress"}},
        {"type": "response.web_search_call.searching", "output_index": 0, "item_id": "ws_1"},
        {"type": "response.output_item.done", "output_index": 0, "item": search},
        {"type": "response.output_item.added", "output_index": 1, "item": {**message, "content": []}},
        {"type": "response.content_part.added", **place, "part": {**part, "text": "", "annotations": []}},
        {"type": "response.output_text.delta", **place, "delta": "Sunny", "logprobs": []},
        {"type": "response.output_text.annotation.added", **place, "annotation_index": 0, "annotation": citation},
        {"type": "response.output_text.done", **place, "text": "Sunny", "logprobs": []},
        {"type": "response.content_part.done", **place, "part": part},
        {"type": "response.output_item.done", "output_index": 1, "item": message},
        {"type": "response.completed", "response": {**response, "output": [search, message]}},
    ]
    numbered = [{**event, "sequence_number": number} for number, event in enumerate(stream)]

    events = await answer(OpenAIResponsesModel, numbered, show_tools=True)

    workflow, said = finished(events)
    assert workflow.workflow.tasks[0].sources[0].url == "https://yr.no"
    assert said.content[0].annotations[0].source.title == "Yr"
    assert "annotation_added" in shape(events)
    assert said.id == "msg_1"
