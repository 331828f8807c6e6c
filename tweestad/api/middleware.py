"""What every request passes, as plain ASGI: headers, methods, sizes, and a last net for errors.

Order, outside in: SafeHeaders, LastNet, Compressed (compression.py), Methods, Sizes, the routes.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tweestad.api.limits import Limits
from tweestad.api.problems import answer, is_api

LOG = logging.getLogger("tweestad.api")

API_VERSION = "1.0.0"

# The page runs our own scripts and styles and speaks to our own host only. The 3D engine needs three
# exceptions, and nothing else does: it decodes meshes in WebAssembly ('wasm-unsafe-eval', which does
# not allow eval), starts its workers from blob: addresses, and makes pictures of blobs and data: URLs.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; style-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
OWN_IMAGES = "img-src 'self' data: blob:"
# Data is never a document: opened in a browser it may load and run nothing.
DATA_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), payment=(), usb=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
}
# A page that other websites may show in a frame names them here; the header itself does not go out.
FRAMED_BY = "tweestad-framed-by"
# Likewise the origins of base maps that the administrator switched on.
IMAGES_FROM = "tweestad-images-from"
HEAD_ONLY = "tweestad.head"  # a route that streams need not read what nobody will see
EXPOSED = "API-Version, Content-Crs, Content-Range, ETag, Link, Retry-After"


def _open_to_all(path: str) -> bool:
    return is_api(path) or path.startswith("/tiles/")


class SafeHeaders:
    """Adds security headers to every answer, `API-Version` below /api, and CORS to /api and /tiles."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path: str = scope["path"]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                self._protect(headers, https=scope.get("scheme") == "https")
                if _open_to_all(path):
                    self._open(headers)
                if is_api(path):
                    headers["API-Version"] = API_VERSION
            await send(message)

        await self.app(scope, receive, send_with_headers)

    @staticmethod
    def _protect(headers: MutableHeaders, *, https: bool) -> None:
        for name, value in ALWAYS.items():
            headers[name] = value
        is_page = headers.get("content-type", "").startswith("text/html")
        policy = PAGE_POLICY if is_page else DATA_POLICY
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if (images_from := headers.get(IMAGES_FROM)) is not None:
            del headers[IMAGES_FROM]
            policy = policy.replace(OWN_IMAGES, f"{OWN_IMAGES} {images_from}")
        if (framed_by := headers.get(FRAMED_BY)) is not None:
            del headers[FRAMED_BY]
            # The older header knows no list of websites: with it the policy would be in vain.
            del headers["X-Frame-Options"]
            policy = policy.replace("frame-ancestors 'none'", f"frame-ancestors {framed_by}")
        headers["Content-Security-Policy"] = policy
        if https:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    @staticmethod
    def _open(headers: MutableHeaders) -> None:
        """Public reading from any site, without cookies."""
        headers["Access-Control-Allow-Origin"] = "*"
        headers["Access-Control-Expose-Headers"] = EXPOSED
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"


class LastNet:
    """Catches what the apps below let through, so that an error is logged once and answered once."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception as exc:
            if scope["type"] != "http":
                raise
            if not started:
                await (await answer(Request(scope, receive), exc))(scope, receive, send)
            elif not scope.get("tweestad.answered"):
                LOG.exception("%s %r broke off", scope["method"], scope["path"])


class Methods:
    """HEAD is GET without its body; OPTIONS says which methods a path knows."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "HEAD":
            await self._head(scope, receive, send)
        elif scope["type"] == "http" and scope["method"] == "OPTIONS":
            await self._options(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _head(self, scope: Scope, receive: Receive, send: Send) -> None:
        # A range is a matter of GET only (RFC 9110, 14.2).
        headers = [(name, value) for name, value in scope["headers"] if name.lower() != b"range"]
        as_get = {**scope, "method": "GET", "headers": headers, HEAD_ONLY: True}

        async def send_no_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app(as_get, receive, send_no_body)

    async def _options(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The routes answer 405 with `Allow`; that answer becomes 204 (and a CORS preflight's yes)."""
        allowed = False
        asked_method = Headers(scope=scope).get("access-control-request-method")
        open_path = _open_to_all(scope["path"])

        async def send_allow(message: Message) -> None:
            nonlocal allowed
            if message["type"] == "http.response.start" and message["status"] == 405:
                allowed = True
                old = MutableHeaders(scope=message)
                methods = allow_header(old.get("allow", "").split(","))
                new = {"Allow": methods, "Vary": "Origin, Access-Control-Request-Method"}
                if asked_method and open_path:
                    new |= {"Access-Control-Allow-Methods": methods, "Access-Control-Max-Age": "86400"}
                    new["Access-Control-Allow-Headers"] = "Accept, Accept-Language, If-None-Match, Range"
                message = {**message, "status": 204, "headers": Headers(new).raw}
            elif message["type"] == "http.response.body" and allowed:
                message = {**message, "body": b""}
            await send(message)

        await self.app(scope, receive, send_allow)


def allow_header(methods: Iterable[str]) -> str:
    """The methods of an `Allow` header with HEAD where GET is, and OPTIONS always."""
    names = {m.strip() for m in methods if m.strip()} | {"OPTIONS"}
    if "GET" in names:
        names.add("HEAD")
    return ", ".join(sorted(names))


class Sizes:
    """Refuses an address or a body above the limit: 414 and 413."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self.app = app
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        address = len(scope["query_string"]) + len(scope.get("raw_path") or b"")
        if address > self.limits.query_bytes:
            raise HTTPException(414)
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isascii() or not announced.isdigit():
            raise HTTPException(400)
        if len(announced) > 15 or int(announced) > self.limits.body_bytes:
            raise HTTPException(413)
        received = 0

        async def receive_within() -> Message:
            nonlocal received
            message = await receive()
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                if received > self.limits.body_bytes:
                    raise HTTPException(413)
            return message

        await self.app(scope, receive_within, send)
