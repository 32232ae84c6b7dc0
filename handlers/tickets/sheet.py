"""All that a ticket's cards need, gathered once: the office, the file, names, the latest comments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from handlers.core import Attached, Comment, Person
from handlers.frozen import dataclass
from handlers.office.model import Office
from handlers.people.names import name_of
from handlers.ports import Desk, File
from handlers.tickets.model import Shown, hours_lost, shown_status


@dataclass(frozen=True, slots=True)
class Sheet:
    """`people` by id. `now` matters only where a card counts hours lost."""

    office: Office
    file: File
    people: Mapping[str, Person]
    now: datetime
    comments: tuple[Comment, ...] = ()
    files: tuple[Attached, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    """File id -> where the one person who reads this can fetch it."""
    link: str = ""
    """Its address on the web; "" where it has none."""

    def name(self, person: str | None) -> str:
        """Somebody of a vendor with the vendor's name."""
        found = self.people.get(person or "")
        if found is None:
            return "?"
        return f"{found.name} ({self.vendor(found.vendor)})" if found.vendor else found.name

    def vendor(self, key: str) -> str:
        """The name of a vendor, also of one that the policy no longer names."""
        return self.office.vendors[key].name if key in self.office.vendors else key

    @property
    def shown(self) -> Shown:
        return shown_status(self.file.ticket, self.file.waits, self.file.offers)

    @property
    def responsible(self) -> str:
        """The name of who looks after it: the assignee, else whoever the office names for its category."""
        ticket = self.file.ticket
        if ticket.assignee:
            return self.name(ticket.assignee)
        return name_of(self.office, self.office.responsible_for(ticket.category).person)

    def files_of(self, comment: str | None = None) -> tuple[Attached, ...]:
        """Those of the report, or those of a comment."""
        return tuple(file for file in self.files if file.comment == comment)

    @property
    def lost(self) -> float:
        """Working hours lost so far."""
        ticket = self.file.ticket
        return hours_lost(self.file.affected, self.office.calendar("office"), ticket.closed_at or ticket.resolved_at or self.now)


async def sheet(
    desk: Desk,
    office: Office,
    file: File,
    comments: tuple[Comment, ...] = (),
    files: tuple[Attached, ...] = (),
    person: Person | None = None,
) -> Sheet:
    """The sheet of a file; one (cached) look-up for all its names. `person`: who alone reads it, and may be given links of their own."""
    ticket = file.ticket
    ids = {ticket.requester, ticket.assignee, ticket.resolved_by, *(w.on for w in file.open_waits), *(c.author for c in comments)}
    ids |= {person for offer in file.offers for person in (offer.offered_by, offer.claimed_by)}
    people = await desk.people.many(ticket.organisation, [i for i in ids if i])
    links = {one.id: desk.link_to(one, person) for one in files if one.state == "kept"} if person else {}
    return Sheet(office, file, people, desk.now(), comments, files, links, desk.link(ticket.subject))
