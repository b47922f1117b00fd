"""What becomes of the events of a turn on their way out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic_core import PydanticSerializationError

from chatkit_app.chatkit.types import (
    AssistantMessageContentPartTextDelta,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
)
from chatkit_app.chatkit.types.copies import deep_copy

from .encoding import encode_event, word_encoder
from .failures import error_event

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Output(Generic[T]):
    """Makes what a stream yields of its events."""

    event: Callable[[ThreadStreamEvent], T]
    """Of any event. The handler may go on changing what is in it."""
    words: Callable[[str, int], Callable[[ThreadItemUpdatedEvent, str], T]]
    """Of the text deltas of one item (its id) and part (its index) after the first, each given with its text: nearly
    all events are such."""


def _encoded(event: ThreadStreamEvent) -> bytes:
    try:
        return encode_event(event)
    except PydanticSerializationError as error:  # a handler put something in it that has no JSON
        return encode_event(error_event(error))


def _own_copy(event: ThreadStreamEvent) -> ThreadStreamEvent:
    if type(event) is ThreadItemUpdatedEvent and type(event.update) is AssistantMessageContentPartTextDelta:
        return event  # nobody changes a word
    return deep_copy(event)


CHUNKS: Output[bytes] = Output(_encoded, word_encoder)
"""The bytes of server-sent events. What has no JSON becomes an `error` event."""

EVENTS: Output[ThreadStreamEvent] = Output(_own_copy, lambda item_id, content_index: lambda event, delta: event)
"""The events, each one the receiver's own to keep."""
