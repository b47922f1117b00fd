"""Models to bytes."""

import json
from collections.abc import Callable
from functools import lru_cache
from json.encoder import encode_basestring as _json_string

from pydantic import BaseModel
from pydantic_core import PydanticSerializationError

from chatkit_app.chatkit.types import (
    AssistantMessageContentPartTextDelta,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
)

_CONTEXT = {"exclude_metadata": True}  # what integrations keep on attachments is not for clients


def encode(model: BaseModel | None) -> bytes:
    """The JSON document of an answer; `{}` for none.

    Raises `PydanticSerializationError` for a value that has no JSON.
    """
    if model is None:
        return b"{}"
    try:
        return model.__pydantic_serializer__.to_json(model, by_alias=True, exclude_none=True, context=_CONTEXT)
    except (PydanticSerializationError, UnicodeEncodeError):
        dump = model.model_dump(mode="json", by_alias=True, exclude_none=True, context=_CONTEXT)
        return _whole_characters(json.dumps(dump, ensure_ascii=False, separators=(",", ":")))


def encode_event(event: ThreadStreamEvent) -> bytes:
    """The chunk of an event: `data: `, its JSON, and a blank line."""
    if type(event) is ThreadItemUpdatedEvent:
        update = event.update
        if type(update) is AssistantMessageContentPartTextDelta:
            # Nearly every event of a turn is one of these; by hand they cost a fifth of the general way.
            chunk = _until_delta(event.item_id, update.content_index) + _json_string(update.delta) + "}}\n\n"
            try:
                return chunk.encode()
            except UnicodeEncodeError:
                return _whole_characters(chunk)
    return b"data: %b\n\n" % encode(event)


def word_encoder(
    item_id: str, content_index: int, keep: Callable[[str], object] | None = None
) -> Callable[[ThreadItemUpdatedEvent, str], bytes]:
    """`encode_event` for events that each add a text, which is given too, to this part of this item.

    `keep` is told each text; a function of its own around this one would cost a word noticeably.
    """
    until_delta = _until_delta(item_id, content_index)

    def encode_word(event: ThreadItemUpdatedEvent, delta: str) -> bytes:
        if keep is not None:
            keep(delta)
        chunk = f"{until_delta}{_json_string(delta)}}}}}\n\n"
        try:
            return chunk.encode()
        except UnicodeEncodeError:
            return _whole_characters(chunk)

    return encode_word


@lru_cache(maxsize=1_000)
def _until_delta(item_id: str, content_index: int) -> str:
    return (
        f'data: {{"type":"thread.item.updated","item_id":{_json_string(item_id)},'
        f'"update":{{"type":"assistant_message.content_part.text_delta","content_index":{content_index:d},"delta":'
    )


def _whole_characters(text: str) -> bytes:
    """A character cut in two, which some models stream, has no bytes: each half becomes U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
