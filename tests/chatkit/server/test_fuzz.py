"""Whatever is asked: an answer, an event, or an error that says what is wrong. Never a half-written thread."""

import asyncio
import binascii
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from chatkit_app.chatkit.server import NonStreamingResult
from chatkit_app.chatkit.store import NotFoundError
from chatkit_app.chatkit.types import NonStreamingReq, StreamingReq, UserMessageItem

from ..scripted import ANN, NOW, ScriptedServer, a_thread, decode, done, items_of, message, said

ALLOWED = (ValidationError, NotFoundError, ValueError, RuntimeError, NotImplementedError, binascii.Error)
ids = st.sampled_from(["thr_1", "u1", "msg_answer", "nothing", "", "é\x00"]) | st.text(max_size=5)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = {
    "thread_id": ids,
    "item_id": ids | st.none(),
    "item_ids": st.lists(ids, max_size=3),
    "after": ids | st.none(),
    "limit": st.integers(-(10**30), 10**30) | st.none(),
    "order": st.sampled_from(["asc", "desc"]),
    "title": st.text(max_size=5),
    "kind": st.sampled_from(["positive", "negative"]),
    "result": json_values,
    "action": st.fixed_dictionaries({"type": st.text(max_size=3)}, optional={"payload": json_values}),
    "attachment_id": ids,
    "name": st.text(max_size=3),
    "size": st.integers(-1, 10**20),
    "mime_type": st.text(max_size=3),
    "audio_base64": st.text(max_size=8),
}
INPUTS = {
    "threads.add_structured_input": st.fixed_dictionaries(
        {"status": st.sampled_from(["answered", "skipped"])},
        optional={"answers": st.dictionaries(ids, st.fixed_dictionaries({"values": st.lists(st.text(max_size=3))}))},
    )
}
user_input = st.fixed_dictionaries(
    {
        "content": st.lists(
            st.fixed_dictionaries({"type": st.just("input_text"), "text": st.text(max_size=5)}), max_size=2
        ),
        "attachments": st.lists(ids, max_size=1),
        "inference_options": st.just({}),
    }
)


@st.composite
def requests(draw):
    """A request with the fields it should have, perhaps one of them spoilt; and which one."""
    model = draw(st.sampled_from([*StreamingReq.__args__, *NonStreamingReq.__args__]))
    kind = model.model_fields["type"].default
    params = {
        name: draw(INPUTS.get(kind, user_input) if name == "input" else FIELDS[name])
        for name in model.model_fields["params"].annotation.model_fields
    }
    how = draw(st.sampled_from(["", "", "", "missing", "wrong"]))
    spoilt = draw(st.sampled_from(sorted(params))) if how else None
    if how == "missing":
        del params[spoilt]
    elif how == "wrong":
        params[spoilt] = draw(json_values)
    return json.dumps({"type": kind, "params": params}).encode(), spoilt


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(requests(), min_size=1, max_size=4))
def test_requests_of_every_kind_leave_whole_threads(requests_made):
    asyncio.run(asyncio.wait_for(_ask_all(requests_made), 20))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60) | json_values.map(lambda value: json.dumps(value).encode()))
def test_anything_else_is_refused_with_a_reason(body):
    with pytest.raises(ValidationError):
        asyncio.run(ScriptedServer().process(body, ANN))


async def _ask_all(requests_made):
    async def answer(thread, message, context):
        yield done(said(thread.id, "hi"))

    server = ScriptedServer(answer)
    asked = UserMessageItem(id="u1", thread_id="thr_1", created_at=NOW, **message().model_dump())
    await a_thread(server, asked, said("thr_1", "hi"))
    for body, spoilt in requests_made:
        await _ask(server, body, spoilt)
    threads = await server.store.load_threads(100, None, "desc", ANN)
    for thread in threads.data:
        assert thread.id == "thr_1" or (await items_of(server, thread.id))[0].type == "user_message"


async def _ask(server, body, spoilt):
    try:
        result = await server.process(body, ANN)
    except ValidationError as error:
        fields = {field for problem in error.errors() for field in problem["loc"]}
        assert fields & {spoilt, "item_id"}  # which may be null in some requests only
        return
    except ALLOWED as error:
        assert str(error)
        return
    if isinstance(result, NonStreamingResult):
        json.loads(result.json)
        return
    try:
        events = [decode(chunk) async for chunk in result]
    except ValueError as error:  # it does not fit the thread
        assert str(error)
    else:
        assert events
