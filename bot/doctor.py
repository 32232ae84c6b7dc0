"""Is everything set up? Each finding is a line, with what to do where something is missing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime

import aiohttp

from bot.app import machine_clock
from bot.findings import Finding
from bot.public import NoAddress, address
from bot.settings import Settings
from bot.slack.examined import Slack, secret
from bot.teams.examined import Teams
from handlers.office.model import Office
from storage.coordination import connect
from storage.database import open_database
from storage.files import FileStore
from storage.ids import new_id
from storage.installations import Installation
from storage.migrate import newest, revision
from storage.resealing import outdated
from storage.secrets import SETTING, Unopened, Vault, keys_in
from storage.store import Store

SECONDS = 10.0
WAYS_IN = "Set DESKBELL_PUBLIC_URL, or use Socket Mode, which needs no address."
ALIVE = "alive"
"""What our own /healthz answers."""

Clock = Callable[[], datetime]


async def examined(settings: Settings, clock: Clock = machine_clock) -> list[Finding]:
    """Everything, in the order in which it is set up. Never raises; needs no running bot and changes nothing."""
    findings = [finding async for finding in _database(settings)]
    findings.append(await _redis(settings))
    findings.append(await _folder(settings))
    offices, installed = list[Office](), list[Installation]()
    if findings[0].level == "ok":
        offices, installed, sealed = await _remembered(settings)
        findings += [*_applied(settings, offices), *sealed]
    else:
        findings += _applied(settings, offices)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS)) as http:
        findings += [finding async for finding in Slack(settings, http, clock).examined(offices, installed)]
        findings += [finding async for finding in Teams(settings, http, clock).examined(offices)]
        findings += [finding async for finding in _public(settings, http)]
    return findings


# ---------------------------------------------------------------- what it remembers


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    try:
        have = await _revision(settings.database_url)
    except Exception as error:  # noqa: BLE001 - whatever the database says is the finding
        said = str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__]
        yield Finding("fail", "database", f"cannot be opened ({said[0]}). Check DATABASE_URL, and that the database runs.")
        return
    if have == newest():
        yield Finding("ok", "database", f"answers and is at revision {have}.")
    else:
        yield Finding("fail", "database", f"is at revision {have or 'none'}, needed is {newest()}. Run: deskbell db upgrade")


async def _revision(url: str) -> str | None:
    database = open_database(url, readers=1)
    try:
        return await asyncio.wait_for(revision(database), SECONDS)
    finally:
        await database.close()


async def _redis(settings: Settings) -> Finding:
    """What one connection puts there, another one finds: alone, each would only find its own."""
    if settings.redis_url is None:
        return Finding("ok", "redis", "is not used: one process serves alone. For several, set REDIS_URL.")
    key, (here, there) = f"doctor:{new_id()}", (connect(settings.redis_url), connect(settings.redis_url))
    try:
        await here.put(key, b"1", SECONDS)
        heard = await there.get(key)
    finally:
        await here.stop()
        await there.stop()
    if heard is not None:
        return Finding("ok", "redis", "answers.")
    return Finding("warn", "redis", "does not answer: replicas find new work by looking for it, which is slower. Check REDIS_URL.")


async def _folder(settings: Settings) -> Finding:
    """Where files are kept: it must be possible to write there."""
    folder = settings.data_folder / "files"
    try:
        await FileStore(folder).check()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return Finding(
            "fail", "data folder", f"{folder} cannot be written ({reason}): files of tickets are lost. Check DESKBELL_DATA_FOLDER."
        )
    if settings.public_url and settings.secret_keys is None:
        return Finding("warn", "data folder", f"{folder} can be written. Set DESKBELL_SECRET_KEYS, or people get no links to their files.")
    return Finding("ok", "data folder", f"{folder} can be written.")


async def _remembered(settings: Settings) -> tuple[list[Office], list[Installation], list[Finding]]:
    """The offices, the workspaces that can be opened, and how their tokens are sealed."""
    store = await Store.open(settings.database_url, {}, machine_clock, migrated=True)
    try:
        offices = [await store.offices.get(one.id) for one in await store.offices.list() if one.version]
        return offices, *await _installed(settings, store)
    finally:
        await store.close()


async def _installed(settings: Settings, store: Store) -> tuple[list[Installation], list[Finding]]:
    keys = keys_in(secret(settings.secret_keys))
    if not (keys and settings.has_oauth):
        return [], []
    try:
        store.installations.vault = vault = Vault(keys)
    except ValueError as wrong:
        return [], [Finding("fail", "secret keys", f"cannot be used: {wrong}. Make one: deskbell invite office KEY shows how.")]
    found = []
    for one in await store.installations.all("slack"):
        try:
            opened = await store.installations.at("slack", one.workspace)
        except Unopened:
            continue  # counted by `outdated`
        if opened is not None and opened.data:
            found.append(opened)
    return found, [await _sealed(store, vault)]


async def _sealed(store: Store, vault: Vault) -> Finding:
    old, lost = await outdated(store.database, vault)
    if lost:
        return Finding("fail", "secret keys", f"{lost} workspaces are sealed with a key that {SETTING} does not name. Add it at the end.")
    if old:
        return Finding("warn", "secret keys", f"{old} workspaces are sealed with an older key. Run: deskbell db reseal")
    return Finding("ok", "secret keys", "everything is sealed with the newest key.")


def _applied(settings: Settings, offices: Sequence[Office]) -> list[Finding]:
    if not offices and settings.teams_anonymous:
        return [Finding("ok", "office", "there is none yet. deskbell run begins with that of Microsoft's Playground.")]
    if not offices:
        return [Finding("fail", "office", "there is none yet. Write its policy and run: deskbell office apply office.yaml")]
    return [
        Finding("ok", f"office {one.head.key}", f"{len(one.people)} people and {len(one.queues)} queues, version {one.version}.")
        for one in offices
    ]


# ---------------------------------------------------------------- the way in


async def _public(settings: Settings, http: aiohttp.ClientSession) -> AsyncIterator[Finding]:
    """Whether the address under which the world sees us leads to a running bot."""
    if settings.public_url is None:
        if settings.has_slack and not settings.slack_app_token:
            yield Finding("warn", "public address", f"is not told, so whether Slack reaches the desk is not examined. {WAYS_IN}")
        return
    if not settings.slack_app_token and (settings.has_slack or not settings.has_teams):
        try:
            address(settings.public_url, "Slack")
        except NoAddress as wrong:
            yield Finding("warn", "public address, form", f"Slack cannot use it: {wrong}")
    yield await _answering(f"{settings.public_url.rstrip('/')}/healthz", http)


async def _answering(url: str, http: aiohttp.ClientSession) -> Finding:
    try:
        async with http.get(url, allow_redirects=False) as answer:
            status, said = answer.status, (await answer.content.read(100)).decode(errors="replace")
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        sentence = f"{url} does not answer ({type(error).__name__}). Is the bot running, and the way to it open?"
        return Finding("warn", "public address", sentence)
    if status != 200:
        return Finding("warn", "public address", f"{url} answers {status}. Does DESKBELL_PUBLIC_URL lead to the bot?")
    if said.strip() != ALIVE:
        return Finding("warn", "public address", f"{url} is answered by something else. Let the proxy pass it on to the bot.")
    return Finding("ok", "public address", f"{url} is answered by the bot.")
