"""The names that tickets answer to."""

from __future__ import annotations

from handlers.core import Deleted, Edited, Linked, Pointed
from handlers.registry import Routes
from handlers.tickets import asking, changing, closing, fill, homes, leaving, linking, looking, posting, report, talking, working

NOTICES = {f"notice.{reason}": looking.news(reason) for reason in looking.REASONS}

ROUTES = Routes(
    commands={
        "report": report.report,
        "private": report.private,
        "list": looking.list_,
        "show": looking.show,
        "find": looking.find,
        "home": looking.home,
    },
    presses={
        "ticket.show": looking.show,
        "ticket.mine": looking.mine,
        "ticket.link": linking.copied,
        "ticket.categorise": working.categorise,
        "ticket.slow": working.slow,
        "ticket.hide": working.hide,
        "ticket.take": working.take,
        "ticket.release": working.release,
        "ticket.resume": working.resume,
        "ticket.watch": talking.watch,
        "ticket.unwatch": talking.unwatch,
        "ticket.confirm": closing.confirm,
        "ticket.score": closing.score,
        "ticket.cancel": closing.cancel,
    },
    forms={
        "ticket.report": report.open_report,
        "ticket.categorise": fill.categorise,
        "ticket.detail": fill.detail,
        "ticket.fields": fill.asked,
        "ticket.comment": fill.comment,
        "ticket.note": fill.note,
        "ticket.ask": fill.ask,
        "ticket.answer": fill.answer,
        "ticket.assign": fill.assign,
        "ticket.hold": fill.hold,
        "ticket.resolve": fill.resolve,
        "ticket.reject": fill.reject,
        "ticket.reopen": fill.reopen,
        "ticket.again": fill.again,
    },
    submits={
        "ticket.report": report.submitted,
        "ticket.categorise": working.categorise,
        "ticket.detail": working.detail,
        "ticket.fields": working.fields,
        "ticket.comment": talking.comment,
        "ticket.note": talking.note,
        "ticket.ask": working.ask,
        "ticket.answer": talking.answer,
        "ticket.assign": working.assign,
        "ticket.hold": working.hold,
        "ticket.resolve": closing.resolve,
        "ticket.reject": closing.reject,
        "ticket.reopen": closing.reopen,
        "ticket.again": closing.again,
        "dialog.fields": asking.given,
    },
    events={
        "ticket.reported": {"tickets.homes": homes.changed},
        "ticket.changed": {"tickets.homes": homes.changed},
        "ticket.requeued": {"tickets.homes": homes.changed},
        "ticket.categorised": {"tickets.placed": posting.moved, "tickets.homes": homes.changed},
        "ticket.rehomed": {"tickets.rehomed": posting.rehomed},
        "person.left": {"tickets.left": leaving.left},
        "ticket.left": {"tickets.left_behind": leaving.left_behind},
        "comment.made": {"tickets.threaded": posting.threaded},
    },
    timers={"queue.changed": posting.rehoming, "ticket.hold_over": working.hold_over, "ticket.silence": closing.silence},
    views={
        "ticket.answer": looking.answer,
        "ticket.detail": looking.detail,
        "ticket.channel": looking.channel,
        "comment.thread": looking.in_thread,
        asking.QUESTION: asking.question,
        "notice.commented": looking.commented,
        "notice.mentioned": looking.mentioned,
        "notice.fixed": looking.fixed,
        "notice.asked": looking.asked,
        **NOTICES,
    },
    letters=frozenset({"notice.commented", "notice.mentioned", *NOTICES}),
    messages={Pointed: report.pointed, Linked: linking.linked, Edited: changing.edited, Deleted: changing.deleted},
)
