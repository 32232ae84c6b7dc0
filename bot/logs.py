"""Structured logs on standard error. Bodies of messages, tokens and names of people never go in: log ids and counts."""

from __future__ import annotations

import logging
import sys

import structlog

from bot.settings import Settings


class Stderr:
    """Writes a line to standard error as it is in that moment: whoever has replaced it meanwhile gets the line."""

    def msg(self, message: str) -> None:
        print(message, file=sys.stderr, flush=True)  # noqa: T201 - this is the log

    debug = info = warning = error = critical = exception = msg


def quiet() -> None:
    """Until the settings are known: warnings and worse, on standard error."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING), logger_factory=lambda *_: Stderr())


def configure(settings: Settings) -> None:
    """JSON lines for machines, or readable lines for a terminal; libraries' warnings come the same way."""
    level = getattr(logging, settings.log_level.upper())
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer() if settings.log_format == "json" else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: Stderr(),
        cache_logger_on_first_use=False,
    )
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # a beat that fails is logged by the heartbeat itself
    logging.basicConfig(level=max(level, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
