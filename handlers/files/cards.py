"""How files are named on cards: a line for those that are there, a sentence for each that is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from handlers.cards import Block, Note, Picture
from handlers.core import Attached, FileState
from handlers.files.model import pictured, size_of
from handlers.words import Argument, Sentence, Web, joined, say, say_many

WHY: dict[FileState, Callable[[Argument], Sentence]] = {
    "large": lambda name: say("{name} is larger than 20 MB: it stays in the message.", name=name),
    "closed": lambda name: say("{name} could not be fetched: it stays in the message.", name=name),
    "elsewhere": lambda name: say("{name} lies elsewhere: the message links to it.", name=name),
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
    return WHY[file.state](file.name if file.state == "gone" else _name(file))


def shown(files: Sequence[Attached], who: str) -> list[Block]:
    """The picture that a card shows."""
    file = pictured(files)
    return [Picture(file.content, say("{name}, sent by {who}", name=file.name, who=who))] if file else []
