"""Operations answered with one document."""

import base64
import binascii

import pytest

from chatkit_app.chatkit.actions import Action
from chatkit_app.chatkit.server.documents import DOCUMENTS
from chatkit_app.chatkit.server.paging import page_size
from chatkit_app.chatkit.store import AttachmentStore, InMemoryStore, NotFoundError
from chatkit_app.chatkit.types import (
    AttachmentCreateParams,
    AttachmentDeleteParams,
    AttachmentsCreateReq,
    AttachmentsDeleteReq,
    AttachmentUploadDescriptor,
    FileAttachment,
    HiddenContextItem,
    InputTranscribeParams,
    InputTranscribeReq,
    ItemFeedbackParams,
    ItemsFeedbackReq,
    ItemsListParams,
    ItemsListReq,
    NonStreamingReq,
    SyncCustomActionResponse,
    ThreadCustomActionParams,
    ThreadDeleteParams,
    ThreadGetByIdParams,
    ThreadListParams,
    ThreadsDeleteReq,
    ThreadsGetByIdReq,
    ThreadsListReq,
    ThreadsSyncCustomActionReq,
    ThreadsUpdateReq,
    ThreadUpdateParams,
    TranscriptionResult,
    WidgetItem,
)
from chatkit_app.chatkit.widgets import Card, Text

from ..scripted import ANN, NOW, ScriptedServer, a_thread, ask, said

get = ThreadsGetByIdReq(params=ThreadGetByIdParams(thread_id="thr_1"))


def list_items(**params):
    return ItemsListReq(params=ItemsListParams(thread_id="thr_1", **params))


def hidden(id="hid"):
    return HiddenContextItem(id=id, thread_id="thr_1", created_at=NOW, content="secret")


def test_every_other_request_has_somebody_who_answers_it():
    assert set(DOCUMENTS) == set(NonStreamingReq.__args__)


class TestThreads:
    async def test_a_thread_comes_with_its_oldest_items_and_without_what_is_hidden(self):
        server = ScriptedServer()
        items = [said("thr_1", str(number), id=f"m{number}") for number in range(25)]
        await a_thread(server, hidden(), *items, title="T", metadata={"secret": 1})
        thread = await ask(server, get)
        assert thread["title"] == "T"
        assert thread["metadata"] == {}
        assert [item["id"] for item in thread["items"]["data"]] == [f"m{number}" for number in range(19)]
        assert thread["items"]["has_more"] is True
        assert thread["items"]["after"] == "m18"

    async def test_a_missing_thread_raises_what_the_store_raises(self):
        with pytest.raises(NotFoundError, match="thr_1"):
            await ask(ScriptedServer(), get)

    async def test_the_history_is_newest_first_and_paged(self):
        server = ScriptedServer()
        for number in range(3):
            await a_thread(server, id=f"thr_{number}", metadata={"secret": 1})
        page = await ask(server, ThreadsListReq(params=ThreadListParams(limit=2)))
        assert [thread["id"] for thread in page["data"]] == ["thr_2", "thr_1"]
        assert page["data"][0]["items"] == {"data": [], "has_more": False}
        assert page["data"][0]["metadata"] == {}
        assert (page["has_more"], page["after"]) == (True, "thr_1")
        last = await ask(server, ThreadsListReq(params=ThreadListParams(limit=2, after="thr_1")))
        assert [thread["id"] for thread in last["data"]] == ["thr_0"]
        assert last == {"data": last["data"], "has_more": False}

    async def test_renaming_keeps_everything_else(self):
        server = ScriptedServer()
        await a_thread(server, said("thr_1", "x"), metadata={"a": 1})
        answer = await ask(server, ThreadsUpdateReq(params=ThreadUpdateParams(thread_id="thr_1", title="New")))
        assert answer["title"] == "New"
        assert answer["items"] == {"data": [], "has_more": False}
        stored = await server.store.load_thread("thr_1", ANN)
        assert (stored.title, stored.metadata) == ("New", {"a": 1})

    async def test_deleting_answers_nothing_and_leaves_nothing(self):
        server = ScriptedServer()
        await a_thread(server, said("thr_1", "x"))
        assert await ask(server, ThreadsDeleteReq(params=ThreadDeleteParams(thread_id="thr_1"))) == {}
        with pytest.raises(NotFoundError):
            await ask(server, get)


