"""What a reader folded from the events is what the store returns after a reload."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from chatkit_app.chatkit.server import encode_event
from chatkit_app.chatkit.types.reduce import ThreadView, begin_turn, end_turn, reduce

from ..lives import streams
from ..scripted import ANN, ScriptedServer, a_thread, add, items_of

ends = st.sampled_from([None, RuntimeError("boom"), asyncio.CancelledError()])


@given(streams(), ends)
def test_the_settled_view_is_what_is_stored(events, end):
    asyncio.run(_compare(events, end))


@given(streams(), ends)
def test_the_bytes_of_a_stream_are_its_events(events, end):
    asyncio.run(_compare_ways_out(events, end))


async def _compare_ways_out(events, end):
    server = await _answering(events, end)
    said = [encode_event(event) async for event in _until_stopped(server.stream_events(add("thr_1"), ANN))]
    server = await _answering(events, end)
    result = await server.process(add("thr_1").model_dump_json(), ANN)
    sent = [chunk async for chunk in _until_stopped(result.json_events)]
    assert sent[1:] == said[1:]  # the first is the user's message, with an id and a time of its own
    assert b"thread.item.done" in sent[0]


async def _until_stopped(events):
    try:
        async for event in events:
            yield event
    except asyncio.CancelledError:
        pass


async def _compare(events, end):
    server = await _answering(events, end)
    view, stopped = begin_turn(ThreadView()), False
    try:
        async for event in server.stream_events(add("thr_1"), ANN):
            view = reduce(view, event)
    except asyncio.CancelledError:
        stopped = True
    assert {item.id for item in view.settled} <= {item.id for item in await items_of(server, "thr_1")}
    seen = {item.id: item for item in end_turn(view, stopped=stopped).items}
    stored = {item.id: item for item in await items_of(server, "thr_1") if item.type != "sdk_hidden_context"}
    assert seen == stored


async def _answering(events, end):
    async def answer(thread, message, context):
        for event in events:
            yield event.model_copy(deep=True)
        if end is not None:
            raise end

    server = ScriptedServer(answer)
    await a_thread(server)
    return server
