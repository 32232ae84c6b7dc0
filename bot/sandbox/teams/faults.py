"""Trouble on demand, with the connector's errors."""

from dataclasses import dataclass

from bot.sandbox import faults
from bot.sandbox.teams.errors import LoginError, TeamsError

Fault = faults.Fault[TeamsError]
CODES = {
    400: "BadSyntax",
    401: "Unauthorized",
    403: "Forbidden",
    404: "ConversationNotFound",
    412: "PreconditionFailed",
    413: "MessageSizeTooBig",
    429: "TooManyRequests",
    500: "ServiceError",
    502: "BadGateway",
    503: "ServiceUnavailable",
    504: "GatewayTimeout",
}

LOGIN = {400: "unauthorized_client", 401: "invalid_client"}


@dataclass
class Faults(faults.Faults[TeamsError]):
    """The trouble in store. A method is called as in the connector's contract, or `token`."""

    def fail_next(self, method: str, error: int | str = 500, times: int = 1, *, code: str = "", retry_after: int | None = 1) -> None:
        """Let the next `times` calls of `method` fail with an HTTP status, or with a code of a 403 (`MessageWritesBlocked`)."""
        status, name = (error, code or CODES.get(error, "ServiceError")) if isinstance(error, int) else (403, error)
        wait = retry_after if status == 429 else None
        answer = TeamsError(status, name, retry_after=wait)
        if method == "token":
            answer = LoginError(status, code or LOGIN.get(status, "temporarily_unavailable"), 90033, "Ordered trouble.")
        self.waiting.append(Fault(method, times, error=answer))

    def cut_next(self, method: str, times: int = 1) -> None:
        """Close the connection of the next `times` calls before anything is done."""
        self.waiting.append(Fault(method, times, cut=True))
