"""How the platform says no."""

from typing import Any


class SlackError(Exception):
    """An answer with `ok: false`.

    `error` is the documented name, `messages` become `response_metadata.messages`, `more` are further top-level fields
    (for instance `needed` and `provided`), `retry_after` (seconds) makes it an HTTP 429.
    """

    def __init__(
        self, error: str, messages: list[str] | None = None, *, status: int = 200, retry_after: int | None = None, **more: Any
    ) -> None:
        super().__init__(error)
        self.error = error
        self.messages = messages or []
        self.status = status
        self.retry_after = retry_after
        self.more = more

    def answer(self) -> dict[str, Any]:
        """The JSON that the caller of the Web API gets."""
        answer: dict[str, Any] = {"ok": False, "error": self.error, **self.more}
        if self.messages:
            answer["errors"] = [message.removeprefix("[ERROR] ") for message in self.messages]
            answer["response_metadata"] = {"messages": self.messages}
        return answer
