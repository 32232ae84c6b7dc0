"""What is typed as a person becomes an arrival, exactly like what comes from any other chat."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from bot.chats import Arrival
from bot.console.asking import Asking
from bot.console.client import direct
from bot.console.render import Knob
from handlers.core import Account, Command, Press, Said, Submit, Where
from handlers.listening.words import command


@dataclass(frozen=True, slots=True)
class Acts:
    """Arrivals of one office's people. `names` are the commands that exist."""

    workspace: str
    names: Iterable[str]
    new_id: Callable[[], str]

    def home(self, email: str) -> Where:
        """Somebody's conversation with the desk."""
        return Where("console", self.workspace, direct(email), direct=True)

    def channel(self, queue: str, thread: str | None = None) -> Where:
        return Where("console", self.workspace, queue, thread)

    def command(self, email: str, text: str, where: Where) -> Arrival:
        name, words = command(text, self.names)
        return self._arrival(email, where, f"console:cmd:{self.new_id()}", partial(Command, name=name, text=words))

    def said(self, email: str, text: str, where: Where, mentioned: bool = False) -> Arrival:
        message = self.new_id()
        build = partial(Said, text=text, message_id=message, mentioned=mentioned)
        return self._arrival(email, where, f"console:said:{message}", build)

    def press(self, email: str, knob: Knob, where: Where) -> Arrival:
        """Pressed again on the same version it is the same press; to open a form changes nothing, so that is always a new one."""
        facts = (self.workspace, email, knob.action, knob.subject, str(knob.version), knob.value)
        key = f"console:open:{self.new_id()}" if knob.action.startswith("open:") else ":".join(("press", "console", *facts))
        build = partial(Press, action=knob.action, subject=knob.subject, version=knob.version, value=knob.value)
        return self._arrival(email, where, key, build)

    def submit(self, email: str, asking: Asking) -> Arrival:
        """A filled form. Its one-time number makes a second sending of it the same one."""
        form = asking.form
        build = partial(Submit, form=form.name, subject=form.subject, version=form.version, values=dict(asking.values))
        return self._arrival(email, asking.where, f"form:{form.once or self.new_id()}", build)

    def _arrival(
        self, email: str, where: Where, key: str, build: partial[Command] | partial[Said] | partial[Press] | partial[Submit]
    ) -> Arrival:
        return Arrival(Account("console", self.workspace, email), where, key[:255], build)
