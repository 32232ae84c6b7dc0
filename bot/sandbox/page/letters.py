"""A letter's HTML as a careful mail program shows it.

Three walls, each of which would do: only known elements and attributes are written anew; the document's own policy allows no script and no
address at all; and the frame that it is shown in has no rights but to open a link beside the page.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Mapping
from html.parser import HTMLParser

from bot.sandbox.mail.reading import Contents

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox",
    "X-DNS-Prefetch-Control": "off",
}
START = '<!doctype html><html><head><meta charset="utf-8"><title>Letter</title><style>' + (
    "html{color-scheme:light;background:#fff;color:#1d2228;font:15px/1.5 system-ui,sans-serif}body{margin:12px;overflow-wrap:anywhere}"
    "img{max-width:100%}</style></head><body>"
)
ELEMENTS = frozenset(
    {
        "a",
        "abbr",
        "address",
        "article",
        "b",
        "bdi",
        "bdo",
        "big",
        "blockquote",
        "br",
        "caption",
        "center",
        "cite",
        "code",
        "col",
        "colgroup",
    }
    | {"dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6"}
    | {"header", "hr", "i", "img", "ins", "kbd", "li", "main", "mark", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span"}
    | {
        "strike",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "tt",
        "u",
        "ul",
        "var",
        "wbr",
    }
)
EMPTY = frozenset({"br", "col", "hr", "img", "wbr"})
ATTRIBUTES = frozenset(
    {"abbr", "align", "alt", "bgcolor", "border", "cellpadding", "cellspacing", "color", "colspan", "datetime", "dir", "face", "headers"}
    | {"height", "lang", "rowspan", "scope", "size", "span", "start", "style", "title", "type", "valign", "width"}
)
SILENT = frozenset({"script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math", "textarea", "select"})
"""What is inside of these is left out, too."""
LINKS = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
REACHING = re.compile(r"url|image|src|@|\\|/\*", re.IGNORECASE)
"""What a style needs to fetch something, or to hide that it does."""
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


def drawn(contents: Contents, links: Mapping[str, str]) -> str:
    """The document. Links that begin with `links["from"]` lead to `links["to"]`; pictures are those that came with the letter."""
    pictures = {
        one.cid: f"data:{one.type};base64,{base64.b64encode(one.data).decode()}" for one in contents.attachments if one.type in PICTURES
    }
    writer = _Writer(links, pictures)
    writer.feed(contents.html)
    writer.close()
    return f"{START}{''.join(writer.out)}</body></html>"


class _Writer(HTMLParser):
    def __init__(self, links: Mapping[str, str], pictures: Mapping[str, str]) -> None:
        super().__init__()
        self.out: list[str] = []
        self._links, self._pictures, self._silent = links, pictures, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._silent:
            return
        if tag in SILENT:
            self._silent = tag
            return
        if tag in ELEMENTS:
            given = {name: value or "" for name, value in attrs}
            addresses = self._addresses(tag, given)
            if tag == "img" and not addresses:
                self.handle_data(given.get("alt", ""))
                return
            kept = {name: value for name, value in given.items() if name in ATTRIBUTES and not _reaches(name, value)} | addresses
            written = "".join(f' {name}="{html.escape(value)}"' for name, value in kept.items())
            self.out.append(f"<{tag}{written}>")

    def _addresses(self, tag: str, given: Mapping[str, str]) -> dict[str, str]:
        if tag == "a" and LINKS.match(target := given.get("href", "").strip()):
            return {"href": self._here(target), "target": "_blank", "rel": "noopener noreferrer"}
        picture = self._pictures.get(given.get("src", "").removeprefix("cid:")) if tag == "img" else None
        return {"src": picture} if picture else {}

    def _here(self, url: str) -> str:
        start = self._links["from"]
        return self._links["to"] + url.removeprefix(start) if url.startswith(f"{start}/") else url

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in SILENT:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            self._silent = "" if tag == self._silent else self._silent
        elif tag in ELEMENTS and tag not in EMPTY:
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.out.append(html.escape(data))


def _reaches(name: str, value: str) -> bool:
    return name == "style" and REACHING.search(value) is not None
