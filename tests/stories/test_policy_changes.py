"""The office's policy changes while tickets are open: nothing that was promised gets lost with a queue, a channel or a person."""

from __future__ import annotations

from typing import Any

from bot import offices
from storage.tables import tickets
from tests.example import example_document
from tests.stories.forging import rows
from tests.stories.world import QUEUE_CHANNELS, Story

CHATS = ("slack", "teams")

LIGHT = "/issue light above my desk flickering"


async def applied(office: Story, change: Any, prune: bool = True) -> None:
    """The office file, changed by `change`, applied as the command does; the running bot hears of it."""
    bot = office.bot
    document = example_document()
    for queue in document["queues"]:
        queue["channel"] = {office.chat: office.channel_id(QUEUE_CHANNELS[queue["key"]])}
    change(document)
    await offices.apply(bot.store, await offices.plan(bot.store, document, bot.clock(), prune), bot.clock())
    await office.later(minutes=2)


def queue_of(document: dict[str, Any], key: str) -> dict[str, Any]:
    return next(queue for queue in document["queues"] if queue["key"] == key)


async def test_a_queue_moves_to_another_channel_with_its_open_tickets(office: Story) -> None:
    await office.ana.says(LIGHT)
    office.platform.add_channel("house", ["bob", "pat"])
    house = office.channel_id("house")
    await applied(office, lambda document: queue_of(document, "building").update(channel={office.chat: house}))
    assert office.bob.post("#1 has moved to Building desk", "building")
    card = office.bob.post("#1 light above my desk flickering", "house")
    await office.bob.presses("Take it", on=card)
    assert office.bob.post("#1 light", "house").says("Bob Burke has it")
    await office.ana.says("/issue the lamp in the hall is broken")
    assert office.bob.post("#2 the lamp", "house")
    assert len([one for one in office.bob.screen if one.says("#2 the lamp")]) == 1


def without_building(document: dict[str, Any]) -> None:
    document["queues"] = [queue for queue in document["queues"] if queue["key"] != "building"]
    for category in document["categories"]:
        if category["queue"] == "building":
            category["queue"] = "front-desk"
    for policy in document["escalations"]:
        policy["steps"] = [step for step in policy["steps"] if step["to"] != "queue building"]


async def test_tickets_of_a_queue_that_is_no_more_go_where_their_category_goes(office: Story) -> None:
    await office.ana.says(LIGHT)
    await office.ana.says("/issue private the lamp was broken by a colleague")
    await applied(office, without_building)
    assert {row["queue"] for row in await rows(office, tickets)} == {"front-desk"}
    assert office.bob.post("#1 has moved to Front desk", "building")
    card = office.oli.post("#1 light above my desk flickering", "desk")
    await office.oli.presses("Take it", on=card)
    assert office.oli.post("#1 light", "desk").says("Oli Okoye has it")
    await office.oli.says("/issue show 2")
    assert office.oli.card("#2 the lamp was broken").says("private")
    await office.oli.says("/issue list queue")
    assert office.oli.card("Open in your queues").says("#2 the lamp was broken")


def without_electrical(document: dict[str, Any]) -> None:
    gone = "facilities.electrical"
    document["categories"] = [one for one in document["categories"] if one["key"] != gone]
    document["responsibility"] = [one for one in document["responsibility"] if one["for"] != gone]
    for answer in document["answers"]:
        answer["categories"] = [one for one in answer.get("categories", []) if one != gone]
    for contract in document["contracts"]:
        covers = contract["covers"]
        covers["categories"] = [one for one in covers["categories"] if one != gone] or ["facilities"]


async def test_a_ticket_outlives_its_category(office: Story) -> None:
    await office.ana.says(LIGHT)
    before = office.bob.post("#1 light", "building")
    await applied(office, without_electrical)
    await office.bob.presses("Take it", on=before)
    assert office.bob.post("#1 light", "building").says("Bob Burke has it")
    await office.ana.says("/issue show 1")
    assert office.ana.card("#1 light").says("Unsorted")
    await office.ana.presses("Change category")
    await office.ana.sends({"What is it about?": "Facilities › Furniture"})
    assert office.bob.post("#1 light", "building").says("Facilities › Furniture")
    await office.bob.presses("Fixed…", on=office.bob.post("#1 light", "building"))
    await office.bob.sends({"What did you do?": "New bulb"})
    assert office.ana.sees("Bob Burke says #1 is fixed")


def without_pat(document: dict[str, Any]) -> None:
    document["people"] = [one for one in document["people"] if one["email"] != "pat@acme.example"]
    queue_of(document, "building")["people"].remove("pat@acme.example")


async def test_whoever_leaves_the_queue_leaves_their_tickets_to_the_others(office: Story) -> None:
    await office.ana.says(LIGHT)
    await office.pat.presses("Take it", on=office.pat.post("#1 light", "building"))
    await applied(office, without_pat)
    await office.bob.says("/issue show 1")
    assert office.bob.card("#1 light").says("Pat Perez has it")
    await office.bob.presses("Give to…", on=office.bob.post("#1 light", "building"))
    await office.bob.sends({"To whom?": "Bob Burke"})
    assert office.bob.post("#1 light", "building").says("Bob Burke has it")
    await office.pat.presses("Give back", on=office.bob.post("#1 light", "building"))
    assert office.pat.sees("Only Bob Burke can do that with #1.") or office.pat.sees("Only Bob Burke or the requester")


async def test_applying_the_same_file_again_disturbs_nobody(office: Story) -> None:
    await office.ana.says(LIGHT)
    calls = len(office.platform.calls)
    await applied(office, lambda document: None)
    assert len(office.platform.calls) == calls
    assert [row["version"] for row in await rows(office, tickets)] == [1]
