"""From what a scripted model does to the events by which a model of the Responses API tells it. Pure."""

import json
import re
import secrets
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

Event = dict[str, Any]
"""An event of a Responses stream as it is on the wire, but for its sequence number."""

_Telling = Generator[Event, None, Event]
"""The events of one item; returns the item as it is when done."""

_WORD = re.compile(r"\s*\S+|\s+$")


@dataclass(frozen=True)
class Say:
    """A message of Markdown, told word by word."""

    text: str


@dataclass(frozen=True)
class Think:
    """Reasoning, told word by word: one thought a paragraph."""

    text: str


@dataclass(frozen=True)
class Call:
    """A call of a tool, with the arguments its schema names."""

    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Fail:
    """The model breaks off with this error."""

    error: Exception


Act = Say | Think | Call | Fail


def tell(acts: Iterable[Act], model: str) -> Iterator[Event]:
    """One response, from created to completed, with a fresh id for each item. Raises the error of a `Fail`."""
    response: Event = {
        "id": _new_id("resp"),
        "created_at": 0,
        "model": model,
        "object": "response",
        "output": [],
        "parallel_tool_calls": False,
        "tool_choice": "auto",
        "tools": [],
    }
    output: list[Event] = []
    yield {"type": "response.created", "response": response}
    for index, act in enumerate(acts):
        if isinstance(act, Fail):
            raise act.error
        item = yield from _TELL[type(act)](act, index)
        output.append(item)
    yield {"type": "response.completed", "response": response | {"output": output, "status": "completed"}}


def split_words(text: str) -> list[str]:
    """A text in pieces of one word each, white space included: joined, they are the text."""
    return _WORD.findall(text)


def _tell_message(act: Say, index: int) -> _Telling:
    item: Event = {"type": "message", "id": _new_id("msg"), "role": "assistant"}
    part: Event = {"type": "output_text", "text": act.text, "annotations": [], "logprobs": []}
    place: Event = {"item_id": item["id"], "output_index": index, "content_index": 0}
    yield _added(index, item | {"content": [], "status": "in_progress"})
    yield {"type": "response.content_part.added", "part": part | {"text": ""}, **place}
    for word in split_words(act.text):
        yield {"type": "response.output_text.delta", "delta": word, "logprobs": [], **place}
    yield {"type": "response.output_text.done", "text": act.text, "logprobs": [], **place}
    yield {"type": "response.content_part.done", "part": part, **place}
    return (yield from _done(index, item | {"content": [part], "status": "completed"}))


def _tell_reasoning(act: Think, index: int) -> _Telling:
    item: Event = {"type": "reasoning", "id": _new_id("rs")}
    summary = [{"type": "summary_text", "text": thought.strip()} for thought in act.text.strip().split("\n\n")]
    yield _added(index, item | {"summary": []})
    for number, part in enumerate(summary):
        place: Event = {"item_id": item["id"], "output_index": index, "summary_index": number}
        yield {"type": "response.reasoning_summary_part.added", "part": part | {"text": ""}, **place}
        for word in split_words(part["text"]):
            yield {"type": "response.reasoning_summary_text.delta", "delta": word, **place}
        yield {"type": "response.reasoning_summary_text.done", "text": part["text"], **place}
        yield {"type": "response.reasoning_summary_part.done", "part": part, **place}
    return (yield from _done(index, item | {"summary": summary}))


def _tell_call(act: Call, index: int) -> _Telling:
    arguments = json.dumps(act.arguments, ensure_ascii=False)
    item: Event = {"type": "function_call", "id": _new_id("fc"), "call_id": _new_id("call"), "name": act.name}
    place: Event = {"item_id": item["id"], "output_index": index}
    yield _added(index, item | {"arguments": ""})
    yield {"type": "response.function_call_arguments.delta", "delta": arguments, **place}
    yield {"type": "response.function_call_arguments.done", "name": act.name, "arguments": arguments, **place}
    return (yield from _done(index, item | {"arguments": arguments}))


def _added(index: int, item: Event) -> Event:
    return {"type": "response.output_item.added", "output_index": index, "item": item}


def _done(index: int, item: Event) -> _Telling:
    yield {"type": "response.output_item.done", "output_index": index, "item": item}
    return item


def _new_id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(12)}"


_TELL: dict[type, Callable[[Any, int], _Telling]] = {Say: _tell_message, Think: _tell_reasoning, Call: _tell_call}
