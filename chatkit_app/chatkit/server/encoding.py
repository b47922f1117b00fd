"""Models to bytes."""

from json.encoder import encode_basestring as _json_string
from typing import Any

from pydantic import BaseModel

from chatkit_app.chatkit.types import (
    AssistantMessageContentPartTextDelta,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
)

_CONTEXT = {"exclude_metadata": True}  # what integrations keep on attachments is not for clients


def encode(model: BaseModel | None) -> bytes:
    """The JSON document of an answer; `{}` for none."""
    if model is None:
        return b"{}"
    return model.__pydantic_serializer__.to_json(model, by_alias=True, exclude_none=True, context=_CONTEXT)


def encode_event(event: ThreadStreamEvent) -> bytes:
    """The chunk of an event: `data: `, its JSON, and a blank line."""
    if type(event) is ThreadItemUpdatedEvent and type(event.update) is AssistantMessageContentPartTextDelta:
        return _encode_text_delta(event.item_id, event.update)
    return b"data: %b\n\n" % encode(event)


def _encode_text_delta(item_id: Any, update: AssistantMessageContentPartTextDelta) -> bytes:
    # Nearly every event of a turn is one of these. Written by hand they cost a quarter of the general way.
    return (
        f'data: {{"type":"thread.item.updated","item_id":{_json_string(item_id)},'
        f'"update":{{"type":"assistant_message.content_part.text_delta","content_index":{update.content_index:d},'
        f'"delta":{_json_string(update.delta)}}}}}\n\n'
    ).encode()
