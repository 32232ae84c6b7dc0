"""Short-lived keys that the platform hands out with each interaction: trigger ids and response URLs."""

import itertools
from dataclasses import dataclass

from bot.sandbox.clock import Clock
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.world import World

TRIGGER_SECONDS = 3.0
HOOK_SECONDS = 30 * 60
HOOK_USES = 5


@dataclass
class Trigger:
    """The right to open one view for one person, for three seconds."""

    id: str
    world: World
    user: str
    at: float
    used: bool = False


@dataclass
class Hook:
    """What stands behind a response URL: where the interaction was, and how often the URL has been used."""

    token: str
    world: World
    user: str
    channel: str
    at: float
    original: str | None = None
    """The ts of the message (or ephemeral) that was acted on; None for a command."""
    uses: int = 0


class Tokens:
    """Issues and redeems them."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.triggers: dict[str, Trigger] = {}
        self.hooks: dict[str, Hook] = {}
        self._numbers = itertools.count(1)

    def trigger(self, world: World, user: str) -> Trigger:
        """A new trigger id for `user`."""
        number = next(self._numbers)
        trigger = Trigger(f"{number}.{int(self.clock())}.{number * 7919:08x}", world, user, self.clock())
        self.triggers[trigger.id] = trigger
        return trigger

    def redeem(self, trigger_id: str, world: World) -> Trigger:
        """Use a trigger id up: `invalid_trigger_id`, `exchanged_trigger_id` (second use) or `expired_trigger_id` (after 3 s)."""
        trigger = self.triggers.get(trigger_id)
        if trigger is None or trigger.world is not world:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self.clock() - trigger.at > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def hook(self, world: World, user: str, channel: str, original: str | None = None) -> Hook:
        """A new response URL's key."""
        number = next(self._numbers)
        hook = Hook(f"{world.team}-{number}-{number * 104729:010x}", world, user, channel, self.clock(), original)
        self.hooks[hook.token] = hook
        return hook

    def usable(self, token: str) -> Hook:
        """The hook behind `token`, if it may be used once more: at most 5 times in 30 minutes."""
        hook = self.hooks.get(token)
        if hook is None:
            raise SlackError("no_hook", status=404)
        if self.clock() - hook.at > HOOK_SECONDS:
            raise SlackError("expired_url", status=404)
        if hook.uses >= HOOK_USES:
            raise SlackError("used_url", status=404)
        return hook
