"""Finding the open tickets that one person has: when somebody leaves, they need somebody else."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_HELD = sa.text("status <> 'closed' AND assignee IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_tickets_held", "tickets", ["organisation", "assignee"], sqlite_where=_HELD, postgresql_where=_HELD)


def downgrade() -> None:
    op.drop_index("ix_tickets_held", "tickets")
