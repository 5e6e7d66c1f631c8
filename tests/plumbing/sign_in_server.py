"""A school's sign-in server (OpenID Connect) on loopback, which tells the truth unless a test makes it lie."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

CLIENT, SECRET = "quizapp", "the client's own secret"


def hash_verifier(verifier: str) -> str:
    """The challenge of a verifier (RFC 7636, section 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


class SignInServer:
    """The server; ``person`` is who signs in next, as claims. ``sign`` and the dictionaries may be replaced to lie."""

    def __init__(self) -> None:
        self.key: Any = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
        self.issuer = ""
        self.begin_anew()

    def begin_anew(self) -> None:
        """Tell the truth again."""
        self.published: list[Any] = [self.key]
        self.person: dict[str, Any] = {"sub": "person-1", "name": "Noor Ali"}
        self.userinfo: dict[str, Any] = {}
        self.access_token = "access"
        self.claims: dict[str, Any] = {}
        self.discovery: dict[str, Any] = {}
        self.replies: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.sign: Callable[[dict[str, Any]], str] = self.sign_with_key
        self.asked: list[str] = []
        self.forms: list[dict[str, str]] = []
        self._codes: dict[str, dict[str, str]] = {}

    def sign_with_key(self, claims: dict[str, Any], key: Any = None, **header: Any) -> str:
        """A token as it should be."""
        key = key or self.key
        usual = {"alg": "ES256" if isinstance(key, ECKey) else "RS256", "kid": key.kid}
        return jwt.encode({**usual, **header}, claims, key, algorithms=["RS256", "ES256"])

    def authorise(self, address: str) -> str:
        """What a browser brings back that was sent to this address: the query of the answer."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{self.issuer}/authorize?")
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT
        assert query["code_challenge_method"] == "S256"
        assert query["scope"] == "openid profile"
        code = f"code-{len(self._codes)}"
        self._codes[code] = query
        return f"code={code}&state={query['state']}&iss={self.issuer}"

    def answer(self, path: str, form: dict[str, str], headers: Any) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body for a request."""
        self.asked.append(path)
        if path in self.replies:
            return self.replies[path]
        if path == "/.well-known/openid-configuration":
            found: dict[str, Any] = {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "userinfo_endpoint": f"{self.issuer}/me",
                "end_session_endpoint": f"{self.issuer}/leave",
            }
            return self._reply({name: value for name, value in (found | self.discovery).items() if value is not None})
        if path == "/keys":
            return self._reply({"keys": [key.as_dict(private=False) for key in self.published]})
        if path == "/me":
            assert headers["Authorization"] == "Bearer access"
            return self._reply(self.userinfo)
        return self._give_token(form, headers)

    def _give_token(self, form: dict[str, str], headers: Any) -> tuple[int, dict[str, str], bytes]:
        self.forms.append(form)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        known = headers["Authorization"] == f"Basic {basic}" or form.get("client_secret") == SECRET
        asked = self._codes.pop(form.get("code", ""), None)
        if not known or asked is None or asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {}, b'{"error": "invalid_grant"}'
        if asked["code_challenge"] != hash_verifier(form["code_verifier"]):
            return 400, {}, b'{"error": "invalid_grant"}'
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        made = {name: value for name, value in (claims | self.person | self.claims).items() if value is not None}
        return self._reply({"access_token": self.access_token, "token_type": "Bearer", "id_token": self.sign(made)})

    def _reply(self, found: object) -> tuple[int, dict[str, str], bytes]:
        return 200, {"Content-Type": "application/json"}, json.dumps(found).encode()


def _make_handler(server: SignInServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _send(self, form: dict[str, str]) -> None:
            status, headers, body = server.answer(urlsplit(self.path).path, form, self.headers)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self._send({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._send({name: values[0] for name, values in parse_qs(body).items()})

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    return Handler


@contextmanager
def serving() -> Iterator[SignInServer]:
    """A server that runs until the end of the block."""
    made = SignInServer()
    with ThreadingHTTPServer(("127.0.0.1", 0), _make_handler(made)) as http:
        made.issuer = f"http://127.0.0.1:{http.server_address[1]}"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        http.shutdown()
        thread.join()
