"""People are forgotten and old tickets emptied: marks of who is not to come back, and finding what is old without a search."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("organisations", sa.Column("mark_key", sa.String(64)))
    op.create_table(
        "forgotten",
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("organisation", "mark", name="pk_forgotten"),
    )
    op.add_column("tickets", sa.Column("emptied_at", _MOMENT))
    _index("ix_tickets_closed", "tickets", "organisation", "closed_at", where="status = 'closed' AND emptied_at IS NULL")
    _index("ix_tickets_emptied", "tickets", "organisation", "emptied_at", where="emptied_at IS NOT NULL")
    _index("ix_dialogs_ended", "dialogs", "ended_at", where="ended_at IS NOT NULL")
    op.create_index("ix_dialogs_person", "dialogs", ["organisation", "person"])
    op.create_index("ix_dialogs_subject", "dialogs", ["subject"])
    op.create_index("ix_notices_at", "notices", ["at"])


def _index(name: str, table: str, *columns: str, where: str) -> None:
    op.create_index(name, table, list(columns), sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    raise NotImplementedError("what was forgotten cannot be remembered")
