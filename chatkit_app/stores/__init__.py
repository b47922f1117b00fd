"""Where things are kept. The scheme of a URL picks the backend."""

from __future__ import annotations

from typing import Any

from chatkit_app.chatkit.store import Store

__all__ = ["open_store"]


def open_store(url: str) -> Store[Any]:
    """The store behind this URL. Nothing is connected, made or migrated until it is first used.

    - `memory://` keeps everything in this process until it ends;
    - `sqlite+aiosqlite:///path/to/file.db` keeps it in a file, whose folder is made if it is missing;
    - `postgresql+asyncpg://user:password@host/database` keeps it in PostgreSQL.

    `ValueError` for any other scheme.
    """
    scheme = url.partition("://")[0]
    if scheme == "memory":
        from chatkit_app.chatkit.store import InMemoryStore

        return InMemoryStore()
    if scheme in {"sqlite+aiosqlite", "postgresql+asyncpg"}:
        from chatkit_app.stores.sql import SQLStore

        return SQLStore(url)
    raise ValueError(
        f"no store for the scheme {scheme!r}: use memory://, sqlite+aiosqlite:/// or postgresql+asyncpg://"
    )
