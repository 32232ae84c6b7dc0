"""How the connector and the token endpoint say no."""

from typing import Any


class TeamsError(Exception):
    """A refusal of the connector: HTTP status, the documented code and a sentence. `retry_after` (seconds) comes as a header."""

    def __init__(self, status: int, code: str, message: str = "", *, retry_after: int | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message = status, code, message or code
        self.retry_after = retry_after

    def answer(self) -> dict[str, Any]:
        """The JSON that the caller gets (ErrorResponse of the connector's contract)."""
        return {"error": {"code": self.code, "message": self.message}}


class LoginError(TeamsError):
    """A refusal of the token endpoint, in the shape of OAuth 2 with Microsoft's own number in the description."""

    def __init__(self, status: int, error: str, number: int, description: str) -> None:
        super().__init__(status, error, description)
        self.number = number

    def answer(self) -> dict[str, Any]:
        """The JSON that the caller gets."""
        return {"error": self.code, "error_description": f"AADSTS{self.number}: {self.message}", "error_codes": [self.number]}
