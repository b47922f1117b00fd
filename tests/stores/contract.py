"""What every store must do. Each store's own test class inherits `StoreContract` and gives a `store` fixture."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from chatkit_app.chatkit.actions import ActionConfig
from chatkit_app.chatkit.store import NotFoundError, Store
from chatkit_app.chatkit.types import (
    Annotation,
    AssistantMessageContent,
    AssistantMessageItem,
    AttachmentUploadDescriptor,
    ClientToolCallItem,
    ClosedStatus,
    CustomTask,
    EndOfTurnItem,
    FileAttachment,
    HiddenContextItem,
    ImageAttachment,
    InferenceOptions,
    LockedStatus,
    Page,
    SDKHiddenContextItem,
    Thread,
    ThreadItem,
    ThreadMetadata,
    URLSource,
    UserMessageItem,
    UserMessageTextContent,
    WidgetItem,
    Workflow,
    WorkflowItem,
)
from chatkit_app.chatkit.widgets import Button, Card, Col, Text
from chatkit_app.identity import RequestContext

ALICE = RequestContext("alice")
BOB = RequestContext("bob")
NOON = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)


def thread(thread_id: str = "thr_1", minutes: float = 0, **fields: Any) -> ThreadMetadata:
    return ThreadMetadata(id=thread_id, created_at=NOON + timedelta(minutes=minutes), **fields)


def message(item_id: str, text: str = "hello", minutes: float = 0, thread_id: str = "thr_1") -> AssistantMessageItem:
    return AssistantMessageItem(
        id=item_id,
        thread_id=thread_id,
        created_at=NOON + timedelta(minutes=minutes),
        content=[AssistantMessageContent(text=text)],
    )


def attachment(attachment_id: str = "atc_1", name: str = "report.pdf") -> FileAttachment:
    return FileAttachment(id=attachment_id, name=name, mime_type="application/pdf", metadata={"path": "a/b", "n": None})


def items_of_every_kind() -> list[ThreadItem]:
    base = {"thread_id": "thr_1", "created_at": NOON}
    source = URLSource(title="t", url="https://example.org/x")
    press = ActionConfig(type="press", payload={"keep": None, "list": [1, None, 2]})
    return [
        UserMessageItem(
            id="user",
            content=[UserMessageTextContent(text="héllo \u0000 \U0001f600")],
            attachments=[attachment()],
            quoted_text="q",
            inference_options=InferenceOptions(model="m"),
            **base,
        ),
        AssistantMessageItem(
            id="assistant",
            content=[AssistantMessageContent(text="a", annotations=[Annotation(source=source, index=1)])],
            **base,
        ),
        ClientToolCallItem(id="tool", call_id="c", name="n", arguments={"a": None}, output={"b": [None]}, **base),
        WidgetItem(
            id="widget",
            widget=Card(
                children=[
                    Col(padding={"x": 1, "y": "2px"}, border={"size": 1}, children=[Text(id="x", value="v")]),
                    Button(label="b", onClickAction=press),
                ]
            ),
            copy_text="copy",
            **base,
        ),
        WorkflowItem(id="workflow", workflow=Workflow(type="custom", tasks=[CustomTask(title="one")]), **base),
        HiddenContextItem(id="hidden", content={"any": [None, 1.5, "x"]}, **base),
        SDKHiddenContextItem(id="sdk", content="stop", **base),
        EndOfTurnItem(id="end", **base),
    ]


async def ids(store: Store[Any], order: str = "asc", context: Any = ALICE, thread_id: str = "thr_1") -> list[str]:
    page = await store.load_thread_items(thread_id, None, 100, order, context)
    return [item.id for item in page.data]


class StoreContract:
    """Inherited by the tests of each store."""

    # Threads

    async def test_a_thread_comes_back_as_it_was_saved(self, store):
        saved = thread(
            title="Title",
            status=LockedStatus(reason="wait"),
            allowed_image_domains=["example.org"],
            metadata={"deep": {"null": None, "list": [1, "ü"]}},
        )
        await store.save_thread(saved, ALICE)
        loaded = await store.load_thread("thr_1", ALICE)
        assert loaded == saved
        assert type(loaded) is ThreadMetadata

    async def test_saving_a_thread_again_replaces_it(self, store):
        await store.save_thread(thread(title="old"), ALICE)
        await store.save_thread(thread(title=None, status=ClosedStatus()), ALICE)
        assert await store.load_thread("thr_1", ALICE) == thread(title=None, status=ClosedStatus())

    async def test_the_items_of_a_saved_thread_object_are_not_kept_in_it(self, store):
        full = Thread(**thread().model_dump(), items=Page(data=[message("a")]))
        await store.save_thread(full, ALICE)
        assert type(await store.load_thread("thr_1", ALICE)) is ThreadMetadata
        assert await ids(store) == []

    async def test_a_time_without_a_zone_comes_back_without_a_zone(self, store):
        saved = ThreadMetadata(id="thr_1", created_at=datetime(2026, 1, 2, 3, 4, 5, 678901))
        await store.save_thread(saved, ALICE)
        assert (await store.load_thread("thr_1", ALICE)).created_at == saved.created_at

    async def test_a_missing_thread_is_not_found(self, store):
        with pytest.raises(NotFoundError):
            await store.load_thread("thr_none", ALICE)

    async def test_an_id_no_database_can_hold_is_just_missing(self, store):
        odd = "thr_\0\N{PILE OF POO}' OR 1=1 --"
        with pytest.raises(NotFoundError):
            await store.load_thread(odd, ALICE)
        assert await ids(store, thread_id=odd) == []
        await store.delete_thread(odd, ALICE)
        await store.save_thread(thread(odd), ALICE)
        assert (await store.load_thread(odd, ALICE)).id == odd

    async def test_a_deleted_thread_is_gone_with_its_items(self, store):
        await store.save_thread(thread(), ALICE)
        await store.add_thread_item("thr_1", message("a"), ALICE)
        await store.delete_thread("thr_1", ALICE)
        with pytest.raises(NotFoundError):
            await store.load_thread("thr_1", ALICE)
        assert await ids(store) == []
        await store.save_thread(thread(), ALICE)
        assert await ids(store) == []

    async def test_deleting_what_is_missing_is_no_error(self, store):
        await store.delete_thread("thr_none", ALICE)
        await store.delete_thread_item("thr_none", "x", ALICE)
        await store.delete_attachment("atc_none", ALICE)

    @pytest.mark.parametrize(("order", "expected"), [("asc", ["a", "b", "c"]), ("desc", ["c", "b", "a"])])
    async def test_threads_are_listed_by_their_time(self, store, order, expected):
        for thread_id, minutes in [("b", 1), ("c", 2), ("a", 0)]:
            await store.save_thread(thread(thread_id, minutes), ALICE)
        page = await store.load_threads(10, None, order, ALICE)
        assert [found.id for found in page.data] == expected

    @pytest.mark.parametrize("order", ["asc", "desc"])
    async def test_paging_through_threads_shows_each_once(self, store, order):
        for number in range(7):
            await store.save_thread(thread(f"t{number}", minutes=number // 3), ALICE)
        seen, after = [], None
        while True:
            page = await store.load_threads(2, after, order, ALICE)
            seen += [found.id for found in page.data]
            if not page.has_more:
                break
            assert page.after == page.data[-1].id
            after = page.after
        assert not page.after
        assert seen == [f"t{number}" for number in (range(7) if order == "asc" else range(6, -1, -1))]

    # Items

    async def test_items_of_every_kind_come_back_as_they_were_stored(self, store):
        await store.save_thread(thread(), ALICE)
        items = items_of_every_kind()
        for item in items:
            await store.add_thread_item("thr_1", item, ALICE)
        page = await store.load_thread_items("thr_1", None, 100, "asc", ALICE)
        assert page.data == items
        for item in items:
            assert await store.load_item("thr_1", item.id, ALICE) == item

    async def test_items_are_listed_by_time_whatever_the_order_of_arrival(self, store):
        await store.save_thread(thread(), ALICE)
        for item_id, minutes in [("b", 1), ("c", 2), ("a", 0)]:
            await store.add_thread_item("thr_1", message(item_id, minutes=minutes), ALICE)
        assert await ids(store) == ["a", "b", "c"]
        assert await ids(store, "desc") == ["c", "b", "a"]

    async def test_times_in_different_zones_compare_as_moments(self, store):
        await store.save_thread(thread(), ALICE)
        later = message("later")
        later.created_at = datetime(2026, 1, 2, 8, 0, tzinfo=timezone(timedelta(hours=-5)))
        await store.add_thread_item("thr_1", later, ALICE)
        await store.add_thread_item("thr_1", message("earlier"), ALICE)
        assert await ids(store) == ["earlier", "later"]

    async def test_items_of_the_same_moment_keep_the_order_they_were_stored_in(self, store):
        await store.save_thread(thread(), ALICE)
        names = ["c", "a", "d", "b"]
        for name in names:
            await store.add_thread_item("thr_1", message(name), ALICE)
        assert await ids(store) == names
        assert await ids(store, "desc") == names[::-1]

    @pytest.mark.parametrize("order", ["asc", "desc"])
    @pytest.mark.parametrize("limit", [1, 3, 7, 8])
    async def test_paging_through_items_shows_each_once(self, store, order, limit):
        await store.save_thread(thread(), ALICE)
        for number in range(7):
            await store.add_thread_item("thr_1", message(f"i{number}", minutes=number // 3), ALICE)
        seen, after = [], None
        while True:
            page = await store.load_thread_items("thr_1", after, limit, order, ALICE)
            seen += [item.id for item in page.data]
            if not page.has_more:
                break
            assert len(page.data) == limit
            assert page.after == page.data[-1].id
            after = page.after
        assert not page.after
        assert seen == [f"i{number}" for number in (range(7) if order == "asc" else range(6, -1, -1))]

    async def test_a_full_last_page_says_there_is_no_more(self, store):
        await store.save_thread(thread(), ALICE)
        for number in range(4):
            await store.add_thread_item("thr_1", message(f"i{number}"), ALICE)
        page = await store.load_thread_items("thr_1", "i1", 2, "asc", ALICE)
        assert [item.id for item in page.data] == ["i2", "i3"]
        assert (page.has_more, page.after) == (False, None)

    async def test_items_that_arrive_while_paging_move_nothing(self, store):
        await store.save_thread(thread(), ALICE)
        for number in range(4):
            await store.add_thread_item("thr_1", message(f"i{number}", minutes=number), ALICE)
        first = await store.load_thread_items("thr_1", None, 2, "desc", ALICE)
        await store.add_thread_item("thr_1", message("new", minutes=9), ALICE)
        second = await store.load_thread_items("thr_1", first.after, 2, "desc", ALICE)
        assert [item.id for item in first.data + second.data] == ["i3", "i2", "i1", "i0"]

    @pytest.mark.parametrize("save", ["add_thread_item", "save_item"])
    async def test_storing_an_item_again_replaces_it_in_its_place(self, store, save):
        await store.save_thread(thread(), ALICE)
        for name in ["a", "b", "c"]:
            await store.add_thread_item("thr_1", message(name), ALICE)
        await getattr(store, save)("thr_1", message("a", "new", minutes=5), ALICE)
        assert await ids(store) == ["a", "b", "c"]
        assert (await store.load_item("thr_1", "a", ALICE)).content[0].text == "new"

    async def test_save_item_stores_an_item_it_did_not_know(self, store):
        await store.save_thread(thread(), ALICE)
        await store.save_item("thr_1", message("a"), ALICE)
        assert await ids(store) == ["a"]

    async def test_the_same_item_id_in_two_threads_is_two_items(self, store):
        for thread_id in ["thr_1", "thr_2"]:
            await store.save_thread(thread(thread_id), ALICE)
            await store.add_thread_item(thread_id, message("__fake_id__", thread_id, thread_id=thread_id), ALICE)
        assert (await store.load_item("thr_1", "__fake_id__", ALICE)).content[0].text == "thr_1"
        await store.delete_thread_item("thr_2", "__fake_id__", ALICE)
        assert await ids(store) == ["__fake_id__"]

    async def test_a_missing_item_is_not_found(self, store):
        await store.save_thread(thread(), ALICE)
        with pytest.raises(NotFoundError):
            await store.load_item("thr_1", "none", ALICE)

    async def test_a_deleted_item_is_gone(self, store):
        await store.save_thread(thread(), ALICE)
        for name in ["a", "b"]:
            await store.add_thread_item("thr_1", message(name), ALICE)
        await store.delete_thread_item("thr_1", "a", ALICE)
        assert await ids(store) == ["b"]

    async def test_an_item_cannot_be_stored_in_a_missing_thread(self, store):
        with pytest.raises(NotFoundError):
            await store.add_thread_item("thr_none", message("a"), ALICE)
        with pytest.raises(NotFoundError):
            await store.save_item("thr_none", message("a"), ALICE)

    async def test_the_items_of_a_missing_thread_are_an_empty_page(self, store):
        page = await store.load_thread_items("thr_none", None, 10, "asc", ALICE)
        assert (page.data, page.has_more, page.after) == ([], False, None)

    @pytest.mark.parametrize("order", ["asc", "desc"])
    async def test_an_unknown_cursor_is_named_in_the_error(self, store, order):
        await store.save_thread(thread(), ALICE)
        with pytest.raises(NotFoundError, match="no-such-row"):
            await store.load_thread_items("thr_1", "no-such-row", 10, order, ALICE)
        with pytest.raises(NotFoundError, match="no-such-row"):
            await store.load_threads(10, "no-such-row", order, ALICE)

    async def test_a_limit_below_one_is_refused(self, store):
        with pytest.raises(ValueError, match="limit"):
            await store.load_threads(0, None, "asc", ALICE)
        with pytest.raises(ValueError, match="limit"):
            await store.load_thread_items("thr_1", None, -1, "asc", ALICE)

    async def test_what_is_newer_than_an_item_is_deleted_at_once(self, store):
        await store.save_thread(thread(), ALICE)
        await store.save_thread(thread("thr_2"), ALICE)
        for name in ["a", "b", "c", "d"]:
            await store.add_thread_item("thr_1", message(name), ALICE)
        await store.add_thread_item("thr_2", message("z", minutes=9, thread_id="thr_2"), ALICE)
        await store.delete_thread_items_after("thr_1", "b", ALICE)
        assert await ids(store) == ["a", "b"]
        assert await ids(store, thread_id="thr_2") == ["z"]
        await store.delete_thread_items_after("thr_1", "b", ALICE)
        assert await ids(store) == ["a", "b"]

    async def test_deleting_after_a_missing_item_deletes_nothing(self, store):
        await store.save_thread(thread(), ALICE)
        await store.add_thread_item("thr_1", message("a"), ALICE)
        with pytest.raises(NotFoundError):
            await store.delete_thread_items_after("thr_1", "none", ALICE)
        assert await ids(store) == ["a"]

    async def test_what_was_loaded_can_be_changed_without_changing_the_store(self, store):
        await store.save_thread(thread(metadata={"list": [1]}), ALICE)
        item = message("a")
        await store.add_thread_item("thr_1", item, ALICE)
        item.content[0].text = "changed"
        loaded = await store.load_item("thr_1", "a", ALICE)
        loaded.content[0].text = "changed"
        (await store.load_thread("thr_1", ALICE)).metadata["list"].append(2)
        assert (await store.load_item("thr_1", "a", ALICE)).content[0].text == "hello"
        assert (await store.load_thread("thr_1", ALICE)).metadata == {"list": [1]}

    # Attachments

    async def test_attachments_come_back_with_their_private_metadata(self, store):
        file = attachment()
        image = ImageAttachment(
            id="atc_2",
            name="cat.png",
            mime_type="image/png",
            preview_url="https://example.org/cat.png",
            upload_descriptor=AttachmentUploadDescriptor(
                url="https://up.example.org/1", method="PUT", headers={"a": "b"}
            ),
        )
        for one in [file, image]:
            await store.save_attachment(one, ALICE)
            assert await store.load_attachment(one.id, ALICE) == one

    async def test_saving_an_attachment_again_replaces_it(self, store):
        await store.save_attachment(attachment(), ALICE)
        stamped = attachment().model_copy(update={"thread_id": "thr_1"})
        await store.save_attachment(stamped, ALICE)
        assert await store.load_attachment("atc_1", ALICE) == stamped

    async def test_a_deleted_attachment_is_not_found(self, store):
        await store.save_attachment(attachment(), ALICE)
        await store.delete_attachment("atc_1", ALICE)
        with pytest.raises(NotFoundError):
            await store.load_attachment("atc_1", ALICE)

    # Two users

    async def test_what_belongs_to_another_user_is_missing(self, store):
        await store.save_thread(thread(), ALICE)
        await store.add_thread_item("thr_1", message("a"), ALICE)
        await store.save_attachment(attachment(), ALICE)
        for read in [
            lambda: store.load_thread("thr_1", BOB),
            lambda: store.load_item("thr_1", "a", BOB),
            lambda: store.load_attachment("atc_1", BOB),
            lambda: store.load_thread_items("thr_1", "a", 10, "asc", BOB),
            lambda: store.load_threads(10, "thr_1", "asc", BOB),
            lambda: store.add_thread_item("thr_1", message("b"), BOB),
            lambda: store.save_item("thr_1", message("a", "stolen"), BOB),
            lambda: store.delete_thread_items_after("thr_1", "a", BOB),
        ]:
            with pytest.raises(NotFoundError):
                await read()
        assert await ids(store, context=BOB) == []
        assert (await store.load_threads(10, None, "asc", BOB)).data == []

    async def test_another_user_can_delete_nothing(self, store):
        await store.save_thread(thread(), ALICE)
        await store.add_thread_item("thr_1", message("a"), ALICE)
        await store.save_attachment(attachment(), ALICE)
        await store.delete_thread_item("thr_1", "a", BOB)
        await store.delete_thread("thr_1", BOB)
        await store.delete_attachment("atc_1", BOB)
        assert await ids(store) == ["a"]
        assert await store.load_thread("thr_1", ALICE) == thread()
        assert await store.load_attachment("atc_1", ALICE) == attachment()

    async def test_another_user_who_saves_the_same_ids_overwrites_nothing(self, store):
        await store.save_thread(thread(title="hers"), ALICE)
        await store.add_thread_item("thr_1", message("a", "hers"), ALICE)
        await store.save_attachment(attachment(name="hers"), ALICE)
        await store.save_thread(thread(title="his"), BOB)
        await store.save_item("thr_1", message("a", "his"), BOB)
        await store.save_attachment(attachment(name="his"), BOB)
        assert (await store.load_thread("thr_1", ALICE)).title == "hers"
        assert (await store.load_item("thr_1", "a", ALICE)).content[0].text == "hers"
        assert (await store.load_attachment("atc_1", ALICE)).name == "hers"

    async def test_a_context_without_a_user_shares_nothing_with_a_user(self, store):
        await store.save_thread(thread(), {"request": None})
        assert (await store.load_threads(10, None, "asc", ALICE)).data == []
        assert (await store.load_thread("thr_1", None)).id == "thr_1"

    # Together

    async def test_many_writers_at_once_lose_nothing(self, store):
        await store.save_thread(thread(), ALICE)
        await asyncio.gather(
            *(store.add_thread_item("thr_1", message(f"i{number}"), ALICE) for number in range(60)),
            *(store.save_item("thr_1", message("same", str(number)), ALICE) for number in range(20)),
            *(store.load_thread_items("thr_1", None, 10, "desc", ALICE) for _ in range(20)),
        )
        assert sorted(await ids(store)) == sorted([f"i{number}" for number in range(60)] + ["same"])
