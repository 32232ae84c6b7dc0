"""What somebody reads in the browser while they add the bot to Slack."""

from __future__ import annotations

from bot.invitations import DAYS
from bot.web.page import Page


class Stop(Exception):
    """It does not go on; the page says why."""

    def __init__(self, page: Page) -> None:
        super().__init__(page.title)
        self.page = page


AGAIN = "Please open your invitation link again and start from there. Nothing was changed."
NOT_INVITED = Page(403, "An invitation is needed", ("Ask whoever runs Deskbell for you to send you an invitation link.",))
BAD_INVITATION = Page(403, "This invitation is not complete", ("Its link may have been cut off. Copy all of it, or ask for a new one.",))
OLD_INVITATION = Page(410, "This invitation has expired", (f"Invitations are good for {DAYS} days. Ask for a new one.",))
NOBODYS_INVITATION = Page(410, "This invitation leads nowhere", ("The office it was made for is not here any more. Ask for a new one.",))
TOO_LATE = Page(400, "That took too long", ("For your safety this has to be done within ten minutes.", AGAIN))
FOREIGN = Page(400, "This was not begun in this browser", ("It may also have been finished already, or cookies are switched off.", AGAIN))
CANCELLED = Page(
    403, "Not installed", ("You cancelled on Slack's page, or may not add apps there: then ask an administrator of Slack.", AGAIN)
)
REFUSED = Page(400, "Slack did not accept this", ("The permission may have been used already.", AGAIN))
SET_UP_WRONG = Page(
    500, "Deskbell is not set up right", ("Slack does not know this app as it is set up here. Please tell whoever runs it.",)
)
DOWN = Page(503, "Slack does not answer", ("Please wait a minute.", AGAIN))
ANOTHERS = Page(409, "This workspace belongs to another office", ("It stays as it was. Ask whoever runs Deskbell for you.",))
NOBODY = Page(
    403,
    "You cannot open an office",
    ("Slack does not tell me your e-mail address, or you are a guest there.", "Please ask a full member of the workspace to add me."),
)
SPENT = Page(409, "This invitation was used", ("It is good for one workspace, and another one has it. Ask for a new one.",))


def done(name: str, *, wide: bool) -> Page:
    """`wide`: for a whole enterprise, whose administrators still have to say for which of its workspaces."""
    if wide:
        where = "Now choose its workspaces, in Slack's administration of apps: Deskbell, Add to more workspaces."
        return Page(200, "Deskbell is in Slack", (f"It was added to all of {name or 'your organisation'}.", where))
    where = name or "your workspace"
    return Page(200, "Deskbell is in Slack", (f"It was added to {where}.", "You can close this page and go back to Slack."))
