"""How OpenAI's two APIs tell an answer as server-sent events; used by the scripted server."""

import json
import time
from collections.abc import Callable
from itertools import count
from typing import Any


class Writer:
    """How one of the APIs tells an answer."""

    def begin(self) -> list[str]:
        raise NotImplementedError

    def text(self, delta: str) -> list[str]:
        raise NotImplementedError

    def thought(self, delta: str) -> list[str]:
        raise NotImplementedError

    def call(self, name: str, arguments: str) -> list[str]:
        raise NotImplementedError

    def end(self) -> list[str]:
        raise NotImplementedError


class CompletionsWriter(Writer):
    def __init__(self, new_id: Callable[[str], str]) -> None:
        self._id = new_id("chatcmpl")
        self._new_id = new_id
        self._calls = 0

    def begin(self) -> list[str]:
        return self._chunk({"role": "assistant", "content": ""})

    def text(self, delta: str) -> list[str]:
        return self._chunk({"content": delta})

    def thought(self, delta: str) -> list[str]:
        return self._chunk({"reasoning_content": delta})

    def call(self, name: str, arguments: str) -> list[str]:
        function = {"name": name, "arguments": arguments}
        call = {"index": self._calls, "id": self._new_id("call"), "type": "function", "function": function}
        self._calls += 1
        return self._chunk({"tool_calls": [call]})

    def end(self) -> list[str]:
        return [*self._chunk({}, "tool_calls" if self._calls else "stop"), "data: [DONE]\n\n"]

    def _chunk(self, delta: dict[str, Any], finish: str | None = None) -> list[str]:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        chunk = {"id": self._id, "object": "chat.completion.chunk", "created": int(time.time()), "model": "scripted"}
        return [sse(chunk | {"choices": [choice]})]


class ResponsesWriter(Writer):
    def __init__(self, new_id: Callable[[str], str], places: bool) -> None:
        self._new_id = new_id
        self._places = places
        self._sequence = count()
        self._output: list[dict[str, Any]] = []
        self._open: dict[str, Any] | None = None
        self._response = {"id": new_id("resp"), "object": "response", "created_at": int(time.time())}
        self._response |= {"model": "scripted", "parallel_tool_calls": True, "tool_choice": "auto", "tools": []}

    def begin(self) -> list[str]:
        return self._event("response.created", response=self._response | {"output": [], "status": "in_progress"})

    def text(self, delta: str) -> list[str]:
        before = self._opened("message", "content", "output_text")
        return [*before, *self._event("response.output_text.delta", **self._place("content"), delta=delta)]

    def thought(self, delta: str) -> list[str]:
        before = self._opened("reasoning", "summary", "summary_text")
        return [*before, *self._event("response.reasoning_summary_text.delta", **self._place("summary"), delta=delta)]

    def call(self, name: str, arguments: str) -> list[str]:
        before = self._closed()
        item = {"type": "function_call", "id": self._new_id("fc"), "call_id": self._new_id("call"), "name": name}
        index = len(self._output)
        self._output.append(item | {"arguments": arguments, "status": "completed"})
        return [
            *before,
            *self._event("response.output_item.added", output_index=index, item=item | {"arguments": ""}),
            *self._event("response.output_item.done", output_index=index, item=self._output[-1]),
        ]

    def end(self) -> list[str]:
        before = self._closed()
        response = self._response | {"output": self._output, "status": "completed"}
        return [*before, *self._event("response.completed", response=response)]

    def _opened(self, kind: str, parts: str, part_kind: str) -> list[str]:
        if self._open is not None and self._open["type"] == kind:
            return []
        before = self._closed()
        self._open = {"type": kind, "id": self._new_id("msg" if kind == "message" else "rs"), parts: [], "said": ""}
        self._open |= {"role": "assistant", "status": "in_progress"} if kind == "message" else {}
        self._open["part"] = {"type": part_kind, "text": ""} | ({"annotations": []} if kind == "message" else {})
        added = self._event("response.output_item.added", output_index=len(self._output), item=self._item(parts, []))
        name = "response.content_part.added" if kind == "message" else "response.reasoning_summary_part.added"
        return [*before, *added, *self._event(name, **self._place(parts), part=self._open["part"])]

    def _closed(self) -> list[str]:
        if self._open is None:
            return []
        is_message = self._open["type"] == "message"
        parts = "content" if is_message else "summary"
        part = self._open["part"] | {"text": self._open["said"]}
        item = self._item(parts, [part]) | ({"status": "completed"} if is_message else {})
        text_done = "response.output_text.done" if is_message else "response.reasoning_summary_text.done"
        part_done = "response.content_part.done" if is_message else "response.reasoning_summary_part.done"
        chunks = [
            *self._event(text_done, **self._place(parts), text=part["text"]),
            *self._event(part_done, **self._place(parts), part=part),
            *self._event("response.output_item.done", output_index=len(self._output), item=item),
        ]
        self._output.append(item)
        self._open = None
        return chunks

    def _item(self, parts: str, filled: list[Any]) -> dict[str, Any]:
        assert self._open is not None
        return {key: value for key, value in self._open.items() if key not in ("said", "part")} | {parts: filled}

    def _place(self, parts: str) -> dict[str, Any]:
        assert self._open is not None
        index = "content_index" if parts == "content" else "summary_index"
        return {"item_id": self._open["id"], "output_index": len(self._output), index: 0}

    def _event(self, kind: str, **fields: Any) -> list[str]:
        if "delta" in fields and self._open is not None:
            self._open["said"] += fields["delta"]
        fields |= {"sequence_number": next(self._sequence)}
        if not self._places:
            for name in ("content_index", "summary_index", "output_index", "sequence_number"):
                fields.pop(name, None)
        return [sse({"type": kind} | fields, kind)]


def sse(data: dict[str, Any], event: str | None = None) -> str:
    head = f"event: {event}\n" if event else ""
    return f"{head}data: {json.dumps(data)}\n\n"
