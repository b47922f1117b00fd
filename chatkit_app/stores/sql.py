"""Threads, items and attachments in a relational database: SQLite or PostgreSQL."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any, TypeAlias

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Executable, Row, Select, delete, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from chatkit_app.chatkit.store import NotFoundError, Store, owner_of
from chatkit_app.chatkit.types import Attachment, Page, ThreadItem, ThreadMetadata
from chatkit_app.stores.engine import create_engine
from chatkit_app.stores.migrate import migrate
from chatkit_app.stores.tables import AttachmentRow, ItemRow, ThreadRow, microseconds

Query: TypeAlias = Select[*tuple[Any, ...]]
Found: TypeAlias = Row[*tuple[Any, ...]]

_ITEM: TypeAdapter[ThreadItem] = TypeAdapter(ThreadItem)
_ATTACHMENT: TypeAdapter[Attachment] = TypeAdapter(Attachment)


class SQLStore(Store[Any]):
    """A store in a relational database.

    What belongs to another user does not exist: reading it raises `NotFoundError`, listing it is an empty page,
    deleting it does nothing. Items and threads are ordered by their creation, then by when they were first stored;
    saving one again keeps its place. The schema is brought up to date when the store is first used.
    """

    def __init__(self, url: str) -> None:
        """`url` is an SQLAlchemy address with an async driver. Nothing is connected yet."""
        self._engine = create_engine(url)
        self._insert = postgresql.insert if self._engine.dialect.name == "postgresql" else sqlite.insert
        # SQLite has one writer at a time; those who wait for it there sleep and try again, those who wait here do not.
        one_writer = self._engine.dialect.name == "sqlite"
        self._writing: AbstractAsyncContextManager[Any] = asyncio.Lock() if one_writer else nullcontext()
        self._migrated = False
        self._migrating = asyncio.Lock()

    async def migrate(self) -> None:
        """Bring the database to the newest schema; nothing happens if it is there. Called by itself at first use."""
        async with self._migrating:
            if not self._migrated:
                await migrate(self._engine)
                self._migrated = True

    async def aclose(self) -> None:
        """Close every connection. The store may be used again afterwards."""
        await self._engine.dispose()

    # Threads

    async def load_thread(self, thread_id: str, context: Any) -> ThreadMetadata:
        row = await self._first(select(col(ThreadRow.payload)).where(*_thread_is(owner_of(context), thread_id)))
        if row is None:
            raise NotFoundError(f"thread {thread_id!r} not found")
        return ThreadMetadata.model_validate_json(row.payload)

    async def save_thread(self, thread: ThreadMetadata, context: Any) -> None:
        await self._upsert(
            ThreadRow,
            ["owner", "id"],
            owner=owner_of(context),
            id=_key(thread.id),
            created_us=microseconds(thread.created_at),
            payload=thread.model_dump_json(by_alias=True, exclude={"items"}),  # a Thread may be given: items have rows
        )

    async def load_threads(self, limit: int, after: str | None, order: str, context: Any) -> Page[ThreadMetadata]:
        owner = owner_of(context)
        place = None
        if after is not None:
            place = await self._first(
                select(col(ThreadRow.created_us), col(ThreadRow.seq)).where(*_thread_is(owner, after))
            )
            _check_cursor(place, after)
        query = select(col(ThreadRow.id), col(ThreadRow.payload)).where(col(ThreadRow.owner) == owner)
        rows = await self._rows(_page_of(query, ThreadRow, limit, order, place))
        threads = [ThreadMetadata.model_validate_json(row.payload) for row in rows[:limit]]
        return Page(data=threads, has_more=len(rows) > limit, after=_next_cursor(rows, limit))

    async def delete_thread(self, thread_id: str, context: Any) -> None:
        # The items go with it, by the foreign key, in the same statement.
        await self._run(delete(ThreadRow).where(*_thread_is(owner_of(context), thread_id)))

    # Items

    async def load_thread_items(
        self, thread_id: str, after: str | None, limit: int, order: str, context: Any
    ) -> Page[ThreadItem]:
        owner = owner_of(context)
        place = None
        if after is not None:
            place = await self._first(
                select(col(ItemRow.created_us), col(ItemRow.seq)).where(*_item_is(owner, thread_id, after))
            )
            _check_cursor(place, after)
        query = select(col(ItemRow.id), col(ItemRow.payload)).where(*_item_in(owner, thread_id))
        rows = await self._rows(_page_of(query, ItemRow, limit, order, place))
        items = [_ITEM.validate_json(row.payload) for row in rows[:limit]]
        return Page(data=items, has_more=len(rows) > limit, after=_next_cursor(rows, limit))

    async def add_thread_item(self, thread_id: str, item: ThreadItem, context: Any) -> None:
        # The same item may be finished twice (a workflow that goes on after a client tool), so this too is an upsert.
        await self.save_item(thread_id, item, context)

    async def save_item(self, thread_id: str, item: ThreadItem, context: Any) -> None:
        """Store the item, in the place it already had if the thread has one of this id.

        `NotFoundError` if there is no such thread, also when it was deleted while its answer was still running.
        """
        try:
            await self._upsert(
                ItemRow,
                ["owner", "thread_id", "id"],
                owner=owner_of(context),
                thread_id=_key(thread_id),
                id=_key(item.id),
                created_us=microseconds(item.created_at),
                payload=item.model_dump_json(by_alias=True),
            )
        except IntegrityError as error:  # the foreign key: the only constraint an upsert can still break
            raise NotFoundError(f"thread {thread_id!r} not found") from error

    async def load_item(self, thread_id: str, item_id: str, context: Any) -> ThreadItem:
        row = await self._first(select(col(ItemRow.payload)).where(*_item_is(owner_of(context), thread_id, item_id)))
        if row is None:
            raise NotFoundError(f"item {item_id!r} not found")
        return _ITEM.validate_json(row.payload)

    async def delete_thread_item(self, thread_id: str, item_id: str, context: Any) -> None:
        await self._run(delete(ItemRow).where(*_item_is(owner_of(context), thread_id, item_id)))

    async def delete_thread_items_after(self, thread_id: str, item_id: str, context: Any) -> None:
        """Delete every item newer than this one, in one statement. `NotFoundError` if the item is not there."""
        owner = owner_of(context)
        place = select(col(ItemRow.created_us), col(ItemRow.seq)).where(*_item_is(owner, thread_id, item_id))
        newer = tuple_(col(ItemRow.created_us), col(ItemRow.seq)) > place.scalar_subquery()
        if await self._run(delete(ItemRow).where(*_item_in(owner, thread_id), newer)) == 0:
            await self.load_item(thread_id, item_id, context)

    # Attachments

    async def save_attachment(self, attachment: Attachment, context: Any) -> None:
        await self._upsert(
            AttachmentRow,
            ["owner", "id"],
            owner=owner_of(context),
            id=_key(attachment.id),
            payload=attachment.model_dump_json(by_alias=True),
        )

    async def load_attachment(self, attachment_id: str, context: Any) -> Attachment:
        found = _attachment_is(owner_of(context), attachment_id)
        row = await self._first(select(col(AttachmentRow.payload)).where(*found))
        if row is None:
            raise NotFoundError(f"attachment {attachment_id!r} not found")
        return _ATTACHMENT.validate_json(row.payload)

    async def delete_attachment(self, attachment_id: str, context: Any) -> None:
        await self._run(delete(AttachmentRow).where(*_attachment_is(owner_of(context), attachment_id)))

    # The database

    async def _upsert(self, table: type[Any], key: list[str], **values: Any) -> None:
        insert = self._insert(table).values(**values)
        await self._run(insert.on_conflict_do_update(index_elements=key, set_={"payload": insert.excluded.payload}))

    async def _run(self, statement: Executable) -> int:
        """Run one statement that writes; the number of rows it touched."""
        async with self._writing:
            return (await self._execute(statement)).rowcount

    async def _first(self, query: Query) -> Found | None:
        return (await self._execute(query)).first()

    async def _rows(self, query: Query) -> list[Found]:
        return list((await self._execute(query)).all())

    async def _execute(self, statement: Executable) -> CursorResult[Any]:
        if not self._migrated:
            await self.migrate()
        async with self._engine.connect() as connection:
            return await connection.execute(statement)


def _key(identity: str) -> str:
    """The id as a column can hold it: PostgreSQL's text has no NUL, which a client may well send."""
    return identity.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _thread_is(owner: str, thread_id: str) -> tuple[ColumnElement[bool], ...]:
    return col(ThreadRow.owner) == owner, col(ThreadRow.id) == _key(thread_id)


