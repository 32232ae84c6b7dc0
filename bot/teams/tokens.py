"""Who calls: the token that Microsoft signs each request with, and the token with which we call.

Inbound must hold: the signature by a key that Microsoft publishes and has endorsed for Teams, issuer, audience (one of our registrations),
time, and the `serviceurl` of the activity (https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication).
botbuilder's own check answers a bad token with 500, asks for keys without a timeout and blocks the event loop.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
import jwt
import structlog

from bot.pump import Later
from bot.teams.registration import Registration

log = structlog.get_logger(__name__)

ISSUER = "https://api.botframework.com"
ALGORITHMS = ["RS256", "RS384", "RS512"]
CHANNEL = "msteams"
SKEW = 300
NEEDED = ["exp", "iss", "aud", "serviceurl"]
SECONDS = 5.0
"""That Microsoft may take to hand out keys or a token."""
FRESH = 24 * 3600.0
"""So long the published keys are believed; Microsoft asks to look at least once a day."""
AGAIN = 60.0
"""At most so often they are fetched because of a key that nobody knows: anybody can make one up."""
MOST_REMEMBERED = 2_000
SCOPE = "https://api.botframework.com/.default"
EARLY = 300.0
"""So long before its end a token of ours is replaced."""


class NotLetIn(Exception):
    """The request is not from Microsoft, or not for us. `why` is a word of the program, for counting."""

    def __init__(self, why: str, status: int = 401) -> None:
        super().__init__(why)
        self.why, self.status = why, status


@dataclass(frozen=True, slots=True)
class _Known:
    """A token that was right: until when, for which registration, from which service."""

    until: float
    registration: Registration
    service_url: str


class Doorkeys:
    """Says for which registration a request is. `now` is the machine's clock in seconds since 1970."""

    def __init__(
        self, http: aiohttp.ClientSession, registrations: Sequence[Registration], url: str, now: Callable[[], float] = time.time
    ) -> None:
        self._http, self._url, self._now = http, url, now
        self._registrations = {one.app_id: one for one in registrations}
        self._keys: dict[str, jwt.PyJWK] = {}
        self._endorsed: dict[str, frozenset[str]] = {}
        self._fetched = self._asked = float("-inf")
        self._looking: asyncio.Task[None] | None = None
        self._right: OrderedDict[bytes, _Known] = OrderedDict()

    async def check(self, header: str, service_url: str) -> Registration:
        """`header` is Authorization, `service_url` the activity's. Raises `NotLetIn`."""
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotLetIn("no token")
        mark = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        known = self._right.get(mark)
        if known is None or known.until <= self._now():
            known = await self._validated(token)
            self._remember(mark, known)
        if known.service_url != service_url.rstrip("/").lower():
            raise NotLetIn("service url", 403)
        return known.registration

    def _remember(self, mark: bytes, known: _Known) -> None:
        self._right[mark] = known
        self._right.move_to_end(mark)
        while len(self._right) > MOST_REMEMBERED:
            self._right.popitem(last=False)

    async def _validated(self, token: str) -> _Known:
        key_id = _key_id(token)
        key = await self._key(key_id)
        claims = self._claims(token, key)
        if CHANNEL not in self._endorsed[key_id]:
            raise NotLetIn("endorsement", 403)
        registration = self._registrations[claims["aud"]]
        return _Known(float(claims["exp"]) + SKEW, registration, str(claims["serviceurl"]).rstrip("/").lower())

    def _claims(self, token: str, key: jwt.PyJWK) -> Mapping[str, Any]:
        try:
            claims: Mapping[str, Any] = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                audience=list(self._registrations),
                issuer=ISSUER,
                leeway=SKEW,
                options={"require": NEEDED},
            )
        except jwt.ExpiredSignatureError:
            raise NotLetIn("expired") from None
        except jwt.InvalidAudienceError:
            raise NotLetIn("audience", 403) from None
        except jwt.InvalidIssuerError:
            raise NotLetIn("issuer", 403) from None
        except jwt.PyJWTError:
            raise NotLetIn("token") from None
        if not isinstance(claims["aud"], str):
            raise NotLetIn("audience", 403)  # a list of them: Microsoft sends one
        return claims

    # ------------------------------------------------------------ keys

    async def _key(self, key_id: str) -> jwt.PyJWK:
        """Old keys stay good until new ones are there: who has one of them does not wait for those."""
        known = self._keys.get(key_id)
        if known is not None:
            if self._now() - self._fetched > FRESH:
                self._look()
            return known
        if (looking := self._look()) is not None:
            await asyncio.shield(looking)
        try:
            return self._keys[key_id]
        except KeyError:
            raise NotLetIn("unknown key" if self._keys else "no keys", 401 if self._keys else 503) from None

    def _look(self) -> asyncio.Task[None] | None:
        """The one attempt to fetch keys for which all wait that need one; None if the last is too short a time ago."""
        if self._looking is not None and not self._looking.done():
            return self._looking
        if self._keys and self._now() - self._asked < AGAIN:
            return None
        self._asked = self._now()
        self._looking = asyncio.create_task(self._fetch())
        return self._looking

    async def _fetch(self) -> None:
        try:
            await self._take(await self._published())
            self._fetched = self._asked
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError) as error:
            log.error("teams keys not fetched", error=type(error).__name__)

    async def _published(self) -> list[dict[str, Any]]:
        metadata = await self._json(self._url)
        keys = (await self._json(str(metadata["jwks_uri"])))["keys"]
        return [one for one in keys if isinstance(one, dict)]

    async def _json(self, url: str) -> dict[str, Any]:
        async with asyncio.timeout(SECONDS), self._http.get(url) as said:
            said.raise_for_status()
            found = await said.json(content_type=None)
        if not isinstance(found, dict):
            raise ValueError("no object")
        return found

    async def _take(self, published: list[dict[str, Any]]) -> None:
        keys, endorsed = {}, {}
        for one in published:
            try:
                keys[str(one["kid"])] = jwt.PyJWK(one, algorithm="RS256" if "alg" not in one else None)
            except (jwt.PyJWTError, KeyError, ValueError):
                continue  # of a kind that we do not take
            endorsed[str(one["kid"])] = frozenset(map(str, one.get("endorsements") or ()))
        if not keys:
            raise ValueError("no keys")
        self._keys, self._endorsed = keys, endorsed


