"""Real code that stands in for what tests must not reach: models, the network, the clock."""

from chatkit_app.chatkit.testing import (
    Call,
    Emit,
    Fail,
    Part,
    Refuse,
    Say,
    ScriptedModel,
    Think,
    Tokens,
    Wait,
)

__all__ = ["Call", "Emit", "Fail", "Part", "Refuse", "Say", "ScriptedModel", "Think", "Tokens", "Wait"]
