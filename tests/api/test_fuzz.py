"""Whatever is sent, it is answered: never a crash, never a hung stream, never a half-written thread."""

import asyncio
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatkit_app.api import create_api
from chatkit_app.chatkit.types import UserMessageItem
from chatkit_app.identity import RequestContext
from chatkit_app.runs import MemoryRuns
from chatkit_app.stores.sql import SQLStore
from tests.api.asking import IDENTITY, client
from tests.api.talking import Shelf, Talking
from tests.api.test_two_users import HERS, NOTHING, REQUESTS

ALICE = RequestContext("user_alice")

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)


@st.composite
def almost_requests(draw) -> bytes:
    """A real request with a few values somewhere inside replaced, removed or added."""
    kind = draw(st.sampled_from(sorted(REQUESTS)))
    request: dict[str, Any] = {"type": kind, "params": REQUESTS[kind](draw(st.sampled_from([HERS, NOTHING])))}
    request = json.loads(json.dumps(request))
    for _ in range(draw(st.integers(0, 3))):
        place: Any = request
        while isinstance(place, dict | list) and place:
            key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
            if not isinstance(place[key], dict | list) or not place[key] or draw(st.booleans()):
                if draw(st.booleans()):
                    place[key] = draw(JSON)
                else:
                    del place[key]
                break
            place = place[key]
    return json.dumps(request).encode("utf-8", "surrogatepass")


async def ask(body: bytes):
    store = SQLStore("sqlite+aiosqlite://")
    server = Talking(store)
    server.attachment_store = Shelf(store)
    runs = MemoryRuns(server.stream_events)
    app = create_api(server, runs, store, IDENTITY, context=lambda _: ALICE)
    try:
        async with client(app) as browser, asyncio.timeout(10):
            response = await browser.post("/chatkit", content=body, headers={"content-type": "application/json"})
        threads = (await store.load_threads(100, None, "asc", ALICE)).data
        items = [(await store.load_thread_items(thread.id, None, 100, "asc", ALICE)).data for thread in threads]
        return response, items
    finally:
        await runs.aclose()
        await store.aclose()


def check(body: bytes) -> None:
    response, threads = asyncio.run(ask(body))
    assert response.status_code in (200, 400, 404)
    if response.status_code != 200:
        error = response.json()["error"]
        assert error["message"]
        assert error["code"] in ("invalid_json", "invalid_request", "not_found")
    elif response.headers["content-type"].startswith("text/event-stream"):
        events = [json.loads(chunk.removeprefix("data: ")) for chunk in response.text.split("\n\n")[:-1]]
        assert events[-1]["type"] in ("thread.item.done", "error", "progress_update", "thread.updated")
    else:
        response.json()
    for items in threads:
        assert isinstance(items[0], UserMessageItem)  # a thread is never without the message that began it


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(almost_requests())
def test_a_request_with_something_wrong_in_it_is_answered(body):
    check(body)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass")))
def test_anything_else_is_refused(body):
    response, threads = asyncio.run(ask(body))
    assert response.status_code == 400
    assert threads == []
