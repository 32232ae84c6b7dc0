"""What people are called where only their e-mail is known."""

from __future__ import annotations

from handlers.office.model import Office

FORMER = "a former colleague"
"""What somebody is called who was forgotten."""
REMOVED = "(removed)"
"""What stands where words were."""


def name_of(office: Office, email: str) -> str:
    """The name in the office's policy; for somebody it does not name, what stands before the @."""
    colleague = office.person(email)
    return colleague.name if colleague else email.partition("@")[0]
