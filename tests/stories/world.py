"""An office in which stories happen: the real bot on loopback, a strict platform beside it, people who act with signed requests."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from bot import offices
from bot.app import Deskbell, opened
from bot.sandbox.slack import Actor, Delivery, Seen, SlackSandbox, Tamper
from bot.sandbox.slack.model import Message
from bot.sandbox.teams import Actor as TeamsActor
from bot.sandbox.teams import TeamsSandbox
from bot.settings import Settings
from bot.slack.manifest import EVENTS, manifest, scopes
from bot.slack.wiring import Slack, connected
from bot.teams import wiring as teams_wiring
from bot.teams.manifest import manifest as teams_manifest
from bot.teams.wiring import Teams
from bot.web.server import serving
from handlers.core import Chat
from handlers.office.model import Office
from storage.outbox import figures
from tests.example import example_document
from tests.stories.beginnings import Beginning

MONDAY_TEN = datetime(2026, 11, 16, 10, 0, tzinfo=ZoneInfo("America/Los_Angeles")).astimezone(UTC)
UNHURRIED = 60.0
"""Seconds that Slack waits for an answer in a story, lest a busy machine fail it. Stories of slowness set the true three again."""
METHODS: dict[str, dict[str, str]] = {
    "slack": {"post": "chat.postMessage", "edit": "chat.update", "who": "users.info", "link": "chat.getPermalink"},
    "teams": {"post": "createConversation", "edit": "updateActivity", "who": "getConversationMember"},
}
"""What the chats call the same thing: a card into a channel, its redraw, who somebody is."""
ELSEWHERE: dict[str, dict[str, Any]] = {
    "slack": {"team": "T0ELSEWHERE", "stranger": True},
    "teams": {"tenant": "00000000-0000-4000-8000-0000000000ff"},
}
"""What makes a user of the chat somebody of another company."""
GUEST: dict[str, dict[str, Any]] = {"slack": {"guest": "multi"}, "teams": {"guest": True}}
NO_GUEST: dict[str, Any] = {"slack": "", "teams": False}
QUEUE_CHANNELS = {"front-desk": "desk", "building": "building", "it": "it-help", "people": "hr-desk", "finance": "finance-desk"}


class StoryClock:
    """Business time: begins on a Monday morning, goes on by itself, and can be moved."""

    def __init__(self, start: datetime = MONDAY_TEN) -> None:
        self._start, self._began, self._moved = start, time.monotonic(), timedelta()

    def __call__(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._began) + self._moved

    @property
    def past(self) -> timedelta:
        """Since the beginning."""
        return self() - self._start

    def move(self, **by: float) -> None:
        self._moved += timedelta(**by)


class Colleague:
    """One person of the office in its chat. A Teams actor does the same as Slack's, by the same names."""

    def __init__(self, story: Story, actor: Actor, home: str) -> None:
        self._story, self.actor, self._home = story, actor, home

    async def says(self, text: str, channel: str | None = None, tamper: Tamper | None = None) -> Delivery:
        """Types `/issue ...` in the office's channel, or wherever named."""
        name, _, rest = text.partition(" ")
        more = {"tamper": tamper} if tamper else {}
        delivery = await self.actor.command(channel or self._home, name, rest, **more)
        await self._story.settled()
        return delivery

    async def tells(self, text: str, where: str = "dm", thread: str | None = None, **more: Any) -> Message:
        """Writes plain words: to the bot, or in a channel."""
        message = await self.actor.message(where, text, thread, **more)
        await self._story.settled()
        return message

    async def presses(self, label: str, on: Seen | str | None = None, **more: Any) -> Delivery:
        delivery = await self.actor.press(label, on=on, **more)
        await self._story.settled()
        return delivery

    async def sends(self, values: Mapping[str, Any], **more: Any) -> Delivery:
        """Fills in and sends the form that is open."""
        delivery = await self.actor.submit(values, **more)
        await self._story.settled()
        return delivery

    async def makes_ticket(self, on: Message | Seen) -> None:
        """Uses "Make this a ticket" from the menu of a message."""
        if self._story.chat == "teams":
            await cast(TeamsActor, self.actor).make_ticket(on)  # type: ignore[arg-type]
        else:
            await self.actor.message_shortcut("ticket.from_message", on)
        await self._story.settled()

    async def opens_home(self) -> None:
        """Looks at what concerns them: in Slack a page of their own, in Teams a card in the chat with the bot."""
        if self._story.chat == "teams":
            await self.tells("home")
        else:
            await self.actor.opens_home()
            await self._story.settled()

    @property
    def home(self) -> Seen:
        """What they saw there last."""
        found = self.actor.home if self._story.chat == "slack" else self.card("Report something…")
        assert found is not None
        return found

    async def opens_form(self) -> None:
        """`/issue` without words. Teams opens a dialog for a press only."""
        await self.says("/issue")
        if self._story.chat == "teams":
            await self.presses("Fill in…")

    def told(self, words: str) -> list[Seen]:
        """What was said to them 1:1 with these words."""
        return [one for one in self.screen if one.channel.startswith(("D", "a:")) and one.says(words)]

    def sees(self, words: str) -> bool:
        """Whether the words are on their screen, on one message."""
        return self.actor.sees(words)

    def card(self, words: str) -> Seen:
        """The newest thing on the screen with these words."""
        return self.actor.find(words)

    def post(self, words: str, channel: str) -> Seen:
        """The newest message with these words in a channel, as it stands there now."""
        there = self._story.channel_id(channel)
        found = [one for one in self.actor.seen() if one.kind == "message" and one.channel == there and one.says(words)]
        assert found, f"nothing in #{channel} says {words!r}"
        return found[-1]

    @property
    def screen(self) -> list[Seen]:
        return self.actor.seen()


