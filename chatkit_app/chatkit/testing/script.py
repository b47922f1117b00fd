"""What a scripted model is given to do."""

import asyncio
from collections.abc import AsyncIterable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Tokens = str | Iterable[str] | AsyncIterable[str]
"""Text in one piece, in pieces, or in pieces that come when they come."""


@dataclass(frozen=True)
class Say:
    """A message of the assistant. Its annotations come while it grows, or else (`late`) only with the whole message."""

    tokens: Tokens
    """The words; an answer that is shown while it grows comes in pieces."""
    id: str | None = None
    """Id of the message; a new one if left out."""
    annotations: Sequence[Any] = ()
    """Citations, as the Responses API has them."""
    late: bool = False
    """Whether citations come only with the whole message."""


@dataclass(frozen=True)
class Refuse:
    """A refusal of the assistant."""

    text: str
    """Its words."""


@dataclass(frozen=True)
class Think:
    """Reasoning, as a summary in several parts or raw."""

    parts: Sequence[Tokens]
    """The thoughts."""
    raw: bool = False
    """Whether they are the reasoning itself and no summary."""


@dataclass(frozen=True)
class Call:
    """A call of a function tool; its arguments as JSON text, or as what that would be the text of."""

    name: str
    """Name of the tool."""
    arguments: str | Mapping[str, Any] = "{}"
    """What it is called with."""
    call_id: str | None = None
    """The model's id of the call; a new one if left out."""


@dataclass(frozen=True)
class Wait:
    """Nothing comes for a while."""

    until: asyncio.Event = field(default_factory=asyncio.Event)
    """To be set when the model shall go on."""
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    """Is set when the model has come here."""


@dataclass(frozen=True)
class Fail:
    """The connection to the model breaks."""

    error: Exception
    """What is raised."""


@dataclass(frozen=True)
class Emit:
    """Anything else a model can do."""

    events: Sequence[Any]
    """Events of the Responses API."""
    item: Any = None
    """The item they amount to."""


Part = Say | Refuse | Think | Call | Wait | Fail | Emit | str
"""What a model does; text is a `Say`."""

Script = Sequence[Part] | Part
"""What a model does when it is called once."""
