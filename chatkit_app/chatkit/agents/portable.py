"""Input items that every kind of model accepts.

openai-agents sends a conversation to Responses models as it is and translates it for Chat Completions models. That
translation refuses an assistant's text written as `output_text` without the id the model once gave it, and we do not
keep that id. Without the pieces below every second turn with a Chat Completions model would fail.
"""

from collections.abc import Sequence
from typing import Any, cast

from agents import TResponseInputItem


class OutputTextTag(str):
    """The word `output_text`, which also answers to `input_text`.

    It is written, hashed and sent as `output_text`, which the Responses API wants for words of the assistant. The
    translation to Chat Completions asks whether the part is `input_text`, its name for text from any side, and is told
    yes. So one input works with both.
    """

    __slots__ = ()

    def __new__(cls) -> "OutputTextTag":
        return super().__new__(cls, "output_text")

    def __eq__(self, other: object) -> bool:
        return other == "input_text" or str.__eq__(self, other) is True

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __reduce__(self) -> tuple[type["OutputTextTag"], tuple[()]]:
        return OutputTextTag, ()

    __hash__ = str.__hash__


OUTPUT_TEXT = OutputTextTag()
"""The tag of a part with an assistant's words."""


def join_neighbours(items: Sequence[TResponseInputItem]) -> list[TResponseInputItem]:
    """The same conversation with neighbouring messages of the user made one.

    Chat templates of many open models refuse a conversation in which the roles do not alternate.
    """
    joined: list[dict[str, Any]] = []
    for item in cast(Sequence[dict[str, Any]], items):
        previous = joined[-1] if joined else None
        if previous is not None and _is_user_message(previous) and _is_user_message(item):
            joined[-1] = {**previous, "content": [*_parts(previous), *_parts(item)]}
        else:
            joined.append(item)
    return cast(list[TResponseInputItem], joined)


def _is_user_message(item: dict[str, Any]) -> bool:
    return item.get("role") == "user" and item.get("type", "message") == "message"


def _parts(item: dict[str, Any]) -> list[Any]:
    content = item["content"]
    return [{"type": "input_text", "text": content}] if isinstance(content, str) else list(content)
