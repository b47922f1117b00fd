"""Programs call and override the steps inside the server by their names, as they were seen to."""

import asyncio
from contextlib import aclosing

import pytest

from chatkit_app.chatkit.server import StreamingResult
from chatkit_app.chatkit.types import (
    AssistantMessageContentPartTextDelta,
    ClientToolCallItem,
    HiddenContextItem,
    NoticeEvent,
    Page,
    SDKHiddenContextItem,
    StructuredInputFreeform,
    StructuredInputItem,
    StructuredInputSubmission,
    Thread,
    ThreadAddStructuredInputParams,
    ThreadCreatedEvent,
    ThreadGetByIdParams,
    ThreadMetadata,
    ThreadsAddStructuredInputReq,
    ThreadsCreateReq,
    ThreadsGetByIdReq,
)

from ..scripted import (
    ANN,
    NOW,
    ScriptedServer,
    SlowStore,
    a_thread,
    add,
    ask,
    begins,
    create,
    done,
    items_of,
    kinds,
    open_stream,
    said,
    stream,
    word,
)

AFTERWARDS = NoticeEvent(level="info", message="afterwards")


async def answers(thread, message, context):
    yield done(said(thread.id, "hi"))


class ProgramWithEvents(ScriptedServer):
    async def _process_streaming_impl(self, request, context):
        async for event in super()._process_streaming_impl(request, context):
            yield event
        yield AFTERWARDS


class ProgramWithTurns(ScriptedServer):
    async def _process_events(self, thread, context, stream):
        async for event in super()._process_events(thread, context, stream):
            yield event
        yield AFTERWARDS


class ProgramWithMessages(ScriptedServer):
    async def _process_new_thread_item_respond(self, thread, item, context):
        async for event in super()._process_new_thread_item_respond(thread, item, context):
            yield event
        yield AFTERWARDS


PROGRAMS = [ProgramWithEvents, ProgramWithTurns, ProgramWithMessages]


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("request_", [create(), add("thr_1")], ids=["create", "add"])
async def test_a_program_adds_to_a_step_it_overrides(program, request_):
    plain, server = ScriptedServer(answers), program(answers)
    await a_thread(plain)
    await a_thread(server)
    expected = [*kinds(await stream(plain, request_)), "notice"]
    assert kinds(await stream(server, request_)) == expected
    thread = server.asked[0][0]
    assert [item.type for item in await items_of(server, thread.id)] == ["user_message", "assistant_message"]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_typed_events_go_the_same_way(program):
    async with aclosing(program(answers).stream_events(create(), ANN)) as events:
        assert [event async for event in events][-1] == AFTERWARDS


@pytest.mark.parametrize("program", PROGRAMS)
async def test_stopping_a_program_with_steps_of_its_own_keeps_what_was_said(program):
    async def answer(thread, message, context):
        yield begins(said(thread.id, ""))
        yield word("some")
        await asyncio.Event().wait()

    server = program(answer, store=SlowStore())
    await a_thread(server)
    reached = asyncio.Event()

    async def read():
        async for chunk in await open_stream(server, add("thr_1")):
            if b"some" in chunk:
                reached.set()

    reading = asyncio.create_task(read())
    await reached.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    _, partial, note = await items_of(server, "thr_1")
    assert partial.content[0].text == "some"
    assert isinstance(note, SDKHiddenContextItem)


@pytest.mark.parametrize("program", [ProgramWithEvents, ProgramWithTurns])
async def test_a_form_is_replaced_in_the_turn(program):
    form = StructuredInputItem(
        id="form", thread_id="thr_1", created_at=NOW, inputs=[StructuredInputFreeform(id="q", question="?")]
    )
    server = program(answers)
    await a_thread(server, form)
    params = ThreadAddStructuredInputParams(thread_id="thr_1", item_id="form", input=StructuredInputSubmission())
    events = await stream(server, ThreadsAddStructuredInputReq(params=params))
    assert kinds(events) == ["stream_options", "thread.item.replaced", "thread.item.done", "notice"]


async def test_what_is_missing_is_still_an_error_event():
    assert kinds(await stream(ProgramWithTurns(), add("nowhere"))) == ["error"]


async def test_a_step_that_fails_outside_of_a_turn_is_logged_and_raised(caplog):
    class Server(ScriptedServer):
        async def _process_streaming_impl(self, request, context):
            yield AFTERWARDS
            raise OSError("broken")

    with pytest.raises(OSError, match="broken"):
        await stream(Server(), create())
    assert "broken" in caplog.text


