"""Trouble on demand, with Slack's errors."""

from dataclasses import dataclass

from bot.sandbox import faults
from bot.sandbox.slack.errors import SlackError

Fault = faults.Fault[SlackError]


@dataclass
class Faults(faults.Faults[SlackError]):
    """The trouble in store."""

    def fail_next(self, method: str, error: str | int = "fatal_error", times: int = 1, *, retry_after: int = 1) -> None:
        """Let the next `times` calls of `method` fail: with a documented error name, `ratelimited`, or an HTTP status (500, 503, ...)."""
        if isinstance(error, int):
            answer = SlackError("http_error", status=error, retry_after=retry_after if error == 429 else None)
        else:
            answer = SlackError(error, retry_after=retry_after if error == "ratelimited" else None)
        self.waiting.append(Fault(method, times, error=answer))