class Story:
    """An office at work. People are attributes: `story.ana`, `story.bob`."""

    chat: Chat = "slack"

    def __init__(self, bot: Deskbell, slack: SlackSandbox, wired: Slack, office: Office, clock: StoryClock) -> None:
        self.bot, self.slack, self.wired, self.office, self.clock = bot, slack, wired, office, clock
        self._people: dict[str, Colleague] = {}

    @property
    def platform(self) -> SlackSandbox:
        """The chat itself; what both sandboxes can do by the same names, stories use through this."""
        return self.slack

    def channel_id(self, name: str) -> str:
        return self.slack.world.channel(name).id

    def method(self, what: str) -> str:
        """What this chat calls it: `METHODS`."""
        return METHODS[self.chat][what]

    def calls(self, what: str) -> list[Any]:
        """The calls that the bot has made of it."""
        return list(self.platform.calls_of(self.method(what)))

    def newcomer(self, name: str, channel: str = "office", **facts: Any) -> Colleague:
        """Somebody new in a channel of the office; the bot has not heard of them."""
        user, there = self.platform.add_user(name, **facts), self.platform.world.channel(channel)
        team = getattr(there, "team", None)
        for members in (there.members, team.members) if self.chat == "teams" and team else (there.members,):
            members.append(user.id)
        self._people[name] = Colleague(self, self.platform.actor(name), "office")
        return self._people[name]

    def __getattr__(self, name: str) -> Colleague:
        people = self.__dict__.get("_people", {})
        if name not in people:
            raise AttributeError(name)
        found: Colleague = people[name]
        return found

    def joins(self, name: str, actor: Actor) -> None:
        self._people[name] = Colleague(self, actor, "office")

    async def settled(self, within: float = 300.0) -> None:
        """Until nothing is due and nothing is under way. What waits is asked for less and less often: to ask makes the bot look as well."""
        end, pause = time.monotonic() + within, 0.005
        while time.monotonic() < end:
            await self._quiet()
            await self.bot.pump.drain(0.5)
            waiting = await self.bot.store.database.read(figures, self.clock())
            if not waiting.depth:
                await self._quiet()  # what has just been posted is being looked at: views of one's own, pictures
                return
            await asyncio.sleep(pause)
            pause = min(2 * pause, 0.05)
        raise AssertionError(f"still {waiting.depth} rows due after {within} s")

    async def _quiet(self) -> None:
        """Until nothing is on its way between the chat and the bot."""
        await self.wired.chores.drain()
        await self.slack.settled()

    async def later(self, **by: float) -> None:
        """Moves the office's clock; what is due by then happens."""
        self.clock.move(**by)
        self.bot.pump.wake()
        await self.settled()


