"""Identities: a prefix that says what it is, the time it was made, and enough chance to be unguessable."""

import secrets
import time
from typing import Literal

StoreItemType = Literal["thread", "message", "tool_call", "task", "workflow", "attachment", "sdk_hidden_context"]
"""Kinds of things a store makes ids for."""

_ID_PREFIXES: dict[StoreItemType, str] = {
    "thread": "thr",
    "message": "msg",
    "tool_call": "tc",
    "workflow": "wf",
    "task": "tsk",
    "attachment": "atc",
    "sdk_hidden_context": "shcx",
}

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"  # in ASCII order, so that ids sort as their numbers do
_TIME_BITS = 48
_RANDOM_BITS = 80
_LENGTH = -(-(_TIME_BITS + _RANDOM_BITS) // 5)


def default_generate_id(item_type: StoreItemType) -> str:
    """A new id: prefix, `_`, and 26 characters of 48 bits of milliseconds followed by 80 random bits.

    Ids of one kind sort by the millisecond they were made in. Raises `KeyError` for an unknown kind.
    """
    prefix = _ID_PREFIXES[item_type]
    number = (time.time_ns() // 1_000_000) << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    return f"{prefix}_{''.join(_DIGITS[number >> shift & 31] for shift in _SHIFTS)}"


_SHIFTS = tuple(range(5 * (_LENGTH - 1), -1, -5))
