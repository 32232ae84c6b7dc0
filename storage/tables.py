"""Every table, in one place. Every one carries the organisation; ids are UUIDv7 as 32 hex digits; moments are UTC.

Indexes that serve work still to be done are partial, so that nothing grows with history.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Utc(TypeDecorator[datetime]):
    """An aware moment in UTC. SQLite has no time zones: there it is stored naive and read back aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON().with_variant(JSONB(), "postgresql")
Id = String(32)
Subject = String(80)
LONGEST_WHERE = 200
# SQLite only numbers rows by itself in an INTEGER PRIMARY KEY.
Serial = BigInteger().with_variant(Integer(), "sqlite")


def _id() -> Column[str]:
    return Column("id", Id, primary_key=True)


def _organisation() -> Column[str]:
    return Column("organisation", Id, nullable=False)


def _version() -> Column[int]:
    return Column("version", Integer, nullable=False)


organisations = Table(
    "organisations",
    metadata,
    Column("organisation", Id, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("version", Integer, nullable=False),  # of the policy: each apply or change in chat raises it
    Column("created_at", Utc, nullable=False),
    Column("mark_key", String(64)),  # with which the accounts of forgotten people are marked
)

# Who is not to come back by itself. A mark is a keyed hash of an account or an address: it tells nothing, and is known again when it comes.
forgotten = Table(
    "forgotten",
    metadata,
    Column("organisation", Id, primary_key=True),
    Column("mark", String(64), primary_key=True),
    Column("person", Id, nullable=False),
    Column("at", Utc, nullable=False),
)

policies = Table(
    "policies",
    metadata,
    Column("organisation", Id, primary_key=True),
    Column("section", String(32), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("data", Json, nullable=False),
    Column("place", Integer, nullable=False),  # order in the file
    Column("changed_by", String(8), nullable=False),  # file | chat
    Column("changed_at", Utc, nullable=False),
)

installations = Table(
    "installations",
    metadata,
    _id(),
    _organisation(),
    Column("chat", String(8), nullable=False),
    Column("workspace", String(64), nullable=False),
    Column("vendor", String(64)),
    Column("data", Json, nullable=False),
    Column("created_at", Utc, nullable=False),
    Index("uq_installations_workspace", "chat", "workspace", unique=True),
)

counters = Table(
    "counters",
    metadata,
    Column("organisation", Id, primary_key=True),
    Column("name", String(32), primary_key=True),
    Column("value", Integer, nullable=False),
)

people = Table(
    "people",
    metadata,
    _id(),
    _organisation(),
    Column("email", String(320)),
    Column("name", String(200), nullable=False),
    Column("language", String(16), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("standing", String(8), nullable=False),
    Column("vendor", String(64)),
    Column("manager", Id),  # as a chat tells; the office's policy goes before it
    Index("uq_people_email", "organisation", "email", unique=True),
)

accounts = Table(
    "accounts",
    metadata,
    Column("chat", String(8), primary_key=True),
    Column("workspace", String(64), primary_key=True),
    Column("user", String(128), primary_key=True),
    _organisation(),
    Column("person", Id, nullable=False, index=True),
    Column("apart", Boolean, nullable=False, server_default=false()),
)

places = Table(
    "places",
    metadata,
    _id(),
    _organisation(),
    Column("chat", String(8), nullable=False),
    Column("workspace", String(64), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("channel", String(300), nullable=False),
    Column("user", String(128), nullable=False),
    Column("person", Id),  # whose direct conversation it is
    Column("queue", String(64)),
    Column("vendor", String(64)),
    Column("unreachable", String(200)),
    Column("used_at", Utc),
    Index("ix_places_channel", "chat", "workspace", "channel"),
    Index("uq_places_dm", "chat", "workspace", "user", unique=True, sqlite_where=text("kind = 'dm'"), postgresql_where=text("kind = 'dm'")),
    Index("ix_places_queue", "organisation", "queue"),
    Index("ix_places_vendor", "organisation", "vendor"),
    Index("ix_places_person", "organisation", "person"),
)

OPEN = text("status <> 'closed'")
HELD = text("status <> 'closed' AND assignee IS NOT NULL")
FULL = text("status = 'closed' AND emptied_at IS NULL")
EMPTIED = text("emptied_at IS NOT NULL")

tickets = Table(
    "tickets",
    metadata,
    _id(),
    _organisation(),
    Column("number", Integer, nullable=False),
    Column("title", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("category", String(64), nullable=False),
    Column("sure", Boolean, nullable=False),
    Column("queue", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("impact", String(16), nullable=False),
    Column("slowed", Integer, nullable=False),
    Column("priority", String(8), nullable=False),
    Column("visibility", String(8), nullable=False),
    Column("requester", Id, nullable=False),
    Column("assignee", Id),
    Column("site", String(64)),
    Column("spot", String(200), nullable=False),
    Column("fields", Json, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    Column("respond_due", Utc),
    Column("resolve_due", Utc),
    Column("responded_at", Utc),
    Column("human_at", Utc),
    Column("resolved_at", Utc),
    Column("resolved_by", Id),
    Column("closed_at", Utc),
    Column("reopened", Integer, nullable=False),
    Column("resolution", Text, nullable=False),
    Column("minutes", Integer),
    Column("cost", String(40), nullable=False),
    Column("score", Integer),
    Column("emptied_at", Utc),  # when its words were removed, because the office keeps them no longer
    _version(),
    Index("uq_tickets_number", "organisation", "number", unique=True),
    Index("ix_tickets_requester", "organisation", "requester", "created_at"),
    Index("ix_tickets_queue_open", "organisation", "queue", "resolve_due", sqlite_where=OPEN, postgresql_where=OPEN),
    Index("ix_tickets_respond_open", "organisation", "respond_due", sqlite_where=OPEN, postgresql_where=OPEN),
    Index("ix_tickets_held", "organisation", "assignee", sqlite_where=HELD, postgresql_where=HELD),
    Index("ix_tickets_closed", "organisation", "closed_at", sqlite_where=FULL, postgresql_where=FULL),
    Index("ix_tickets_emptied", "organisation", "emptied_at", sqlite_where=EMPTIED, postgresql_where=EMPTIED),
)

UNENDED = text("ended_at IS NULL")
ENDED = text("ended_at IS NOT NULL")

waits = Table(
    "waits",
    metadata,
    _id(),
    _organisation(),
    Column("ticket", Id, nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("on", Id),
    Column("since", Utc, nullable=False),
    Column("due", Utc),
    Column("note", Text, nullable=False),
    Column("pausing", Boolean, nullable=False),
    Column("ended_at", Utc),
    _version(),
    Index("ix_waits_on_open", "organisation", "on", sqlite_where=UNENDED, postgresql_where=UNENDED),
)

offers = Table(
    "offers",
    metadata,
    _id(),
    _organisation(),
    Column("ticket", Id, nullable=False, index=True),
    Column("vendor", String(64), nullable=False),
    Column("since", Utc, nullable=False),
    Column("due", Utc),
    Column("claimed_by", Id),
    Column("ended_at", Utc),
    Column("offered_by", Id),
    Column("note", Text, nullable=False, server_default=text("''")),
    Column("claimed_at", Utc),
    Column("end", String(12), nullable=False, server_default=text("''")),
    _version(),
    Index("ix_offers_vendor_open", "organisation", "vendor", sqlite_where=UNENDED, postgresql_where=UNENDED),
)

affected = Table(
    "affected",
    metadata,
    _id(),
    _organisation(),
    Column("ticket", Id, nullable=False),
    Column("person", Id, nullable=False),
    Column("percent", Integer, nullable=False),
    Column("since", Utc, nullable=False),
    Column("until", Utc),
    _version(),
    Index("uq_affected_person", "ticket", "person", unique=True),
)

watches = Table(
    "watches",
    metadata,
    _id(),
    _organisation(),
    Column("ticket", Id, nullable=False),
    Column("person", Id, nullable=False),
    Index("uq_watches_person", "ticket", "person", unique=True),
    Index("ix_watches_of", "organisation", "person"),
)

links = Table(
    "links",
    metadata,
    _id(),
    _organisation(),
    Column("ticket", Id, nullable=False, index=True),
    Column("other", Id, nullable=False, index=True),
    Column("kind", String(16), nullable=False),
)

remotes = Table(
    "remotes",
    metadata,
    _id(),
    _organisation(),
    Column("subject", Subject, nullable=False, index=True),
    Column("system", String(32), nullable=False),
    Column("remote_id", String(700), nullable=False),
    Column("url", Text, nullable=False),
    Column("version", String(64), nullable=False),
    Index("uq_remotes_remote", "organisation", "system", "remote_id", unique=True),
)

comments = Table(
    "comments",
    metadata,
    _id(),
    _organisation(),
    Column("ticket", Id, nullable=False),
    Column("author", Id, nullable=False),
    Column("at", Utc, nullable=False),
    Column("text", Text, nullable=False),
    Column("audience", Json, nullable=False),
    Column("origin", Json, nullable=False),
    Column("deleted_at", Utc),
    _version(),
    Index("ix_comments_ticket", "ticket", "at"),
)

KEPT = text("content <> ''")

files = Table(
    "files",
    metadata,
    _id(),
    _organisation(),
    Column("ticket", Id, nullable=False),
    Column("comment", Id),  # None: of the report
    Column("name", String(255), nullable=False),
    Column("mime", String(127), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("at", Utc, nullable=False),
    Column("chat", String(8), nullable=False),
    Column("workspace", String(64), nullable=False),
    Column("channel", String(300), nullable=False),
    Column("remote_id", String(300), nullable=False),
    Column("link", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("content", String(64), nullable=False),  # SHA-256 of its bytes, empty unless they are kept
    _version(),
    Index("ix_files_ticket", "ticket", "id"),
    Index("ix_files_remote", "organisation", "chat", "workspace", "remote_id"),
    Index("ix_files_content", "organisation", "content", sqlite_where=KEPT, postgresql_where=KEPT),
)

history = Table(
    "history",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("id", Id, nullable=False),
    _organisation(),
    Column("subject", Subject, nullable=False),
    Column("at", Utc, nullable=False),
    Column("actor", Id),
    Column("where", String(LONGEST_WHERE), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("data", Json, nullable=False),
    Index("ix_history_subject", "organisation", "subject", "seq"),
)

STALE = text("shown_hash = ''")

posts = Table(
    "posts",
    metadata,
    _id(),
    _organisation(),
    Column("subject", Subject, nullable=False),
    Column("view", String(64), nullable=False),
    Column("place", Id, nullable=False),
    Column("tag", String(64), nullable=False),
    Column("thread", Id),
    Column("message_id", String(200), nullable=False),
    Column("shown_hash", String(64), nullable=False),
    Column("broadcast", Boolean, nullable=False, server_default=false()),
    Index("uq_posts_view", "subject", "view", "place", "tag", unique=True),
    Index("ix_posts_message", "place", "message_id"),
    Index("ix_posts_stale", "place", "id", sqlite_where=STALE, postgresql_where=STALE),
)

notices = Table(
    "notices",
    metadata,
    _id(),
    _organisation(),
    Column("person", Id, nullable=False),
    Column("subject", Subject, nullable=False),
    Column("reason", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Utc, nullable=False),
    Column("urgency", String(8), nullable=False),
    Index("uq_notices_once", "person", "subject", "reason", "version", unique=True),
    Index("ix_notices_subject_reason", "subject", "reason"),
    Index("ix_notices_at", "at"),
)

dialogs = Table(
    "dialogs",
    metadata,
    _id(),
    _organisation(),
    Column("person", Id, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("subject", Subject, nullable=False),
    Column("step", String(64), nullable=False),
    Column("place", Id, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("answers", Json, nullable=False),
    Column("asked_at", Utc),
    Column("ended_at", Utc),
    _version(),
    Index("ix_dialogs_open", "organisation", "person", sqlite_where=UNENDED, postgresql_where=UNENDED),
    Index("ix_dialogs_person", "organisation", "person"),
    Index("ix_dialogs_subject", "subject"),
    Index("ix_dialogs_ended", "ended_at", sqlite_where=ENDED, postgresql_where=ENDED),
)

homes = Table(
    "homes",
    metadata,
    Column("chat", String(8), primary_key=True),
    Column("workspace", String(64), primary_key=True),
    Column("user", String(128), primary_key=True),
    _organisation(),
    Column("person", Id, nullable=False),
    Column("opened_at", Utc, nullable=False),
    Column("drawn_at", Utc, nullable=False),
    Column("mark", String(200), nullable=False),
    Index("ix_homes_person", "organisation", "person"),
    Index("ix_homes_opened", "opened_at"),
)

contacts = Table(
    "contacts",
    metadata,
    Column("chat", String(8), primary_key=True),
    Column("workspace", String(64), primary_key=True),
    Column("user", String(128), primary_key=True),  # "" for the workspace itself
    _organisation(),
    Column("remote_id", String(300), nullable=False),
    Column("conversation", String(300), nullable=False),
    Column("service_url", String(300), nullable=False),
    Column("seen_at", Utc, nullable=False),
    Index("ix_contacts_remote", "chat", "workspace", "remote_id"),
)

heard = Table(
    "heard",
    metadata,
    Column("key", String(255), primary_key=True),
    _organisation(),
    Column("result", Json),  # a Show as {"view", "subject", "version"}, or null
    Column("at", Utc, nullable=False, index=True),
)

UNDONE = text("done_at IS NULL")
DONE = text("done_at IS NOT NULL")

outbox = Table(
    "outbox",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    _organisation(),
    Column("kind", String(8), nullable=False),  # event | timer | deliver | answer | home
    Column("name", String(64), nullable=False),  # of the event, the timer, or the chat that delivers
    Column("subject", Subject, nullable=False),
    Column("subscriber", String(64), nullable=False),
    Column("payload", Json, nullable=False),
    Column("lane", String(400), nullable=False),
    Column("key", String(400)),  # unique while undone: a second one only raises `stamp`
    Column("stamp", Integer, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("due_at", Utc, nullable=False),  # business time
    Column("leased_until", Utc),  # machine time; also "not before" after a failure
    Column("tries", Integer, nullable=False),
    Column("last_error", Text),
    Column("done_at", Utc),
    Column("dead_at", Utc),
    Index("ix_outbox_due", "due_at", "seq", sqlite_where=UNDONE, postgresql_where=UNDONE),
    Index("ix_outbox_lane", "lane", "seq", sqlite_where=UNDONE, postgresql_where=UNDONE),
    Index("uq_outbox_key", "key", unique=True, sqlite_where=UNDONE, postgresql_where=UNDONE),
    Index("ix_outbox_done", "done_at", sqlite_where=DONE, postgresql_where=DONE),
)


def columns(row: Any) -> dict[str, Any]:
    """A row of a result as a plain dictionary."""
    return dict(row._mapping)