class TeamsStory(Story):
    """The same in Microsoft Teams."""

    chat = "teams"

    def __init__(self, bot: Deskbell, teams: TeamsSandbox, connected: Teams, office: Office, clock: StoryClock) -> None:
        self.bot, self.teams, self.connected, self.office, self.clock = bot, teams, connected, office, clock
        self._people = {}

    @property
    def platform(self) -> SlackSandbox:
        return cast(SlackSandbox, self.teams)

    def channel_id(self, name: str) -> str:
        return self.teams.world.channel(name).id

    def arrives(self, name: str, actor: TeamsActor) -> None:
        self._people[name] = Colleague(self, actor, "office")  # type: ignore[arg-type]

    async def _quiet(self) -> None:
        await self.connected.chores.drain()
        await self.teams.settled()


async def begun(beginning: Beginning, clock: StoryClock, service_url: str = "") -> bool:
    """Whether the office is there already; the clock goes on from then."""
    after = await beginning.bring(service_url)
    clock.move(seconds=after.total_seconds() if after else 0.0)
    return after is not None


async def found(bot: Deskbell) -> Office:
    """The office that is there already."""
    return await bot.store.offices.get((await bot.store.offices.list())[0].id)


async def policy(bot: Deskbell, channels: Mapping[str, str], chat: str = "slack") -> Office:
    """The example office, with its queues in the platform's channels."""
    return await policy_of(bot, {chat: channels})


async def policy_of(bot: Deskbell, channels: Mapping[str, Mapping[str, str]]) -> Office:
    """The same with a channel in each of several chats."""
    document = example_document()
    for queue in document["queues"]:
        queue["channel"] = {chat: there[queue["key"]] for chat, there in channels.items()}
    return await offices.apply(bot.store, await offices.plan(bot.store, document, bot.clock()), bot.clock())


def settings(database: str, redis: str | None, slack: SlackSandbox, **more: Any) -> Settings:
    return Settings(
        database_url=database,
        redis_url=redis,
        port=0,
        slack_signing_secret=SecretStr(slack.signing_secret),
        slack_bot_token=SecretStr(slack.bot_token),
        slack_api_url=slack.base_url,
        stop_seconds=5,
        _env_file=None,
        **more,
    )


def people_of(slack: SlackSandbox) -> dict[str, str]:
    """Everybody of the example office as a user of the platform: name by first name."""
    document = example_document()
    found = {}
    for person in document["people"]:
        name = person["email"].partition("@")[0]
        slack.add_user(name, real_name=person["name"], email=person["email"], tz="America/Los_Angeles")
        found[name] = person["email"]
    return found


QUEUE_PEOPLE = ("ada", "bob", "eva", "quinn", "oli", "pat", "fay", "rae", "cy", "mia", "ned")


def slack_office(slack: SlackSandbox, public_url: str | None) -> dict[str, str]:
    """The example office's people and channels in Slack, with an app of exactly our manifest; the channel of each queue."""
    slack.courier.answer_within = UNHURRIED
    slack.app.scopes, slack.app.events = {one.name for one in scopes(public_url is not None)}, {one.name for one in EVENTS}
    slack.app.unfurl_domains = set(manifest("/issue", public_url, socket=True)["features"].get("unfurl_domains", ()))
    slack.add_channel("office", list(people_of(slack)))
    return {queue: slack.add_channel(channel, list(QUEUE_PEOPLE)).id for queue, channel in QUEUE_CHANNELS.items()}


