"""What an export holds: each table as one kind of line, with its fields in plain words, or the reason why it is left out.

A table or a column that is neither here nor there makes a test fail.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from storage.tables import metadata

COMMON: Mapping[str, str] = {
    "id": "its id",
    "organisation": "the office's id",
    "version": "how often it was changed, plus one",
    "ticket": "the ticket's id",
    "person": "the person's id",
    "subject": "what it is about, as kind:id",
    "chat": "which chat: slack, teams, mail, page or console",
    "workspace": "the workspace's id in that chat",
    "vendor": "the vendor's key in the policy, if it is a vendor's",
    "queue": "the key of a queue in the policy",
    "created_at": "when it was made",
    "at": "when",
    "since": "since when",
    "ended_at": "when it ended; nothing while it is open",
    "due": "when it is over or is looked at",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One file of an export. `words` explain its fields where `COMMON` does not; `secret` columns are left out.

    `whose`: the columns that name a person, so that everything about one person can be found.
    """

    name: str
    table: str
    about: str
    words: Mapping[str, str] = field(default_factory=dict)
    secret: frozenset[str] = frozenset()
    whose: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """Name and meaning of each field. KeyError for one that is explained nowhere."""
        return tuple(
            (one.name, ({**COMMON, **self.words})[one.name]) for one in metadata.tables[self.table].c if one.name not in self.secret
        )


