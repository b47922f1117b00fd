from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_app.assistant.reading import LONGEST_TITLE, Reading, title_of
from chatkit_app.chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    FileAttachment,
    InferenceOptions,
    SDKHiddenContextItem,
    UserMessageItem,
    UserMessageTagContent,
    UserMessageTextContent,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ENVELOPE: dict[str, Any] = {"thread_id": "thr_1", "created_at": NOW}


def message(*texts: str | UserMessageTagContent, files: tuple[str, ...] = ()) -> UserMessageItem:
    return UserMessageItem(
        id="msg_1",
        content=[UserMessageTextContent(text=text) if isinstance(text, str) else text for text in texts],
        attachments=[FileAttachment(id=name, name=name, mime_type="text/plain") for name in files],
        inference_options=InferenceOptions(),
        **ENVELOPE,
    )


TAG = UserMessageTagContent(id="c1", text="Ada", data={}, group="people")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Hello", "Hello"),
        ("  How\n\nare   you?  ", "How are you?"),
        ("x" * 60, "x" * 60),
        ("word " * 30, "word word word word word word word word word word word word…"),
        (
            "A sentence, which goes on and on until it is too long, really: for a title",
            "A sentence, which goes on and on until it is too long…",
        ),
        ("x" * 200, "x" * 60 + "…"),
        ("東京" * 50, "東京" * 30 + "…"),
        ("short " + "y" * 100, "short " + "y" * 54 + "…"),
        ("", None),
        (" \n ", None),
    ],
)
def test_a_thread_is_called_by_its_first_words(text: str, title: str | None) -> None:
    assert title_of(message(text)) == title


def test_a_mention_is_part_of_the_title_and_a_file_stands_in_for_words() -> None:
    assert title_of(message("Ask ", TAG, " to call")) == "Ask Ada to call"
    assert title_of(message(files=("plan.pdf",))) == "plan.pdf"


@given(st.text())
def test_a_title_is_one_line_and_bounded(text: str) -> None:
    title = title_of(message(text))
    assert title is None or (0 < len(title) <= LONGEST_TITLE + 1 and "\n" not in title)


async def test_files_and_mentions_are_named() -> None:
    (read,) = await Reading().to_agent_input([message("Ask ", TAG, files=("plan.pdf",))])
    texts = [part["text"] for part in read["content"]]  # type: ignore[index, typeddict-item]
    assert texts[0] == "Ask @Ada"
    assert "(Attached file: plan.pdf, text/plain)" in texts
    assert "Ada: id c1, people" in texts


async def test_roles_alternate_whatever_the_thread_holds() -> None:
    answer = AssistantMessageItem(
        id="msg_2", content=[AssistantMessageContent(text="Well", annotations=[])], **ENVELOPE
    )
    hidden = SDKHiddenContextItem(id="shcx_1", content="The user cancelled the stream.", **ENVELOPE)
    read: list[Any] = await Reading().to_agent_input([message("One"), answer, hidden, message("Two")])
    assert [item["role"] for item in read] == ["user", "assistant", "user"]
    assert read[1]["content"] == "Well"
