"""Threads, their items, and attachments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SEQUENCE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "chatkit_threads",
        sa.Column("seq", _SEQUENCE, primary_key=True, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("created_us", sa.BigInteger, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.UniqueConstraint("owner", "id", name="uq_chatkit_threads_id"),
    )
    op.create_index("ix_chatkit_threads_order", "chatkit_threads", ["owner", "created_us", "seq"])
    op.create_table(
        "chatkit_items",
        sa.Column("seq", _SEQUENCE, primary_key=True, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("thread_id", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("created_us", sa.BigInteger, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.UniqueConstraint("owner", "thread_id", "id", name="uq_chatkit_items_id"),
        sa.ForeignKeyConstraint(
            ["owner", "thread_id"],
            ["chatkit_threads.owner", "chatkit_threads.id"],
            name="fk_chatkit_items_thread",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_chatkit_items_order", "chatkit_items", ["owner", "thread_id", "created_us", "seq"])
    op.create_table(
        "chatkit_attachments",
        sa.Column("owner", sa.Text, primary_key=True, nullable=False),
        sa.Column("id", sa.Text, primary_key=True, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
    )
