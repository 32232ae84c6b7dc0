"""`route`: what plain words are, decided as a table from a few facts about them. It knows no ticket and asks nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Decision = Literal[
    "command",  # parsed as a command or a number
    "decide",  # clear words of an approver, to be read back for confirmation
    "answer",  # the answer to a question that was put to the author about this subject
    "comment",  # words on the subject of the thread, or of the author's own fresh report
    "dialog",  # the answer to the question that the desk has just asked
    "dialog word",  # pause, stop, back, help within a dialog
    "which",  # an answer or something new? asked with two buttons
    "offer",  # may I open a ticket for this? asked with one button
    "resume",  # go on with the dialog that was paused
    "ignore",  # people talking to each other
]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of some words when they arrive."""

    direct: bool = False
    """Said 1:1, so it is meant for us."""
    mentioned: bool = False
    subject: bool = False
    """They stand in the thread of (or reply to) a post of ours about a subject."""
    is_command: bool = False
    """They parse as a command other than a report."""
    approving: bool = False
    """An approval of this subject is open and is the author's to give."""
    clear: bool = False
    """As the words of an approver they are clear."""
    asked: bool = False
    """A question about this subject was put to the author."""
    dialog: bool = False
    dialog_word: bool = False
    report: bool = False
    """They look like a report."""
    fresh: bool = False
    """The author reported something less than ten minutes ago."""
    outside: bool = False
    """The author is of a vendor, who reports nothing here."""
    aside: bool = False
    """Words that stay where they were said, in the thread of an offer in a vendor's place."""
    resumes: bool = False
    """A dialog of the author is paused, none is asking, and the words say "go on"."""


def route(facts: Facts) -> Decision:
    if facts.mentioned and not facts.subject:
        return "command"
    if facts.subject:
        return _in_thread(facts)
    return _direct(facts) if facts.direct else "ignore"


def _in_thread(facts: Facts) -> Decision:
    if facts.aside:
        return "ignore"
    if facts.mentioned and facts.is_command:
        return "command"
    if facts.approving and facts.clear:
        return "decide"
    return "answer" if facts.asked else "comment"


def _direct(facts: Facts) -> Decision:
    if facts.dialog and facts.dialog_word:
        return "dialog word"
    if facts.is_command:
        return "command"
    if facts.resumes:
        return "resume"
    if facts.dialog:
        return "which" if facts.report else "dialog"
    if facts.report or facts.outside:
        return "command"
    return "comment" if facts.fresh else "offer"
