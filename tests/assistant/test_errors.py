from typing import Any

import httpx2
import openai
import pytest
from agents.exceptions import MaxTurnsExceeded

from chatkit_app.assistant.errors import BUSY, NO_CREDIT, REFUSED, TOO_LONG, explain

SECRET = "sk-proj-very-secret"
REQUEST = httpx2.Request("POST", f"http://{SECRET}.example/v1")


def status_error(kind: Any, status: int, **body: Any) -> openai.APIStatusError:
    response = httpx2.Response(status, request=REQUEST)
    error: openai.APIStatusError = kind(f"Incorrect API key: {SECRET}", response=response, body=body)
    return error


@pytest.mark.parametrize(
    ("error", "says", "allow_retry"),
    [
        (status_error(openai.AuthenticationError, 401), "Check OPENAI_API_KEY", False),
        (status_error(openai.PermissionDeniedError, 403), "Check OPENAI_API_KEY and CHATKIT_MODEL", False),
        (status_error(openai.NotFoundError, 404), "Check CHATKIT_MODEL", False),
        (status_error(openai.RateLimitError, 429), BUSY[0], True),
        (status_error(openai.RateLimitError, 429, code="insufficient_quota"), NO_CREDIT[0], False),
        (status_error(openai.BadRequestError, 400), REFUSED[0], False),
        (status_error(openai.BadRequestError, 400, code="context_length_exceeded"), TOO_LONG[0], False),
        (status_error(openai.BadRequestError, 400, type="exceed_context_size_error"), TOO_LONG[0], False),
        (status_error(openai.UnprocessableEntityError, 422), REFUSED[0], False),
        (status_error(openai.InternalServerError, 503), "Try again", True),
        (openai.APITimeoutError(REQUEST), "did not answer in time", True),
        (openai.APIConnectionError(request=REQUEST, message=SECRET), "check OPENAI_BASE_URL", True),
        (openai.APIError(SECRET, REQUEST, body=None), "Try again", True),
        (MaxTurnsExceeded(SECRET), "too many steps", True),
    ],
)
def test_a_failure_of_the_model_becomes_a_sentence_without_its_secrets(
    error: Exception, says: str, allow_retry: bool
) -> None:
    told = explain(error)
    assert told is not None
    assert says in told.message
    assert told.allow_retry is allow_retry
    assert SECRET not in told.message


@pytest.mark.parametrize("error", [ValueError("ours"), KeyError("ours")])
def test_an_error_of_ours_is_not_explained_away(error: Exception) -> None:
    assert explain(error) is None
