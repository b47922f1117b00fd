from typing import Any

import pytest
from agents import RunConfig, Runner

from chatkit_app.assistant.offline import OfflineModel, offline_agent
from chatkit_app.chatkit.errors import CustomStreamError


class Chat:
    """Enough of an agent context: the thread's id."""

    def __init__(self, id: str) -> None:
        self.thread = self
        self.id = id


AGENT = offline_agent(pace=0)


async def ask(input: Any, chat: str = "thr_1", agent: Any = AGENT) -> str:
    result = Runner.run_streamed(agent, input, context=Chat(chat), run_config=RunConfig(tracing_disabled=True))
    async for _ in result.stream_events():
        pass
    return str(result.final_output)


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "type": "message", "content": [{"type": "input_text", "text": text}]}


async def test_the_last_thing_the_user_wrote_decides() -> None:
    assert (await ask([user("a long answer"), user("markdown")])).startswith("# Everything Markdown")


async def test_what_the_thread_adds_for_the_model_is_not_taken_for_the_user() -> None:
    added = user("Hidden context for the agent (not shown to the user):\n<HiddenContext>\nerror\n</HiddenContext>")
    quoted = user("The user is referring to this in particular: \na long answer")
    assert (await ask([user("markdown"), added, quoted])).startswith("# Everything Markdown")


async def test_a_tool_is_really_called_and_its_answer_told() -> None:
    assert "> 12*7 = 84" in await ask("what is 12*7?")


async def test_the_error_comes_once_in_each_chat_and_again_for_a_new_question() -> None:
    agent = offline_agent(pace=0)
    first = [user("show me an error")]
    with pytest.raises(CustomStreamError, match="Try again"):
        await ask(first, "thr_1", agent)
    with pytest.raises(CustomStreamError):
        await ask(first, "thr_2", agent)
    assert (await ask(first, "thr_1", agent)).startswith("This time it worked")
    with pytest.raises(CustomStreamError):
        await ask([*first, user("show me an error")], "thr_1", agent)


async def test_failures_are_not_remembered_without_end() -> None:
    model = OfflineModel(pace=0)
    for number in range(1100):
        model._acts(f"thr_{number}", [user("error")], [])
    assert len(model._failed) == 1000
    assert len(model._acts("thr_0", [user("error")], [])) == 2
    assert len(model._acts("thr_1099", [user("error")], [])) == 1


async def test_it_also_answers_without_streaming() -> None:
    result = await Runner.run(AGENT, "markdown", context=Chat("thr_1"), run_config=RunConfig(tracing_disabled=True))
    assert str(result.final_output).startswith("# Everything Markdown")
