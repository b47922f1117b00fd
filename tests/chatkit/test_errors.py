"""Errors a turn may end in on purpose."""

import pytest

from chatkit_app.chatkit.errors import BaseStreamError, CustomStreamError, ErrorCode, RequestError, StreamError


@pytest.mark.parametrize(("given", "allow_retry"), [(None, True), (False, False), (True, True)])
def test_a_known_code_brings_its_defaults(given, allow_retry):
    error = StreamError(ErrorCode.STREAM_ERROR, allow_retry=given)
    assert (error.code, error.status_code, error.allow_retry) == ("stream.error", 500, allow_retry)
    assert str(error) == "stream.error"
    assert isinstance(error, BaseStreamError)


def test_a_custom_error_is_its_message_and_offers_no_retry():
    error = CustomStreamError("No more today")
    assert (str(error), error.message, error.allow_retry) == ("No more today", "No more today", False)
    assert not hasattr(error, "status_code")


def test_a_request_error_is_a_value_error():
    assert isinstance(RequestError("x"), ValueError)
