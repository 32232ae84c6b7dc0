"""The addresses of tickets: made and read back, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.addresses import link, linked

KEY = "0199aaaabbbbccccddddeeeeffff0000"
TICKET = f"ticket:{KEY}"


@pytest.mark.parametrize("base", ["https://desk.example.com", "https://desk.example.com/", "https://desk.example.com:8443/desk"])
def test_what_is_made_is_read(base: str) -> None:
    assert link(base, TICKET).startswith(base.rstrip("/") + "/t/")
    for extra in ("", "/", "?a=b", "#top"):
        assert linked(base, f" {link(base, TICKET)}{extra} ") == TICKET


def test_without_an_address_there_are_no_links() -> None:
    assert link(None, TICKET) == link("", TICKET) == link("https://desk.example.com", "comment:1") == ""
    assert linked(None, f"https://desk.example.com/t/{KEY}") == ""


@pytest.mark.parametrize(
    "text",
    [
        f"https://desk.example.com.evil.example/t/{KEY}",
        f"https://evil.example/https://desk.example.com/t/{KEY}",
        f"http://desk.example.com/t/{KEY}",
        f"https://desk.example.com:99999/t/{KEY}",
        f"https://desk.example.com/x/t/{KEY}",
        f"https://desk.example.com/t/{KEY}0",
        f"https://desk.example.com/t/{KEY.upper()}",
        "https://desk.example.com/t/",
        f"see https://desk.example.com/t/{KEY}",
        f"https://[desk/t/{KEY}",
        "",
    ],
)
def test_nothing_else_is_taken_for_one(text: str) -> None:
    assert linked("https://desk.example.com", text) == ""


@given(st.text())
def test_it_never_raises(text: str) -> None:
    assert linked("https://desk.example.com", text) == ""