class TestItems:
    async def test_hidden_items_are_missing_and_the_cursor_stays(self):
        server = ScriptedServer()
        await a_thread(server, hidden("h1"), hidden("h2"), said("thr_1", "x", id="a"))
        page = await ask(server, list_items(limit=2, order="asc"))
        assert page == {"data": [], "has_more": True, "after": "h2"}
        page = await ask(server, list_items(limit=2, order="asc", after="h2"))
        assert [item["id"] for item in page["data"]] == ["a"]
        assert "after" not in page

    async def test_the_stores_own_page_is_not_changed(self):
        class Keeping(InMemoryStore):
            async def load_thread_items(self, *args, **kwargs):
                self.page = await super().load_thread_items(*args, **kwargs)
                return self.page

        store = Keeping()
        server = ScriptedServer(store=store)
        await a_thread(server, hidden())
        await ask(server, list_items())
        assert len(store.page.data) == 1

    async def test_an_unknown_cursor_is_named(self):
        server = ScriptedServer()
        await a_thread(server, said("thr_1", "x"))
        with pytest.raises(NotFoundError, match="nowhere"):
            await ask(server, list_items(after="nowhere"))

    @pytest.mark.parametrize(
        ("asked", "read"), [(None, 20), (0, 20), (1, 1), (100, 100), (101, 100), (10**9, 100), (-1, 1)]
    )
    def test_row_29_a_page_has_one_to_a_hundred_rows(self, asked, read):
        assert page_size(asked) == read

    async def test_row_29_both_lists_ask_the_store_for_that_many(self):
        asked = []

        class Counting(InMemoryStore):
            async def load_threads(self, limit, after, order, context):
                asked.append(limit)
                return await super().load_threads(limit, after, order, context)

            async def load_thread_items(self, thread_id, after, limit, order, context):
                asked.append(limit)
                return await super().load_thread_items(thread_id, after, limit, order, context)

        server = ScriptedServer(store=Counting())
        await ask(server, list_items(limit=-5))
        await ask(server, ThreadsListReq(params=ThreadListParams(limit=5_000)))
        assert asked == [1, 100]

    async def test_feedback_reaches_the_server_in_this_order(self):
        got = []

        class Server(ScriptedServer):
            async def add_feedback(self, *args):
                got.append(args)

        params = ItemFeedbackParams(thread_id="thr_1", item_ids=["a", "b"], kind="negative")
        assert await ask(Server(), ItemsFeedbackReq(params=params)) == {}
        assert got == [("thr_1", ["a", "b"], "negative", ANN)]

    async def test_feedback_is_accepted_by_default(self):
        params = ItemFeedbackParams(thread_id="thr_1", item_ids=["a"], kind="positive")
        assert await ask(ScriptedServer(), ItemsFeedbackReq(params=params)) == {}


class Bytes(AttachmentStore):
    def __init__(self):
        self.deleted = []

    async def create_attachment(self, input, context):
        return FileAttachment(
            id=self.generate_attachment_id(input.mime_type, context),
            name=input.name,
            mime_type=input.mime_type,
            upload_descriptor=AttachmentUploadDescriptor(url="https://x.y/z", method="PUT"),
            metadata={"path": "/secret"},
        )

    async def delete_attachment(self, attachment_id, context):
        self.deleted.append(attachment_id)


class TestAttachments:
    create = AttachmentsCreateReq(params=AttachmentCreateParams(name="n", size=1, mime_type="m"))
    delete = AttachmentsDeleteReq(params=AttachmentDeleteParams(attachment_id="atc_1"))

    async def test_an_announced_file_is_stored_and_its_metadata_is_not_sent(self):
        server = ScriptedServer(attachment_store=Bytes())
        answer = await ask(server, self.create)
        assert answer.pop("id").startswith("atc_")
        assert answer == {
            "name": "n",
            "mime_type": "m",
            "upload_descriptor": {"url": "https://x.y/z", "method": "PUT", "headers": {}},
            "type": "file",
        }

    async def test_the_stored_one_keeps_its_metadata(self):
        server = ScriptedServer(attachment_store=Bytes())
        answer = await ask(server, self.create)
        assert (await server.store.load_attachment(answer["id"], ANN)).metadata == {"path": "/secret"}

    async def test_the_bytes_are_deleted_and_then_what_is_known(self):
        server = ScriptedServer(attachment_store=Bytes())
        await server.store.save_attachment(FileAttachment(id="atc_1", name="n", mime_type="m"), ANN)
        assert await ask(server, self.delete) == {}
        assert server.attachment_store.deleted == ["atc_1"]
        with pytest.raises(NotFoundError):
            await server.store.load_attachment("atc_1", ANN)

    async def test_bytes_that_cannot_be_deleted_stay_known(self):
        class Stuck(Bytes):
            async def delete_attachment(self, attachment_id, context):
                raise OSError("busy")

        server = ScriptedServer(attachment_store=Stuck())
        await server.store.save_attachment(FileAttachment(id="atc_1", name="n", mime_type="m"), ANN)
        with pytest.raises(OSError, match="busy"):
            await ask(server, self.delete)
        assert await server.store.load_attachment("atc_1", ANN)

    @pytest.mark.parametrize("request_", [create, delete])
    async def test_without_an_attachment_store_both_are_refused(self, request_):
        with pytest.raises(RuntimeError, match="attachment store"):
            await ask(ScriptedServer(), request_)

    async def test_a_store_without_uploads_says_which_one_it_is(self):
        class Plain(AttachmentStore):
            async def delete_attachment(self, attachment_id, context): ...

        with pytest.raises(NotImplementedError, match="Plain"):
            await ask(ScriptedServer(attachment_store=Plain()), self.create)


