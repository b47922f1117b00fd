"""How requests to a model provider name us, when the openai-agents package makes them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from chatkit_app.chatkit.version import __version__

_SWITCHES = (
    ("agents.models.openai_responses", ("_HEADERS_OVERRIDE", "HEADERS_OVERRIDE")),
    ("agents.models.openai_chatcompletions", ("HEADERS_OVERRIDE", "_HEADERS_OVERRIDE")),
)


class ModelUserAgent:
    """Names ChatKit in the requests of whatever runs in the contexts where it was put.

    The steps of a generator may run in several tasks, so there is no one context to set it in and reset it: it is put
    where it is missing, and taken back where the generator ends.
    """

    def __init__(self) -> None:
        # openai-agents is never imported from here: it takes a second, and who has not imported it does not use it.
        self._switches = _switches() if "agents.models.openai_responses" in sys.modules else ()
        self._first = self._switches[0] if self._switches else None

    @property
    def is_needed(self) -> bool:
        """Whether there is anybody to name ChatKit to."""
        return self._first is not None

    def put(self) -> None:
        """Name ChatKit in the current context, unless something else is named there."""
        if self._first is not None and self._first.get() is None:
            for switch in self._switches:
                switch.set(_headers())

    def take_back(self) -> None:
        """Name nobody in the current context."""
        for switch in self._switches:
            if switch.get() is _headers():
                switch.set(None)


@contextmanager
def agents_sdk_user_agent_override() -> Iterator[None]:
    """Name ChatKit in the `User-Agent` of model requests begun inside; nothing if openai-agents is not in use."""
    name = ModelUserAgent()
    name.put()
    try:
        yield
    finally:
        name.take_back()


@cache
def _switches() -> tuple[ContextVar[Any], ...]:
    found = []
    for module_name, names in _SWITCHES:
        module = sys.modules.get(module_name)
        switch = next((getattr(module, name) for name in names if hasattr(module, name)), None)
        if isinstance(switch, ContextVar):
            found.append(switch)
    return tuple(found)


@cache
def _headers() -> dict[str, str]:
    version = getattr(sys.modules.get("agents.version"), "__version__", "0.0.0")
    return {"User-Agent": f"Agents/Python {version} ChatKit/Python {__version__}"}
