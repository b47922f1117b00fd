"""The store in memory keeps the contract."""

import pytest

from chatkit_app.chatkit.store import InMemoryStore
from chatkit_app.stores import open_store
from tests.stores.contract import StoreContract


class TestMemory(StoreContract):
    @pytest.fixture
    def store(self):
        return open_store("memory://")

    def test_the_url_opens_the_store_in_memory(self, store):
        assert isinstance(store, InMemoryStore)


async def test_a_user_who_only_looks_leaves_nothing_behind():
    store = InMemoryStore()
    for number in range(3):
        await store.load_threads(20, None, "desc", {"user_id": f"visitor {number}"})
        await store.delete_thread("thr_1", {"user_id": f"visitor {number}"})
    assert store._shelves == {}
