"""What is counted and measured, under the names that Prometheus scrapes (https://prometheus.io/docs/practices/naming/).

Labels take few values: never a person, a ticket or a place.
"""

from __future__ import annotations

from functools import cache

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10)
"""A chat gives up after three seconds."""

_DEPTH = Gauge("deskbell_outbox_depth", "Outbox rows that are due and undone")
_LAG = Gauge("deskbell_outbox_lag_seconds", "How long the oldest of them has been due")
_DELIVERED = Counter("deskbell_outbox_delivered", "Outbox rows done", ["kind"])
_FAILED = Counter("deskbell_outbox_failures", "Tries of outbox rows that failed", ["kind"])
_POSTPONED = Counter("deskbell_outbox_postponed", "Tries put off because the other side asked for it", ["kind"])
_BURIED = Counter("deskbell_outbox_buried", "Outbox rows given up", ["kind"])
_HEARD = Counter("deskbell_heard", "Messages of people that were answered", ["chat", "what"])
_LATENCY = Histogram("deskbell_answer_seconds", "From hearing a message to its durable answer", ["chat"], buckets=_SECONDS)
_CONFLICTS = Counter("deskbell_conflicts", "Messages handled again because the state had changed in between")
_APOLOGIES = Counter("deskbell_apologies", "Messages answered with an apology for a fault of ours")
_REFUSED = Counter("deskbell_requests_refused", "Requests that were not let in", ["chat", "reason"])
_FILES = Counter("deskbell_files", "Files that were asked of a chat", ["state"])
_ODD = Counter("deskbell_chat_oddities", "What went otherwise than meant at a chat", ["chat", "what", "why"])


def heard(chat: str, what: str, seconds: float) -> None:
    """A message was answered, in whatever way."""
    count, latency = _hearing(chat, what)
    count.inc()
    latency.observe(seconds)


@cache
def _hearing(chat: str, what: str) -> tuple[Counter, Histogram]:
    """Looked up once for each of the few kinds there are."""
    return _HEARD.labels(chat, what), _LATENCY.labels(chat)


def conflict() -> None:
    _CONFLICTS.inc()


def apology() -> None:
    _APOLOGIES.inc()


def oddity(chat: str, what: str, why: str) -> None:
    """Something at a chat's door: "refused" (signature, token, replay, ...), or another word for what went otherwise than meant."""
    if what == "refused":
        _REFUSED.labels(chat, why).inc()
    else:
        _ODD.labels(chat, what, why).inc()


def slack(what: str, why: str) -> None:
    oddity("slack", what, why)


def file(state: str) -> None:
    """A file was asked of its chat: "kept", or why not."""
    _FILES.labels(state).inc()


def delivered(kind: str) -> None:
    _DELIVERED.labels(kind).inc()


def failed(kind: str) -> None:
    _FAILED.labels(kind).inc()


def postponed(kind: str) -> None:
    _POSTPONED.labels(kind).inc()


def buried(kind: str) -> None:
    _BURIED.labels(kind).inc()


def waiting(depth: int, lag: float) -> None:
    """Rows that are due and undone; seconds that the oldest has been due."""
    _DEPTH.set(depth)
    _LAG.set(lag)


def exposed() -> tuple[bytes, str]:
    """All figures as text, and its content type."""
    return generate_latest(REGISTRY), CONTENT_TYPE_LATEST
