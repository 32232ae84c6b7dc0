"""One workspace of the platform: who is in it, and how it comes to have the app and loses it."""

from collections.abc import Callable, Sequence
from typing import Any

from bot.sandbox.slack.courier import Courier
from bot.sandbox.slack.methods.oauth import OAuth
from bot.sandbox.slack.model import App, Channel, Enterprise, Kind, User
from bot.sandbox.slack.people import Actor
from bot.sandbox.slack.platform import Platform
from bot.sandbox.slack.seen import Seen, seen_by
from bot.sandbox.slack.world import World


class Workspace:
    """What a test or a demonstration does in one workspace. What it can see and do reaches no other."""

    def __init__(self, platform: Platform, courier: Courier, oauth: OAuth, world: World) -> None:
        self._platform, self.courier, self.oauth, self.world = platform, courier, oauth, world

    # --- the app comes and goes

    @property
    def installed(self) -> bool:
        """Whether the app is in the workspace."""
        return self._platform.serves(self.world)

    @property
    def tokens(self) -> list[str]:
        """The tokens that an installation has given out and that are good, the oldest first."""
        return list(self.oauth.live.get(self.world.team, ()))

    def remember(self, tokens: Sequence[str]) -> None:
        """The app was installed here before the platform was started: its `tokens` are good."""
        if tokens:
            self.oauth.live[self.world.team] = list(tokens)
            self._platform.worlds.update(dict.fromkeys(tokens, self.world))

    def approve(self, url: str, user: str) -> str:
        """Press Allow on the page that the app's link leads to: where the browser goes then."""
        grid = self.world.enterprise
        wide = grid.id if grid and grid.wide else ""
        return self.oauth.approve(self._platform, url, self.world.user(user).id, self.world, wide)

    def uninstall(self) -> None:
        """Remove the app from the workspace."""
        grid = self.world.enterprise
        self.oauth.uninstall(self._platform, self.world, grid.id if grid and grid.wide else "")

    # --- an enterprise

    def join_enterprise(self, enterprise: Enterprise) -> Enterprise:
        """The workspace is one of several of a company from now on; with `wide`, the app is installed for all of them."""
        self.world.enterprise = enterprise
        return enterprise

    def grant(self, *teams: str) -> None:
        """The enterprise's administrators add the app to these workspaces."""
        self._access(teams, "team_access_granted", set.update)

    def revoke(self, *teams: str) -> None:
        """They take it away from these."""
        self._access(teams, "team_access_revoked", set.difference_update)

    def _access(self, teams: Sequence[str], kind: str, change: Callable[[set[str], Sequence[str]], None]) -> None:
        if self.world.enterprise is None:
            raise LookupError("the workspace is in no enterprise")
        change(self.world.enterprise.granted, teams)
        self._platform.emit(self.world, {"type": kind, "team_ids": list(teams), "event_ts": self.world.new_ts()})

    # --- who and what is in it

    @property
    def app(self) -> App:
        """The installed app: its scopes, events and commands can be changed."""
        return self.world.app

    def add_user(self, name: str, **facts: Any) -> User:
        """A new member; `facts` are the fields of `User` (real_name, email, tz, guest, deleted, ...)."""
        return self.world.add_user(name, **facts)

    def add_channel(self, name: str, members: list[str], *, kind: Kind = "channel", bot: bool = True) -> Channel:
        """A new channel with these members (handles or ids) and, if `bot`, the app; kind `group` is a private one."""
        return self.world.add_channel(name, members, kind=kind, bot=bot)

    def actor(self, who: str | User) -> Actor:
        """The person with this handle, id or full name."""
        return Actor(self._platform, self.world, self.courier, self.world.user(who))

    def seen_by(self, who: str | User) -> list[Seen]:
        """All that this person has on the screen."""
        return seen_by(self.world, self.world.user(who).id)
