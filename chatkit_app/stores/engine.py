"""Connections to the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

BUSY_SECONDS = 30
"""How long a writer waits for another one before it gives up, in seconds."""

_CONNECTIONS = 5


def create_engine(url: str) -> AsyncEngine:
    """The one engine of a store. Nothing is connected yet.

    Every operation of the store is a single statement, and a single statement is atomic by itself: so connections
    commit by themselves, which saves two round trips an operation and leaves no transaction open across an await.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(address)
    return create_async_engine(address, isolation_level="AUTOCOMMIT", pool_pre_ping=True)


def make_folder(engine: AsyncEngine) -> None:
    """Make the folder of a database file that is not there yet."""
    address = engine.url
    if address.get_backend_name() == "sqlite" and address.database not in (None, "", ":memory:"):
        Path(str(address.database)).parent.mkdir(parents=True, exist_ok=True)


def _sqlite(address: URL) -> AsyncEngine:
    options: dict[str, Any] = {"isolation_level": "AUTOCOMMIT", "connect_args": {"timeout": BUSY_SECONDS}}
    if address.database not in (None, "", ":memory:"):
        # A connection is a thread. A few read faster than many, and each is kept: opening one costs more than using it.
        options |= {"pool_size": _CONNECTIONS, "max_overflow": 0, "pool_timeout": BUSY_SECONDS}
    engine = create_async_engine(address, **options)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA synchronous = FULL")  # what was accepted survives a power cut, not only a crash
        cursor.close()

    return engine
