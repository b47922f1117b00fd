"""An assistant that says so many tokens at such a pace: `say 500 100` is 500 tokens at 100 a second, `say 3000 0` as fast as they come.

Its model is a real `agents.Model` run by the real Runner, so what is measured is the whole way of a token.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from itertools import cycle, islice
from typing import Any

from agents import Agent, Runner

from chatkit_app.chatkit.agents import AgentContext, stream_agent_response
from chatkit_app.chatkit.server import ChatKitServer
from chatkit_app.chatkit.types import ThreadMetadata, ThreadStreamEvent, UserMessageItem
from tests.fakes import Say, ScriptedModel

_TEXT = """## A walk along the shore

The tide had gone out far, and **what it left behind** lay in long curved lines: shells, a length of blue rope, the
small round stones that only look like amber while they are wet. Nobody was about so early but the oystercatchers.

- weed, dark and shining
- a plank with `three nails` in it
- one glove, the left

She counted the posts of the old pier as she passed them, as she had done each morning since the autumn, and came
again to *eleven*. There had been twelve once, people said, but nobody could tell her which storm had taken it.

"""


def tokens(count: int) -> list[str]:
    """So many tokens of Markdown, a word or so each; the first names the moment it was made."""
    words = [f"{word} " if not word.endswith("\n") else word for word in _TEXT.replace("\n", " \n ").split(" ") if word]
    text = [word if word.strip() else "\n" for word in islice(cycle(words), count)]
    return [f"t{time.time_ns() // 1_000_000} ", *text[1:]]


async def paced(count: int, rate: float) -> AsyncIterator[str]:
    """The tokens, `rate` a second (0: at once), on a clock that does not drift."""
    began = time.monotonic()
    for number, token in enumerate(tokens(count)):
        if rate and (late := began + number / rate - time.monotonic()) > 0:
            await asyncio.sleep(late)
        yield token


class Scripted(ChatKitServer[Any]):
    """Answers `say COUNT RATE`."""

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        """The tokens that were asked for."""
        assert input_user_message is not None
        _, count, rate = input_user_message.content[0].text.split()
        agent = Agent(name="scripted", model=ScriptedModel(Say(paced(int(count), float(rate)))))
        agent_context = AgentContext(thread=thread, store=self.store, request_context=context)
        result = Runner.run_streamed(agent, "say", context=agent_context)
        async for event in stream_agent_response(agent_context, result):
            yield event


def create_server(settings: Any, store: Any) -> Scripted:
    """What `CHATKIT_ASSISTANT` names."""
    return Scripted(store)
