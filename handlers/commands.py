"""The grammar of commands: one parser for `/issue X`, a mention, and plain words in a direct conversation, in every chat.

    help [COMMAND] (or: hello)   home   list [mine|queue|late]   show N, #N, N   find WORDS   who WORDS   away [WHEN]   private TEXT
    anything else is a report

A first word is a command only if the rest reads as its arguments: "list of broken chairs" and "help the printer is on fire" are reports.
Where a search reads like a report ("find me a new chair"), the answer is to ask which of the two was meant. In doubt a text is a report,
and in doubt about privacy it is a private one: nothing that somebody wrote is lost or shown to more people than they wanted.

A command word alone is always the command, with empty text: its handler says what is missing. Features add their names through `known`;
a name that is not in `GRAMMAR` takes any text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["GRAMMAR", "NAMES", "Parsed", "parse"]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A command: its name, its argument as typed (`list`: the canonical word), the ticket number of `show`.

    `name` is "report" for all that is no command; `text` is then everything that was typed. It is "ask" where one of `alternatives` was
    meant: `text` is then the argument of the first, `whole` the report. `whole` is always everything that was typed.
    """

    name: str
    text: str = ""
    number: int | None = None
    alternatives: tuple[str, ...] = ()
    whole: str = ""


_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\u202a\u202b\u202c\u202d\u202e\ufeff\u00ad"
_GAP = rf"[\s{_INVISIBLE}]"
_QUOTES = "\"'`“”„‟‘’‚«»‹›"
_SPOKEN_TO = re.compile(rf"(?:{_GAP}|[,:;.!\-–—>]|<@[^<>\s]{{1,64}}>|<at>[^<>]{{0,80}}</at>|@[\w.\-]{{1,64}})+")
_SLASH_ISSUE = re.compile(rf"/issue(?={_GAP}|$)", re.IGNORECASE)
_FIRST = re.compile(rf"/?([^\W\d_]{{1,20}})(?:{_GAP}*[:,.!?…]+(?={_GAP}|$)|:(?!/)|(?={_GAP}|$)){_GAP}*")
_NUMBER = re.compile(r"(?:ticket|issue|number|no|nr)?[ .]*#? ?([0-9]{1,9})", re.IGNORECASE)
_WHO_IS = re.compile(r"\A/?who['’]s\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_MARKS = " \t\r\n.,:;!?…-–—" + _INVISIBLE


def parse(text: str, known: frozenset[str] | None = None) -> Parsed:
    """What a text asks for. `known`: the names of commands that exist now (all of the grammar if not given). Never raises."""
    whole = _SLASH_ISSUE.sub("", text.strip(), count=1).strip() if text.lstrip()[:1] == "/" else text.strip()
    head = _unquoted(_unaddressed(whole))
    names = NAMES if known is None else known
    found = _bare(head, names) or _command(head, names)
    return (
        Parsed("report", whole, whole=whole) if found is None else Parsed(found.name, found.text, found.number, found.alternatives, whole)
    )


def _bare(head: str, names: frozenset[str]) -> Parsed | None:
    """A number alone shows that ticket; a question mark alone asks for help, and so does who only says hello."""
    if "help" in names and (head == "?" or _greets(head)):
        return Parsed("help")
    return _show(head) if "show" in names and _folded(head[:1]) in _NUMERIC else None


def _greets(head: str) -> bool:
    words = _words(head) if head[:1] in _GREETING and len(head) <= _LONGEST_GREETING else []
    return bool(words) and words[0] in _GREETINGS and all(word in _GREETED for word in words[1:])


def _command(head: str, names: frozenset[str]) -> Parsed | None:
    found = _FIRST.match(_WHO_IS.sub("who is", head, count=1))
    name = _folded(found[1]) if found else ""
    if found is None or name not in names:
        return None
    rest = _unquoted(found.string[found.end() :])
    if not rest.strip(_MARKS):
        return Parsed(name)
    if name == "help":
        return _help(rest, names)
    return GRAMMAR[name](rest) if name in GRAMMAR else Parsed(name, rest)


def _unaddressed(text: str) -> str:
    """Without what is left of speaking to us: "@desk, list" and ": list" are list. Only the grammar looks at this, reports stay whole."""
    found = _SPOKEN_TO.match(text)
    return text[found.end() :] if found else text


def _unquoted(text: str) -> str:
    """Without invisible marks and one pair of quotes around all of it."""
    text = text.strip(f" \t\r\n{_INVISIBLE}\u00a0\u202f\u3000")
    inner = text[1:-1]
    if len(text) > 1 and text[0] in _QUOTES and text[-1] in _QUOTES and not any(mark in _QUOTES for mark in inner):
        return inner.strip()
    return text


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _words(text: str) -> list[str]:
    return [word.replace("’", "'") for word in _WORD.findall(_folded(text[:400]))]


# ---------------------------------------------------------------- the arguments of each command


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NUMERIC = frozenset("#0123456789")
_POLITE = _set("please pls thanks now")
_LIST_FILLERS = _set("the all of our open ticket tickets issues reports requests in for what's is that are") | _POLITE
_LISTS = {
    "mine": "mine", "my": "mine", "me": "mine", "queue": "queue", "queues": "queue", "team": "queue", "late": "late", "overdue": "late",
}  # fmt: skip
_GREETINGS = _set("hi hello hey hallo hiya howdy greetings")
_GREETING = frozenset("hHgG")
"""What they begin with."""
_GREETED = _GREETINGS | _set("there again all everyone deskbell desk bot good morning afternoon evening")
_LONGEST_GREETING = 40
_HELP_FILLERS = _set("me please pls with on about the for command how to use")
_VERBS = _set(
    "is are was were isn't isnt aren't arent doesn't doesnt don't dont won't wont can't cant cannot can could should would will not "
    "needs need please stopped keeps i i'm we he she it they has have had do does did to broke took stole left ate let lost"
)
_WISHES = _set("me us out someone somebody anyone a an new my our his her their your")
_SEARCH_WORDS = 8
_LONGEST_SEARCH = 200
_ASKING = "is|are|does|do i ask|can i ask|should i ask|to ask|does one ask|handles|owns|runs|manages"
_DUTY = (
    "responsible|responsibility|accountable|in charge|on duty|on call|looking after|looks after|look after|"
    "takes care|taking care|the owner|owner|contact person|contact"
)
_DUTIES = re.compile(
    rf"(?:(?:{_ASKING}){_GAP}+)?(?:the{_GAP}+)?"
    rf"(?:(?:{_DUTY})(?:{_GAP}+(?:for|of|about|person))*(?={_GAP}|[?!.]*$)|(?:for|about)(?={_GAP})){_GAP}*",
    re.IGNORECASE,
)
_OWNS = re.compile(rf"(?:owns|handles|runs|manages|fixes|repairs|approves|cleans|orders|does|is){_GAP}+", re.IGNORECASE)
_BACK = _set("off back over ended no stop cancel none")
_SINCE = _set("until till til from on for since starting as next this today tomorrow tonight now all")
_DAYS = _set(
    "mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday today tomorrow tonight now next this noon "
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept "
    "oct nov dec a an one two three four five six seven week weeks day days month months weekend"
)
_PRIVATE_THINGS = _set(
    "office offices room rooms meeting bathroom toilet parking phone line number channel channels chat browser browsing window mode "
    "key keys network email mailbox folder folders drive link calendar event message messages account accounts "
    "printer laptop cloud data area"
)


def _help(rest: str, names: frozenset[str]) -> Parsed | None:
    left = [word for word in _words(rest) if word not in _HELP_FILLERS]
    if not left and len(_words(rest)) <= 2:
        return Parsed("help")
    return Parsed("help", left[0]) if len(left) == 1 and left[0] in names else None


def _home(rest: str) -> Parsed | None:
    return Parsed("home") if set(_words(rest)) <= _POLITE else None


def _list(rest: str) -> Parsed | None:
    chosen = {_LISTS.get(word, "") for word in _words(rest) if word not in _LIST_FILLERS}
    if len(rest) > 80 or "" in chosen or len(chosen - {"mine"}) > 1:
        return None
    return Parsed("list", next(iter(sorted(chosen - {"mine"}) or sorted(chosen)), ""))


def _show(rest: str) -> Parsed | None:
    said = " ".join(word for word in _folded(rest[:80]).split() if word.strip(_MARKS) not in _POLITE and word.strip(_MARKS) != "me")
    found = _NUMBER.fullmatch(said.strip(_MARKS + _QUOTES)) if len(rest) <= 80 else None
    return Parsed("show", found[1], int(found[1])) if found and int(found[1]) else None


def _find(rest: str) -> Parsed:
    words = _words(rest)
    report = len(words) > _SEARCH_WORDS or len(rest) > _LONGEST_SEARCH or not _WISHES.isdisjoint(words[:1]) or not _VERBS.isdisjoint(words)
    return Parsed("ask", rest, alternatives=("find", "report")) if report else Parsed("find", rest)


def _who(rest: str) -> Parsed:
    if len(rest) > _LONGEST_SEARCH:
        return Parsed("ask", rest, alternatives=("who", "report"))
    about = _DUTIES.match(rest)
    if about:
        return Parsed("who", rest[about.end() :].rstrip("?!. ") or rest)
    owns = _OWNS.match(rest)
    topic = rest[owns.end() :] if owns else rest
    words = _words(topic)
    past = not topic.startswith("@") and any(word.endswith("ed") and len(word) > 4 for word in words)  # "@Alfred" is nothing that happened
    if not words or past or len(words) > _SEARCH_WORDS or not _VERBS.isdisjoint(words):
        return Parsed("ask", rest, alternatives=("who", "report"))
    return Parsed("who", topic.rstrip("?!. ") or rest)


def _away(rest: str) -> Parsed | None:
    words = _words(rest)
    if words[:1] and words[0] in _BACK:
        return Parsed("away", rest) if len(words) <= 2 else None
    if not words or not (words[0] in _SINCE | _DAYS or words[0][0].isdigit()):
        return None
    dated = any(word in _DAYS or word[0].isdigit() for word in words[:4])
    return Parsed("away", rest) if dated else None


def _private(rest: str) -> Parsed:
    """Private whatever follows; where the word belongs to a thing ("private office"), the text keeps it."""
    return Parsed("private", f"private {rest}" if (_words(rest) or [""])[0] in _PRIVATE_THINGS else rest)


GRAMMAR: dict[str, Callable[[str], Parsed | None]] = {
    "home": _home,
    "list": _list,
    "show": _show,
    "find": _find,
    "who": _who,
    "away": _away,
    "private": _private,
}
"""How the rest after each name is read, given as typed and not empty: None if it is no argument of this command. `help` names another."""

NAMES = frozenset(GRAMMAR) | {"help"}
