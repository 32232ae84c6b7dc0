"""People of an office by the names that are typed before ">"."""

from __future__ import annotations

from bot.console.text import one_line
from handlers.office.model import Office
from handlers.office.policy import Colleague


class Unclear(Exception):
    """What was typed names nothing, or several things: the lines say which."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def handle(office: Office, email: str) -> str:
    """The shortest name that means this person alone: the e-mail's first part, else all of it."""
    local = email.partition("@")[0]
    return local if sum(1 for other in office.people if other.partition("@")[0] == local) == 1 else email


def find(office: Office, name: str) -> str:
    """The e-mail of whoever is meant by a handle, an e-mail, a first name or a whole name. Raises `Unclear`."""
    wanted = " ".join(name.casefold().split())
    for fits in (_address, _local, _first, _whole):
        found = [person for person in office.people.values() if fits(person) == wanted]
        if len(found) == 1:
            return found[0].email
        if found:
            raise Unclear(f"Several people are called {one_line(name, 40)}: {', '.join(person.email for person in found)}.")
    return _stand_in(office, wanted) or _nobody(name)


def _address(person: Colleague) -> str:
    return person.email


def _local(person: Colleague) -> str:
    return person.email.partition("@")[0]


def _first(person: Colleague) -> str:
    return person.name.casefold().split()[0] if person.name.split() else ""


def _whole(person: Colleague) -> str:
    return " ".join(person.name.casefold().split())


def _stand_in(office: Office, wanted: str) -> str | None:
    """ "employee" and "agent", for those who know nobody yet: the first person without any duty, and the first who works in a queue."""
    agents = [email for email in office.people if office.queues_of(email)]
    if wanted == "agent":
        return next(iter(agents), None)
    others = (person.email for person in office.people.values() if person.email not in agents and not person.roles)
    return next(others, None) if wanted == "employee" else None


def _nobody(name: str) -> str:
    raise Unclear(f'I know nobody called {one_line(name, 40)}. "who" lists everybody.')


def listed(office: Office) -> list[str]:
    """Everybody in a line each: by which name, who they are, and for which queues they work."""
    width = max((len(handle(office, email)) for email in office.people), default=0)
    return [_line(office, person, width) for person in office.people.values()]


def _line(office: Office, person: Colleague, width: int) -> str:
    department = office.departments.get(person.department or "")
    facts = [department.name if department else "", ", ".join(f"#{key}" for key in sorted(office.queues_of(person.email)))]
    about = " · ".join(filter(None, (one_line(person.name, 60), *facts)))
    return f"  {handle(office, person.email).ljust(width)}  {about}"