async def test_a_program_may_make_the_thread_itself():
    class Server(ScriptedServer):
        async def _process_streaming_impl(self, request, context):
            assert isinstance(request, ThreadsCreateReq)
            thread = Thread(id="thr_own", created_at=NOW, items=Page(), metadata={"secret": 1})
            await self.store.save_thread(ThreadMetadata(**thread.model_dump()), context=context)
            yield ThreadCreatedEvent(thread=self._to_thread_response(thread))
            message = await self._build_user_message_item(request.params.input, thread, context)
            async for event in self._process_new_thread_item_respond(thread, message, context):
                yield event

    server = Server(answers)
    events = await stream(server, create())
    assert kinds(events) == ["thread.created", "thread.item.done", "stream_options", "thread.item.done"]
    assert events[0]["thread"]["metadata"] == {}
    assert len(await items_of(server, "thr_own")) == 2


@pytest.mark.parametrize("request_", [create(), add("thr_1")], ids=["create", "add"])
async def test_a_program_may_build_the_message_itself(request_):
    class Server(ScriptedServer):
        async def _build_user_message_item(self, input, thread, context):
            built = await super()._build_user_message_item(input, thread, context)
            return built.model_copy(update={"quoted_text": "quoted"})

    server = Server(answers)
    await a_thread(server)
    await stream(server, request_)
    thread, message, _ = server.asked[0]
    assert message.quoted_text == "quoted"
    assert (await items_of(server, thread.id))[0].quoted_text == "quoted"


async def test_a_program_may_change_the_bytes_themselves():
    class Server(ScriptedServer):
        async def _process_streaming(self, request, context):
            async for chunk in super()._process_streaming(request, context):
                yield chunk
            yield b"data: {}\n\n"

        async def _process_non_streaming(self, request, context):
            return (await super()._process_non_streaming(request, context)).replace(b"thr_1", b"thr_x")

    server = Server(answers)
    await a_thread(server)
    result = await server.process(add("thr_1").model_dump_json(), ANN)
    assert isinstance(result, StreamingResult)
    assert [chunk async for chunk in result][-1] == b"data: {}\n\n"
    assert (await ask(server, ThreadsGetByIdReq(params=ThreadGetByIdParams(thread_id="thr_1"))))["id"] == "thr_x"


class TestCalling:
    async def test_a_thread_is_loaded_with_its_hidden_items_and_shown_without(self):
        server = ScriptedServer()
        await a_thread(server, HiddenContextItem(id="h", thread_id="thr_1", created_at=NOW, content=1), said("thr_1"))
        thread = await server._load_full_thread("thr_1", ANN)
        assert [item.id for item in thread.items.data] == ["h", "msg_answer"]
        assert [item.id for item in server._to_thread_response(thread).items.data] == ["msg_answer"]
        assert b'"h"' not in server._serialize(server._to_thread_response(thread))

    async def test_items_come_newest_first_however_many_pages_they_fill(self):
        server = ScriptedServer()
        await a_thread(server, *(said("thr_1", id=f"msg_{number:02}") for number in range(45)))
        ids = [item.id async for item in server._paginate_thread_items_reverse("thr_1", ANN)]
        assert ids == [f"msg_{number:02}" for number in reversed(range(45))]

    async def test_pending_tool_calls_are_dropped(self):
        call = ClientToolCallItem(id="tc", thread_id="thr_1", created_at=NOW, call_id="c", name="n", arguments={})
        server = ScriptedServer()
        await a_thread(server, call, said("thr_1"))
        await server._cleanup_pending_client_tool_call(await server.store.load_thread("thr_1", ANN), ANN)
        assert [item.id for item in await items_of(server, "thr_1")] == ["msg_answer"]

    async def test_updates_are_put_on_pending_items(self):
        server, pending = ScriptedServer(), {"msg_answer": said("thr_1", "a")}
        for update in (word("b"), word("lost", id="another")):
            server._update_pending_items(pending, update)
        assert pending["msg_answer"].content[0].text == "ab"
        delta = AssistantMessageContentPartTextDelta(content_index=1, delta="c")
        message = server._apply_assistant_message_update(pending["msg_answer"], delta)
        assert [part.text for part in message.content] == ["ab", "c"]

    async def test_a_submission_is_filled_into_a_copy(self):
        form = StructuredInputItem(
            id="f", thread_id="t", created_at=NOW, inputs=[StructuredInputFreeform(id="q", question="?")]
        )
        filled = await ScriptedServer()._apply_structured_input_submission(form, StructuredInputSubmission())
        assert (form.status, filled.status) == ("pending", "answered")

    def test_without_an_attachment_store_there_is_none_to_get(self):
        with pytest.raises(RuntimeError):
            ScriptedServer()._get_attachment_store()
