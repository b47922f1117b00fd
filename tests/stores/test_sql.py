"""The relational store keeps the contract, and what a file on a disk adds to it."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from chatkit_app.chatkit.store import InMemoryStore, NotFoundError
from chatkit_app.stores import open_store
from chatkit_app.stores.sql import SQLStore
from chatkit_app.stores.tables import microseconds
from tests.stores.contract import ALICE, BOB, NOON, StoreContract, attachment, ids, message, thread


def url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture
async def store(tmp_path):
    opened = open_store(url(tmp_path / "data" / "chat.db"))
    yield opened
    await opened.aclose()


class TestSQLite(StoreContract):
    @pytest.fixture
    def store(self, store):
        return store


async def test_everything_is_there_after_a_restart(tmp_path):
    first = SQLStore(url(tmp_path / "chat.db"))
    await first.save_thread(thread(title="kept"), ALICE)
    await first.add_thread_item("thr_1", message("a"), ALICE)
    await first.save_attachment(attachment(), ALICE)
    await first.aclose()
    second = SQLStore(url(tmp_path / "chat.db"))
    assert (await second.load_thread("thr_1", ALICE)).title == "kept"
    assert await ids(second) == ["a"]
    assert await second.load_attachment("atc_1", ALICE) == attachment()
    await second.aclose()


async def test_opening_a_store_touches_no_disk(tmp_path):
    open_store(url(tmp_path / "data" / "chat.db"))
    assert not (tmp_path / "data").exists()


async def test_a_store_of_an_unknown_scheme_is_refused():
    with pytest.raises(ValueError, match="mysql"):
        open_store("mysql://localhost/chat")


async def test_two_stores_on_one_file_write_at_once(tmp_path):
    stores = [SQLStore(url(tmp_path / "chat.db")) for _ in range(2)]
    await asyncio.gather(*(one.save_thread(thread(), ALICE) for one in stores))
    await asyncio.gather(
        *(
            one.add_thread_item("thr_1", message(f"{name}{number}"), ALICE)
            for one, name in zip(stores, "ab", strict=True)
            for number in range(50)
        )
    )
    expected = {f"{name}{number}" for name in "ab" for number in range(50)}
    assert set(await ids(stores[0])) == set(await ids(stores[1])) == expected
    for one in stores:
        await one.aclose()


async def test_reading_goes_on_while_somebody_writes(store, tmp_path):
    await store.save_thread(thread(), ALICE)
    writer = sqlite3.connect(tmp_path / "data" / "chat.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    async with asyncio.timeout(5):
        assert (await store.load_thread("thr_1", ALICE)).id == "thr_1"
    writer.execute("ROLLBACK")
    writer.close()


@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_a_page_deep_in_a_long_thread_is_read_from_the_index_alone(store, monkeypatch, order):
    await store.save_thread(thread(), ALICE)
    queries = []
    run = store._execute
    monkeypatch.setattr(store, "_execute", lambda statement: queries.append(statement) or run(statement))
    await store.add_thread_item("thr_1", message("a"), ALICE)
    queries.clear()
    await store.load_thread_items("thr_1", "a", 20, order, ALICE)
    for query in queries:
        plain = str(query.compile(store._engine.sync_engine, compile_kwargs={"literal_binds": True}))
        async with store._engine.connect() as connection:
            plan = [row.detail for row in await connection.execute(text(f"EXPLAIN QUERY PLAN {plain}"))]
        assert len(plan) == 1, plan
        assert plan[0].startswith("SEARCH chatkit_items USING INDEX"), plan


async def test_ten_thousand_items_are_paged_without_missing_one(store, tmp_path):
    await store.save_thread(thread(), ALICE)
    await store.add_thread_item("thr_1", message("template"), ALICE)
    payload = (await store.load_item("thr_1", "template", ALICE)).model_dump_json()
    await store.delete_thread_item("thr_1", "template", ALICE)
    rows = [
        ("alice", "thr_1", f"i{n}", microseconds(NOON) + n // 10, payload.replace("template", f"i{n}"))
        for n in range(10_000)
    ]
    connection = sqlite3.connect(tmp_path / "data" / "chat.db")
    connection.executemany(
        "INSERT INTO chatkit_items (owner, thread_id, id, created_us, payload) VALUES (?, ?, ?, ?, ?)", rows
    )
    connection.commit()
    connection.close()
    seen, after = [], None
    while True:
        page = await store.load_thread_items("thr_1", after, 100, "desc", ALICE)
        seen += [item.id for item in page.data]
        if not page.has_more:
            break
        after = page.after
    assert seen == [f"i{n}" for n in range(9_999, -1, -1)]


WRITER = """
import asyncio, sys
from chatkit_app.stores import open_store
from tests.stores.contract import ALICE, message, thread

