"""Bring a database to the newest schema."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chatkit_app.stores.engine import BUSY_SECONDS, make_folder

_MIGRATIONS = Path(__file__).parent / "migrations"
_ADVISORY_LOCK = 0x6368_6174_6B69_7401  # any constant will do, as long as every version of ours takes the same one


async def migrate(engine: AsyncEngine) -> None:
    """Apply every migration that is missing, all of them or none.

    Safe when several processes start at once: one does the work, the others wait and find it done. A database of a
    newer version than this program is refused with alembic's `CommandError`.
    """
    make_folder(engine)
    async with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            await _keep_a_write_ahead_log(connection)
            await _all_or_nothing(connection, "BEGIN EXCLUSIVE")
        else:
            await _all_or_nothing(connection, "BEGIN", f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")


async def _all_or_nothing(connection: AsyncConnection, *opening: str) -> None:
    # The connection commits by itself, so the transaction is opened by hand. That also keeps Python's sqlite3 from
    # committing in silence before each CREATE TABLE.
    for statement in opening:
        await connection.exec_driver_sql(statement)
    try:
        await connection.run_sync(_upgrade)
    except BaseException:
        await asyncio.shield(connection.exec_driver_sql("ROLLBACK"))
        raise
    await connection.exec_driver_sql("COMMIT")


async def _keep_a_write_ahead_log(connection: AsyncConnection) -> None:
    """Let readers and a writer work side by side. The file remembers; only the first time changes anything.

    SQLite does not wait for other connections here, whatever the busy timeout says, so we do.
    """
    deadline = asyncio.get_running_loop().time() + BUSY_SECONDS
    while True:
        try:
            await connection.exec_driver_sql("PRAGMA journal_mode = WAL")
            return
        except OperationalError as error:
            if "locked" not in str(error) or asyncio.get_running_loop().time() > deadline:
                raise
            await asyncio.sleep(0.01)


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
