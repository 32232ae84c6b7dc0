"""Who somebody's manager is."""

from __future__ import annotations

from handlers.core import Person, Standing
from handlers.office.model import Office
from handlers.ports import Desk


async def manager_of(desk: Desk, office: Office, person: Person) -> Person | None:
    """Whom the office's policy names; else whom a chat's profile names; else the head of their department. The owner has none."""
    email = person.email or ""
    if email == office.head.owner:
        return None
    colleague = office.person(email)
    if colleague is None or not colleague.manager:
        learnt = await desk.people.get(person.organisation, person.manager) if person.manager else None
        if learnt is not None and learnt.standing is Standing.member and learnt.id != person.id:
            return learnt
    named = office.manager_of(email)
    return await desk.people.by_email(person.organisation, named) if named else None
