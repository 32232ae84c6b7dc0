"""The token endpoint: client credentials for a bearer token of the connector."""

import itertools
from dataclasses import dataclass, field

from aiohttp import web

from bot.sandbox.clock import Clock
from bot.sandbox.teams.errors import LoginError, TeamsError
from bot.sandbox.teams.keys import SigningKey, sign
from bot.sandbox.teams.model import App

AUDIENCE = "https://api.botframework.com"
SCOPE = f"{AUDIENCE}/.default"
LIFETIME = 3599
SIGNER = SigningKey("sandbox-login", 3)


@dataclass
class Login:
    """Knows each app with its home tenant, and remembers what it issued."""

    clock: Clock
    apps: dict[str, tuple[App, str]] = field(default_factory=dict)
    """App id -> (app, home tenant)."""
    issued: dict[str, tuple[str, float]] = field(default_factory=dict)
    """Token -> (app id, end)."""
    lifetime: int = LIFETIME
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def token(self, tenant: str, form: dict[str, str]) -> dict[str, object]:
        """Issue a token. Errors are those of Microsoft's sign-in, with their numbers."""
        if form.get("grant_type") != "client_credentials":
            raise LoginError(400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.")
        app, home = self.apps.get(form.get("client_id", ""), (None, ""))
        if app is None or tenant != home:
            raise LoginError(400, "unauthorized_client", 700016, "The application was not found in the directory.")
        if form.get("client_secret") != app.secret:
            raise LoginError(401, "invalid_client", 7000215, "Invalid client secret provided.")
        if form.get("scope") != SCOPE:
            raise LoginError(400, "invalid_scope", 70011, "The provided value for the input parameter 'scope' is not valid.")
        now = self.clock()
        body = {
            "aud": AUDIENCE,
            "appid": app.id,
            "tid": home,
            "nbf": int(now),
            "exp": int(now) + self.lifetime,
            "uti": str(next(self._numbers)),
        }
        token = sign(SIGNER, body)
        self.issued[token] = (app.id, now + self.lifetime)
        return {"token_type": "Bearer", "expires_in": self.lifetime, "ext_expires_in": self.lifetime, "access_token": token}

    def owner(self, request: web.Request) -> str:
        """The app whose token a request carries; 401 if it carries none that is good now."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        app, end = self.issued.get(token, ("", 0.0))
        if kind != "Bearer" or not app or self.clock() >= end:
            raise TeamsError(401, "Unauthorized", "Authorization has been denied for this request.")
        return app

    def revoke(self) -> None:
        """Nothing that was issued is good any more."""
        self.issued.clear()
