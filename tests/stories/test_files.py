"""Files: a photo with a report, a file in a thread, what cannot be kept, and what is deleted again. What Teams alone has: test_pictures."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest
from pydantic import SecretStr

from bot.sandbox.slack import SlackFile
from handlers.ports import LARGEST_FILE
from storage.secrets import new_key
from storage.tables import comments, files, tickets
from tests.stories.forging import rows
from tests.stories.snapshots import PHOTO
from tests.stories.world import Story, TeamsStory, story, teams_story

CHATS = ("slack", "teams")
SLACKS_OWN = (
    "test_the_card_goes_out_before_its_picture",
    "test_a_message_made_a_ticket_brings_its_photo",
    "test_a_file_of_a_report_that_is_no_picture_is_handed_to_its_queue",
    "test_a_photo_in_a_format_that_chats_do_not_show_is_named_and_handed_over",
    "test_a_file_in_the_requesters_thread_crosses_to_that_of_the_queue_and_back",
    "test_a_work_notes_file_stays_inside",
    "test_an_upload_that_breaks_off_is_finished_and_shown_once",
    "test_a_file_that_slack_has_shown_without_saying_so_is_not_shown_again",
    "test_what_is_too_large_stays_in_the_message_and_the_card_says_so",
    "test_a_page_to_sign_in_is_not_taken_for_a_file",
    "test_a_file_of_another_workspace_is_asked_for",
    "test_a_file_that_lies_elsewhere_is_linked_to",
    "test_a_file_that_slack_hides_is_said_to_stay_where_it_is",
    "test_the_token_goes_to_slack_alone",
    "test_a_deleted_file_goes_from_the_card_the_thread_and_the_folder",
    "test_bytes_that_another_file_holds_stay",
    "test_the_same_picture_comes_back_after_it_was_deleted",
    "test_a_picture_that_slack_no_longer_shows_does_not_keep_the_card_back",
)
"""Uploads, deleted files, declared sizes and threads 1:1 are things that Slack alone has."""
LIGHT = "the light in the hall is flickering"
NOTES = b"%PDF-1.7 what the electrician said"
HOST = "https://desk.example.com"


@pytest.fixture
async def office(request: pytest.FixtureRequest, database_url: str, chat: str) -> AsyncIterator[Story]:
    """In Teams with a public address, without which it shows no pictures; and no picture may be one that it could not show."""
    redis = request.getfixturevalue("redis").url if database_url.startswith("postgresql") else None
    if chat == "slack":
        async with story(database_url, redis) as told:
            yield told
        return
    async with teams_story(database_url, redis, public_url=HOST, secret_keys=SecretStr(new_key())) as there:
        yield there
        assert there.teams.troubles == []


def photo(office: Story, who: str = "ana", name: str = "lamp.jpg", data: bytes = PHOTO, **facts: Any) -> SlackFile:
    if isinstance(office, TeamsStory):
        return cast(SlackFile, office.teams.add_file(who, name, data, "image/jpeg"))
    return office.slack.world.add_file(who, name, data, "image/jpeg", **facts)


def called(office: Story, name: str = "lamp.jpg") -> str:
    """What the chat says a photo is called: Teams does not tell."""
    return "picture.jpg" if office.chat == "teams" else name


def paper(office: Story, who: str = "ana", name: str = "notes.pdf", **facts: Any) -> SlackFile:
    data, mimetype = facts.pop("data", NOTES), facts.pop("mimetype", "application/pdf")
    if isinstance(office, TeamsStory):
        return cast(SlackFile, office.teams.add_file(who, name, data, mimetype))
    return office.slack.world.add_file(who, name, data, mimetype, **facts)


def stored(office: Story) -> list[bytes]:
    """The bytes of all files that are kept."""
    root: Path = office.bot.carrying.kept.root
    return sorted(path.read_bytes() for path in root.rglob("*") if path.is_file())


def pictures(office: Story, words: str = "#1", channel: str = "building") -> list[bytes]:
    """What the pictures on the newest card with these words show."""
    post = office.bob.post(words, channel)
    if office.chat == "teams":
        return list(getattr(post, "pictures", ()))
    shown = [one["slack_file"]["id"] for one in post.blocks if one["type"] == "image"]
    return [office.slack.world.files[one].data for one in shown]


def handed(office: Story, channel: str) -> list[tuple[str | None, bytes]]:
    """The files that the bot has shown in a conversation: (thread, bytes). In Teams those are the pictures of posts about one file."""
    if office.chat == "teams":
        there = [one for one in office.bob.screen if one.channel == office.channel_id(channel) and one.says("sent a file:")]
        return [(one.thread_ts, data) for one in there for data in getattr(one, "pictures", ())]
    world = office.slack.world
    messages = world.channel(channel).messages.values()
    own = [one for one in messages if one.user == world.app.user]
    return [(one.thread_ts, world.files[file].data) for one in own for file in one.files if not world.files[file].deleted]


async def the_file(office: Story) -> dict[str, Any]:
    (row,) = await rows(office, files)
    return row


# ---------------------------------------------------------------- with a report


async def test_the_photo_of_a_mention_is_on_the_card_of_its_queue(office: Story) -> None:
    await office.ana.tells(f"@deskbell {LIGHT}", "office", files=[photo(office)])
    assert len(await rows(office, tickets)) == 1
    assert stored(office) == [PHOTO]
    card = office.bob.post(f"#1 {LIGHT}", "building")
    assert card.says(f"{called(office)}, sent by Ana Alvarez")
    assert card.says(f"File: {called(office)} (17 B)")
    assert pictures(office) == [PHOTO]
    assert handed(office, "building") == [], "it is on the card already"


async def test_the_card_goes_out_before_its_picture(office: Story) -> None:
    office.slack.world.unseen = 2
    gate = office.slack.faults.hold_next("files.getUploadURLExternal")
    await office.ana.actor.message("dm", LIGHT, files=[photo(office)])
    await office.slack.until(lambda: office.bob.sees(f"#1 {LIGHT}") and office.bob.post("#1", "building").says("lamp.jpg"), within=30)
    assert pictures(office) == []
    gate.set()
    await office.settled()
    assert pictures(office) == [PHOTO]


@pytest.mark.parametrize("way", ["shortcut", "reaction"])
async def test_a_message_made_a_ticket_brings_its_photo(office: Story, way: str) -> None:
    message = await office.ana.tells(LIGHT, "office", files=[photo(office)])
    assert await rows(office, files) == []
    if way == "shortcut":
        await office.bob.actor.message_shortcut("ticket.from_message", message)
    else:
        await office.bob.actor.react(message, "ticket")
    await office.settled()
    assert pictures(office) == [PHOTO]


async def test_a_photo_alone_is_a_report(office: Story) -> None:
    await office.ana.tells("", "dm", files=[photo(office)])
    (ticket,) = await rows(office, tickets)
    assert (ticket["title"], ticket["body"]) == (called(office), called(office))
    assert office.ana.sees(f"#1 is open: {called(office)}")
    await office.later(minutes=20)
    await office.ana.tells("@deskbell", "office", files=[photo(office, name="chair.jpg", data=b"chair")])
    assert sorted(one["title"] for one in await rows(office, tickets)) == sorted([called(office, "chair.jpg"), called(office)])


async def test_a_photo_soon_after_a_report_belongs_to_it(office: Story) -> None:
    await office.ana.tells(LIGHT)
    await office.ana.tells("", "dm", files=[photo(office)])
    assert len(await rows(office, tickets)) == 1
    (comment,) = await rows(office, comments)
    file = await the_file(office)
    assert (comment["text"], file["comment"], file["state"]) == ("", comment["id"], "kept")
    card = office.bob.post("#1", "building")
    assert handed(office, "building") == [(card.id, PHOTO)]
    assert office.bob.sees(f"Ana Alvarez wrote: File: {called(office)} (17 B)")


async def test_words_that_are_asked_about_keep_their_photo(office: Story) -> None:
    await office.ana.tells("hello there my friend", files=[photo(office)])
    assert office.ana.sees("Shall I open a ticket for this?")
    assert await rows(office, files) == []
    await office.ana.presses("Open a ticket")
    assert pictures(office, "#1", "desk") == [PHOTO]


async def test_a_file_of_a_report_that_is_no_picture_is_handed_to_its_queue(office: Story) -> None:
    await office.ana.tells(LIGHT, files=[photo(office), paper(office)])
    card = office.bob.post("#1", "building")
    assert card.says("Files: lamp.jpg (17 B) · notes.pdf (34 B)")
    assert pictures(office) == [PHOTO]
    assert handed(office, "building") == [(card.id, NOTES)]


async def test_a_photo_in_a_format_that_chats_do_not_show_is_named_and_handed_over(office: Story) -> None:
    await office.ana.tells(LIGHT, files=[paper(office, name="IMG_1.heic", mimetype="image/heic")])
    card = office.bob.post("#1", "building")
    assert card.says("File: IMG_1.heic")
    assert pictures(office) == []
    assert handed(office, "building") == [(card.id, NOTES)]


async def test_a_file_is_fetched_again_when_the_chat_is_in_trouble(office: Story) -> None:
    office.platform.fail_next("getAttachment" if office.chat == "teams" else "download", 503, times=1)
    await office.ana.tells(LIGHT, files=[photo(office)])
    assert stored(office) == [PHOTO]


# ---------------------------------------------------------------- in threads


async def test_a_file_in_the_requesters_thread_crosses_to_that_of_the_queue_and_back(office: Story) -> None:
    await office.ana.tells(LIGHT)
    await office.bob.presses("Take it", on=office.bob.post("#1", "building"))
    news = office.ana.card("Bob Burke is on it")
    await office.ana.tells("like this", "dm", thread=news.id, files=[photo(office)])
    card = office.bob.post("#1", "building")
    assert handed(office, "building") == [(card.id, PHOTO)]
    told = next(one for one in office.bob.screen if one.says("Ana Alvarez on #1") and one.channel == office.bob.actor.dm().id)
    assert handed(office, office.bob.actor.dm().id) == [(told.id, PHOTO)]
    await office.bob.tells("and here is what they said", "dm", thread=told.id, files=[paper(office, "bob")])
    assert handed(office, "building") == [(card.id, PHOTO), (card.id, NOTES)]
    assert [data for _, data in handed(office, office.ana.actor.dm().id)] == [NOTES]


async def test_a_work_notes_file_stays_inside(office: Story) -> None:
    await office.ana.tells(LIGHT)
    card = office.bob.post("#1", "building")
    await office.bob.tells("only for us", "building", thread=card.id, files=[paper(office, "bob")])
    assert (await the_file(office))["state"] == "kept"
    assert handed(office, office.ana.actor.dm().id) == []
    await office.ana.says("/issue show 1")
    assert not office.ana.sees("notes.pdf")
    await office.bob.says("/issue show 1")
    assert office.bob.card("only for us").says("notes.pdf")


@pytest.mark.parametrize("step", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"])
async def test_an_upload_that_breaks_off_is_finished_and_shown_once(office: Story, step: str) -> None:
    await office.ana.tells(LIGHT)
    office.slack.fail_next(step, 503)
    await office.ana.tells("", files=[paper(office)])
    assert [data for _, data in handed(office, "building")] == [NOTES]
    uploads = [call for call in office.slack.calls_of("upload") if call.ok]
    assert len(uploads) == 1, "what was uploaded is not uploaded again"


async def test_a_file_that_slack_has_shown_without_saying_so_is_not_shown_again(office: Story) -> None:
    await office.ana.tells(LIGHT)
    office.slack.faults.lose_answer("files.completeUploadExternal")
    await office.ana.tells("", files=[paper(office)])
    assert len(office.slack.calls_of("files.completeUploadExternal")) == 1
    assert [data for _, data in handed(office, "building")] == [NOTES]


# ---------------------------------------------------------------- what cannot be kept


async def test_what_is_too_large_stays_in_the_message_and_the_card_says_so(office: Story) -> None:
    await office.ana.tells(LIGHT, files=[photo(office, name="floor.mov", size=LARGEST_FILE + 1)])
    assert office.bob.post("#1", "building").says("floor.mov is larger than 20 MB: it stays in the message.")
    assert office.ana.sees("floor.mov is larger than 20 MB: it stays in the message.")
    assert office.slack.calls_of("download") == []


async def test_what_is_larger_than_it_says_is_not_kept_either(office: Story) -> None:
    await office.ana.tells(LIGHT, files=[photo(office, name="floor.mov", data=bytes(LARGEST_FILE + 1), size=100)])
    assert office.bob.post("#1", "building").says(f"{called(office, 'floor.mov')} is larger than 20 MB")
    assert stored(office) == []


@pytest.mark.parametrize("elsewhere", ["", "http://localhost:1/login"])
async def test_a_page_to_sign_in_is_not_taken_for_a_file(office: Story, elsewhere: str) -> None:
    office.slack.world.sign_in = elsewhere
    gate = office.slack.faults.hold_next("download")
    await office.ana.actor.message("dm", LIGHT, files=[photo(office)])
    await office.slack.until(lambda: office.bob.sees("lamp.jpg"), within=30)
    office.slack.app.scopes.discard("files:read")
    gate.set()
    await office.settled()
    assert office.bob.post("#1", "building").says("lamp.jpg could not be fetched: it stays in the message.")
    assert stored(office) == []


async def test_a_file_of_another_workspace_is_asked_for(office: Story) -> None:
    await office.ana.tells(LIGHT, files=[photo(office, stub=True)])
    assert office.bob.post("#1", "building").says("File: lamp.jpg (17 B)")
    assert pictures(office) == [PHOTO]


async def test_a_file_that_lies_elsewhere_is_linked_to(office: Story) -> None:
    await office.ana.tells(LIGHT, files=[paper(office, is_external=True)])
    assert office.bob.post("#1", "building").says("notes.pdf is not copied: its link opens for those who may see it there.")
    assert office.slack.calls_of("files.info") == []


async def test_a_file_that_slack_hides_is_said_to_stay_where_it_is(office: Story) -> None:
    await office.ana.tells(LIGHT, files=[paper(office, mode="hidden_by_limit")])
    assert office.bob.post("#1", "building").says("could not be fetched")


async def test_the_token_goes_to_slack_alone(office: Story) -> None:
    await office.ana.tells(LIGHT, files=[photo(office), paper(office)])
    assert [call.args["token"] for call in office.slack.calls_of("upload")] == [False, False]
    assert office.slack.calls_of("signin") == []


# ---------------------------------------------------------------- deleted


async def test_a_deleted_file_goes_from_the_card_the_thread_and_the_folder(office: Story) -> None:
    lamp, notes = photo(office), paper(office)
    await office.ana.tells(LIGHT, files=[lamp, notes])
    assert len(stored(office)) == 2
    await office.ana.actor.delete_file(lamp)
    await office.ana.actor.delete_file(notes)
    await office.settled()
    card = office.bob.post("#1", "building")
    assert card.says("lamp.jpg was deleted.")
    assert pictures(office) == []
    assert handed(office, "building") == []
    assert stored(office) == []


async def test_bytes_that_another_file_holds_stay(office: Story) -> None:
    lamp = photo(office)
    await office.ana.tells(LIGHT, files=[lamp])
    await office.hal.tells(f"@deskbell {LIGHT}, says Hal", "office", files=[photo(office, "hal", name="same.jpg")])
    await office.ana.actor.delete_file(lamp)
    await office.settled()
    assert stored(office) == [PHOTO]
    assert pictures(office, "#2") == [PHOTO]


async def test_a_comment_taken_back_takes_its_files_along(office: Story) -> None:
    await office.ana.tells(LIGHT)
    message = await office.ana.tells("like this", files=[photo(office)])
    assert [data for _, data in handed(office, "building")] == [PHOTO]
    await office.ana.actor.delete(message)
    await office.settled()
    assert office.bob.sees("Ana Alvarez took this comment back.")
    assert handed(office, "building") == []
    assert stored(office) == []


async def test_a_report_taken_back_takes_its_files_along(office: Story) -> None:
    message = await office.ana.tells(LIGHT, files=[photo(office)])
    await office.ana.actor.delete(message)
    await office.settled()
    assert office.bob.post("#1", "building").says("cancelled")
    assert pictures(office) == []
    assert stored(office) == []


async def test_the_same_picture_comes_back_after_it_was_deleted(office: Story) -> None:
    lamp = photo(office)
    await office.ana.tells(LIGHT, files=[lamp])
    await office.ana.actor.delete_file(lamp)
    await office.settled()
    await office.hal.tells(f"@deskbell {LIGHT}, says Hal", "office", files=[photo(office, "hal", name="again.jpg")])
    assert pictures(office, "#2") == [PHOTO]


async def test_a_picture_that_slack_no_longer_shows_does_not_keep_the_card_back(office: Story) -> None:
    await office.ana.tells(LIGHT, files=[photo(office)])
    for file in office.slack.world.files.values():
        file.deleted |= file.user == office.slack.world.app.user
    await office.bob.presses("Take it", on=office.bob.post("#1", "building"))
    assert office.bob.post("#1", "building").says("Bob Burke has it")
