"""Every form of the product, opened as people open it, is a dialog that Teams takes and that brings back what was filled in."""

from __future__ import annotations

from typing import Any

import orjson

from bot.reading import Reading
from bot.sandbox.teams.cards import card_faults
from bot.teams import forms
from bot.teams.render import BUDGET
from handlers.core import Where
from handlers.forms import Form
from handlers.routes import ROUTES
from tests.bot.teams import oracle, published
from tests.handlers.harness import Desk
from tests.handlers.test_routes import CASES, NOBODY, Case, prepared

HERE = Where("teams", "tenant", "19:help@thread.tacv2", "1700000000000")


async def every_form(desk: Desk) -> dict[str, Form]:
    """All forms by name, opened by somebody who may."""
    found: dict[str, Form] = {}
    for name in ROUTES.forms:
        case = CASES.get(f"form {name}", Case(frozenset({"requester"})))
        subject = await prepared(desk, case.state)
        who = await desk.who("ana" if "requester" in case.may else "bob")
        if case.may == NOBODY:
            await desk.channel_of("northwind")
            await who.submit("ticket.offer", subject, vendor="northwind")
            who = await desk.technician("dee")
        if name == "ticket.fields":
            await who.press("ticket.categorise", subject, value="procurement")
        form = await who.press(f"open:{name}", subject)
        assert isinstance(form, Form), name
        found[name] = form
    return found


def filled(card: dict[str, Any]) -> dict[str, str]:
    """The first choice of everything, and words elsewhere."""
    inputs = [one for one in card["body"] if one["type"].startswith("Input.")]
    return {one["id"]: one["choices"][0]["value"] if one.get("choices") else "7" for one in inputs}


async def test_every_form_of_the_product_is_a_dialog(desk: Desk) -> None:
    found = await every_form(desk)
    assert set(found) == set(ROUTES.forms)
    for name, form in found.items():
        made = forms.dialog(form, Reading(), HERE, opens=name, errors={field.key: "No." for field in form.fields})
        card = made["card"]["content"]
        typed = filled(card)
        assert set(typed) == {field.key for field in form.fields if field.kind != "file"}, name
        assert set(forms.values({**card["actions"][0]["data"], **typed}, "tenant")) == set(typed), name
        assert oracle.words(card).count("No.") == len(form.fields)
        assert oracle.marks(card) == []
        assert card_faults(card) == []
        assert len(orjson.dumps(made)) <= BUDGET


async def test_the_published_schema_takes_every_form(desk: Desk) -> None:
    for name, form in (await every_form(desk)).items():
        published.check(forms.dialog(form, Reading(), HERE, opens=name)["card"]["content"])
