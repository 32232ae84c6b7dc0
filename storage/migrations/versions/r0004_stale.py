"""Finding the posts of a place that could not be shown or redrawn there: they are caught up with when it takes messages again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_STALE = sa.text("shown_hash = ''")


def upgrade() -> None:
    op.create_index("ix_posts_stale", "posts", ["place", "id"], sqlite_where=_STALE, postgresql_where=_STALE)
    for code, sentence in (("archived", "The channel is archived."), ("deleted", "The channel was deleted.")):
        op.execute(sa.text("UPDATE places SET unreachable = :code WHERE unreachable = :sentence").bindparams(code=code, sentence=sentence))


def downgrade() -> None:
    op.drop_index("ix_posts_stale", "posts")
