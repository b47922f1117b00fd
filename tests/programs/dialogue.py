"""A client that talks to a server of either package and remembers what it was told."""

import base64
import json
import re
import warnings
from typing import Any

OPTIONS: dict[str, Any] = {"attachments": [], "inference_options": {}}


class Dialogue:
    """Sends requests to a server; `told` is everything that came back, decoded."""

    def __init__(self, server: Any, context: Any) -> None:
        self.server = server
        self.context = context
        self.thread_id = ""
        self.told: list[Any] = []

    async def send(self, kind: str, /, **params: Any) -> Any:
        """The events of a streaming request, or the document of another."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # the official package warns about its own widgets
            result = await self.server.process(json.dumps({"type": kind, "params": params}), self.context)
            if hasattr(result, "json_events"):
                answer = [json.loads(chunk.split(b"data: ")[1]) async for chunk in result]
            else:
                answer = json.loads(result.json)
        self.told.append(answer)
        return answer

    async def say(self, *content: Any, **options: Any) -> list[Any]:
        """A message of the user; text, or parts of another kind."""
        parts = [{"type": "input_text", "text": part} if isinstance(part, str) else part for part in content]
        message = {"content": parts, **OPTIONS, **options}
        if self.thread_id:
            return await self.send("threads.add_user_message", thread_id=self.thread_id, input=message)
        events = await self.send("threads.create", input=message)
        self.thread_id = events[0]["thread"]["id"]
        return events

    async def click(self, item: Any, action: Any, kind: str = "threads.custom_action") -> Any:
        """A click in a widget."""
        return await self.send(kind, thread_id=self.thread_id, item_id=item["id"], action=action)

    async def reload(self) -> Any:
        """What one sees who opens the thread now."""
        return await self.send("threads.get_by_id", thread_id=self.thread_id)


def items(events: list[Any], kind: str) -> list[Any]:
    """The finished items of one type."""
    done = [event["item"] for event in events if event["type"] == "thread.item.done"]
    return [item for item in done if item["type"] == kind]


def words(item: Any) -> str:
    """All the text of a message."""
    return "".join(part["text"] for part in item["content"])


def kinds(events: list[Any]) -> list[str]:
    """The types of events."""
    return [event["type"] for event in events]


def audio(data: bytes) -> dict[str, str]:
    """A dictated clip, as a browser sends it."""
    return {"audio_base64": base64.b64encode(data).decode(), "mime_type": "audio/webm;codecs=opus"}


def comparable(told: Any) -> Any:
    """The same with ids by the order of their appearance and without times, so that two servers can be compared.

    A workflow that begins is not compared: the official one changes it until it is sent (8.1 #12).
    """
    seen: dict[str, str] = {}
    generated = re.compile(r"\b(thr|msg|tc|wf|tsk|atc|shcx|fc|call)_[0-9a-z]+\b")

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            if value.get("type") == "thread.item.added" and value["item"]["type"] == "workflow":
                value = {**value, "item": {**value["item"], "workflow": "…"}}
            return {key: "…" if key == "created_at" else plain(each) for key, each in value.items()}
        if isinstance(value, list):
            return [plain(each) for each in value]
        if isinstance(value, str):
            return generated.sub(lambda found: seen.setdefault(found[0], f"{found[1]} {len(seen)}"), value)
        return value

    return plain(told)
