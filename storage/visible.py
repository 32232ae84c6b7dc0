"""The rules of `handlers/people/see.py` as conditions in SQL. Each is built once for each sort of viewer; who looks comes as parameters."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_

from handlers.core import AUDIENCE_INSIDE, AUDIENCE_REQUESTER
from handlers.people.see import vendor_audience
from handlers.ports import Viewer
from storage.sql import holds, listed, one_of
from storage.tables import comments, offers, tickets, waits, watches

Sort = Literal["desk", "vendor", "person", "place"]
Parameters = dict[str, Any]

_PERSON = bindparam("viewer_person", type_=tickets.c.requester.type)
_VENDOR = bindparam("viewer_vendor", type_=offers.c.vendor.type)
_QUEUES = listed("viewer_queues")


def sort_of(viewer: Viewer) -> Sort:
    if viewer.desk:
        return "desk"
    if viewer.vendor is not None:
        return "vendor"
    return "place" if viewer.person is None else "person"


def looking(viewer: Viewer) -> Parameters:
    """The parameters that `visible` and `readable` need for this viewer."""
    parameters: Parameters = {"viewer_organisation": viewer.organisation}
    if viewer.desk:
        return parameters
    if viewer.vendor is not None:
        return {**parameters, "viewer_vendor": viewer.vendor, "viewer_audience": vendor_audience(viewer.vendor)}
    parameters["viewer_queues"] = sorted(viewer.queues)
    return parameters if viewer.person is None else {**parameters, "viewer_person": viewer.person}


@cache
def visible(sort: Sort) -> ColumnElement[bool]:
    """Which rows of `tickets` exist for such a viewer."""
    own = tickets.c.organisation == bindparam("viewer_organisation", type_=tickets.c.organisation.type)
    return and_(own, *_rule(sort))


def _rule(sort: Sort) -> tuple[ColumnElement[bool], ...]:
    if sort == "desk":
        return ()
    if sort == "vendor":
        return (exists().where(offers.c.ticket == tickets.c.id, offers.c.vendor == _VENDOR),)
    open_to = or_(tickets.c.visibility == "office", one_of(tickets.c.queue, _QUEUES))
    return (open_to if sort == "place" else or_(open_to, *_close()),)


def _close() -> tuple[ColumnElement[bool], ...]:
    asked = exists().where(waits.c.ticket == tickets.c.id, waits.c.on == _PERSON, waits.c.kind == "approval", waits.c.ended_at.is_(None))
    watching = exists().where(watches.c.ticket == tickets.c.id, watches.c.person == _PERSON)
    return tickets.c.requester == _PERSON, watching, asked


@cache
def readable(sort: Sort) -> ColumnElement[bool]:
    """Which rows of `comments`, joined to `tickets`, such a viewer may read. It does not look at the ticket's own visibility."""
    if sort == "desk":
        return comments.c.organisation == tickets.c.organisation
    if sort == "vendor":
        return and_(holds(comments.c.audience, bindparam("viewer_audience", type_=offers.c.vendor.type)), offered())
    inside = and_(_said_to(AUDIENCE_INSIDE), one_of(tickets.c.queue, _QUEUES))
    own = (comments.c.author == _PERSON,) if sort == "person" else ()
    return or_(_said_to(AUDIENCE_REQUESTER), inside, *own)


def offered() -> ColumnElement[bool]:
    """Which rows of `tickets` are offered now to the vendor that looks."""
    return exists().where(offers.c.ticket == tickets.c.id, offers.c.vendor == _VENDOR, offers.c.ended_at.is_(None))


def _said_to(audience: str) -> ColumnElement[bool]:
    return holds(comments.c.audience, bindparam(f"to_{audience}", audience, type_=offers.c.vendor.type))
