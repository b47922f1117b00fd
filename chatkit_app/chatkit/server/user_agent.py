"""How requests to a model provider name us, when the openai-agents package makes them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar, Token
from functools import cache
from typing import Any

from chatkit_app.chatkit.version import __version__

_SWITCHES = (
    ("agents.models.openai_responses", ("_HEADERS_OVERRIDE", "HEADERS_OVERRIDE")),
    ("agents.models.openai_chatcompletions", ("HEADERS_OVERRIDE", "_HEADERS_OVERRIDE")),
)

Tokens = tuple[tuple[ContextVar[Any], Token[Any]], ...]


@contextmanager
def agents_sdk_user_agent_override() -> Iterator[None]:
    """Name ChatKit in the `User-Agent` of model requests begun inside; nothing if openai-agents is not in use."""
    tokens = set_user_agent()
    try:
        yield
    finally:
        reset_user_agent(tokens)


def set_user_agent() -> Tokens:
    """Name ChatKit in the current context; hand the result to `reset_user_agent`."""
    if "agents.models.openai_responses" not in sys.modules:  # never the one to import it: that takes a second
        return ()
    headers = _headers()
    return tuple((switch, switch.set(headers)) for switch in _switches())


def reset_user_agent(tokens: Tokens) -> None:
    """Undo `set_user_agent`."""
    for switch, token in tokens:
        with suppress(ValueError):  # another context, which never saw the override
            switch.reset(token)


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