KINDS: tuple[Kind, ...] = (
    Kind("organisation", "organisations", "The office itself.", {"key": "its key", "version": "of its policy"}, frozenset({"mark_key"})),
    Kind(
        "policies",
        "policies",
        "The office's policy entry by entry; office.yaml is the same as a file that can be applied.",
        {
            "section": "part of the policy",
            "key": "key of the entry there",
            "data": "the entry",
            "place": "order of the sections",
            "changed_by": "file or chat",
            "changed_at": "when it was last changed",
        },
    ),
    Kind(
        "installations",
        "installations",
        "The workspaces in which the desk is installed, without any token.",
        secret=frozenset({"data"}),
    ),
    Kind("counters", "counters", "The last number given.", {"name": "of what", "value": "the number"}),
    Kind(
        "people",
        "people",
        "Everybody whom the desk knows.",
        {
            "email": "e-mail address, in lower case",
            "name": "name",
            "language": "language in which cards are shown to them",
            "zone": "time zone",
            "standing": "member, guest, outsider, bot or gone",
            "manager": "their manager (a person's id), as a chat tells; the policy goes before it",
        },
        whose=("id", "manager"),
    ),
    Kind(
        "accounts",
        "accounts",
        "Which user of a chat is which person.",
        {"user": "the user's id in that chat", "apart": "an administrator keeps it from joining somebody by the address"},
        whose=("person",),
    ),
    Kind(
        "places",
        "places",
        "Channels and direct conversations into which the desk posts.",
        {
            "kind": "channel, dm, mail, page or console",
            "channel": "the conversation's id in the chat",
            "user": "with whom, of a direct conversation: the id in the chat",
            "person": "with whom, of a direct conversation",
            "queue": "the queue whose channel it is",
            "unreachable": "why nothing can be posted there",
            "used_at": "when it was last used",
        },
        whose=("person",),
    ),
    Kind(
        "homes",
        "homes",
        "The own pages of people in their chats.",
        {
            "user": "the user's id in that chat",
            "opened_at": "when they last opened it",
            "drawn_at": "as of when it shows things",
            "mark": "the chat's name for what it shows",
        },
        whose=("person",),
    ),
    Kind(
        "contacts",
        "contacts",
        "How people are reached in chats that need more than their account for that.",
        {
            "user": "the user's id in that chat; empty for the workspace itself",
            "remote_id": "what the chat's service calls them",
            "conversation": "their direct conversation with the desk",
            "service_url": "the address of the chat's service",
            "seen_at": "when that was learnt",
        },
    ),
    Kind(
        "tickets",
        "tickets",
        "The tickets.",
        {
            "number": "the number that people use",
            "title": "title",
            "body": "the words of the report",
            "kind": "incident, request or action",
            "category": "key of its category",
            "sure": "whether the category is certain",
            "status": "open, in_progress, resolved or closed",
            "outcome": "why it is closed: confirmed, unconfirmed, rejected, cancelled or duplicate",
            "impact": "one, several or everyone",
            "slowed": "how much of the requester's time it takes, in percent",
            "priority": "low, normal, high or urgent",
            "visibility": "office, or queue for a private one",
            "requester": "whose it is (a person's id)",
            "assignee": "who has it (a person's id)",
            "site": "key of the site",
            "spot": "where exactly",
            "fields": "answers to what its category asks",
            "updated_at": "when it was last changed",
            "respond_due": "until when the first answer was promised",
            "resolve_due": "until when the fix was promised",
            "responded_at": "when it was first answered",
            "human_at": "when somebody last did something with it",
            "resolved_at": "when it was fixed",
            "resolved_by": "by whom (a person's id)",
            "closed_at": "when it was closed",
            "reopened": "how often it was reopened",
            "resolution": "what was done",
            "minutes": "how long it took, in minutes",
            "cost": "what it cost, in the office's currency",
            "score": "what the requester gave, from 1 to 5",
            "emptied_at": "when its words were removed because of their age",
        },
        whose=("requester", "assignee", "resolved_by"),
    ),
    Kind(
        "waits",
        "waits",
        "What tickets waited or wait for.",
        {
            "kind": "approval, requester, vendor or date",
            "on": "the person waited for (id)",
            "note": "the question or the reason",
            "pausing": "whether clocks stood still",
        },
        whose=("on",),
    ),
    Kind(
        "offers",
        "offers",
        "Tickets offered to vendors.",
        {
            "vendor": "the vendor's key in the policy",
            "due": "until when the vendor should answer",
            "offered_by": "who offered it (a person's id)",
            "note": "what they wrote to the vendor",
            "claimed_by": "who took it (a person's id)",
            "claimed_at": "when",
            "end": "why it ended: declined or withdrawn",
        },
        whose=("offered_by", "claimed_by"),
    ),
    Kind(
        "affected",
        "affected",
        "Whom a ticket slows down.",
        {"percent": "how much of their time, in percent", "until": "until when"},
        whose=("person",),
    ),
    Kind("watches", "watches", "Who follows which ticket.", whose=("person",)),
    Kind(
        "links",
        "links",
        "Tickets that belong together.",
        {"other": "the other ticket's id", "kind": "duplicate, child, recurrence, action of, finding of"},
    ),
    Kind(
        "remotes",
        "remotes",
        "The messages of a chat, and things of other systems, that a subject was made of.",
        {"system": "which chat or system", "remote_id": "its id there", "url": "a link to it", "version": "its version there"},
    ),
    Kind(
        "comments",
        "comments",
        "What was said on tickets.",
        {
            "author": "who said it (a person's id)",
            "text": "the words",
            "audience": "who may read it: requester, inside, vendor:KEY",
            "origin": "the message that it was",
            "deleted_at": "when it was taken back",
        },
        whose=("author",),
    ),
    Kind(
        "attachments",
        "files",
        "The files that came with reports and comments; their bytes are in files/.",
        {
            "comment": "the comment's id; nothing for those of the report",
            "name": "name",
            "mime": "kind of content",
            "size": "bytes, as the chat said",
            "channel": "the conversation's id in the chat",
            "remote_id": "the file's id in the chat",
            "link": "where it stands in the chat",
            "state": "coming, kept, elsewhere (only its link), large (too big), closed (not handed out) or gone (deleted)",
            "content": "the SHA-256 of its bytes, the name of the file in files/",
        },
    ),
    Kind(
        "history",
        "history",
        "The log: what happened to which subject.",
        {
            "seq": "order of the lines",
            "actor": "who did it (a person's id)",
            "where": "in which chat and channel",
            "kind": "what happened",
            "data": "facts about it",
        },
        whose=("actor",),
    ),
    Kind(
        "posts",
        "posts",
        "The desk's own messages in chats: which view of which subject stands where. What they say is drawn from the rest.",
        {
            "view": "which view",
            "place": "the place's id",
            "tag": "tells several posts of one view apart",
            "thread": "the post under which it stands",
            "message_id": "the message's id in the chat",
            "shown_hash": "a hash of what it shows",
            "broadcast": "whether it is one of many copies for the whole company",
        },
    ),
    Kind(
        "notices",
        "notices",
        "Who was told what.",
        {"reason": "why", "version": "of the subject, so that nobody is told twice", "urgency": "now or soon"},
        whose=("person",),
    ),
    Kind(
        "dialogs",
        "dialogs",
        "Conversations of one question at a time.",
        {
            "kind": "what it is for",
            "step": "the question asked now",
            "place": "where (a place's id)",
            "answers": "the answers so far",
            "asked_at": "when it was asked",
        },
        whose=("person",),
    ),
)

LEFT_OUT: Mapping[str, str] = {
    "outbox": "what is still to be sent or done, with copies of what stands elsewhere; it means nothing in another desk",
    "heard": "keys of messages from the last 48 hours, so that none is taken twice",
    "forgotten": "marks of people who asked to be forgotten; to carry them along would be to remember",
}
"""Tables that an export does not hold, and why."""

BY_TABLE: Mapping[str, Kind] = {kind.table: kind for kind in KINDS}
