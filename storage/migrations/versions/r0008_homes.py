"""Whose own page in a chat was looked at when, so that it is kept true for a while; and who somebody's manager is, as the chat tells."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Utc

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "homes",
        sa.Column("chat", sa.String(8), nullable=False),
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("user", sa.String(128), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("opened_at", Utc, nullable=False),
        sa.Column("drawn_at", Utc, nullable=False),
        sa.Column("mark", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("chat", "workspace", "user", name="pk_homes"),
    )
    op.create_index("ix_homes_person", "homes", ["organisation", "person"])
    op.create_index("ix_homes_opened", "homes", ["opened_at"])
    op.add_column("people", sa.Column("manager", sa.String(32)))


def downgrade() -> None:
    op.drop_column("people", "manager")
    op.drop_table("homes")
