"""What becomes of a file that its chat does not hand out, however often it is asked."""

from __future__ import annotations

from handlers.core import Attached, Attachment
from handlers.files.keep import attach, given_up
from handlers.frozen import replace
from handlers.people.viewers import of_desk
from tests.handlers.harness import Colleague, Desk, text


async def attached(desk: Desk, who: Colleague, subject: str, *files: Attachment) -> tuple[Attached, ...]:
    message = who.command("report")
    work = desk.port.work(desk.office.organisation)
    rows = attach(desk.port, work, replace(message, files=files), subject.removeprefix("ticket:"))
    await work.commit()
    return rows


async def test_a_file_that_is_given_up_is_said_on_the_card(desk: Desk, ana: Colleague) -> None:
    subject = await ana.reports("light above my desk flickering")
    (row,) = await attached(desk, ana, subject, Attachment("F1", "lamp.jpg", size=12))
    assert row.state == "coming"
    await given_up(desk.port, row.organisation, row.subject)
    await given_up(desk.port, row.organisation, row.subject)
    await desk.settle()
    assert "lamp.jpg could not be fetched: it stays in the message." in text(desk.card("ticket.channel", subject))


async def test_only_what_can_be_kept_is_asked_for(desk: Desk, ana: Colleague) -> None:
    subject = await ana.reports("light above my desk flickering")
    files = (Attachment("F1", "a", size=30_000_000), Attachment("F2", "b", elsewhere=True), Attachment("F2", "b", elsewhere=True))
    rows = await attached(desk, ana, subject, *files)
    assert [row.state for row in rows] == ["large", "elsewhere"]
    await desk.settle()
    found = await desk.port.attachments.of(of_desk(desk.office.organisation), subject.removeprefix("ticket:"))
    assert list(found) == list(rows)
