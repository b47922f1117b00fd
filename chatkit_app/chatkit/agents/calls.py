"""Calls of tools in the user's page: which of the model's calls they belong to."""

from typing import Any

from agents.models.fake_id import FAKE_RESPONSES_ID
from openai.types.responses import ResponseFunctionToolCall

from chatkit_app.chatkit.types import ClientToolCallItem, ThreadItemDoneEvent

from .turn import Events, Turn


class FunctionCalls:
    """Remembers the function calls of a run, so that a call in the page carries the model's own ids."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._calls: list[tuple[str, str, str]] = []

    def called(self, raw: Any) -> None:
        """Remember a function call of the model; other kinds of calls are none of ours."""
        if not isinstance(raw, ResponseFunctionToolCall) and _field(raw, "type") != "function_call":
            return
        call_id, item_id = _field(raw, "call_id"), _field(raw, "id")
        if not isinstance(item_id, str) or item_id == FAKE_RESPONSES_ID:
            item_id = ""
        if item_id:
            self._turn.produced[item_id] = None
        self._calls.append((str(_field(raw, "name")), str(call_id or ""), item_id))

    def in_page(self) -> Events:
        """The call the page has to make, if a tool asked for one."""
        wanted = self._turn.context.client_tool_call
        if wanted is None:
            return ()
        named = [call for call in self._calls if call[0] == wanted.name]
        found = (named or self._calls)[-1:]
        _, call_id, item_id = found[0] if found else ("", "", "")
        item_id, call_id = item_id or self._new_id(), call_id or self._new_id()
        call = ClientToolCallItem(
            **self._turn.envelope(item_id), call_id=call_id, name=wanted.name, arguments=wanted.arguments
        )
        return (ThreadItemDoneEvent(item=call),)

    def _new_id(self) -> str:
        return self._turn.context.generate_id("tool_call")


def _field(raw: Any, name: str) -> Any:
    return raw.get(name) if isinstance(raw, dict) else getattr(raw, name, None)
