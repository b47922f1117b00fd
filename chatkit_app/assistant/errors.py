"""What the user is told when the model fails: a plain sentence that says what to do. Details are for the log."""

from collections.abc import Callable

from agents.exceptions import MaxTurnsExceeded, ModelBehaviorError, ModelRefusalError, ModelTimeoutError
from openai import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    BadRequestError,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
)

from chatkit_app.chatkit.errors import CustomStreamError

BUSY = ("The model is busy. Wait a moment and try again.", True)
NO_CREDIT = ("The account at the model's provider has no credit left.", False)
UNREACHABLE = ("The model cannot be reached. Try again, or check OPENAI_BASE_URL and that its server is running.", True)
TOO_LONG = ("This chat has become too long for the model. Start a new chat.", False)
REFUSED = ("The model's server did not accept the request. The log says why.", False)


def explain(error: Exception) -> CustomStreamError | None:
    """What to tell the user about an error of the model; None when it is not one of the model's.

    The sentence never quotes the error, which may hold a key or an address.
    """
    for kind, told in _TOLD:
        if isinstance(error, kind):
            message, allow_retry = told(error) if callable(told) else told
            return CustomStreamError(message, allow_retry=allow_retry)
    return None


_Told = tuple[str, bool]


def _rate_limit(error: Exception) -> _Told:
    return NO_CREDIT if getattr(error, "code", None) == "insufficient_quota" else BUSY


def _bad_request(error: Exception) -> _Told:
    words = f"{getattr(error, 'code', '')} {getattr(error, 'type', '')} {error}".lower()
    return TOO_LONG if "context" in words and ("length" in words or "exceed" in words) else REFUSED


# From the particular to the general: the first that fits is told.
_TOLD: list[tuple[type[Exception] | tuple[type[Exception], ...], _Told | Callable[[Exception], _Told]]] = [
    (AuthenticationError, ("The model's server does not accept the key. Check OPENAI_API_KEY.", False)),
    (PermissionDeniedError, ("The key may not use this model. Check OPENAI_API_KEY and CHATKIT_MODEL.", False)),
    (NotFoundError, ("The model's server does not know this model. Check CHATKIT_MODEL and OPENAI_BASE_URL.", False)),
    (RateLimitError, _rate_limit),
    (BadRequestError, _bad_request),
    (InternalServerError, ("The model's server has a problem. Try again in a moment.", True)),
    (APIStatusError, REFUSED),
    ((APITimeoutError, ModelTimeoutError), ("The model did not answer in time. Try again.", True)),
    # Before an answer or in the middle of one.
    (APIConnectionError, UNREACHABLE),
    (APIError, ("The model broke off. Try again.", True)),
    (MaxTurnsExceeded, ("The assistant took too many steps without finding an answer. Try again.", True)),
    (ModelRefusalError, ("The model declined to answer this.", False)),
    (ModelBehaviorError, ("The model answered in a way that could not be read. Try again.", True)),
]