def teams_office(teams: TeamsSandbox, public_url: str | None = None) -> dict[str, str]:
    """The same in Teams."""
    teams.courier.answer_within = UNHURRIED
    if public_url:
        teams.app.link_domains = set(
            teams_manifest(teams.app_id, public_url)["composeExtensions"][0]["messageHandlers"][0]["value"]["domains"]
        )
    document = example_document()
    for person in document["people"]:
        name = person["email"].partition("@")[0]
        teams.add_user(name, real_name=person["name"], email=person["email"], tz="America/Los_Angeles")
    teams.add_channel("office", names_of())
    return {queue: teams.add_channel(channel, QUEUE_PEOPLE, team="Desks").id for queue, channel in QUEUE_CHANNELS.items()}


def names_of() -> list[str]:
    """Everybody of the example office by first name."""
    return [person["email"].partition("@")[0] for person in example_document()["people"]]


def with_teams(teams: TeamsSandbox) -> dict[str, Any]:
    """The settings of a bot in this tenant."""
    return {
        "teams_app_id": teams.app_id,
        "teams_app_password": SecretStr(teams.app_secret),
        "teams_tenant_id": teams.tenant,
        "teams_openid_url": teams.openid_url,
        "teams_login_url": teams.login_url,
    }


async def settled_in(teams: TeamsSandbox) -> None:
    """Somebody adds the app to each team."""
    for team in teams.world.teams.values():
        await teams.install(team, by="ada")


async def signed_in(teams: TeamsSandbox, connected: Teams) -> None:
    """The bot holds a token, as it does from the first team to which somebody adds it."""
    workspace, channel = (await connected.bot.store.installations.all("teams"))[0].workspace, next(iter(teams.world.teams))
    assert await connected.client.sees(workspace, channel)


@asynccontextmanager
async def story(database: str, redis: str | None = None, *, over_socket: bool = False, **more: Any) -> AsyncIterator[Story]:
    """A whole office; everything ends with it. `more` are further settings.

    `over_socket`: Slack cannot call the bot, which has an app-level token instead.
    """
    clock = StoryClock()
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(SlackSandbox())
        made = slack_office(slack, more.get("public_url"))
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="desk")))
        chosen = settings(database, redis, slack, data_folder=folder, **more)
        if over_socket:
            chosen = chosen.model_copy(update={"slack_app_token": SecretStr(slack.use_socket()), "slack_signing_secret": None})
        beginning = Beginning(database, "slack", over_socket, *sorted(more.items()))
        known = await begun(beginning, clock)
        bot = await stack.enter_async_context(opened(chosen, clock))
        office = await found(bot) if known else await policy(bot, made)
        wired = await stack.enter_async_context(connected(bot))
        if not known:
            await wired.learn_everyone()
            await beginning.keep(clock.past)
        port = await stack.enter_async_context(serving(bot, "127.0.0.1", 0, wired.routes))
        slack.bot_url = "" if over_socket else f"http://127.0.0.1:{port}"
        await stack.enter_async_context(wired.listening())
        told = Story(bot, slack, wired, office, clock)
        for name in names_of():
            told.joins(name, slack.actor(name))
        await bot.start()
        stack.push_async_callback(bot.stop)
        yield told


