"""Who gets a file that they ask for: those who may see it, each under a link of their own, and nobody else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from handlers.core import Attached, FileState, Place, Refused
from handlers.files.hand import handed_to
from handlers.files.model import seen_from
from handlers.registry import Looking
from tests.handlers.harness import Colleague, Desk, as_card, text

FILE = Attached("f" * 32, "", "", None, "plan.pdf", "application/pdf", 12, datetime(2026, 11, 16, tzinfo=UTC), "slack", "T1", "C1", "F1")


async def kept(desk: Desk, subject: str, comment: str | None = None, state: FileState = "kept") -> str:
    """A file on a ticket; its subject."""
    file = Attached(
        desk.port.new_id(), desk.office.organisation, subject.removeprefix("ticket:"), comment, "plan.pdf", "application/pdf", 12,
        desk.clock(), "slack", "T1", "C1", "F1", "https://acme.slack.com/files/F1", state, "c" * 64 if state == "kept" else "",
    )  # fmt: skip
    work = desk.port.work(desk.office.organisation)
    work.add(file)
    await work.commit()
    return file.subject


async def gets(desk: Desk, who: str, file: str) -> bool:
    try:
        return "plan.pdf (12 B)" in text(as_card(await (await desk.who(who)).press("file.get", file)))
    except Refused as refused:
        return str(refused.sentence) != "I cannot find that file. It may have been deleted, or it may not be for you."


@pytest.mark.parametrize(("private", "who"), [(False, {"ana", "bob", "hal", "eva"}), (True, {"ana", "bob"})])
async def test_a_report_s_file_is_for_those_who_see_the_ticket(desk: Desk, ana: Colleague, private: bool, who: set[str]) -> None:
    subject = await ana.reports("light above my desk flickering")
    await ana.press("ticket.categorise", subject, value="facilities.electrical")
    if private:
        await ana.press("ticket.hide", subject)
    file = await kept(desk, subject)
    assert {name for name in ("ana", "bob", "hal", "eva") if await gets(desk, name, file)} == who


async def test_a_work_note_s_file_is_for_those_who_work_on_it(desk: Desk, ana: Colleague) -> None:
    subject = await ana.reports("light above my desk flickering")
    await ana.press("ticket.categorise", subject, value="facilities.electrical")
    await (await desk.who("bob")).submit("ticket.note", subject, text="for us")
    comment = str((await desk.history(subject))[-1].data["comment"])
    file = await kept(desk, subject, comment)
    assert {name for name in ("ana", "bob", "pat", "hal") if await gets(desk, name, file)} == {"bob", "pat"}


@pytest.mark.parametrize("state", ["gone", "large", "elsewhere", "coming", "closed"])
async def test_what_is_not_kept_is_not_to_be_had(desk: Desk, ana: Colleague, state: FileState) -> None:
    file = await kept(desk, await ana.reports("light above my desk flickering"), state=state)
    assert not await gets(desk, "ana", file)


async def test_another_office_gets_nothing(desk: Desk, ana: Colleague) -> None:
    file = await kept(desk, await ana.reports("light above my desk flickering"))
    for guess in (file, file.removeprefix("file:"), "file:", "file:x", "ticket:" + file.removeprefix("file:")):
        with pytest.raises(Refused):
            await (await desk.who("ana", desk.other)).press("file.get", guess)


async def test_a_place_is_handed_nothing(desk: Desk, ana: Colleague) -> None:
    """A view of all who read somewhere has no link for one of them."""
    file = await kept(desk, await ana.reports("light above my desk flickering"))
    place = next(iter(await desk.port.places.of_queue(desk.office.organisation, "building")))
    assert await handed_to(desk.port, file, Looking(desk.office.organisation, place=place)) is None


def test_another_chat_s_own_address_of_a_file_is_no_use_there() -> None:
    here = Place("p", "acme", "teams", "tenant", "channel", "19:x")
    there = Place("p", "acme", "slack", "T1", "channel", "C1")
    states: tuple[FileState, ...] = ("coming", "kept", "elsewhere", "large", "closed")
    rows = [Attached("f", "acme", "t", None, "a", "", 1, FILE.at, "slack", "T1", "C1", "F1", "https://x", state) for state in states]
    assert [one.link for one in seen_from(here, rows)] == ["", "", "https://x", "https://x", "https://x"]
    assert list(seen_from(there, rows)) == list(seen_from(None, rows)) == rows
