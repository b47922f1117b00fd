"""Every database is brought to the newest schema, once, whoever comes first."""

import asyncio
import sqlite3
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.util import CommandError

from chatkit_app.stores.engine import create_engine
from chatkit_app.stores.migrate import migrate
from chatkit_app.stores.sql import SQLStore
from chatkit_app.stores.tables import metadata
from tests.stores.contract import ALICE, ids, message, thread


@pytest.fixture
async def engine(tmp_path):
    opened = create_engine(f"sqlite+aiosqlite:///{tmp_path / 'chat.db'}")
    yield opened
    await opened.dispose()


async def test_the_migrations_lead_to_the_tables_of_the_code(engine):
    await migrate(engine)

    def difference(connection):
        context = MigrationContext.configure(connection, opts={"version_table": "chatkit_schema"})
        return compare_metadata(context, metadata)

    async with engine.connect() as connection:
        assert await connection.run_sync(difference) == []


async def test_migrating_again_changes_nothing(engine, tmp_path):
    await migrate(engine)
    store = SQLStore(str(engine.url))
    await store.save_thread(thread(), ALICE)
    await store.add_thread_item("thr_1", message("a"), ALICE)
    await migrate(engine)
    assert await ids(store) == ["a"]
    await store.aclose()


async def test_a_migration_that_fails_leaves_nothing_half_done(engine, tmp_path):
    connection = sqlite3.connect(tmp_path / "chat.db")
    connection.execute("CREATE TABLE chatkit_attachments (somebody TEXT)")  # in the way of the third table
    connection.commit()
    with pytest.raises(Exception, match="already exists"):
        await migrate(engine)
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables == {"chatkit_attachments"}
    connection.execute("DROP TABLE chatkit_attachments")
    connection.commit()
    connection.close()
    await migrate(engine)


async def test_a_database_of_a_newer_version_is_refused(engine, tmp_path):
    await migrate(engine)
    connection = sqlite3.connect(tmp_path / "chat.db")
    connection.execute("UPDATE chatkit_schema SET version_num = '9999'")
    connection.commit()
    connection.close()
    with pytest.raises(CommandError, match="9999"):
        await migrate(engine)


STARTER = """
import asyncio, sys
from chatkit_app.stores import open_store
from tests.stores.contract import ALICE, message

async def main():
    store = open_store(sys.argv[1])
    sys.stdin.read()  # all start at the same moment
    print((await store.load_threads(1, None, "asc", ALICE)).has_more)
    await store.aclose()

asyncio.run(main())
"""


async def test_processes_that_start_at_once_migrate_once(tmp_path):
    address = f"sqlite+aiosqlite:///{tmp_path / 'new' / 'chat.db'}"
    pipe = asyncio.subprocess.PIPE
    processes = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", STARTER, address),
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            cwd=Path(__file__).parents[2],
        )
        for _ in range(4)
    ]
    outputs = await asyncio.gather(*(process.communicate(b"") for process in processes))
    assert [(out.strip(), error) for out, error in outputs] == [(b"False", b"")] * 4


async def test_calls_that_come_first_together_migrate_once(tmp_path):
    store = SQLStore(f"sqlite+aiosqlite:///{tmp_path / 'chat.db'}")
    pages = await asyncio.gather(*(store.load_threads(5, None, "asc", ALICE) for _ in range(10)))
    assert [page.data for page in pages] == [[]] * 10
    await store.aclose()
