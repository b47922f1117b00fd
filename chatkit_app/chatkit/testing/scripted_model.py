"""A model that says what it was given, for real agents in tests."""

import json
from collections.abc import AsyncIterable, AsyncIterator
from secrets import token_hex
from typing import Any

from agents import Model, ModelResponse, Usage
from agents.models.fake_id import FAKE_RESPONSES_ID
from openai.types.responses import (
    Response,
    ResponseCompletedEvent,
    ResponseContentPartAddedEvent,
    ResponseContentPartDoneEvent,
    ResponseCreatedEvent,
    ResponseFunctionToolCall,
    ResponseOutputItemAddedEvent,
    ResponseOutputItemDoneEvent,
    ResponseOutputMessage,
    ResponseOutputRefusal,
    ResponseOutputText,
    ResponseReasoningItem,
    ResponseReasoningSummaryTextDeltaEvent,
    ResponseReasoningSummaryTextDoneEvent,
    ResponseReasoningTextDeltaEvent,
    ResponseReasoningTextDoneEvent,
    ResponseTextDeltaEvent,
    ResponseTextDoneEvent,
)
from openai.types.responses.response_output_text_annotation_added_event import ResponseOutputTextAnnotationAddedEvent
from openai.types.responses.response_reasoning_item import Content, Summary

from .script import Call, Emit, Fail, Part, Refuse, Say, Script, Think, Tokens, Wait


class ScriptedModel(Model):
    """A model that answers with what it was given: one script a call, each a part or a list of parts; text is a `Say`.

    It streams the events of the Responses API, and ids are its own, however many models a server has; with
    `chat_completions=True` every item carries the placeholder id, as behind the Chat Completions API. A call more than
    there are scripts raises `AssertionError` in the run.
    """

    def __init__(self, *scripts: Script, chat_completions: bool = False) -> None:
        self.scripts = scripts
        """What it answers, call by call."""
        self.chat_completions = chat_completions
        """Whether every item carries the placeholder id."""
        self.inputs: list[Any] = []
        """What it was asked, call by call."""

    async def get_response(self, system_instructions: Any, input: Any, *args: Any, **kwargs: Any) -> ModelResponse:
        output: list[Any] = []
        async for event in self.stream_response(system_instructions, input):
            if event.type == "response.completed":
                output = event.response.output
        return ModelResponse(output=output, usage=Usage(), response_id=None)

    async def stream_response(
        self, system_instructions: Any, input: Any, *args: Any, **kwargs: Any
    ) -> AsyncIterator[Any]:
        if len(self.inputs) >= len(self.scripts):
            raise AssertionError(f"The model was called once more than its {len(self.scripts)} scripts")
        script = self.scripts[len(self.inputs)]
        self.inputs.append(input)
        fields: dict[str, Any] = {"output": [], "object": "response", "usage": None, "tools": []}
        response = Response.model_construct(id=_new_id("resp"), status="in_progress", **fields)
        yield ResponseCreatedEvent(response=response, sequence_number=0, type="response.created")
        output: list[Any] = []
        for part in [script] if isinstance(script, Part) else script:
            async for event in self._play(part):
                if event.type == "response.output_item.done":
                    output.append(event.item)
                yield event
        finished = response.model_copy(update={"output": output, "status": "completed"})
        yield ResponseCompletedEvent(response=finished, sequence_number=0, type="response.completed")

    def _play(self, part: Part) -> AsyncIterator[Any]:
        match part:
            case str():
                return self._say(Say(part))
            case Say():
                return self._say(part)
            case Think():
                return self._think(part)
            case Refuse():
                return self._refuse(part)
            case Call():
                return self._call(part)
            case Wait() | Fail() | Emit():
                return _do(part)

    async def _say(self, part: Say) -> AsyncIterator[Any]:
        item_id = part.id or self._id("msg")
        place: dict[str, Any] = {"item_id": item_id, "output_index": 0, "content_index": 0, "sequence_number": 0}
        begun = ResponseOutputMessage(id=item_id, content=[], role="assistant", status="in_progress", type="message")
        yield _added(begun)
        empty = ResponseOutputText(text="", annotations=[], type="output_text", logprobs=[])
        yield ResponseContentPartAddedEvent(**place, part=empty, type="response.content_part.added")
        text = ""
        async for token in _each(part.tokens):
            text += token
            yield ResponseTextDeltaEvent(**place, delta=token, logprobs=[], type="response.output_text.delta")
        for index, annotation in enumerate(() if part.late else part.annotations):
            yield ResponseOutputTextAnnotationAddedEvent.model_construct(
                **place,
                annotation=annotation,
                annotation_index=index,
                type="response.output_text.annotation.added",
            )
        whole = ResponseOutputText.model_construct(
            text=text, annotations=list(part.annotations), type="output_text", logprobs=[]
        )
        if not self.chat_completions:
            yield ResponseTextDoneEvent(**place, text=text, logprobs=[], type="response.output_text.done")
        yield ResponseContentPartDoneEvent.model_construct(**place, part=whole, type="response.content_part.done")
        yield _done(begun.model_copy(update={"content": [whole], "status": "completed"}))

    async def _refuse(self, part: Refuse) -> AsyncIterator[Any]:
        item_id = self._id("msg")
        place: dict[str, Any] = {"item_id": item_id, "output_index": 0, "content_index": 0, "sequence_number": 0}
        begun = ResponseOutputMessage(id=item_id, content=[], role="assistant", status="in_progress", type="message")
        yield _added(begun)
        empty = ResponseOutputRefusal(refusal="", type="refusal")
        yield ResponseContentPartAddedEvent(**place, part=empty, type="response.content_part.added")
        whole = ResponseOutputRefusal(refusal=part.text, type="refusal")
        yield _done(begun.model_copy(update={"content": [whole], "status": "completed"}))

    async def _think(self, part: Think) -> AsyncIterator[Any]:
        item_id = self._id("rs")
        begun = ResponseReasoningItem(id=item_id, summary=[], type="reasoning")
        yield _added(begun)
        texts = []
        for index, tokens in enumerate(part.parts):
            place: dict[str, Any] = {"item_id": item_id, "output_index": 0, "sequence_number": 0}
            place["content_index" if part.raw else "summary_index"] = index
            delta, done = RAW if part.raw else SUMMARY
            text = ""
            async for token in _each(tokens):
                text += token
                yield delta(**place, delta=token)
            yield done(**place, text=text)
            texts.append(text)
        if part.raw:
            content = [Content(text=text, type="reasoning_text") for text in texts]
            yield _done(begun.model_copy(update={"content": content}))
        else:
            summary = [Summary(text=text, type="summary_text") for text in texts]
            yield _done(begun.model_copy(update={"summary": summary}))

    async def _call(self, part: Call) -> AsyncIterator[Any]:
        call = ResponseFunctionToolCall(
            id=self._id("fc"),
            call_id=part.call_id or _new_id("call"),
            name=part.name,
            arguments=part.arguments if isinstance(part.arguments, str) else json.dumps(part.arguments),
            type="function_call",
        )
        yield _added(call.model_copy(update={"arguments": ""}))
        yield _done(call)

    def _id(self, prefix: str) -> str:
        return FAKE_RESPONSES_ID if self.chat_completions else _new_id(prefix)


