"""Who may ask: one person at this machine. Everything else is refused before a page is made.

A page of another site could send requests to this machine from the same browser, under its own name for this address (DNS
rebinding) or across sites (CSRF). So a request has to name this host, come from this origin if it changes anything, and
carry the session that was opened by the secret of this start; forms carry a second secret that no other page can read.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE = frozenset({"GET", "HEAD"})
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE"})
MOST_BYTES, MOST_UPLOAD_BYTES = 6_000_000, 40_000_000
UPLOADS = ("/statements", "/api/statements")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Scripts come from here and none stands in a page; styles in attributes are what the figures are drawn with."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # without any, browsers say "null" for the origin of our own forms
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
OPEN_AGAIN = "This page opens with the address that `bandwise serve` printed when it started.\n"


@dataclass(frozen=True)
class Secrets:
    """What this start knows and no other page does.

    Parameters
    ----------
    hosts : names under which this server is asked, with the port.
    token : opens the session, in the address that is printed, and speaks for programs that use the JSON.
    """

    hosts: frozenset[str]
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    @property
    def cookie(self) -> str:
        """The cookie's name; two servers on two ports keep two sessions."""
        port = next(iter(sorted(self.hosts)), "").rpartition(":")[2]
        return f"bandwise_{port}"

    @property
    def session(self) -> str:
        """What the cookie holds."""
        return self._derived("session")

    @property
    def form(self) -> str:
        """What every form holds."""
        return self._derived("form")

    def _derived(self, purpose: str) -> str:
        return hmac.new(self.token.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def hosts_of(port: int) -> frozenset[str]:
    """The names of this machine to itself."""
    return frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost"))


def same(given: str, expected: str) -> bool:
    """Whether two secrets are the same, in a time that tells nothing."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


class Guard:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, secrets: Secrets) -> None:
        self.app, self.secrets = app, secrets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or let through with a bounded body and the headers on the way back."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # nothing here speaks over web sockets
        sender = _with_headers(scope, send)
        answer = self._refusal(scope)
        if answer is None:
            answer = self._opening(scope)
        if answer is not None:
            await answer(scope, receive, sender)
            return
        await _bounded(self.app, scope, receive, sender)

    def _refusal(self, scope: Scope) -> Response | None:
        headers, method = Headers(scope=scope), scope["method"]
        if headers.getlist("host") not in [[host] for host in self.secrets.hosts]:
            return PlainTextResponse("This server answers under its own address only.\n", 421)
        if method not in METHODS:
            return PlainTextResponse("There is no such method here.\n", 405)
        origin = headers.get("origin")
        if origin is not None and origin not in {f"http://{host}" for host in self.secrets.hosts}:
            return PlainTextResponse("Another page's request is refused.\n", 403)
        if method not in SAFE and headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return PlainTextResponse("Another page's request is refused.\n", 403)
        if self._speaks_for_itself(headers) or _token(scope):
            return None
        if not same(_cookies(headers).get(self.secrets.cookie, ""), self.secrets.session):
            return PlainTextResponse(OPEN_AGAIN, 403)
        if method not in SAFE and origin is None:
            return PlainTextResponse("A request that changes something has to say where it comes from.\n", 403)
        return None

    def _speaks_for_itself(self, headers: Headers) -> bool:
        """Whether a program brings the token; no browser adds it by itself."""
        kind, _, token = headers.get("authorization", "").partition(" ")
        return kind.lower() == "bearer" and same(token, self.secrets.token)

    def _opening(self, scope: Scope) -> Response | None:
        """The session that the printed address opens; it does not stay in the address."""
        token = _token(scope)
        if not token:
            return None
        if scope["method"] != "GET" or scope["path"] != "/" or not same(token, self.secrets.token):
            return PlainTextResponse(OPEN_AGAIN, 403)
        answer = RedirectResponse("/", 303)
        answer.set_cookie(self.secrets.cookie, self.secrets.session, httponly=True, samesite="strict", path="/")
        return answer


def _token(scope: Scope) -> str:
    found = parse_qs(scope["query_string"].decode("latin-1")).get("token", [])
    return found[0] if found else ""


def _cookies(headers: Headers) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in headers.get("cookie", "").split(";"):
        name, _, value = part.strip().partition("=")
        found.setdefault(name, value)
    return found


def _with_headers(scope: Scope, send: Send) -> Send:
    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return sender


async def _bounded(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Ask the application once the whole body is here, if it ends before the limit."""
    most = MOST_UPLOAD_BYTES if scope["path"] in UPLOADS else MOST_BYTES
    declared = Headers(scope=scope).get("content-length", "0")
    too_much = PlainTextResponse(f"More than {most:,} bytes are not taken.\n", 413)
    if not declared.isdigit() or int(declared) > most:
        await too_much(scope, receive, send)
        return
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > most:
            await too_much(scope, receive, send)
            return
    whole: Message | None = {"type": "http.request", "body": bytes(body), "more_body": False}

    async def replayed() -> Message:
        nonlocal whole
        if whole is None:
            return await receive()
        message, whole = whole, None
        return message

    await app(scope, replayed, send)