def _item_in(owner: str, thread_id: str) -> tuple[ColumnElement[bool], ...]:
    return col(ItemRow.owner) == owner, col(ItemRow.thread_id) == _key(thread_id)


def _item_is(owner: str, thread_id: str, item_id: str) -> tuple[ColumnElement[bool], ...]:
    return *_item_in(owner, thread_id), col(ItemRow.id) == _key(item_id)


def _attachment_is(owner: str, attachment_id: str) -> tuple[ColumnElement[bool], ...]:
    return col(AttachmentRow.owner) == owner, col(AttachmentRow.id) == _key(attachment_id)


def _page_of(
    query: Query, table: type[ThreadRow] | type[ItemRow], limit: int, order: str, place: Found | None
) -> Query:
    """One page and one row more, beginning after a place in the order: an index scan however long the list is."""
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    if order not in ("asc", "desc"):
        raise ValueError(f"order must be 'asc' or 'desc', not {order!r}")
    keys = (col(table.created_us), col(table.seq))
    if place is not None:
        here = tuple_(*keys)
        query = query.where(here > tuple_(*place) if order == "asc" else here < tuple_(*place))
    return query.order_by(*(key.asc() if order == "asc" else key.desc() for key in keys)).limit(limit + 1)


def _check_cursor(place: Found | None, after: str) -> None:
    if place is None:
        raise NotFoundError(f"cursor {after!r} not found")


def _next_cursor(rows: list[Found], limit: int) -> str | None:
    return str(rows[limit - 1].id) if len(rows) > limit else None
