"""Who looks: the viewer that a person, a place or the desk itself is to every getter."""

from __future__ import annotations

from handlers.core import Person, Place
from handlers.office.model import Office
from handlers.ports import Viewer


def viewer(office: Office, person: Person) -> Viewer:
    """A person with the queues in which they work."""
    mine = office.queues_of(person.email) if person.email else frozenset()
    return Viewer(person.organisation, person.id, mine, person.vendor)


def of_place(place: Place) -> Viewer:
    """Everybody who reads a place: what they all may see."""
    return Viewer(place.organisation, queues=frozenset({place.queue}) if place.queue else frozenset(), vendor=place.vendor)


def of_desk(organisation: str) -> Viewer:
    """The desk itself, for what follows from an event: nobody is shown what it reads."""
    return Viewer(organisation, desk=True)