@asynccontextmanager
async def teams_story(
    database: str,
    redis: str | None = None,
    *,
    installed: bool = True,
    new: bool = False,
    registrations: Sequence[Mapping[str, str]] = (),
    **more: Any,
) -> AsyncIterator[TeamsStory]:
    """A whole office in Teams, with the app in its teams if `installed`; everything ends with it. `more` are further settings.

    What was said while it was being installed stands on the screens of a `new` one only.

    `registrations` beside the office's first one, as in the settings; a tenant "" is the office's own.
    """
    clock = StoryClock()
    async with AsyncExitStack() as stack:
        teams = await stack.enter_async_context(TeamsSandbox())
        made = teams_office(teams, more.get("public_url"))
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="desk")))
        base: dict[str, Any] = {"database_url": database, "redis_url": redis, "port": 0, "stop_seconds": 5, "data_folder": folder}
        others = json.dumps([{**one, "tenant": one["tenant"] or teams.tenant} for one in registrations])
        chosen = Settings(_env_file=None, **base, **with_teams(teams), teams_more=SecretStr(others), **more)
        beginning = Beginning(database, "teams", installed, others, *sorted(more.items()))
        known = not new and await begun(beginning, clock, teams.service_url)
        bot = await stack.enter_async_context(opened(chosen, clock))
        office = await found(bot) if known else await policy(bot, made, "teams")
        wired = await stack.enter_async_context(teams_wiring.connected(bot))
        port = await stack.enter_async_context(serving(bot, "127.0.0.1", 0, wired.routes))
        teams.bot_url, teams.public_url = f"http://127.0.0.1:{port}/api/messages", more.get("public_url") or ""
        told = TeamsStory(bot, teams, wired, office, clock)
        for name in names_of():
            told.arrives(name, teams.actor(name))
        await bot.start()
        stack.push_async_callback(bot.stop)
        if installed:
            await (signed_in(teams, wired) if known else settled_in(teams))
        await told.settled()
        if not known:
            await beginning.keep(clock.past)
        yield told


class AcrossStory(Story):
    """An office in both chats at once: `office.ana` is Ana in Slack, `office.in_teams("ana")` the same Ana in Teams."""

    def __init__(
        self, bot: Deskbell, slack: SlackSandbox, wired: Slack, teams: TeamsSandbox, connected: Teams, office: Office, clock: StoryClock
    ) -> None:
        super().__init__(bot, slack, wired, office, clock)
        self.teams, self.connected = teams, connected

    def in_teams(self, name: str) -> Colleague:
        return _InTeams(self, self.teams.actor(name), "office")  # type: ignore[arg-type]

    async def _quiet(self) -> None:
        await super()._quiet()
        await self.connected.chores.drain()
        await self.teams.settled()


class _InTeams(Colleague):
    """Somebody of such an office, in front of Teams."""

    def post(self, words: str, channel: str) -> Seen:
        assert isinstance(self._story, AcrossStory)
        there = self._story.teams.world.channel(channel).id
        found = [one for one in self.actor.seen() if one.kind == "message" and one.channel == there and one.says(words)]
        assert found, f"nothing in {channel} says {words!r}"
        return found[-1]


@asynccontextmanager
async def across(database: str, redis: str | None = None, **more: Any) -> AsyncIterator[AcrossStory]:
    """A whole office in Slack and in Teams, each queue with a channel in both. `more` are further settings."""
    clock = StoryClock()
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(SlackSandbox())
        teams = await stack.enter_async_context(TeamsSandbox())
        in_slack, in_teams = slack_office(slack, more.get("public_url")), teams_office(teams)
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="desk")))
        chosen = settings(database, redis, slack, data_folder=folder, **with_teams(teams), **more)
        beginning = Beginning(database, "across", *sorted(more.items()))
        known = await begun(beginning, clock, teams.service_url)
        bot = await stack.enter_async_context(opened(chosen, clock))
        office = await found(bot) if known else await policy_of(bot, {"slack": in_slack, "teams": in_teams})
        wired = await stack.enter_async_context(connected(bot))
        there = await stack.enter_async_context(teams_wiring.connected(bot))
        if not known:
            await wired.learn_everyone()
        port = await stack.enter_async_context(serving(bot, "127.0.0.1", 0, (*wired.routes, *there.routes)))
        slack.bot_url, teams.bot_url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port}/api/messages"
        teams.public_url = more.get("public_url") or ""
        told = AcrossStory(bot, slack, wired, teams, there, office, clock)
        for name in names_of():
            told.joins(name, slack.actor(name))
        await bot.start()
        stack.push_async_callback(bot.stop)
        await (signed_in(teams, there) if known else settled_in(teams))
        await told.settled()
        if not known:
            await beginning.keep(clock.past)
        yield told
