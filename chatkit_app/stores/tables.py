"""The tables of the relational store.

Every row carries its `owner`, and the owner is part of every key: a query that names the wrong owner finds nothing and
can overwrite nothing. What a row says is the model's own JSON in `payload`; the other columns only find and order it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import ClassVar

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_Sequence = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself only for plain INTEGER


class _Table(SQLModel, registry=registry()):
    """A base with a registry of its own: another user of SQLModel in this process shares no table with us."""


class ThreadRow(_Table, table=True):
    """One thread, without its items."""

    __tablename__: ClassVar[str] = "chatkit_threads"
    __table_args__: ClassVar[tuple[object, ...]] = (
        UniqueConstraint("owner", "id", name="uq_chatkit_threads_id"),
        Index("ix_chatkit_threads_order", "owner", "created_us", "seq"),
    )

    seq: int | None = Field(default=None, primary_key=True, sa_type=_Sequence)
    owner: str = Field(sa_type=Text)
    id: str = Field(sa_type=Text)
    created_us: int = Field(sa_type=BigInteger)
    payload: str = Field(sa_type=Text)


class ItemRow(_Table, table=True):
    """One item. Its id is unique in its thread only: model providers reuse ids."""

    __tablename__: ClassVar[str] = "chatkit_items"
    __table_args__: ClassVar[tuple[object, ...]] = (
        UniqueConstraint("owner", "thread_id", "id", name="uq_chatkit_items_id"),
        ForeignKeyConstraint(
            ["owner", "thread_id"],
            ["chatkit_threads.owner", "chatkit_threads.id"],
            name="fk_chatkit_items_thread",
            ondelete="CASCADE",
        ),
        Index("ix_chatkit_items_order", "owner", "thread_id", "created_us", "seq"),
    )

    seq: int | None = Field(default=None, primary_key=True, sa_type=_Sequence)
    owner: str = Field(sa_type=Text)
    thread_id: str = Field(sa_type=Text)
    id: str = Field(sa_type=Text)
    created_us: int = Field(sa_type=BigInteger)
    payload: str = Field(sa_type=Text)


class AttachmentRow(_Table, table=True):
    """What is known of one attachment. Its bytes are elsewhere."""

    __tablename__: ClassVar[str] = "chatkit_attachments"

    owner: str = Field(primary_key=True, sa_type=Text)
    id: str = Field(primary_key=True, sa_type=Text)
    payload: str = Field(sa_type=Text)


metadata = _Table.metadata
"""The schema that the newest migration must lead to."""


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970 in UTC. A time without a zone is local time, as `datetime.now()` makes it."""
    try:
        aware = moment if moment.tzinfo is not None else moment.astimezone(UTC)
    except (OverflowError, ValueError, OSError):  # the first and the last day of the calendar have no local time
        aware = moment.replace(tzinfo=UTC)
    return (aware - _EPOCH) // timedelta(microseconds=1)
