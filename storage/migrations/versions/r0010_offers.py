"""What an office tells a vendor with an offer, who made it, when it was claimed and why it ended; and the vendor's channels."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Utc

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("offers", sa.Column("offered_by", sa.String(32)))
    op.add_column("offers", sa.Column("note", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("offers", sa.Column("claimed_at", Utc))
    op.add_column("offers", sa.Column("end", sa.String(12), nullable=False, server_default=sa.text("''")))
    op.create_index("ix_places_vendor", "places", ["organisation", "vendor"])


def downgrade() -> None:
    op.drop_index("ix_places_vendor", "places")
    for column in ("end", "claimed_at", "note", "offered_by"):
        op.drop_column("offers", column)
