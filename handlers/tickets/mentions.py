"""People named in words on a ticket: who may read the words is told of them, once, and follows a ticket that is open to the office.

To let somebody see what is kept to its queue takes a press; a name in a sentence is none. There they are told only if they see it anyway.
"""

from __future__ import annotations

from collections.abc import Iterable

from handlers.core import Comment, Event, Person, Standing
from handlers.office.model import Office
from handlers.people.see import may_read, may_see
from handlers.people.viewers import viewer
from handlers.ports import Desk, File, Watch, Work

REASON = "mentioned"


def addressed(office: Office, file: File, named: Iterable[Person], author: str, comment: Comment | None = None) -> list[Person]:
    """Those of the named who may read the words, without their author: each once."""
    found = {one.id: one for one in named if one.id != author and one.standing is Standing.member}
    return [one for one in found.values() if _reads(office, file, one, comment)]


def _reads(office: Office, file: File, person: Person, comment: Comment | None) -> bool:
    look = viewer(office, person)
    sees = may_see(look, file.ticket, file.watchers, file.waits, file.offers)
    return sees and (comment is None or may_read(look, file.ticket, comment, file.offers))


def follow(desk: Desk, work: Work, file: File, people: Iterable[Person], actor: str, where: str) -> None:
    """They hear from now on what its requester hears, until they say otherwise. A vendor's people hear of it by their offer alone."""
    ticket = file.ticket
    involved = {ticket.requester, ticket.assignee, *file.watchers}
    for person in people:
        if ticket.visibility == "office" and person.vendor is None and person.id not in involved:
            work.add(Watch(desk.new_id(), ticket.organisation, ticket.id, person.id))
            work.tell(Event("ticket.watched", ticket.subject, ticket.organisation, {"person": person.id, "mentioned": True}), actor, where)
