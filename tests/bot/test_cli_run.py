"""`deskbell run` and `deskbell doctor` as processes of their own, beside a Slack platform on loopback."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bot.offices import apply, plan
from bot.sandbox.slack import SlackSandbox
from storage.store import Store
from tests.bot.test_cli import ROOT
from tests.example import example_document

pytestmark = pytest.mark.slow
LONG = 30.0
Running = Callable[..., AbstractAsyncContextManager[tuple[Process, int]]]


@pytest.fixture
async def slack() -> AsyncIterator[SlackSandbox]:
    async with SlackSandbox() as sandbox:
        sandbox.add_user("ana", real_name="Ana Alvarez", email="ana@acme.example", tz="America/Los_Angeles")
        yield sandbox


@pytest.fixture
async def environment(slack: SlackSandbox, tmp_path: Path) -> dict[str, str]:
    """A bot with the example office, whose building channel is one of this Slack."""
    url = f"sqlite:///{tmp_path}/desk.db"
    channel = slack.add_channel("building", ["ana"])
    document = example_document()
    for queue in document["queues"]:
        queue["channel"] = {"slack": channel.id} if queue["key"] == "building" else {}
    now = time_now()
    store = await Store.open(url, {}, lambda: now)
    await apply(store, await plan(store, document, now), now)
    await store.close()
    return {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": url,
        "DESKBELL_PORT": "0",
        "DESKBELL_SLACK_SIGNING_SECRET": slack.signing_secret,
        "DESKBELL_SLACK_BOT_TOKEN": slack.bot_token,
        "DESKBELL_SLACK_API_URL": slack.base_url,
    }


@pytest.fixture
def running(environment: dict[str, str], tmp_path: Path) -> Running:
    """Starts `deskbell run` and gives it with its port."""

    @asynccontextmanager
    async def start(*arguments: str, **more: str) -> AsyncIterator[tuple[Process, int]]:
        process = await deskbell({**environment, **more}, tmp_path, "run", *arguments)
        assert process.stdout is not None
        try:
            line = (await asyncio.wait_for(process.stdout.readline(), 180)).decode()
            found = re.search(r"http://127.0.0.1:(\d+)$", line.strip())
            assert found is not None, (await process.communicate())[1]
            yield process, int(found[1])
        finally:
            if process.returncode is None:
                process.kill()
                await process.communicate()

    return start


async def deskbell(environment: dict[str, str], folder: Path, *arguments: str) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, env=environment, cwd=folder, stdin=PIPE, stdout=PIPE, stderr=PIPE
    )


async def finished(process: Process) -> tuple[int, str, str]:
    """Exit code, what was printed and what was complained of."""
    out, err = await asyncio.wait_for(process.communicate(), 180)
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


def time_now() -> datetime:
    return datetime.now(UTC)


def command(slack: SlackSandbox, text: str) -> tuple[bytes, bytes]:
    """The head and the body of a really signed `/issue`."""
    ana, channel = slack.world.user("ana"), slack.world.channel("building")
    facts = {
        "command": "/issue",
        "text": text,
        "user_id": ana.id,
        "team_id": slack.world.team,
        "channel_id": channel.id,
        "trigger_id": "1.2.3",
    }
    body, now = urlencode(facts).encode(), str(int(time.time()))
    signature = hmac.new(slack.signing_secret.encode(), b"v0:" + now.encode() + b":" + body, hashlib.sha256).hexdigest()
    head = (
        "POST /slack/events HTTP/1.1\r\nHost: desk\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"X-Slack-Request-Timestamp: {now}\r\nX-Slack-Signature: v0={signature}\r\nContent-Length: {len(body)}\r\n"
        "Expect: 100-continue\r\n\r\n"
    )
    return head.encode(), body


async def get(port: int, path: str) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: desk\r\nConnection: close\r\n\r\n".encode())
    answer = (await asyncio.wait_for(reader.read(), 120)).decode()
    writer.close()
    await writer.wait_closed()
    return answer


async def refused(port: int) -> None:
    """Until nobody is let in any more."""
    async with asyncio.timeout(120):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionRefusedError:
                return
            writer.close()
            await asyncio.sleep(0.02)


async def test_told_to_stop_it_finishes_the_request_that_is_under_way(slack: SlackSandbox, running: Running) -> None:
    async with running() as (process, port):
        assert "ready" in await get(port, "/readyz")
        head, body = command(slack, "light above my desk flickers")
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head)
        assert "100 Continue" in (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 120)).decode()
        writer.write(body[:10])
        process.send_signal(signal.SIGTERM)
        await refused(port)
        writer.write(body[10:])
        answer = (await asyncio.wait_for(reader.read(), 120)).decode()
        writer.close()
        code, _, complaints = await finished(process)
    assert " 200 OK" in answer
    assert "is open: light above my desk flickers" in answer
    assert (code, "Traceback" in complaints) == (0, False)
    posted = [call for call in slack.calls_of("chat.postMessage") if call.args.get("channel") == slack.world.channel("building").id]
    async with running() as (process, port):  # what was not posted before the stop is posted after the start
        await slack.until(lambda: slack.calls_of("chat.postMessage"))
        process.send_signal(signal.SIGINT)
        assert (await finished(process))[0] == 0
    assert len(posted) <= 1
    assert len(slack.calls_of("chat.postMessage")) == 1


async def test_over_a_socket_it_needs_no_address_and_says_when_the_line_is_down(
    slack: SlackSandbox, environment: dict[str, str], running: Running
) -> None:
    del environment["DESKBELL_SLACK_SIGNING_SECRET"]
    async with running(DESKBELL_SLACK_APP_TOKEN=slack.use_socket()) as (process, port):
        await slack.until(lambda: slack.sockets.open, LONG)
        ana = slack.actor("ana")
        assert (await ana.command("building", "/issue", "light above my desk flickers")).ok
        assert ana.sees("is open: light above my desk flickers")
        await slack.until(lambda: slack.calls_of("chat.postMessage"), LONG)
        assert "ready" in await get(port, "/readyz")
        slack.down = True
        await slack.sockets.cut(list(slack.sockets.open))
        await slack.until(lambda: len(slack.calls_of("apps.connections.open")) > 1, LONG)
        assert "Slack's socket is not connected" in await get(port, "/readyz")
        slack.down = False
        await slack.until(lambda: slack.sockets.open, LONG)
        process.send_signal(signal.SIGTERM)
        code, _, complaints = await finished(process)
    assert (code, "Traceback" in complaints) == (0, False)
    assert slack.sockets.open == []


async def test_a_taken_port_and_a_wrong_token_are_sentences(running: Running, environment: dict[str, str], tmp_path: Path) -> None:
    async with running() as (_, port):
        taken = await finished(await deskbell({**environment, "DESKBELL_PORT": str(port)}, tmp_path, "run"))
    wrong = await finished(await deskbell({**environment, "DESKBELL_SLACK_BOT_TOKEN": "xoxb-wrong"}, tmp_path, "run"))
    assert taken[0] == 1
    assert f"Not started: Port {port} on 127.0.0.1 cannot be listened on" in taken[2]
    assert wrong[0] == 1
    assert "Not started: Slack does not accept the token" in wrong[2]
    assert "Traceback" not in taken[2] + wrong[2]
    assert "xoxb" not in wrong[2]


async def test_a_terminal_beside_slack(running: Running) -> None:
    async with running("--console") as (process, _):
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"ana> the kitchen sink is blocked\nquit\n")
        code, printed, _ = await finished(process)
    assert code == 0
    assert "#1 is open: the kitchen sink is blocked" in printed


async def test_the_doctor_finds_everything_in_order(environment: dict[str, str], tmp_path: Path) -> None:
    code, printed, _ = await finished(await deskbell(environment, tmp_path, "doctor"))
    assert code == 0
    assert re.findall(r"^(\w+) +([\w. -]+):", printed, re.MULTILINE)[:8] == [
        ("ok", "database"),
        ("ok", "redis"),
        ("ok", "data folder"),
        ("ok", "office acme"),
        ("ok", "clock"),
        ("ok", "slack token"),
        ("ok", "slack scopes"),
        ("warn", "queue finance"),
    ]
    assert "its channel is #building" in printed


async def test_the_doctor_says_what_to_do(slack: SlackSandbox, environment: dict[str, str], tmp_path: Path) -> None:
    slack.app.scopes -= {"chat:write", "groups:read"}
    missing = {**environment, "REDIS_URL": "redis://127.0.0.1:1/0", "DESKBELL_PUBLIC_URL": "http://127.0.0.1:1"}
    code, printed, complaints = await finished(await deskbell(missing, tmp_path, "doctor"))
    assert code == 1
    assert "fail  slack scopes: missing: chat:write." in printed
    assert "warn  redis: does not answer" in printed
    assert "warn  public address: http://127.0.0.1:1/healthz does not answer" in printed
    assert "warn  slack channels: cannot be examined" in printed
    wrong = {**environment, "DESKBELL_SLACK_BOT_TOKEN": "xoxb-wrong", "DATABASE_URL": f"sqlite:///{tmp_path}/none.db"}
    code, printed, more = await finished(await deskbell(wrong, tmp_path, "doctor"))
    assert code == 1
    assert "Run: deskbell db upgrade" in printed
    assert "fail  slack token: is refused (invalid_auth)." in printed
    assert "Traceback" not in complaints + more


async def test_for_the_playground_it_needs_nothing_but_its_setting(tmp_path: Path) -> None:
    alone = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "DATABASE_URL": f"sqlite:///{tmp_path}/desk.db", "DESKBELL_PORT": "0"}
    trial = {**alone, "DESKBELL_TEAMS_ANONYMOUS": "1"}
    process = await deskbell(trial, tmp_path, "run")
    assert process.stdout is not None
    first = (await asyncio.wait_for(process.stdout.readline(), 180)).decode()
    second = (await asyncio.wait_for(process.stdout.readline(), 180)).decode()
    process.send_signal(signal.SIGTERM)
    code, _, logs = await finished(process)
    assert "people of Microsoft's Playground" in first
    assert "http://127.0.0.1:" in second
    assert code == 0
    assert "TEAMS IS OPEN TO EVERYBODY ON THIS MACHINE" in logs
    code, said, _ = await finished(await deskbell(trial, tmp_path, "doctor"))
    assert "office playground" in said
    assert "warn  teams token check" in said
    assert code == 0
    code, _, refused_ = await finished(await deskbell({**trial, "DESKBELL_HOST": "0.0.0.0"}, tmp_path, "run"))
    assert code == 1
    assert "set DESKBELL_HOST to 127.0.0.1" in refused_
    code, _, unsaid = await finished(await deskbell(alone, tmp_path, "run"))
    assert code == 1
    assert "docs/try-teams.md" in unsaid
