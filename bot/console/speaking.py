"""One person's line: a command, words, a press or an answer to a form; and what that person sees of it at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.chats import Answer, Arrival
from bot.console import pressing, roster
from bot.console.acts import Acts
from bot.console.asking import Asking, Understanding
from bot.console.places import Places
from bot.console.render import render, sentence_lines
from bot.console.roster import Unclear, handle
from bot.console.screen import ANSWER, Screen, Shown, Spot
from bot.reading import local
from handlers.cards import Card
from handlers.core import Where
from handlers.forms import Form, Invalid
from handlers.office.model import Office

Hear = Callable[[Arrival], Awaitable[Answer]]
ReadDay = Callable[[str, str], datetime | None]
"""(words, zone) -> the day that they mean."""


@dataclass(slots=True)
class Speaker:
    """Everybody of one office. `slashes` are the commands that begin with a slash, "/issue" for one."""

    hear: Hear
    screen: Screen
    acts: Acts
    places: Places
    day: ReadDay
    slashes: frozenset[str]
    asking: dict[str, Asking] = field(default_factory=dict)

    async def speak(self, office: Office, email: str, text: str) -> None:
        """Raises `Unclear` where it cannot be told what is meant."""
        first, _, rest = text.partition(" ")
        match first.casefold():
            case "press" if rest.strip():
                await self._press(office, email, rest.strip())
            case slash if slash.startswith("/"):
                await self._command(office, email, self._slash(slash, rest), self.acts.home(email))
            case "reply" if rest.strip():
                await self._reply(office, email, rest)
            case "in" if rest.startswith("#"):
                await self._in_channel(office, email, rest)
            case _ if email in self.asking:
                await self._answer(office, email, text)
            case _ if text:
                await self._said(office, email, text, self.acts.home(email))
            case _:
                raise Unclear('Say something, such as: light above my desk flickers. "help" tells more.')

    # ------------------------------------------------------------ what was typed

    def _slash(self, slash: str, rest: str) -> str:
        if slash not in self.slashes:
            raise Unclear(f"The command here is {' or '.join(sorted(self.slashes))}.")
        return rest.strip()

    async def _command(self, office: Office, email: str, text: str, where: Where) -> None:
        self._shows(office, email, await self.hear(self.acts.command(email, text, where)), where)

    async def _said(self, office: Office, email: str, text: str, where: Where, mentioned: bool = False) -> None:
        self._shows(office, email, await self.hear(self.acts.said(email, text, where, mentioned)), where)

    async def _press(self, office: Office, email: str, typed: str) -> None:
        shown, knob = pressing.find(self.screen.seen_by(email), typed)
        where = self.places.of(shown) or self.acts.home(email)
        self._shows(office, email, await self.hear(self.acts.press(email, knob, where)), where, shown)

    async def _reply(self, office: Office, email: str, typed: str) -> None:
        """`reply 142 words`: in the thread of that ticket's card."""
        number, _, words = typed.strip().partition(" ")
        digits = number.strip("#:")
        if not (digits.isascii() and digits.isdigit() and words.strip()) or len(digits) > 9:
            raise Unclear("Which ticket, and what? For example: reply 142 The ladder is on its way.")
        await self._said(office, email, words.strip(), await self.places.thread(office, email, int(digits)))

    async def _in_channel(self, office: Office, email: str, typed: str) -> None:
        """`in #building: words`: under the latest card there; a command or a mention stands in the channel itself."""
        name, colon, words = typed.partition(":")
        if not colon or not words.strip():
            raise Unclear("In which channel, and what? For example: in #building: The ladder is on its way.")
        queue, words = self.places.channel(office, email, name.strip()), words.strip()
        first, _, rest = words.partition(" ")
        if first.startswith("/"):
            await self._command(office, email, self._slash(first.casefold(), rest), self.acts.channel(queue))
        elif first.casefold().rstrip(",:") in ("@desk", "@deskbell"):
            await self._said(office, email, rest.strip(), self.acts.channel(queue), mentioned=True)
        else:
            await self._said(office, email, words, self.acts.channel(queue, self.places.latest(email, queue).id))

    # ------------------------------------------------------------ forms

    async def _answer(self, office: Office, email: str, typed: str) -> None:
        asking = self.asking[email]
        if typed.casefold() == "cancel":
            del self.asking[email]
            self.screen.say("  Nothing was sent.")
        elif typed == "?":
            self.screen.say(*asking.explained())
        else:
            asking.take(typed, self._understanding(office, asking))
            await self._next(office, email, asking)

    async def _next(self, office: Office, email: str, asking: Asking) -> None:
        if asking.fields:
            self.screen.say(*asking.question())
            return
        answer = await self.hear(self.acts.submit(email, asking))
        if isinstance(answer.reply, Invalid):
            asking.again(list(answer.reply.errors))
            sentences = sentence_lines(answer.reply.errors.values(), answer.reading)
            self.screen.say(*(f"  {sentence}" for sentence in sentences), *asking.question())
            return
        del self.asking[email]
        self._shows(office, email, answer, asking.where, asking.pressed)

    def _understanding(self, office: Office, asking: Asking) -> Understanding:
        zone = asking.reading.zone

        def day(words: str) -> datetime | None:
            found = self.day(words, zone)
            return local(found, zone) if found else None

        return Understanding(day, lambda name: f"console:{office.head.key}:{roster.find(office, name)}")

    # ------------------------------------------------------------ what is seen of it

    def _shows(self, office: Office, email: str, answer: Answer, where: Where, pressed: Shown | None = None) -> None:
        match answer.reply:
            case Card() as card:
                self._card(office, email, card, answer, where, pressed)
            case Form() as form:
                asking = self.asking[email] = Asking.begin(form, answer.reading, where, pressed)
                self.screen.say(*asking.opening(), *asking.question())
            case Invalid(errors):
                self.screen.say(*sentence_lines(errors.values(), answer.reading))

    def _card(self, office: Office, email: str, card: Card, answer: Answer, where: Where, pressed: Shown | None) -> None:
        """A private answer; one that only says how things are now replaces the answer pressed, and is spared where a post is redrawn."""
        if answer.quiet and pressed is not None:
            if pressed.spot.rank != ANSWER:
                return
            self.screen.drop(pressed.id)
        heading = f"to {handle(office, email)}" if where.direct else f"only for {handle(office, email)}"
        self.screen.post(self.acts.new_id(), Spot(heading, frozenset({email}), ANSWER), render(card, answer.reading))
