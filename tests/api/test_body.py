"""Clients that leave before they have said what they want."""

import pytest
from starlette.applications import Starlette

from chatkit_app.api import chatkit_route, create_api
from chatkit_app.identity import RequestContext
from chatkit_app.runs import MemoryRuns
from tests.api.asking import IDENTITY
from tests.api.talking import Talking

SERVER = Talking()
ALICE = RequestContext("user_alice")
APPS = {
    "api": lambda: create_api(
        SERVER, MemoryRuns(SERVER.stream_events), SERVER.store, IDENTITY, context=lambda _: ALICE
    ),
    "route": lambda: Starlette(routes=[chatkit_route(SERVER, lambda _: ALICE)]),
}


@pytest.mark.parametrize("app", APPS)
async def test_a_client_that_leaves_in_the_middle_of_its_request_is_no_fault_of_ours(app):
    messages = [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]
    sent = []

    async def receive():
        return messages.pop(0)

    async def send(message):
        sent.append(message)

    headers = [(b"content-type", b"application/json"), (b"content-length", b"500")]
    scope = {"type": "http", "method": "POST", "path": "/chatkit", "query_string": b"", "headers": headers}
    await APPS[app]()(scope, receive, send)
    assert sent[0]["status"] == 400
