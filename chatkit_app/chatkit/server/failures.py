"""What a failure looks like on the wire."""

from chatkit_app.chatkit.errors import CustomStreamError, ErrorCode, StreamError
from chatkit_app.chatkit.logger import logger
from chatkit_app.chatkit.types import ErrorEvent


def error_event(error: Exception) -> ErrorEvent:
    """The event for a failure; what nobody raised on purpose is logged with its cause."""
    if isinstance(error, CustomStreamError):
        return ErrorEvent(code="custom", message=error.message, allow_retry=error.allow_retry)
    if isinstance(error, StreamError):
        return ErrorEvent(code=error.code, allow_retry=error.allow_retry)
    logger.error("%s", error, exc_info=error)
    return ErrorEvent(code=ErrorCode.STREAM_ERROR, allow_retry=True)
