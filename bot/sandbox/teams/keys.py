"""Who signs for Microsoft: the keys of the issuer, its metadata, and tokens for requests to the bot."""

import base64
import functools
from dataclasses import dataclass, field
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.sandbox.clock import Clock

Json = dict[str, Any]
ISSUER = "https://api.botframework.com"
LIFETIME = 3600
"""Seconds for which a token is good."""
FRESH = 600.0
"""Seconds for which the platform uses the same token again."""


@functools.cache
def private_key(number: int) -> rsa.RSAPrivateKey:
    """A key of nobody, made once a process."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True)
class SigningKey:
    """One key of the issuer; `endorsements` are the channels for which it may speak."""

    kid: str
    number: int
    endorsements: tuple[str, ...] = ("msteams",)

    def jwk(self) -> Json:
        """The public half as the key document has it."""
        numbers = private_key(self.number).public_key().public_numbers()
        key = {
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": self.kid,
            "x5t": self.kid,
            "n": _number(numbers.n),
            "e": _number(numbers.e),
        }
        return {**key, "endorsements": list(self.endorsements)}


def _number(value: int) -> str:
    return base64.urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()


UNENDORSED = SigningKey("sandbox-webchat", 1, ("webchat",))
UNKNOWN = SigningKey("sandbox-nobody", 2)
"""A key that is in no document."""


@dataclass
class Issuer:
    """The loopback issuer. Its published keys are the current one and one that may speak for another channel only."""

    clock: Clock
    base_url: str = ""
    fetched: int = 0
    """How often the key document was asked for."""
    down: bool = False
    current: SigningKey = SigningKey("sandbox-1", 0)
    _tokens: dict[tuple[str, str], tuple[float, str]] = field(default_factory=dict)

    def routes(self) -> list[web.RouteDef]:
        """The routes to add to an aiohttp application."""
        return [web.get("/v1/.well-known/openidconfiguration", self.metadata), web.get("/v1/.well-known/keys", self.keys)]

    async def metadata(self, request: web.Request) -> web.Response:
        """Where the keys are."""
        if self.down:
            return web.Response(status=503)
        address = f"{self.base_url}/v1/.well-known/keys"
        return web.json_response(
            {"issuer": ISSUER, "jwks_uri": address, "id_token_signing_alg_values_supported": ["RS256", "RS384", "RS512"]}
        )

    async def keys(self, request: web.Request) -> web.Response:
        """The keys."""
        self.fetched += 1
        if self.down:
            return web.Response(status=503)
        return web.json_response({"keys": [self.current.jwk(), UNENDORSED.jwk()]})

    def rotate(self) -> None:
        """From now on another key signs, and the document no longer has the old one."""
        number = self.current.number + 10
        self.current = SigningKey(f"sandbox-{number}", number)

    def token(self, audience: str, service_url: str) -> str:
        """An honest token, used again while it is fresh."""
        now = self.clock()
        key = (self.current.kid, f"{audience} {service_url}")
        made, token = self._tokens.get(key, (0.0, ""))
        if not made <= now < made + FRESH:
            token = sign(self.current, claims(audience, service_url, now))
            self._tokens[key] = (now, token)
        return token


def claims(audience: str, service_url: str, now: float) -> Json:
    """What an honest token says."""
    return {"iss": ISSUER, "aud": audience, "nbf": int(now) - 300, "exp": int(now) + LIFETIME, "serviceurl": service_url}


def sign(key: SigningKey, body: Json, *, number: int | None = None, algorithm: str = "RS256") -> str:
    """A token that names `key`, signed by it or by the key `number`. Algorithms: RS256, none, HS256 with the public key as secret."""
    headers = {"kid": key.kid, "x5t": key.kid}
    if algorithm == "none":
        return jwt.encode(body, "", algorithm="none", headers=headers)
    if algorithm == "HS256":
        return jwt.encode(body, key.jwk()["n"], algorithm="HS256", headers=headers)
    return jwt.encode(body, private_key(key.number if number is None else number), algorithm=algorithm, headers=headers)
