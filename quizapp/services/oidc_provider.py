"""Speaking to a school's sign-in server: discovery, the way there, the code for a token, and the keys that prove it.

Sources: OpenID Connect Core 1.0 and Discovery 1.0, RFC 7636 (PKCE), RFC 9207 (the issuer in the answer). Authlib and
requests take 30 MB, so this module is loaded only where a school has such a server (``services.oidc.connect``).
Redirects are not followed: the secret and the codes go to the addresses that the server named, over HTTPS, and nowhere
else. Nothing that the server says may be long, and none of it is waited for longer than a few seconds.
"""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from authlib.integrations.requests_client import OAuth2Session
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, RSAKey
from requests import RequestException, Response
from urllib3.exceptions import HTTPError

from quizapp.core.identities import (
    Expected,
    Identity,
    Mistrusted,
    check_claims,
    has_claim,
    is_safe_server,
    read_identity,
    read_subject,
)
from quizapp.services.oidc import Answer, Attempt, ProviderAway, ProviderSettings

SECONDS: Final = (3.0, 5.0)
"""To be reached, and for each piece of an answer."""
WHOLE_SECONDS: Final = 8.0
LARGEST_ANSWER: Final = 500_000
KNOWN_FOR: Final = 3_600.0
"""Seconds for which addresses and keys are taken as known."""
ASKED_AGAIN_AFTER: Final = 30.0
"""Seconds after which keys are asked for again because of an unknown one, or a server that was away is tried again."""
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""What tokens may be signed with: never "none", and never a secret shared with the client."""
_SMALLEST_RSA: Final = 2048
_MOST_KEYS: Final = 30
_OK: Final = 200
_PIECE: Final = 65_536
Clock = Callable[[], float]
Key = RSAKey | ECKey


def _read_body(response: Response, deadline: float, clock: Clock) -> bytes:
    """The whole answer. A server that drips a byte a second is cut off, too."""
    pieces, length = [], 0
    while piece := response.raw.read1(_PIECE, decode_content=True):
        pieces.append(piece)
        length += len(piece)
        if length > LARGEST_ANSWER or clock() > deadline:
            raise ProviderAway("its answer is too long or too slow")
    return b"".join(pieces)


def _read_object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ProviderAway("its answer is no JSON") from error
    if not isinstance(found, dict):
        raise ProviderAway("its answer is no object")
    return found


def _read_key(raw: object) -> Key | None:
    """A key that may check signatures; None for any other."""
    if not isinstance(raw, dict) or raw.get("use", "sig") != "sig":
        return None
    try:
        key = JWKRegistry.import_key(raw)
        if isinstance(key, RSAKey) and key.public_key.key_size >= _SMALLEST_RSA:
            return key
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return key if isinstance(key, ECKey) else None


class SchoolProvider:
    """The sign-in server of a school. One for each process; what it knows of the server is renewed by itself."""

    def __init__(self, settings: ProviderSettings, clock: Clock = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._addresses: dict[str, Any] = {}
        self._known_since = 0.0
        self._keys: list[tuple[str | None, Key]] = []
        self._keys_since = 0.0
        self._away_until = 0.0

    def start(self, attempt: Attempt) -> str:
        """Where to send the browser. Raises ProviderAway."""
        addresses = self._discover()
        with closing(self._open()) as client:
            address, _ = client.create_authorization_url(
                addresses["authorization_endpoint"],
                state=attempt.state,
                code_verifier=attempt.verifier,
                nonce=attempt.nonce,
            )
        return str(address)

    def finish(self, answer: Answer, attempt: Attempt, now: datetime) -> Identity:
        """Who came back. Raises Mistrusted for what is not to be believed, ProviderAway."""
        addresses = self._discover()
        must_name_itself = addresses.get("authorization_response_iss_parameter_supported") is True
        if answer.issuer != self._settings.issuer and (answer.issuer is not None or must_name_itself):
            raise Mistrusted("the answer came from somebody else")
        tokens = self._redeem(addresses, answer.code, attempt.verifier)
        claims = self._check_token(tokens.get("id_token"))
        check_claims(claims, Expected(self._settings.issuer, self._settings.client_id, attempt.nonce), now)
        return read_identity(self._complete(addresses, claims, tokens), self._settings.mark)

    def find_sign_out(self) -> str | None:
        """Where somebody signs out of the server, too; None where it has no such page. Raises ProviderAway."""
        address = self._discover().get("end_session_endpoint")
        if not isinstance(address, str) or not is_safe_server(address):
            return None
        query = {"client_id": self._settings.client_id, "post_logout_redirect_uri": self._settings.home}
        return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"

    def _open(self, method: str | None = None) -> OAuth2Session:
        return OAuth2Session(
            self._settings.client_id,
            self._settings.client_secret or None,
            token_endpoint_auth_method=method,
            scope="openid profile",
            redirect_uri=self._settings.redirect_uri,
            code_challenge_method="S256",
        )

    def _ask(self, method: str, address: str, client: OAuth2Session, **more: Any) -> tuple[int, dict[str, Any]]:
        """The status and the object that the server answers with. Raises ProviderAway."""
        moment = self._clock()
        if moment < self._away_until:
            raise ProviderAway("it did not answer a moment ago")
        try:
            with client.request(
                method, address, withhold_token=True, timeout=SECONDS, allow_redirects=False, stream=True, **more
            ) as response:
                body = _read_body(response, moment + WHOLE_SECONDS, self._clock)
                return response.status_code, _read_object(body)
        except (RequestException, HTTPError, OSError) as error:
            self._away_until = self._clock() + ASKED_AGAIN_AFTER
            raise ProviderAway(f"it cannot be reached: {type(error).__name__}") from error

    def _get(self, address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        with closing(self._open()) as client:
            status, found = self._ask("GET", address, client, headers={"Accept": "application/json", **(headers or {})})
        if status != _OK:
            raise ProviderAway(f"it answers with the status {status}")
        return found

    def _discover(self) -> dict[str, Any]:
        """The addresses that the server names, each safe to use."""
        moment = self._clock()
        if self._addresses and moment - self._known_since < KNOWN_FOR:
            return self._addresses
        found = self._get(f"{self._settings.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self._settings.issuer:
            raise ProviderAway("it calls itself something else than QUIZAPP_OIDC_ISSUER says")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not isinstance(found.get(name), str) or not is_safe_server(found[name]):
                raise ProviderAway(f"its {name} is no address that begins with https://")
        self._addresses, self._known_since = found, moment
        return found

    def _redeem(self, addresses: Mapping[str, Any], code: str, verifier: str) -> dict[str, Any]:
        supported = addresses.get("token_endpoint_auth_methods_supported")
        posts = isinstance(supported, list) and "client_secret_basic" not in supported
        method = "none" if not self._settings.client_secret else f"client_secret_{'post' if posts else 'basic'}"
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._settings.redirect_uri,
            "code_verifier": verifier,
        }
        with closing(self._open(method)) as client:
            auth = client.client_auth(method)
            headers = {"Accept": "application/json"}
            status, found = self._ask(
                "POST", addresses["token_endpoint"], client, data=form, auth=auth, headers=headers
            )
        if status != _OK:
            raise Mistrusted(f"the server would not change the code for a token, and answered {status}")
        return found

    def _complete(
        self, addresses: Mapping[str, Any], claims: dict[str, Any], tokens: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The claims, with those that the server tells only where it is asked for them (Core, section 5.3)."""
        mark = self._settings.mark
        lacking = not has_claim(claims, "name") or (mark is not None and not has_claim(claims, mark.claim))
        address, token = addresses.get("userinfo_endpoint"), tokens.get("access_token")
        if not lacking or not isinstance(address, str) or not isinstance(token, str) or not is_safe_server(address):
            return claims
        if not token.isascii() or not token.isprintable():
            raise Mistrusted("the access token holds signs that it must not")
        told = self._get(address, {"Authorization": f"Bearer {token}"})
        if read_subject(told) != read_subject(claims):
            raise Mistrusted("the server told of somebody else")
        return told | claims

    def _fetch_keys(self) -> None:
        raw = self._get(self._discover()["jwks_uri"]).get("keys")
        found = raw[:_MOST_KEYS] if isinstance(raw, list) else []
        read = [(each.get("kid") if isinstance(each, dict) else None, _read_key(each)) for each in found]
        self._keys = [(kid, key) for kid, key in read if key is not None]
        self._keys_since = self._clock()

    def _find_keys(self, kid: object) -> list[Key]:
        """The keys that may have signed: of the token's name where it has one. Keys change; so they are renewed."""

        def fitting() -> list[Key]:
            return [key for name, key in self._keys if kid is None or name is None or name == kid]

        age = self._clock() - self._keys_since
        if not self._keys or age > KNOWN_FOR or (not fitting() and age > ASKED_AGAIN_AFTER):
            self._fetch_keys()
        return fitting()

    def _check_token(self, token: object) -> dict[str, Any]:
        """The claims of a token that the server signed. Raises Mistrusted."""
        if not isinstance(token, str) or not token.isascii():
            raise Mistrusted("there is no token")
        try:
            header = jws.extract_compact(token.encode()).headers()
        except (JoseError, ValueError, RecursionError) as error:
            raise Mistrusted("the token cannot be read") from error
        if header.get("alg") not in ALGORITHMS:
            raise Mistrusted("the token is not signed in a way that is believed")
        registry = jws.JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
        for key in self._find_keys(header.get("kid")):
            try:
                return dict(jwt.decode(token, key, list(ALGORITHMS), registry).claims)
            except (JoseError, ValueError, TypeError, RecursionError):
                continue
        raise Mistrusted("the token was signed by nobody we know")
