"""Speaking to Slack's Web API: posts, answers, modals, and who people are.

One shared session with a timeout of ten seconds; every error is `Later`, `Permanent` or `Gone` (see `faults`). Nothing is retried here:
the outbox does that, in order. Answers to a person in the act are the exception, their callers try again for a few seconds.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, Protocol

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from yarl import URL

from bot.chats import Gone, Payload, Profile, Sent
from bot.pump import Later, Permanent
from bot.reading import Reading
from bot.slack import render as drawing
from bot.slack.faults import NotAccepted, meaning, translated
from bot.slack.files import SlackFiles
from bot.slack.installed import Installations
from bot.slack.modal import Modal
from bot.slack.people import profile_of
from bot.slack.text import Json
from handlers.cards import Card
from handlers.core import Account, Place, Post

log = structlog.get_logger(__name__)

WEB_API = "https://slack.com/api/"
HOOKS = "https://hooks.slack.com"
SECONDS = 10.0
SECONDS_FOR_A_NAME = 2.0
SECONDS_FOR_A_LINK = 1.0
PAGE = 200
NO_LINK = ("cannot_find_message", "cannot_unfurl_message", "cannot_find_channel")
UNKNOWN = ("user_not_found", "user_not_visible")

# slack_sdk writes whole requests into its log when that is verbose; nobody's words belong there.
QUIET = logging.getLogger("bot.slack.library")
QUIET.setLevel(logging.CRITICAL)


class Outdated(Exception):
    """Somebody else has drawn that page since."""


class Pace(Protocol):
    """How long to wait before the next one of this key: 0 takes a place now. `per_second` on average, `burst` at once."""

    async def __call__(self, key: str, per_second: float, burst: int) -> float: ...


def session() -> aiohttp.ClientSession:
    """The session to share; whoever made it closes it."""
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS))


class SlackClient:
    """Implements `bot.chats.ChatClient`, and what only Slack has: private answers and modals.

    `base` and `hooks` are other addresses for a sandbox; `hooks` is the only origin to which answers may go. `through` is the workspace
    whose token looks up people of workspaces that have not installed us (they share a channel with it).
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        installations: Installations,
        pace: Pace,
        *,
        base: str = WEB_API,
        hooks: str = HOOKS,
        through: str = "",
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._http, self._installations, self._pace = http, installations, pace
        self._base, self._hooks, self._through, self._sleep = base, URL(hooks).origin(), through, sleep

    # ------------------------------------------------------------ messages

    def render(
        self,
        card: Card,
        reading: Reading,
        users: Mapping[str, str] | None = None,
        files: Mapping[str, str] | None = None,
        *,
        link: str = "",
    ) -> Payload:
        return drawing.render(card, reading, users, files)

    async def personal(self, post: Post, place: Place, payload: Payload) -> Payload:
        """In Slack a message is the same for all who read it."""
        return payload

    async def post(self, place: Place, payload: Payload, thread: str) -> Sent:
        """chat.postMessage, about one a second in each channel. `thread`: ts of the message under which it goes, or ""."""
        said = await self._posted(place.workspace, place.channel or await self._direct(place.workspace, place.user), payload, thread)
        return Sent(str(said["ts"]), str(said["channel"]))

    async def _posted(self, workspace: str, channel: str, payload: Payload, thread: str) -> Json:
        await self.turn(workspace, channel)
        under = {"thread_ts": thread} if thread else {}
        # Without markup in the notification's text, and without previews of addresses that people wrote.
        manner = {"mrkdwn": False, "unfurl_links": False, "unfurl_media": False}
        return await self._call(workspace, "chat.postMessage", {"channel": channel, **payload, **under, **manner})

    async def turn(self, workspace: str, channel: str) -> None:
        """A place among the messages of a channel. Raises `Later`."""
        await self._paced(f"slack:post:{workspace}:{channel}", 1.0, 2)

    async def update(self, place: Place, message_id: str, payload: Payload) -> None:
        """chat.update, 50 a minute in each workspace. Raises `Gone` when that message cannot be edited any more."""
        await self._paced(f"slack:update:{place.workspace}", 50 / 60, 20)
        await self._call(place.workspace, "chat.update", {"channel": place.channel, "ts": message_id, **payload})

    async def ephemeral(self, workspace: str, channel: str, user: str, payload: Payload, thread: str = "") -> None:
        """Shows it to one person, if they look: never the only copy of anything."""
        under = {"thread_ts": thread} if thread else {}
        await self._call(workspace, "chat.postEphemeral", {"channel": channel, "user": user, **payload, **under})

    async def reply(self, payload: Payload) -> None:
        """An answer out of the outbox: to one person among others (`user`), a message in a direct conversation, or previews of links."""
        if "preview" in payload:
            await self.unfurl(payload["workspace"], payload["preview"])
            return
        content = {name: payload[name] for name in ("text", "blocks")}
        workspace, channel, thread = payload["workspace"], payload["channel"], payload["thread"]
        if payload["user"]:
            await self.ephemeral(workspace, channel, payload["user"], content, thread)
        else:
            await self._posted(workspace, channel, content, thread)

    async def direct(self, workspace: str, user: str, payload: Payload) -> None:
        """A message to one person, 1:1."""
        await self._posted(workspace, await self._direct(workspace, user), payload, "")

    async def unfurl(self, workspace: str, arguments: Payload) -> None:
        """chat.unfurl, 50 a minute in each workspace. A message that is gone or was changed needs no preview any more."""
        await self._paced(f"slack:unfurl:{workspace}", 50 / 60, 20)
        try:
            await self._call(workspace, "chat.unfurl", arguments)
        except Permanent as why:
            if not str(why).endswith(NO_LINK):
                raise
            log.info("slack link not shown", reason=str(why))

    async def link(self, place: Place, message_id: str) -> str:
        """The address of a message of ours in Slack, or "" if Slack does not tell it soon."""
        return await self.permalink(place.workspace, place.channel, message_id)

    async def respond(self, response_url: str, payload: Payload) -> None:
        """An answer to the address that came with a command or a press (5 times within 30 minutes). Raises Later or Permanent."""
        if not self._is_ours(response_url):
            raise Permanent("respond: the address is not one of Slack's")
        url = URL(response_url, encoded=True)
        async with translated("respond"), self._http.post(url, json=dict(payload), allow_redirects=False) as said:
            if said.status != 200:
                raise meaning("respond", said.status, said.headers, f"status {said.status}")

    def _is_ours(self, address: str) -> bool:
        """Only Slack's own origin: whoever could choose the address could make us speak to machines inside."""
        try:
            url = URL(address, encoded=True)
            return url.user is None and url.password is None and url.origin() == self._hooks
        except (ValueError, TypeError):
            return False

    async def _direct(self, workspace: str, user: str) -> str:
        opened = await self._call(workspace, "conversations.open", {"users": user})
        return str(opened["channel"]["id"])

    async def _paced(self, key: str, per_second: float, burst: int) -> None:
        wait = await self._pace(key, per_second, burst)
        if wait > 0:
            raise Later(wait, "pace")

    # ------------------------------------------------------------ modals

    async def open_view(self, workspace: str, trigger: str, view: Json) -> Modal:
        """views.open within 3 seconds of the trigger."""
        opened = await self._call(workspace, "views.open", {"trigger_id": trigger, "view": view})
        return Modal(str(opened["view"]["id"]), str(opened["view"].get("hash", "")))

    async def update_view(self, workspace: str, modal: Modal, view: Json) -> None:
        """views.update; with the modal's hash, only if nobody has changed it since."""
        unchanged = {"hash": modal.hash} if modal.hash else {}
        await self._call(workspace, "views.update", {"view_id": modal.id, "view": view, **unchanged})

    async def publish_view(self, workspace: str, user: str, view: Json, covers: str = "") -> str:
        """views.publish: what this person sees on our page, 100 a minute in each workspace; gives the mark of this drawing.

        `covers`: the mark of the drawing whose place it takes; raises `Outdated` if there is another by now.
        """
        await self._paced(f"slack:home:{workspace}", 100 / 60, 30)
        unchanged = {"hash": covers} if covers else {}
        try:
            said = await self._call(workspace, "views.publish", {"user_id": user, "view": view, **unchanged})
        except Permanent as why:
            if str(why).endswith("hash_conflict"):
                raise Outdated("views.publish: hash_conflict") from None
            raise
        return str((said.get("view") or {}).get("hash") or "")

    # ------------------------------------------------------------ reading

    async def permalink(self, workspace: str, channel: str, ts: str) -> str:
        """The address of a message, or "" if Slack does not tell it in a second: nothing depends on it."""
        try:
            async with asyncio.timeout(SECONDS_FOR_A_LINK):
                said = await self._call(workspace, "chat.getPermalink", {"channel": channel, "message_ts": ts}, form=True)
        except (Permanent, Later, Gone, TimeoutError):
            return ""
        return str(said.get("permalink", ""))

    async def channel_name(self, workspace: str, channel: str) -> str:
        """What a public channel is called; "" for a private one."""
        said = await self._call(workspace, "conversations.info", {"channel": channel}, form=True)
        found = said.get("channel") or {}
        return "" if found.get("is_private") else str(found.get("name") or "")

    async def is_of_one_workspace(self, workspace: str, channel: str) -> bool:
        """conversations.info: whether nobody from another workspace or company can be in it."""
        said = await self._call(workspace, "conversations.info", {"channel": channel}, form=True)
        return not any((said.get("channel") or {}).get(name) for name in ("is_shared", "is_org_shared", "is_ext_shared"))

    async def message(self, workspace: str, channel: str, ts: str) -> Json | None:
        """One message as it stands there; None if it cannot be read. In a thread it is found as well."""
        here = {"channel": channel, "oldest": ts, "latest": ts, "inclusive": "true", "limit": 1}
        for method, more in (("conversations.history", {}), ("conversations.replies", {"ts": ts})):
            said = await self._call(workspace, method, {**here, **more}, form=True)
            found: Json | None = next((one for one in said.get("messages", ()) if one.get("ts") == ts), None)
            if found is not None:
                return found
        return None

    # ------------------------------------------------------------ people

    async def profile(self, account: Account) -> Profile | None:
        """users.info. Raises TimeoutError when Slack cannot tell within two seconds, for whatever reason."""
        known = await self._installations.find(account.workspace)
        workspace = known.workspace if known else self._through
        try:
            async with asyncio.timeout(SECONDS_FOR_A_NAME):
                said = await self._call(workspace, "users.info", {"user": account.user, "include_locale": "true"}, form=True)
        except (Permanent, Later) as error:
            if str(error).endswith(UNKNOWN):
                return None
            raise TimeoutError(str(error)) from None
        return profile_of(said["user"], account.workspace if known else workspace, known.enterprise if known else "")

    async def people_fields(self, workspace: str) -> list[tuple[str, str]]:
        """team.profile.get: (id, label) of the workspace's own fields that hold people."""
        said = await self._call(workspace, "team.profile.get", {}, form=True)
        fields = (said.get("profile") or {}).get("fields") or ()
        return [(str(one.get("id")), str(one.get("label"))) for one in fields if one.get("type") == "user" and not one.get("is_hidden")]

    async def in_profile(self, account: Account, field: str) -> str:
        """users.profile.get, about one a second in each workspace: the first value of one of those fields, "" without any."""
        await self._paced(f"slack:profile:{account.workspace}", 1.0, 40)
        said = await self._call(account.workspace, "users.profile.get", {"user": account.user}, form=True)
        fields = (said.get("profile") or {}).get("fields")
        found = fields.get(field) if isinstance(fields, dict) else None
        return str(found.get("value") or "").partition(",")[0].strip() if isinstance(found, dict) else ""

    async def first_today(self, account: Account) -> bool:
        """Whether nobody has asked this about them within a day."""
        return not await self._pace(f"slack:manager:{account.workspace}:{account.user}", 1 / 86400, 1)

    async def members(self, workspace: str) -> AsyncIterator[tuple[Account, Profile]]:
        """Everybody whom users.list tells of, page by page; waits where Slack asks it to. An installation for a whole enterprise is asked
        for each workspace that it was added to, and tells of everybody once.
        """
        found, seen = await self._installations.find(workspace), set[str]()
        enterprise = found.enterprise if found else ""
        for team in await self._teams(workspace) if found and found.wide else [{}]:

            async def page(more: Json, team: Json = team) -> Json:
                return await self._call(workspace, "users.list", {"include_locale": "true", **team, **more}, form=True)

            async for user in self._each("members", page):
                if user["id"] not in seen:
                    seen.add(user["id"])
                    yield Account("slack", workspace, str(user["id"])), profile_of(user, workspace, enterprise)

    async def _teams(self, workspace: str) -> list[Json]:
        """The workspaces of an enterprise that the app was added to, as the argument that names each."""
        found = self._each("teams", lambda more: self._call(workspace, "auth.teams.list", more, form=True))
        return [{"team_id": str(team["id"])} async for team in found]

    async def _each(self, name: str, page: Callable[[Json], Awaitable[Json]]) -> AsyncIterator[Json]:
        """The items of all pages."""
        cursor: Json = {}
        while True:
            said = await self._patiently(page, {"limit": PAGE, **cursor})
            for item in said[name]:
                yield item
            cursor = {"cursor": said.get("response_metadata", {}).get("next_cursor", "")}
            if not cursor["cursor"]:
                return

    async def _patiently(self, page: Callable[[Json], Awaitable[Json]], asked: Json) -> Json:
        for _ in range(20):
            try:
                return await page(asked)
            except NotAccepted:
                raise  # waiting does not help, and others wait for us
            except Later as later:
                await self._sleep(later.seconds)
        raise Later(60.0, "a list: again and again not now")

    async def sees(self, workspace: str, channel: str) -> bool:
        """Whether a channel is there for us, and open. Raises `Later`."""
        try:
            said = await self._call(workspace, "conversations.info", {"channel": channel}, form=True)
        except Permanent:
            return False
        return bool(said["channel"].get("is_member")) and not said["channel"].get("is_archived")

    # ------------------------------------------------------------ the call

    async def _call(self, workspace: str, method: str, arguments: Mapping[str, Any], *, form: bool = False) -> Json:
        installation = await self._installations.find(workspace)
        if installation is None:
            raise Permanent(f"{method}: not installed in {workspace}")
        web = AsyncWebClient(installation.token, self._base, session=self._http, timeout=int(SECONDS), retry_handlers=[], logger=QUIET)
        async with translated(method):
            said: AsyncSlackResponse = (
                await web.api_call(method, params=dict(arguments)) if form else await web.api_call(method, json=dict(arguments))
            )
        data = said.data
        if not isinstance(data, dict):
            raise Later(5.0, f"{method}: an answer that is no JSON")
        return data

    def files(self, origin: str) -> SlackFiles:
        """The files of the same workspaces, at the origin that alone may have our tokens."""
        return SlackFiles(self._http, self._installations, self._call, self.turn, origin)


__all__ = ["Pace", "SlackClient", "session"]
