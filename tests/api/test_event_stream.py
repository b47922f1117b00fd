"""Streams over a real connection: at once, and ended when the client has gone."""

import asyncio
import json
from contextlib import aclosing
from functools import partial

import httpx
import pytest
from starlette.applications import Starlette

from chatkit_app.api import chatkit_route, create_api, shield
from chatkit_app.api.event_stream import EventStream
from chatkit_app.chatkit.types import SDKHiddenContextItem
from chatkit_app.identity import RequestContext
from chatkit_app.runs import MemoryRuns
from chatkit_app.stores.sql import SQLStore
from tests.api.asking import IDENTITY
from tests.api.serving import serving
from tests.api.talking import Talking, message

ALICE = RequestContext("user_alice")


@pytest.fixture
async def server(tmp_path):
    store = SQLStore(f"sqlite+aiosqlite:///{tmp_path / 'chat.db'}")
    made = Talking(store)
    made.gate = asyncio.Semaphore(0)
    yield made
    await store.aclose()


@pytest.fixture(params=["our own api", "a route in somebody's application"])
def app(request, server):
    """Both ways to be on the web, for the same user."""
    if request.param == "our own api":
        runs = MemoryRuns(server.stream_events)
        return create_api(server, runs, server.store, IDENTITY, context=lambda _: ALICE)
    return Starlette(routes=[chatkit_route(server, lambda _: ALICE)])


async def lines(response):
    async for line in response.aiter_lines():
        if line:
            yield json.loads(line.removeprefix("data: "))


async def until_first_word(events):
    async for event in events:
        if event.get("update", {}).get("delta"):
            return event["update"]["delta"]
    raise AssertionError("the answer said nothing")


async def items(server):
    thread = (await server.store.load_threads(1, None, "desc", ALICE)).data[0]
    return (await server.store.load_thread_items(thread.id, None, 100, "asc", ALICE)).data


async def test_a_word_is_at_the_client_before_the_next_one_is_said(server, app):
    async with (
        serving(app) as address,
        httpx.AsyncClient() as browser,
        browser.stream("POST", f"{address}/chatkit", json=message()) as response,
    ):
        events = lines(response)
        assert await until_first_word(events) == "Hel"
        server.gate.release()
        assert await until_first_word(events) == "lo "
        server.gate.release()
        rest = [event["type"] async for event in events]
    assert rest[-1] == "thread.item.done"


async def test_a_client_that_leaves_stops_the_answer_and_what_was_said_is_kept(server, app):
    async with serving(app) as address:
        async with (
            httpx.AsyncClient() as browser,
            browser.stream("POST", f"{address}/chatkit", json=message()) as response,
        ):
            server.gate.release()
            events = lines(response)
            await until_first_word(events)
            await until_first_word(events)
        async with asyncio.timeout(5):  # nothing is being said: only the closed connection can tell
            await server.ended.wait()
    question, answer, note = await items(server)
    assert question.type == "user_message"
    assert answer.content[0].text == "Hello "
    assert isinstance(note, SDKHiddenContextItem)


async def test_a_stream_that_breaks_ends_with_an_error_event(server, app):
    server.gate = None
    async with serving(app) as address, httpx.AsyncClient() as browser:
        request = {"type": "threads.retry_after_item", "params": {"thread_id": "t", "item_id": "i"}}
        response = await browser.post(f"{address}/chatkit", json=request)
        first = [json.loads(line.removeprefix("data: ")) for line in response.text.split("\n") if line]
        await browser.post(f"{address}/chatkit", json=message())
        answer = (await items(server))[1]
        params = {"thread_id": answer.thread_id, "item_id": answer.id}
        request = {"type": "threads.retry_after_item", "params": params}
        response = await browser.post(f"{address}/chatkit", json=request)
        second = [json.loads(line.removeprefix("data: ")) for line in response.text.split("\n") if line]
    assert [event["type"] for event in first] == [event["type"] for event in second] == ["error"]


async def test_stop_from_a_tab_ends_the_stream_of_a_plain_client_normally(server):
    runs = MemoryRuns(server.stream_events)
    app = shield(create_api(server, runs, server.store, IDENTITY, context=lambda _: ALICE), IDENTITY)
    async with (
        serving(app) as address,
        httpx.AsyncClient() as browser,
        browser.stream("POST", f"{address}/chatkit", json=message()) as response,
    ):
        events = lines(response)
        created = await anext(events)
        await until_first_word(events)
        assert await runs.stop(created["thread"]["id"], ALICE) is True
        assert [event async for event in events] == []
    assert [item.type for item in await items(server)] == ["user_message", "assistant_message", "sdk_hidden_context"]


class Sent:
    """A server that remembers what it was sent, and whose client may leave."""

    def __init__(self):
        self.messages = []
        self.first = asyncio.Event()
        self.gone = asyncio.Event()
        self.broken = False

    async def send(self, message):
        if self.broken:
            raise OSError("the client has gone")
        self.messages.append(message)
        if message.get("body"):
            self.first.set()

    async def receive(self):
        await self.gone.wait()
        return {"type": "http.disconnect"}


async def write_all(chunks, write):
    async with aclosing(chunks):
        async for chunk in chunks:
            await write(chunk)


async def test_a_server_that_tells_only_by_failing_to_send_ends_the_stream_too():
    closed = asyncio.Event()

    async def chunks():
        try:
            while True:
                yield b"x"
                sent.broken = True
        finally:
            closed.set()

    sent = Sent()
    await EventStream(partial(write_all, chunks()))({"type": "http"}, sent.receive, sent.send)
    assert closed.is_set()


async def test_a_request_that_is_cancelled_again_and_again_ends_only_when_its_stream_has():
    kept = []

    async def keep():
        for word in "abc":
            await asyncio.sleep(0)
            kept.append(word)

    async def chunks():
        try:
            yield b"x"
            await asyncio.Event().wait()
        finally:
            await asyncio.shield(asyncio.create_task(keep()))

    sent = Sent()
    request = asyncio.create_task(EventStream(partial(write_all, chunks()))({"type": "http"}, sent.receive, sent.send))
    await sent.first.wait()
    while not request.done():
        request.cancel()
        await asyncio.sleep(0)
    assert request.cancelled()
    assert kept == ["a", "b", "c"]
