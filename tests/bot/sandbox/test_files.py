"""Files on the platform: three steps of an upload, what may be shown, and who gets the bytes."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import SlackSandbox
from tests.bot.sandbox.test_api import error_of

LAMP = b"a lamp"


async def sent(url: str, data: bytes = LAMP) -> int:
    async with aiohttp.ClientSession() as http, http.post(url, data=data) as answer:
        return answer.status


async def fetched(url: str, token: str) -> tuple[int, str, bytes]:
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession() as http, http.get(url, headers=headers) as answer:
        return answer.status, answer.content_type, await answer.read()


async def uploaded(client: AsyncWebClient, name: str = "lamp.jpg") -> str:
    """The first two steps."""
    asked = await client.files_getUploadURLExternal(filename=name, length=len(LAMP))
    assert await sent(asked["upload_url"]) == 200
    return str(asked["file_id"])


def image(file: str) -> dict[str, Any]:
    return {"type": "image", "alt_text": "a lamp", "slack_file": {"id": file}}


@pytest.fixture
def help_(slack: SlackSandbox) -> str:
    return slack.world.channel("help").id


async def test_three_steps_show_a_file_under_a_message(slack: SlackSandbox, web_client: AsyncWebClient, help_: str) -> None:
    parent = (await web_client.chat_postMessage(channel=help_, text="here"))["ts"]
    file = await uploaded(web_client)
    assert await error_of(web_client.files_info(file=file)) == "file_not_found", "nobody knows it before the third step"
    await web_client.files_completeUploadExternal(files=[{"id": file, "title": "A lamp"}], channel_id=help_, thread_ts=parent)
    (shown,) = slack.world.channel("help").replies(str(parent))
    assert shown.files == [file]
    assert slack.actor("ana").sees("A lamp")
    told = (await web_client.files_info(file=file))["file"]
    assert told["shares"]["public"][help_] == [{"ts": shown.ts}]


async def test_what_is_not_processed_has_no_kind_and_is_not_shown(slack: SlackSandbox, web_client: AsyncWebClient, help_: str) -> None:
    slack.world.unseen = 2
    file = await uploaded(web_client)
    await web_client.files_completeUploadExternal(files=[{"id": file}])
    for _ in range(2):
        with pytest.raises(SlackApiError) as refused:
            await web_client.chat_postMessage(channel=help_, text="x", blocks=[image(file)])
        assert refused.value.response["error"] == "invalid_blocks"
        assert "invalid slack file [json-pointer:/blocks/0/slack_file]" in refused.value.response["errors"]
        assert (await web_client.files_info(file=file))["file"]["mimetype"] == ""
    assert (await web_client.files_info(file=file))["file"]["mimetype"] == "image/jpeg"
    await web_client.chat_postMessage(channel=help_, text="x", blocks=[image(file)])


async def test_a_picture_that_is_none_or_is_gone_is_not_shown(slack: SlackSandbox, web_client: AsyncWebClient, help_: str) -> None:
    slack.world.unseen = 0
    lamp, paper = await uploaded(web_client), await uploaded(web_client, "notes.pdf")
    await web_client.files_completeUploadExternal(files=[{"id": lamp}, {"id": paper}])
    await web_client.files_delete(file=lamp)
    for file in (lamp, paper, "F0NOWHERE"):
        assert await error_of(web_client.chat_postMessage(channel=help_, text="x", blocks=[image(file)])) == "invalid_blocks"
    assert await error_of(web_client.files_info(file=lamp)) == "file_deleted"


async def test_how_an_upload_is_refused(slack: SlackSandbox, web_client: AsyncWebClient, help_: str) -> None:
    asked = await web_client.files_getUploadURLExternal(filename="lamp.jpg", length=3)
    assert await sent(asked["upload_url"]) == 400
    complete = web_client.files_completeUploadExternal
    assert await error_of(complete(files=[{"id": asked["file_id"]}])) == "file_not_found"
    assert await error_of(web_client.files_getUploadURLExternal(filename="x", length=0)) == "invalid_arguments"
    file = await uploaded(web_client)
    assert await error_of(complete(files=[{"id": file}], channel_id="C0NOWHERE")) == "channel_not_found"
    assert await error_of(complete(files=[{"id": file}], channel_id=help_, thread_ts="1.2")) == "thread_not_found"
    slack.app.scopes.discard("files:write")
    assert await error_of(web_client.files_getUploadURLExternal(filename="x", length=1)) == "missing_scope"


async def test_the_bytes_are_for_the_right_token_only(slack: SlackSandbox) -> None:
    file = slack.world.add_file("ana", "lamp.jpg", LAMP, "image/jpeg")
    url = f"{slack.base_url.removesuffix('/api/')}/files-pri/{slack.world.team}-{file.id}/download/lamp.jpg"
    assert await fetched(url, slack.bot_token) == (200, "image/jpeg", LAMP)
    status, kind, page = await fetched(url, "xoxb-other")
    assert (status, kind) == (200, "text/html")
    assert b"Sign in" in page
    slack.app.scopes.discard("files:read")
    assert (await fetched(url, slack.bot_token))[1] == "text/html"


async def test_people_share_files_and_delete_them(slack: SlackSandbox, web_client: AsyncWebClient, help_: str) -> None:
    file = slack.world.add_file("ana", "lamp.jpg", LAMP, "image/jpeg")
    message = await slack.actor("ana").message("#help", "look", files=[file])
    said = (await web_client.conversations_history(channel=help_))["messages"][0]
    assert (said["subtype"], said["files"][0]["id"], said["files"][0]["mimetype"]) == ("file_share", file.id, "image/jpeg")
    assert await error_of(web_client.files_delete(file=file.id)) == "cant_delete_file"
    await slack.actor("ana").delete_file(file)
    assert slack.actor("ana").look(message).raw["files"] == [{"id": file.id, "mode": "tombstone"}]