def _new_id(prefix: str) -> str:
    return f"{prefix}_{token_hex(8)}"


def _delta(model: type, kind: str) -> Any:
    return lambda **fields: model(**fields, type=kind)


SUMMARY = (
    _delta(ResponseReasoningSummaryTextDeltaEvent, "response.reasoning_summary_text.delta"),
    _delta(ResponseReasoningSummaryTextDoneEvent, "response.reasoning_summary_text.done"),
)
"""A piece of a summary, and its end."""
RAW = (
    _delta(ResponseReasoningTextDeltaEvent, "response.reasoning_text.delta"),
    _delta(ResponseReasoningTextDoneEvent, "response.reasoning_text.done"),
)
"""A piece of raw reasoning, and its end."""


async def _do(part: Wait | Fail | Emit) -> AsyncIterator[Any]:
    if isinstance(part, Fail):
        raise part.error
    if isinstance(part, Wait):
        part.reached.set()
        await part.until.wait()
        return
    for event in part.events:
        yield event
    if part.item is not None:
        yield _done(part.item)


async def _each(tokens: Tokens) -> AsyncIterator[str]:
    if isinstance(tokens, str):
        yield tokens
    elif isinstance(tokens, AsyncIterable):
        async for token in tokens:
            yield token
    else:
        for token in tokens:
            yield token


def _added(item: Any) -> Any:
    return ResponseOutputItemAddedEvent.model_construct(
        item=item, output_index=0, sequence_number=0, type="response.output_item.added"
    )


def _done(item: Any) -> Any:
    return ResponseOutputItemDoneEvent.model_construct(
        item=item, output_index=0, sequence_number=0, type="response.output_item.done"
    )
