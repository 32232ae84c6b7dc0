"""The owners of mailboxes, who read and write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.sandbox.errors import ClientRefused
from bot.sandbox.mail.bounces import Reason
from bot.sandbox.mail.courier import HONEST, Courier, Tamper
from bot.sandbox.mail.model import Letter, Mailbox, Upload
from bot.sandbox.mail.relay import LARGEST
from bot.sandbox.mail.world import World
from bot.sandbox.mail.writing import Draft, answer_to, answering, composed, quoted, recipients

UNKNOWN = Reason("5.1.1", "smtp; 550 5.1.1 no such mailbox", "There is no such mailbox. Please look at the address.")


@dataclass(frozen=True)
class Actor:
    """One person in front of their mailbox. `zone` is where they are."""

    world: World
    courier: Courier
    mailbox: Mailbox
    zone: str

    # --- looking

    def letters(self) -> list[Letter]:
        """What came, by time."""
        return [one for one in self.world.of(self.mailbox) if one.folder == "inbox"]

    def sees(self, words: str) -> bool:
        """Whether a letter that came has these words."""
        return any(one.says(words) for one in self.letters())

    def find(self, words: str) -> Letter:
        """The newest letter with these words; `LookupError` with all that is there if there is none."""
        for one in reversed(self.letters()):
            if one.says(words):
                return one
        there = "\n---\n".join(f"{one.contents.subject}\n{one.contents.text}" for one in self.letters()) or "nothing"
        raise LookupError(f"{self.mailbox.address} has no letter with {words!r}, but:\n{there}")

    def opens(self, letter: Letter) -> None:
        """It is no longer unread."""
        if not letter.read:
            letter.read = True
            self.courier.changes.tell()

    # --- writing

    async def write(self, to: str, subject: str, text: str, files: Sequence[Upload] = (), *, tamper: Tamper = HONEST) -> Letter:
        """A new letter; returns the copy that is kept. What nobody takes comes back to the inbox."""
        return await self._send(Draft(recipients(to), subject, text, files), tamper)

    async def reply(self, on: Letter | str, text: str, files: Sequence[Upload] = (), *, to: str = "", tamper: Tamper = HONEST) -> Letter:
        """Answer a letter (or the newest with these words) with it quoted below; to whom it asks for, unless `to` says otherwise."""
        letter = self.find(on) if isinstance(on, str) else on
        said = letter.contents
        words = f"{text.rstrip()}\n\n{quoted(letter, self.zone)}\n"
        return await self._send(Draft(recipients(to or answer_to(letter)), answering(said.subject), words, files, said), tamper)

    async def _send(self, draft: Draft, tamper: Tamper) -> Letter:
        if not (draft.text.strip() or draft.subject.strip() or draft.files):
            raise ClientRefused("The letter is empty.")
        letter = self._kept(draft)
        self._to_others(letter, [one for one in draft.to if one not in letter.desk])
        self.courier.changes.tell()
        if letter.desk:
            await self.courier.carry(letter, tamper)
        return letter

    def _kept(self, draft: Draft) -> Letter:
        """The copy among what was sent."""
        at = self.world.clock()
        raw = composed(self.mailbox, draft, at=at, number=self.world.new_id("m"))
        if len(raw) > LARGEST:
            raise ClientRefused("The letter is too large: about 7 MB of files fit into one.")
        letter = Letter(self.world.new_id("L"), self.mailbox.address, "sent", at, raw, read=True, due=at)
        letter.desk = [one for one in draft.to if self.world.is_desk(one)]
        letter.state = "waiting" if letter.desk else ""
        return self.world.add(letter)

    def _to_others(self, letter: Letter, others: list[str]) -> None:
        missing = [one for one in others if one not in self.world.mailboxes]
        for one in others:
            if one not in missing:
                self.world.deliver(one, letter.raw)
        if missing:
            self.courier.returns(letter, missing, UNKNOWN)
