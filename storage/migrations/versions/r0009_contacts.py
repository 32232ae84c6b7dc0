"""How people are reached in Teams, room for its ids, which are longer than Slack's, and accounts that are to stay apart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Utc

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

WIDER = (
    ("places", "channel", 200, 300, False),
    ("remotes", "remote_id", 200, 700, False),
    ("files", "channel", 200, 300, False),
    ("files", "remote_id", 200, 300, False),
    ("outbox", "lane", 200, 400, False),
    ("outbox", "key", 200, 400, True),
)
"""Table, column, its length before and now, whether it may be empty."""


def upgrade() -> None:
    op.create_table(
        "contacts",
        sa.Column("chat", sa.String(8), nullable=False),
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("user", sa.String(128), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("remote_id", sa.String(300), nullable=False),
        sa.Column("conversation", sa.String(300), nullable=False),
        sa.Column("service_url", sa.String(300), nullable=False),
        sa.Column("seen_at", Utc, nullable=False),
        sa.PrimaryKeyConstraint("chat", "workspace", "user", name="pk_contacts"),
    )
    op.create_index("ix_contacts_remote", "contacts", ["chat", "workspace", "remote_id"])
    op.add_column("accounts", sa.Column("apart", sa.Boolean(), nullable=False, server_default=sa.false()))
    _sized(wider=True)


def downgrade() -> None:
    _sized(wider=False)
    op.drop_column("accounts", "apart")
    op.drop_table("contacts")


def _sized(wider: bool) -> None:
    """SQLite does not look at lengths, and would have to copy the tables."""
    if op.get_bind().dialect.name == "sqlite":
        return
    for table, column, before, now, empty in WIDER:
        op.alter_column(table, column, type_=sa.String(now if wider else before), existing_nullable=empty)
