"""What the contract gives every store, and what the store in memory promises beyond the contract's own tests."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from chatkit_app.chatkit.store import AttachmentStore, InMemoryStore, NotFoundError, Store, owner_of
from chatkit_app.chatkit.types import EndOfTurnItem, FileAttachment, Page, Thread, ThreadMetadata

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ANN, BOB = {"user_id": "ann"}, SimpleNamespace(user_id="bob")


def item(id, created_at=NOW):
    return EndOfTurnItem(id=id, thread_id="thr", created_at=created_at)


@pytest.fixture
async def store():
    store = InMemoryStore()
    await store.save_thread(ThreadMetadata(id="thr", created_at=NOW), ANN)
    return store


async def ids(store, order="asc", context=ANN):
    return [row.id for row in (await store.load_thread_items("thr", None, 100, order, context)).data]


@pytest.mark.parametrize(
    ("context", "owner"),
    [
        ({"user_id": "ann"}, "ann"),
        (SimpleNamespace(user_id="bob"), "bob"),
        ({"user_id": 7}, "7"),
        ({}, ""),
        ({"user_id": None}, ""),
        (None, ""),
        (object(), ""),
    ],
)
def test_the_owner_is_the_user_of_the_context(context, owner):
    assert owner_of(context) == owner


class TestDeletingWhatIsNewer:
    @pytest.mark.parametrize("delete", [InMemoryStore.delete_thread_items_after, Store.delete_thread_items_after])
    async def test_every_newer_item_goes_and_no_other(self, store, delete):
        for number in range(250):
            await store.add_thread_item("thr", item(f"i{number}"), ANN)
        await delete(store, "thr", "i3", ANN)
        assert await ids(store) == ["i0", "i1", "i2", "i3"]

    @pytest.mark.parametrize("delete", [InMemoryStore.delete_thread_items_after, Store.delete_thread_items_after])
    async def test_a_missing_item_is_named_and_nothing_goes(self, store, delete):
        await store.add_thread_item("thr", item("i"), ANN)
        with pytest.raises(NotFoundError, match="missing"):
            await delete(store, "thr", "missing", ANN)
        assert await ids(store) == ["i"]

    async def test_row_28_a_store_that_forgets_its_cursors_is_read_to_the_end(self, store):
        class Forgetful(InMemoryStore):
            async def load_thread_items(self, *args):
                page = await super().load_thread_items(*args)
                return page.model_copy(update={"after": None})

        forgetful = Forgetful()
        await forgetful.save_thread(ThreadMetadata(id="thr", created_at=NOW), ANN)
        for number in range(250):
            await forgetful.add_thread_item("thr", item(f"i{number}"), ANN)
        await Store.delete_thread_items_after(forgetful, "thr", "i3", ANN)
        assert len(await ids(forgetful)) == 4

    @pytest.mark.parametrize("cursor", [None, "always the same"])
    async def test_row_28_a_store_that_never_ends_its_pages_does_not_hold_us(self, cursor):
        class Endless(InMemoryStore):
            async def load_thread_items(self, thread_id, after, limit, order, context):
                return Page(data=[item("x")], has_more=True, after=cursor)

        with pytest.raises(NotFoundError):
            await Store.delete_thread_items_after(Endless(), "thr", "i", ANN)


class TestMemory:
    async def test_what_comes_out_and_what_went_in_are_copies(self, store):
        thread = ThreadMetadata(id="t", created_at=NOW, metadata={"list": []})
        await store.save_thread(thread, ANN)
        thread.metadata["list"].append(1)
        loaded = await store.load_thread("t", ANN)
        assert loaded.metadata == {"list": []}
        loaded.metadata["list"].append(2)
        page = await store.load_threads(10, None, "asc", ANN)
        page.data[-1].metadata["list"].append(3)
        assert (await store.load_thread("t", ANN)).metadata == {"list": []}

    async def test_a_thread_with_items_is_kept_without_them(self, store):
        await store.save_thread(Thread(id="t", created_at=NOW, title="T", items=Page(data=[item("i")])), ANN)
        loaded = await store.load_thread("t", ANN)
        assert type(loaded) is ThreadMetadata
        assert loaded.title == "T"

    async def test_equal_times_keep_the_order_of_insertion_and_a_replaced_row_its_place(self, store):
        for id in "cab":
            await store.add_thread_item("thr", item(id), ANN)
        await store.save_item("thr", item("c", NOW + timedelta(days=1)), ANN)
        await store.add_thread_item("thr", item("a"), ANN)
        assert await ids(store) == ["c", "a", "b"]
        assert await ids(store, "desc") == ["b", "a", "c"]

    async def test_naive_and_aware_times_sort_together(self, store):
        await store.add_thread_item("thr", item("aware", NOW + timedelta(days=2)), ANN)
        await store.add_thread_item("thr", item("naive", datetime(2026, 1, 1)), ANN)
        assert await ids(store) == ["naive", "aware"]

    async def test_another_user_has_other_rows(self, store):
        await store.add_thread_item("thr", item("i"), ANN)
        await store.save_attachment(FileAttachment(id="a", name="n", mime_type="m"), ANN)
        for load in (store.load_thread("thr", BOB), store.load_item("thr", "i", BOB), store.load_attachment("a", BOB)):
            with pytest.raises(NotFoundError):
                await load
        with pytest.raises(NotFoundError):
            await store.add_thread_item("thr", item("j"), BOB)
        assert await ids(store, context=BOB) == []
        await store.delete_thread("thr", BOB)
        await store.delete_thread_item("thr", "i", BOB)
        await store.delete_attachment("a", BOB)
        assert await ids(store) == ["i"]
        assert (await store.load_attachment("a", ANN)).name == "n"

    async def test_a_page_must_have_rows(self, store):
        with pytest.raises(ValueError, match="limit"):
            await store.load_threads(0, None, "asc", ANN)


async def test_an_attachment_store_names_itself_when_it_takes_no_uploads():
    class Plain(AttachmentStore):
        async def delete_attachment(self, attachment_id, context): ...

    with pytest.raises(NotImplementedError, match="Plain"):
        await Plain().create_attachment(None, ANN)
    assert Plain().generate_attachment_id("image/png", ANN).startswith("atc_")
