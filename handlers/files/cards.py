"""How files are named on cards: a line for those that are there, a sentence for each that is not; and the cards that are about one file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from handlers.cards import Block, Button, Buttons, Card, Note, Picture, Text
from handlers.core import Attached, FileState
from handlers.files.model import pictured, size_of
from handlers.words import Argument, Name, Sentence, Web, joined, say, say_many

WHY: dict[FileState, Callable[[Argument], Sentence]] = {
    "large": lambda name: say("{name} is larger than 20 MB: it stays in the message.", name=name),
    "closed": lambda name: say("{name} could not be fetched: it stays in the message.", name=name),
    "elsewhere": lambda name: say("{name} is not copied: its link opens for those who may see it there.", name=name),
    "gone": lambda name: say("{name} was deleted.", name=name),
}


def lines(files: Sequence[Attached], links: Mapping[str, str]) -> list[Block]:
    """`links`: file id -> our own address of it for who reads this; else the chat's."""
    here = [file for file in files if file.state in ("coming", "kept")]
    found: list[Block] = []
    if here:
        named: list[Argument] = [_named(file, links.get(file.id, "")) for file in here]
        found.append(Note(say_many("File: {files}", "Files: {files}", n=len(here), files=joined(named))))
    return [*found, *(Note(_why(file)) for file in files if file.state in WHY)]


def _named(file: Attached, link: str) -> Sentence:
    size = size_of(file.size) if file.size else ""
    return say("{name} ({size})", name=_name(file, link), size=size) if size else say("{name}", name=_name(file, link))


def _name(file: Attached, link: str = "") -> Argument:
    address = link or file.link
    return Web(address, file.name) if address else file.name


def _why(file: Attached) -> Sentence:
    if file.state == "elsewhere" and not file.link:
        return say("{name} is not copied: it stays where it was sent.", name=file.name)
    return WHY[file.state](file.name if file.state == "gone" else _name(file))


def shown(files: Sequence[Attached], who: str) -> list[Block]:
    """The picture that a card shows."""
    file = pictured(files)
    return [Picture(file.content, say("{name}, sent by {who}", name=file.name, who=who))] if file else []


# ---------------------------------------------------------------- cards about one file


GET = "file.get"
GONE = Card(say("A file that stood here is gone."))


def copied(file: Attached, who: str) -> Card:
    """A file under a copy of its words, in a chat that takes no files: seen if it is a picture, and given to each who asks."""
    title = say("{who} sent a file: {name} ({size})", who=Name(who), name=file.name, size=size_of(file.size))
    return Card(title, (*shown((file,), who), Buttons((Button(say("Get the file"), GET, file.subject),))))


def handed(file: Attached, link: str) -> Card:
    """The answer to who asks for a file, for them alone. `link`: their own; "" where there is no public address to make one with."""
    title = say("{name} ({size})", name=file.name, size=size_of(file.size))
    if link:
        there = Text(say("Save it: {link}", link=Web(link, file.name)))
        return Card(title, (there, Note(say("The link is yours alone, and good for a day. Please do not pass it on."))))
    if file.link:
        return Card(title, (Text(say("It stands in the message it was sent with: {link}", link=Web(file.link, file.name))),))
    return Card(title, (Note(say("I have no public address, so I cannot hand it out here. Whoever runs me can give me one.")),))
