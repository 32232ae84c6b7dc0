"""oauth.v2.access, and the page before it on which a person lets an app into a workspace.

https://docs.slack.dev/authentication/installing-with-oauth, https://docs.slack.dev/authentication/using-token-rotation
"""

import base64
import binascii
import itertools
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

from bot.sandbox.errors import ClientRefused
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.platform import Platform
from bot.sandbox.slack.world import World

METHOD = "oauth.v2.access"
TOKEN_SECONDS = 12 * 3600
CODE_SECONDS = 600.0
LIVE = 2
"""So many access tokens of one installation are good at the same time where they rotate: one more ends the oldest."""


@dataclass
class Approval:
    """A code, and what stands behind it."""

    world: World
    user: str
    scopes: str
    redirect_uri: str
    at: float
    enterprise: str = ""
    used: bool = False


@dataclass
class OAuth:
    """The app's page at api.slack.com (client id and secret, redirect URLs, token rotation), and what it has led to."""

    client_id: str = "1111.2222"
    client_secret: str = "sandbox-client-secret"  # noqa: S105 a secret of nobody: it is good on loopback only
    redirect_urls: list[str] = field(default_factory=list)
    rotation: bool = False
    codes: dict[str, Approval] = field(default_factory=dict)
    refresh_tokens: dict[str, Approval] = field(default_factory=dict)
    ends: dict[str, float] = field(default_factory=dict)
    """When access tokens end, by token."""
    live: dict[str, list[str]] = field(default_factory=dict)
    """Access tokens by workspace, the oldest first."""
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    # --- the person's side

    def approve(self, platform: Platform, url: str, user: str, world: World, enterprise: str = "") -> str:
        """Press Allow on the page at `url`: where the browser goes then. With an `enterprise` id it is installed for all of it.

        `ClientRefused` where Slack shows an error instead of the page.
        """
        asked = self._page(url)
        code = f"{next(self._numbers)}.{platform.clock():.0f}.code"
        self.codes[code] = Approval(world, user, asked["scope"], asked.get("redirect_uri", ""), platform.clock(), enterprise)
        return self._back(asked, code=code)

    def cancel(self, url: str) -> str:
        """Press Cancel."""
        return self._back(self._page(url), error="access_denied")

    def _page(self, url: str) -> dict[str, str]:
        if urlsplit(url).path != "/oauth/v2/authorize":
            raise ClientRefused("there is no such page")
        asked = {name: values[-1] for name, values in parse_qs(urlsplit(url).query).items()}
        if asked.get("client_id") != self.client_id:
            raise ClientRefused("invalid_client_id")
        if not asked.get("scope"):
            raise ClientRefused("no_scopes")
        if not any(asked.get("redirect_uri", "").startswith(known) for known in self.redirect_urls):
            raise ClientRefused("bad_redirect_uri")
        return asked

    def _back(self, asked: dict[str, str], **told: str) -> str:
        state = {"state": asked["state"]} if "state" in asked else {}
        return f"{asked['redirect_uri']}?{urlencode({**told, **state})}"

    def uninstall(self, platform: Platform, world: World, enterprise: str = "") -> None:
        """Remove the app: its tokens end, and it is told."""
        workspace = enterprise or world.team
        platform.emit(world, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [world.app.user]}})
        platform.emit(world, {"type": "app_uninstalled"})
        for token in self.live.pop(workspace, []):
            platform.worlds.pop(token, None)
        self.refresh_tokens = {token: one for token, one in self.refresh_tokens.items() if (one.enterprise or one.world.team) != workspace}

    # --- the app's side

    def access(self, platform: Platform, args: Json, authorization: str) -> Json:
        """`invalid_client_id`, `bad_client_secret`, `invalid_grant_type`, and what the two kinds of grant refuse."""
        self._client(args, authorization)
        kind = str(args.get("grant_type") or "authorization_code")
        if kind == "authorization_code":
            return self._granted(platform, self._redeemed(platform, args))
        if kind == "refresh_token":
            return self._granted(platform, self._renewed(str(args.get("refresh_token", ""))))
        raise SlackError("invalid_grant_type")

    def alive(self, token: str, now: float) -> None:
        """`token_expired` after twelve hours."""
        if self.ends.get(token, now + 1) <= now:
            raise SlackError("token_expired")

    def _client(self, args: Json, authorization: str) -> None:
        """By HTTP Basic authentication, or in the fields."""
        client_id, secret = str(args.get("client_id", "")), str(args.get("client_secret", ""))
        if authorization.startswith("Basic "):
            client_id, secret = _basic(authorization.removeprefix("Basic "))
        if client_id != self.client_id:
            raise SlackError("invalid_client_id")
        if secret != self.client_secret:
            raise SlackError("bad_client_secret")

    def _redeemed(self, platform: Platform, args: Json) -> Approval:
        """A code is good once, for ten minutes, and only with the redirect_uri that it was asked for with."""
        approval = self.codes.get(str(args.get("code", "")))
        if approval is None or platform.clock() - approval.at > CODE_SECONDS:
            raise SlackError("invalid_code")
        if approval.used:
            raise SlackError("code_already_used")
        if str(args.get("redirect_uri", "")) != approval.redirect_uri:
            raise SlackError("bad_redirect_uri")
        approval.used = True
        return approval

    def _renewed(self, refresh_token: str) -> Approval:
        if refresh_token not in self.refresh_tokens:
            raise SlackError("invalid_refresh_token")
        return self.refresh_tokens.pop(refresh_token)

    def _granted(self, platform: Platform, approval: Approval) -> Json:
        world, number = approval.world, next(self._numbers)
        token = f"{'xoxe.xoxb-1' if self.rotation else 'xoxb'}-{approval.enterprise or world.team}-{number}"
        platform.worlds[token] = world
        world.app.scopes.update(approval.scopes.split(","))
        self._keep_two(platform, approval.enterprise or world.team, token)
        enterprise = {"id": approval.enterprise, "name": f"{world.team_name} Group"} if approval.enterprise else None
        home = {"id": world.enterprise.id, "name": world.enterprise.name} if world.enterprise else enterprise
        return {
            "ok": True,
            "access_token": token,
            "token_type": "bot",
            "scope": approval.scopes,
            "bot_user_id": world.app.user,
            "app_id": world.app.id,
            "team": None if enterprise else {"id": world.team, "name": world.team_name},
            "enterprise": home,
            "is_enterprise_install": enterprise is not None,
            "authed_user": {"id": approval.user},
            **(self._rotating(platform, approval, token, number) if self.rotation else {}),
        }

    def _rotating(self, platform: Platform, approval: Approval, token: str, number: int) -> Json:
        self.ends[token] = platform.clock() + TOKEN_SECONDS
        refresh_token = f"xoxe-1-{approval.enterprise or approval.world.team}-{number}"
        self.refresh_tokens[refresh_token] = approval
        return {"expires_in": TOKEN_SECONDS, "refresh_token": refresh_token}

    def _keep_two(self, platform: Platform, workspace: str, token: str) -> None:
        tokens = self.live.setdefault(workspace, [])
        tokens.append(token)
        while self.rotation and len(tokens) > LIVE:
            platform.worlds.pop(tokens.pop(0), None)


def _basic(text: str) -> tuple[str, str]:
    try:
        client_id, _, secret = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise SlackError("invalid_client_id") from None
    return client_id, secret
