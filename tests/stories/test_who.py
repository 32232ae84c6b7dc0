"""Asking who looks after something, in both chats."""

from __future__ import annotations

from tests.stories.world import Story

CHATS = ("slack", "teams")


async def test_who_looks_after_the_printers_and_what_is_bobs(office: Story) -> None:
    await office.ana.says("/issue who printers")
    assert office.ana.sees("Eva Ekman looks after IT › Printing.")
    await office.ana.tells("who bob")
    assert office.ana.sees("What Bob Burke answers for")
    await office.ana.tells("who")
    await office.ana.presses("More", on=office.ana.card("Who looks after what"))
    assert office.ana.sees("Bob Burke looks after Facilities › Cleaning.")
