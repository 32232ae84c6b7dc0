"""Trouble on demand, in the words of SMTP."""

from dataclasses import dataclass

from bot.sandbox import faults


class Refusal(Exception):
    """What the relay answers instead of 250: a code, an enhanced code (RFC 3463) and a sentence."""


Fault = faults.Fault[Refusal]
GREYLISTED = "450 4.2.0 Greylisted, please try again later"


@dataclass
class Faults(faults.Faults[Refusal]):
    """The trouble in store. Methods are MAIL, RCPT and DATA.

    While it is `down`, the relay says 421 to whoever connects (`down_how` "close": hangs up), and nothing that people write goes out.
    `deliver_twice` is of the webhook: the sender's relay did not hear that the letter was taken.
    """

    def fail_next(self, method: str, reply: str = "451 4.3.0 Local error in processing", times: int = 1) -> None:
        """Let the next `times` commands of this name be answered so."""
        self.waiting.append(Fault(method, times, error=Refusal(reply)))

    def greylist(self, times: int = 1) -> None:
        """Let the next `times` recipients be put off."""
        self.fail_next("RCPT", GREYLISTED, times)

    def cut_next(self, method: str, times: int = 1) -> None:
        """Hang up on the next `times` commands of this name before anything is done."""
        self.waiting.append(Fault(method, times, cut=True))