async def main():
    store = open_store(sys.argv[1])
    await store.save_thread(thread(), ALICE)
    for number in range(100_000):
        await store.save_item("thr_1", message(f"i{number}", "x" * 20_000), ALICE)
        print(number, flush=True)

asyncio.run(main())
"""


async def test_a_process_killed_while_it_writes_leaves_whole_items_and_loses_none_it_confirmed(tmp_path):
    address = url(tmp_path / "chat.db")
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WRITER, address, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    for _ in range(20):
        confirmed = int(await writer.stdout.readline())
    writer.send_signal(signal.SIGKILL)
    rest = await writer.stdout.read()
    await writer.wait()
    confirmed = max([confirmed, *(int(line) for line in rest.splitlines() if line)])
    store = SQLStore(address)
    page = await store.load_thread_items("thr_1", None, 100_000, "asc", ALICE)
    assert [item.id for item in page.data[: confirmed + 1]] == [f"i{number}" for number in range(confirmed + 1)]
    assert {len(item.content[0].text) for item in page.data} == {20_000}
    await store.aclose()


def test_a_program_that_never_closes_its_store_still_ends(tmp_path):
    program = (
        "import asyncio, sys\n"
        "from chatkit_app.stores import open_store\n"
        "from tests.stores.contract import ALICE, thread\n"
        "asyncio.run(open_store(sys.argv[1]).save_thread(thread(), ALICE))\n"
    )
    command = [sys.executable, "-c", program, url(tmp_path / "chat.db")]
    subprocess.run(command, check=True, timeout=60, cwd=Path(__file__).parents[2], capture_output=True)


async def test_a_cancelled_call_leaves_the_store_usable(store):
    await store.save_thread(thread(), ALICE)
    for number in range(30):
        task = asyncio.create_task(store.add_thread_item("thr_1", message(f"i{number}"), ALICE))
        for _ in range(number % 5):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await store.add_thread_item("thr_1", message("last"), ALICE)
    assert (await ids(store))[-1] == "last"


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["thread", "item", "item", "item", "delete_item", "delete_after", "delete_thread"]),
        st.sampled_from([ALICE, BOB]),
        st.sampled_from(["t1", "t2"]),
        st.sampled_from(["i1", "i2", "i3", "i4"]),
        st.integers(0, 3),
    ),
    max_size=25,
)


async def _apply(store, operation):
    kind, user, thread_id, item_id, minutes = operation
    try:
        match kind:
            case "thread":
                await store.save_thread(thread(thread_id, minutes), user)
            case "item":
                await store.save_item(thread_id, message(item_id, str(minutes), minutes, thread_id), user)
            case "delete_item":
                await store.delete_thread_item(thread_id, item_id, user)
            case "delete_after":
                await store.delete_thread_items_after(thread_id, item_id, user)
            case "delete_thread":
                await store.delete_thread(thread_id, user)
    except NotFoundError:
        return "not found"
    return None


async def _everything(store):
    for user in (ALICE, BOB):
        yield (await store.load_threads(100, None, "desc", user)).data
        for thread_id in ("t1", "t2"):
            yield (await store.load_thread_items(thread_id, None, 100, "asc", user)).data


@given(OPERATIONS)
def test_any_sequence_of_operations_ends_as_in_memory(operations):
    async def compare():
        memory, sql = InMemoryStore(), SQLStore("sqlite+aiosqlite://")
        try:
            for operation in operations:
                assert await _apply(sql, operation) == await _apply(memory, operation)
            assert [rows async for rows in _everything(sql)] == [rows async for rows in _everything(memory)]
        finally:
            await sql.aclose()

    asyncio.run(compare())