class TestDictation:
    def request(self, audio=b"sound", mime_type="audio/webm;codecs=opus"):
        text = audio if isinstance(audio, str) else base64.b64encode(audio).decode()
        return InputTranscribeReq(params=InputTranscribeParams(audio_base64=text, mime_type=mime_type))

    async def test_the_recording_reaches_the_server(self):
        class Server(ScriptedServer):
            async def transcribe(self, audio_input, *, context):
                assert context == ANN
                assert audio_input.media_type == "audio/webm"
                return TranscriptionResult(text=f"{audio_input.data!r} as {audio_input.mime_type}")

        assert await ask(Server(), self.request()) == {"text": "b'sound' as audio/webm;codecs=opus"}

    async def test_other_characters_are_skipped_and_a_broken_recording_names_the_field(self):
        class Server(ScriptedServer):
            async def transcribe(self, audio_input, context):
                return TranscriptionResult(text=audio_input.data.decode())

        assert await ask(Server(), self.request("aGk=\n ")) == {"text": "hi"}
        for broken in ("aGk", "é"):
            with pytest.raises(binascii.Error, match="audio_base64"):
                await ask(Server(), self.request(broken))

    async def test_without_a_transcriber_it_is_refused(self):
        with pytest.raises(NotImplementedError, match="transcribe"):
            await ask(ScriptedServer(), self.request())


class TestSyncAction:
    def request(self, item_id=None):
        action = Action(type="press")
        return ThreadsSyncCustomActionReq(
            params=ThreadCustomActionParams(thread_id="thr_1", item_id=item_id, action=action)
        )

    @pytest.fixture
    def widget(self):
        return WidgetItem(id="wid", thread_id="thr_1", created_at=NOW, widget=Card(children=[Text(value="a")]))

    async def test_the_answer_is_sent_and_not_stored(self, widget):
        class Server(ScriptedServer):
            async def sync_action(self, thread, action, sender, context):
                return SyncCustomActionResponse(updated_item=sender.model_copy(update={"copy_text": "new"}))

        server = Server()
        await a_thread(server, widget)
        answer = await ask(server, self.request("wid"))
        assert answer["updated_item"]["copy_text"] == "new"
        assert (await server.store.load_item("thr_1", "wid", ANN)).copy_text is None

    async def test_an_empty_answer_is_an_empty_document(self):
        class Server(ScriptedServer):
            async def sync_action(self, thread, action, sender, context):
                assert sender is None
                return SyncCustomActionResponse()

        server = Server()
        await a_thread(server)
        assert await ask(server, self.request()) == {}

    async def test_only_widgets_send_actions(self):
        server = ScriptedServer()
        await a_thread(server, said("thr_1", "x"))
        with pytest.raises(ValueError, match="not a widget"):
            await ask(server, self.request("msg_answer"))

    async def test_without_a_handler_it_is_refused(self):
        server = ScriptedServer()
        await a_thread(server)
        with pytest.raises(NotImplementedError, match="sync_action"):
            await ask(server, self.request())


async def test_nothing_to_say_is_exactly_two_bytes():
    result = await ScriptedServer().process(
        ThreadsDeleteReq(params=ThreadDeleteParams(thread_id="x")).model_dump_json(), ANN
    )
    assert result.json == b"{}"
