"""A real language model behind llama.cpp, spoken to over HTTP through both of OpenAI's APIs.

What the model says varies; what is checked is that it streams, that a second turn works, and that what is on the screen is what is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from chatkit_app.assistant.local import LocalServer
from tests.e2e.chat import Chat
from tests.harness import AppServer


@pytest.fixture(scope="module")
def llama() -> Iterator[dict[str, str]]:
    """The settings that name a running llama.cpp."""
    model = LocalServer()
    yield {"OPENAI_BASE_URL": model.start(), "OPENAI_API_KEY": model.key, "CHATKIT_MODEL": "smollm2"}


@pytest.mark.parametrize("api", ["responses", "chat_completions"])
def test_two_turns_stream_and_are_the_same_after_a_reload(
    api: str, llama: dict[str, str], server: Callable[..., AppServer], open_chat: Callable[..., Chat]
) -> None:
    chat = open_chat(server(**llama, CHATKIT_MODEL_API=api, CHATKIT_ASSISTANT="tests.e2e.assistants:terse").url)
    growing: set[int] = set()
    chat.send("What is the capital of France?")
    while chat.answering:
        growing.add(len("".join(chat.answers())))
    first = chat.answers()[-1]
    assert first.strip()
    assert len(growing) > 3, "the answer came in one piece"
    second = chat.ask("And which river flows through it?")
    assert second.strip()
    assert chat.by_test_id("problem").count() == 0
    ids = [row.get_attribute("data-id") for row in chat.page.locator("[data-kind=assistant]").all()]
    assert len(set(ids)) == 2
    assert chat.reload().answers() == [first, second]
    assert chat.questions() == ["What is the capital of France?", "And which river flows through it?"]
