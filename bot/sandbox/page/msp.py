"""The second round of the tour: a ticket that the office sends to its MSP, which works on it in a Slack of its own."""

from __future__ import annotations

from bot.sandbox.page.steps import Sight, Step
from bot.sandbox.slack import Actor

VENDOR, THEIRS = "northwind", "acme-support"
MAX = f"max@{VENDOR}"
"""A technician, as the page calls him."""
SLOW = "the crm is slow on every laptop"
QUESTION, DONE = "Only the reports, or everything?", "Index rebuilt"


def _max(sight: Sight) -> Actor:
    """He sits in the MSP's own workspace."""
    return sight.stage.on.slack.workspace(VENDOR).actor("max")


def _max_reads(sight: Sight, words: str) -> bool:
    return bool(sight.second) and any(one.says(words) and one.says(sight.second) for one in _max(sight).seen())


def _eva_reads(sight: Sight, words: str) -> bool:
    return bool(sight.second) and any(one.says(words) for one in sight.stage.on.teams.actor("eva").seen())


async def _report(sight: Sight) -> None:
    await sight.stage.on.slack.actor("ana").command("office", sight.stage.bot.settings.slack_command, SLOW)


async def _send(sight: Sight) -> None:
    eva = sight.stage.on.teams.actor("eva")
    await eva.press("Send to a vendor…", on=eva.find(f"{sight.second} "))
    await eva.submit({"To which vendor?": "Northwind IT Services", "What should they know?": "It began this morning."})
    if eva.modal is not None:
        await eva.close()


async def _claim(sight: Sight) -> None:
    technician = _max(sight)
    await technician.press("Claim", on=technician.find(f"{sight.second} of"))


async def _ask(sight: Sight) -> None:
    technician = _max(sight)
    await technician.message(THEIRS, QUESTION, technician.find(f"{sight.second} of").id)


async def _done(sight: Sight) -> None:
    technician = _max(sight)
    await technician.press("Done…", on=technician.find(f"{sight.second} of"))
    await sight.stage.on.slack.until(lambda: technician.modal is not None and technician.modal.says("What did you do?"))
    await technician.submit({"What did you do?": DONE, "Minutes of work": "30"})


async def _confirm(sight: Sight) -> None:
    ana = sight.stage.on.slack.actor("ana")
    await ana.press("Yes, fixed", on=ana.find(f"says {sight.second} is fixed"))


STEPS = (
    Step(
        "report_crm",
        "slack",
        "ana",
        "office",
        "Another day, another ticket: the CRM is slow. That is more than the office can mend by itself.",
        f"In #office, type: /issue {SLOW}",
        _report,
        lambda sight: bool(sight.second),
    ),
    Step(
        "send",
        "teams",
        "eva",
        "it-desk",
        "Eva looks after IT. She sends it to Northwind, the office's MSP.",
        "In Teams, in it-desk, open … on the card and press “Send to a vendor…”.",
        _send,
        lambda sight: _max_reads(sight, "of Acme Ltd"),
    ),
    Step(
        "claim",
        "slack",
        MAX,
        THEIRS,
        "Max works at Northwind, in a Slack of its own. He sees this ticket and nothing else of the office.",
        "Look at Slack as Max Mayer: press “Claim” in #acme-support.",
        _claim,
        lambda sight: sight.ana_reads("is on it", sight.second),
    ),
    Step(
        "ask",
        "slack",
        MAX,
        THEIRS,
        "What he writes in the thread stands in Eva's thread in Teams, and is told to Ana. Work notes of the office never leave it.",
        f"Reply in the card's thread: {QUESTION}",
        _ask,
        lambda sight: _eva_reads(sight, QUESTION),
    ),
    Step(
        "done",
        "slack",
        MAX,
        THEIRS,
        "It is done, says Northwind. Whether that is so, Ana says.",
        "Press “Done…” on the card, say what you did, and send it.",
        _done,
        lambda sight: sight.ana_reads(f"says {sight.second} is fixed", sight.second),
    ),
    Step(
        "confirm_crm",
        "slack",
        "ana",
        "dm",
        "Ana's yes closes it: at Northwind, in Teams and in Slack.",
        "In Slack, as Ana, press “Yes, fixed”.",
        _confirm,
        lambda sight: sight.ana_reads("it is closed", sight.second),
    ),
)