def _key_id(token: str) -> str:
    try:
        head = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError):
        raise NotLetIn("token") from None
    if head.get("alg") not in ALGORITHMS:
        raise NotLetIn("token")
    return str(head.get("kid", ""))


# ---------------------------------------------------------------- ours


@dataclass(slots=True)
class _Own:
    token: str = ""
    until: float = 0.0


class AppTokens:
    """Our tokens for the connector: client credentials, one for each registration until shortly before its end.

    https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
    """

    def __init__(self, http: aiohttp.ClientSession, login_url: str, now: Callable[[], float] = time.time) -> None:
        self._http, self._login, self._now = http, login_url.rstrip("/"), now
        self._own: dict[str, _Own] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def token(self, registration: Registration) -> str:
        """Raises `Later` where there is none to be had just now, `Refused` (a `Later`) where Microsoft does not accept who we are."""
        own = self._own.setdefault(registration.app_id, _Own())
        if own.until - EARLY <= self._now():
            async with self._asking.setdefault(registration.app_id, asyncio.Lock()):
                if own.until - EARLY <= self._now():
                    own.token, own.until = await self._asked(registration)
        return own.token

    def forget(self, registration: Registration, token: str) -> None:
        """It was not accepted: another one is asked for, unless there is one already."""
        own = self._own.get(registration.app_id)
        if own is not None and own.token == token:
            own.until = 0.0

    async def _asked(self, registration: Registration) -> tuple[str, float]:
        form = {
            "grant_type": "client_credentials",
            "client_id": registration.app_id,
            "client_secret": registration.password,
            "scope": SCOPE,
        }
        url = f"{self._login}/{registration.tenant}/oauth2/v2.0/token"
        try:
            async with asyncio.timeout(SECONDS), self._http.post(url, data=form, allow_redirects=False) as said:
                found = await said.json(content_type=None)
                status = said.status
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise Later(5.0, f"login: {type(error).__name__}") from None
        if status >= 500 or status == 429:
            raise Later(30.0, f"login: status {status}")
        if status != 200 or not isinstance(found, dict) or not isinstance(found.get("access_token"), str):
            raise Refused(30.0, f"login: {_code(found)}")
        return found["access_token"], self._now() + float(found.get("expires_in") or 3600)


class Refused(Later):
    """Microsoft does not accept our id and secret: not now, and not before somebody does something about it."""


def _code(found: object) -> str:
    """The error's code (AADSTS...): its description may name more than a log should."""
    said = found if isinstance(found, dict) else {}
    codes = said.get("error_codes")
    return f"AADSTS{codes[0]}" if isinstance(codes, list) and codes else str(said.get("error", "refused"))[:60]
