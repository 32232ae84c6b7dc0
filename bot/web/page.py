"""Pages of a few sentences: readable on a telephone, light or dark, with nothing from elsewhere and nothing that runs."""

from __future__ import annotations

import base64
import hashlib
import html
from dataclasses import dataclass

from aiohttp import web

STYLE = (
    ":root{color-scheme:light dark}body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1.2rem}"
    "h1{font-size:1.5rem}a{display:inline-block;padding:.6rem 1.2rem;border:2px solid;border-radius:.5rem;font-weight:600}"
)
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a few sentences, all plain text. `links`: (address, words) each, with sentences `after` them. `retry`: seconds."""

    status: int
    title: str
    sentences: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    after: tuple[str, ...] = ()
    language: str = "en"
    retry: int = 60

    def response(self) -> web.Response:
        again = {"Retry-After": str(self.retry)} if self.status in (429, 503) else {}
        return web.Response(status=self.status, text=self._html(), content_type="text/html", headers={**HEADERS, **again})

    def _html(self) -> str:
        title = html.escape(self.title)
        said, after = (_paragraphs(sentences) for sentences in (self.sentences, self.after))
        links = "".join(f'<p><a href="{html.escape(address)}">{html.escape(words)}</a></p>' for address, words in self.links)
        head = (
            '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
            f"<title>{title}</title><style>{STYLE}</style>"
        )
        body = f"<h1>{title}</h1>{said}{links}{after}"
        return f'<!doctype html><html lang="{html.escape(self.language)}"><head>{head}</head><body>{body}</body></html>'


def _paragraphs(sentences: tuple[str, ...]) -> str:
    return "".join(f"<p>{html.escape(sentence)}</p>" for sentence in sentences)
