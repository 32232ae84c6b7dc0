"""The tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _offices()
    _people()
    _tickets()
    _around_tickets()
    _words()
    _posts()
    _messages()


def downgrade() -> None:
    raise NotImplementedError("there is nothing before the first revision")


def _index(name: str, table: str, *columns: str, unique: bool = False, where: str | None = None) -> None:
    condition = None if where is None else sa.text(where)
    op.create_index(name, table, list(columns), unique=unique, sqlite_where=condition, postgresql_where=condition)


def _offices() -> None:
    op.create_table(
        "organisations",
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("organisation", name="pk_organisations"),
        sa.UniqueConstraint("key", name="uq_organisations_key"),
    )
    op.create_table(
        "policies",
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("section", sa.String(32), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(8), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("organisation", "section", "key", name="pk_policies"),
    )
    op.create_table(
        "installations",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("chat", sa.String(8), nullable=False),
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("vendor", sa.String(64)),
        sa.Column("data", JSON, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_installations"),
    )
    _index("uq_installations_workspace", "installations", "chat", "workspace", unique=True)
    op.create_table(
        "counters",
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "name", name="pk_counters"),
    )


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("email", sa.String(320)),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("standing", sa.String(8), nullable=False),
        sa.Column("vendor", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )
    _index("uq_people_email", "people", "organisation", "email", unique=True)
    op.create_table(
        "accounts",
        sa.Column("chat", sa.String(8), nullable=False),
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("user", sa.String(128), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("chat", "workspace", "user", name="pk_accounts"),
    )
    _index("ix_accounts_person", "accounts", "person")
    op.create_table(
        "places",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("chat", sa.String(8), nullable=False),
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("channel", sa.String(200), nullable=False),
        sa.Column("user", sa.String(128), nullable=False),
        sa.Column("person", sa.String(32)),
        sa.Column("queue", sa.String(64)),
        sa.Column("vendor", sa.String(64)),
        sa.Column("unreachable", sa.String(200)),
        sa.Column("used_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_places"),
    )
    _index("ix_places_channel", "places", "chat", "workspace", "channel")
    _index("ix_places_person", "places", "organisation", "person")
    _index("ix_places_queue", "places", "organisation", "queue")
    _index("uq_places_dm", "places", "chat", "workspace", "user", unique=True, where="kind = 'dm'")


def _tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("category", sa.String(64), nullable=False),
        sa.Column("sure", sa.Boolean(), nullable=False),
        sa.Column("queue", sa.String(64), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("impact", sa.String(16), nullable=False),
        sa.Column("slowed", sa.Integer(), nullable=False),
        sa.Column("priority", sa.String(8), nullable=False),
        sa.Column("visibility", sa.String(8), nullable=False),
        sa.Column("requester", sa.String(32), nullable=False),
        sa.Column("assignee", sa.String(32)),
        sa.Column("site", sa.String(64)),
        sa.Column("spot", sa.String(200), nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("respond_due", MOMENT),
        sa.Column("resolve_due", MOMENT),
        sa.Column("responded_at", MOMENT),
        sa.Column("human_at", MOMENT),
        sa.Column("resolved_at", MOMENT),
        sa.Column("resolved_by", sa.String(32)),
        sa.Column("closed_at", MOMENT),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("resolution", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer()),
        sa.Column("cost", sa.String(40), nullable=False),
        sa.Column("score", sa.Integer()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tickets"),
    )
    _index("ix_tickets_queue_open", "tickets", "organisation", "queue", "resolve_due", where="status <> 'closed'")
    _index("ix_tickets_requester", "tickets", "organisation", "requester", "created_at")
    _index("ix_tickets_respond_open", "tickets", "organisation", "respond_due", where="status <> 'closed'")
    _index("uq_tickets_number", "tickets", "organisation", "number", unique=True)


def _around_tickets() -> None:
    op.create_table(
        "waits",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("ticket", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("on", sa.String(32)),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("due", MOMENT),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("pausing", sa.Boolean(), nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_waits"),
    )
    _index("ix_waits_on_open", "waits", "organisation", "on", where="ended_at IS NULL")
    _index("ix_waits_ticket", "waits", "ticket")
    op.create_table(
        "offers",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("ticket", sa.String(32), nullable=False),
        sa.Column("vendor", sa.String(64), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("due", MOMENT),
        sa.Column("claimed_by", sa.String(32)),
        sa.Column("ended_at", MOMENT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_offers"),
    )
    _index("ix_offers_ticket", "offers", "ticket")
    _index("ix_offers_vendor_open", "offers", "organisation", "vendor", where="ended_at IS NULL")
    op.create_table(
        "affected",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("ticket", sa.String(32), nullable=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_affected"),
    )
    _index("uq_affected_person", "affected", "ticket", "person", unique=True)
    op.create_table(
        "watches",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("ticket", sa.String(32), nullable=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_watches"),
    )
    _index("ix_watches_of", "watches", "organisation", "person")
    _index("uq_watches_person", "watches", "ticket", "person", unique=True)
    op.create_table(
        "links",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("ticket", sa.String(32), nullable=False),
        sa.Column("other", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_links"),
    )
    _index("ix_links_other", "links", "other")
    _index("ix_links_ticket", "links", "ticket")


def _words() -> None:
    op.create_table(
        "remotes",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("system", sa.String(32), nullable=False),
        sa.Column("remote_id", sa.String(200), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_remotes"),
    )
    _index("ix_remotes_subject", "remotes", "subject")
    _index("uq_remotes_remote", "remotes", "organisation", "system", "remote_id", unique=True)
    op.create_table(
        "comments",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("ticket", sa.String(32), nullable=False),
        sa.Column("author", sa.String(32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("audience", JSON, nullable=False),
        sa.Column("origin", JSON, nullable=False),
        sa.Column("deleted_at", MOMENT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_comments"),
    )
    _index("ix_comments_ticket", "comments", "ticket", "at")
    op.create_table(
        "history",
        sa.Column("seq", SERIAL, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(32)),
        sa.Column("where", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_history"),
    )
    _index("ix_history_subject", "history", "organisation", "subject", "seq")


def _posts() -> None:
    op.create_table(
        "posts",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("view", sa.String(64), nullable=False),
        sa.Column("place", sa.String(32), nullable=False),
        sa.Column("tag", sa.String(64), nullable=False),
        sa.Column("thread", sa.String(32)),
        sa.Column("message_id", sa.String(200), nullable=False),
        sa.Column("shown_hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_posts"),
    )
    _index("ix_posts_message", "posts", "place", "message_id")
    _index("uq_posts_view", "posts", "subject", "view", "place", "tag", unique=True)
    op.create_table(
        "notices",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("urgency", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
    )
    _index("ix_notices_subject_reason", "notices", "subject", "reason")
    _index("uq_notices_once", "notices", "person", "subject", "reason", "version", unique=True)
    op.create_table(
        "dialogs",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("step", sa.String(64), nullable=False),
        sa.Column("place", sa.String(32), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("asked_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dialogs"),
    )
    _index("ix_dialogs_open", "dialogs", "organisation", "person", where="ended_at IS NULL")


def _messages() -> None:
    op.create_table(
        "heard",
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("result", JSON),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_heard"),
    )
    _index("ix_heard_at", "heard", "at")
    op.create_table(
        "outbox",
        sa.Column("seq", SERIAL, autoincrement=True, nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("subscriber", sa.String(64), nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("lane", sa.String(200), nullable=False),
        sa.Column("key", sa.String(200)),
        sa.Column("stamp", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("leased_until", MOMENT),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text()),
        sa.Column("done_at", MOMENT),
        sa.Column("dead_at", MOMENT),
        sa.PrimaryKeyConstraint("seq", name="pk_outbox"),
    )
    _index("ix_outbox_done", "outbox", "done_at", where="done_at IS NOT NULL")
    _index("ix_outbox_due", "outbox", "due_at", "seq", where="done_at IS NULL")
    _index("ix_outbox_lane", "outbox", "lane", "seq", where="done_at IS NULL")
    _index("uq_outbox_key", "outbox", "key", unique=True, where="done_at IS NULL")
