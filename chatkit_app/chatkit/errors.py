"""Errors a turn may end in on purpose.

    BaseStreamError          never caught by name outside a turn
    ├── StreamError          a known code; the client shows its own, localised words
    └── CustomStreamError    words of our own, shown to the user as they are
    RequestError             (a ValueError) the request does not fit the thread; raised to the host, never streamed

Raised inside `respond` or `action` they become one `error` event. Any other exception is logged and becomes
`stream.error` with a retry offered.
"""

from __future__ import annotations

from abc import ABC
from enum import Enum


class ErrorCode(str, Enum):  # noqa: UP042  # str() of a member stays its qualified name
    """Codes every client has words for."""

    STREAM_ERROR = "stream.error"
    """The answer failed, and there is nothing better to say."""


DEFAULT_STATUS: dict[ErrorCode, int] = {ErrorCode.STREAM_ERROR: 500}
"""HTTP status that suits a code, for hosts that want one."""

DEFAULT_ALLOW_RETRY: dict[ErrorCode, bool] = {ErrorCode.STREAM_ERROR: True}
"""Whether the client offers a retry when the error does not say."""


class BaseStreamError(ABC, Exception):
    """An error with a place on the wire."""

    allow_retry: bool
    """Whether the client offers to run the turn again."""


class StreamError(BaseStreamError):
    """A failure the client has words for: `code`, and `allow_retry` when the code's default does not fit."""

    code: ErrorCode
    """Says which words."""
    status_code: int
    """HTTP status that suits the code, 500 for one without; for hosts that want one."""

    def __init__(self, code: ErrorCode, *, allow_retry: bool | None = None) -> None:
        super().__init__(str(getattr(code, "value", code)))
        self.code = code
        self.status_code = DEFAULT_STATUS.get(code, 500)
        self.allow_retry = DEFAULT_ALLOW_RETRY.get(code, False) if allow_retry is None else allow_retry


class CustomStreamError(BaseStreamError):
    """A failure told in words of our own, shown to the user as they are."""

    message: str
    """The words."""

    def __init__(self, message: str, *, allow_retry: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.allow_retry = allow_retry


class RequestError(ValueError):
    """The request is well formed but does not fit the thread: the text names what is wrong."""
