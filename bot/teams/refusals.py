"""What Microsoft's login says when it gives no token, as sentences with what to do.

Codes: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
"""

from __future__ import annotations

import re
from typing import Any

CODE = re.compile(r"AADSTS(\d{4,8})")
ANEW = "az ad app credential reset --id {app} prints one; docs/install-teams.md says how to change it without a pause."

REFUSALS: dict[int, str] = {
    7000215: "the secret is not the one of this app. Copy the secret's value, not its id, when it is made; it is never shown again. "
    + ANEW,
    7000222: "the secret has ended. Make a new one: " + ANEW,
    7000216: "a secret is asked for, and none arrived. Is the password of this registration set?",
    700016: "there is no app {app} in the tenant {tenant}. Check both ids; the tenant is the one in which the app was registered.",
    7000229: "the app {app} has no service principal in the tenant {tenant}. Make it: az ad sp create --id {app}",
    7000112: "the app {app} is disabled in the tenant {tenant}. An administrator enables it in Entra, under Enterprise applications.",
    90002: "there is no tenant {tenant}. Check its id: az account show --query tenantId",
    900023: "{tenant} is no tenant. Check its id: az account show --query tenantId",
    53003: "a Conditional Access policy of the tenant {tenant} forbids it. An administrator lets the app {app} log in from this machine.",
    90033: "Microsoft's login has a fault of its own just now. Try again in some minutes.",
}


def refusal(said: Any, app: str, tenant: str) -> str:
    """The sentence for an answer without a token; the code is named, what else it says is not: it may hold what was sent."""
    code = _code(said)
    known = REFUSALS.get(code)
    if known is not None:
        return f"is refused (AADSTS{code}): {known.format(app=app, tenant=tenant)}"
    word = said.get("error") if isinstance(said, dict) else None
    reason = f"AADSTS{code}" if code else word if isinstance(word, str) and re.fullmatch(r"[a-z_]{1,40}", word) else "without a reason"
    return f"is refused ({reason}). Check the app id, the secret and the tenant; login.microsoftonline.com/error explains the codes."


def _code(said: Any) -> int:
    """The first number of the answer, 0 if there is none."""
    if not isinstance(said, dict):
        return 0
    numbers = said.get("error_codes")
    if isinstance(numbers, list) and numbers and isinstance(numbers[0], int):
        return numbers[0]
    found = CODE.search(str(said.get("error_description", "")))
    return int(found[1]) if found else 0
