"""The model that answers while no real one is connected: a guided tour of what the kit can do.

It is a model like any other to the Agents SDK, so everything around it is what a real model would use. What it says
is in `tour/`.
"""

import asyncio
import re
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, get_args

from agents import Agent, Model, ModelResponse, RunContextWrapper, Tool, Usage
from agents.items import TResponseInputItem, TResponseStreamEvent
from openai.types.responses import ResponseCompletedEvent, ResponseStreamEvent
from pydantic import Field, TypeAdapter

from chatkit_app.assistant.speech import Act, Fail, tell
from chatkit_app.assistant.tools import TOOLS
from chatkit_app.assistant.tour import Question, answer, answer_tool
from chatkit_app.chatkit.errors import CustomStreamError

_REMEMBERED_FAILURES = 1000
# What the conversion of a thread adds in the user's name without the user having written it.
_NOT_WRITTEN = re.compile(
    r"Hidden context for|The user is referring|The following graphical|A message was displayed|A structured input"
    r"|# User-provided context|The following image"
)


def offline_agent(pace: float) -> Agent[Any]:
    """The assistant without a model. `pace`: seconds between two words."""
    return Agent(name="Offline assistant", instructions=_name_of_chat, model=OfflineModel(pace), tools=TOOLS)


def _name_of_chat(run: RunContextWrapper[Any], agent: Agent[Any]) -> str:
    # A model is not told which chat it is in, and the tour's error must fail once in each.
    return str(run.context.thread.id)


@dataclass
class OfflineModel(Model):
    """Answers from the tour. Never fails but where the tour shows a failure."""

    pace: float = 0.012
    """Seconds between two words; 0 never waits."""
    _failed: OrderedDict[tuple[str, int, str], None] = field(default_factory=OrderedDict, repr=False)

    def __post_init__(self) -> None:
        _events()  # Once, when the application starts, rather than in the first answer.

    async def stream_response(
        self,
        system_instructions: str | None,
        input: str | list[TResponseInputItem],
        model_settings: object,
        tools: list[Tool],
        *args: object,
        **options: object,
    ) -> AsyncIterator[TResponseStreamEvent]:
        """One step of an answer, in the events of the Responses API."""
        items: list[Any] = [{"role": "user", "content": input}] if isinstance(input, str) else list(input)
        acts = self._acts(system_instructions or "", items, [tool.name for tool in tools])
        adapter = _events()
        try:
            for number, event in enumerate(tell(acts, model="offline")):
                yield adapter.validate_python(event | {"sequence_number": number})
                if self.pace and event["type"].endswith(".delta"):
                    await asyncio.sleep(self.pace)
        except CustomStreamError:
            # The runner drops what it has not passed on yet when a model fails; let it be seen first.
            await asyncio.sleep(max(self.pace * 20, 0.02))
            raise

    async def get_response(self, *args: Any, **options: Any) -> ModelResponse:
        """The same without streaming."""
        async for event in self.stream_response(*args, **options):
            if isinstance(event, ResponseCompletedEvent):
                return ModelResponse(output=event.response.output, usage=Usage(), response_id=None)
        raise AssertionError("a response that does not fail is completed")

    def _acts(self, chat: str, items: list[Any], tools: list[str]) -> list[Act]:
        if items and items[-1].get("type") == "function_call_output":
            return answer_tool(str(items[-1]["output"]))
        written = [text for item in items for text in _written(item)]
        text = written[-1] if written else ""
        key = (chat, len(written), text)
        acts = answer(Question(text, tools, again=key in self._failed))
        if any(isinstance(act, Fail) for act in acts):
            self._failed[key] = None
            while len(self._failed) > _REMEMBERED_FAILURES:
                self._failed.popitem(last=False)
        return acts


def _written(item: dict[str, Any]) -> list[str]:
    """What the user wrote in an input item of the model; nothing for any other item."""
    if item.get("role") != "user":
        return []
    content = item.get("content") or ""
    texts = [content] if isinstance(content, str) else [part.get("text", "").strip() for part in content]
    return [text for text in texts if text and not _NOT_WRITTEN.match(text)]


@cache
def _events() -> TypeAdapter[Any]:
    # The SDK's own union has no discriminator that pydantic knows; with one, an event costs a microsecond.
    union: Any = Annotated[get_args(ResponseStreamEvent)[0], Field(discriminator="type")]
    return TypeAdapter(union)
