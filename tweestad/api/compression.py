"""gzip for text that is made on the way; files that are packed already pass untouched."""

from __future__ import annotations

import zlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tweestad.api.language import quality

PACKABLE = (
    "text/html",
    "text/css",
    "text/csv",
    "text/plain",
    "text/javascript",
    "image/svg+xml",
    "application/json",
    "application/geo+json",
    "application/problem+json",
)
SMALLEST = 1024


def accepts_gzip(headers: Headers) -> bool:
    """True when Accept-Encoding names gzip (or anything) and does not refuse it with q=0."""
    weights: dict[str, float] = {}
    for part in headers.get("accept-encoding", "").split(","):
        name, _, parameters = part.strip().partition(";")
        weights[name.strip().lower()] = quality(parameters)
    return weights.get("gzip", weights.get("*", 0.0)) > 0


class Compressed:
    """Packs answers of the kinds above from 1 kB on; a strong ETag becomes a weak one (RFC 9110, 8.8.3)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self.app(scope, receive, _Packer(send, accepts_gzip(Headers(scope=scope))).send)
        else:
            await self.app(scope, receive, send)


class _Packer:
    """Holds the head of one answer back until its first piece shows whether packing pays."""

    def __init__(self, send: Send, wanted: bool) -> None:
        self._send = send
        self._wanted = wanted
        self._head: Message | None = None
        # Made when it is needed: it takes a quarter of a megabyte, and a stream of events stays open.
        self._gzip: zlib._Compress | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._head = message
        elif message["type"] == "http.response.body":
            await self._body(message)
        else:
            await self._send(message)

    async def _body(self, message: Message) -> None:
        body: bytes = message.get("body", b"")
        more: bool = message.get("more_body", False)
        if self._head is not None:
            if self._start(self._head, len(body), more):
                self._gzip = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
            await self._send(self._head)
            self._head = None
        if self._gzip is not None:
            # A stream is flushed piece by piece, so that the reader sees the first rows at once.
            packed = self._gzip.compress(body) + self._gzip.flush(
                zlib.Z_SYNC_FLUSH if more else zlib.Z_FINISH
            )
            message = {**message, "body": packed}
        await self._send(message)

    def _start(self, head: Message, size: int, more: bool) -> bool:
        headers = MutableHeaders(scope=head)
        kind = headers.get("content-type", "").partition(";")[0]
        if kind not in PACKABLE or "content-encoding" in headers or "content-range" in headers:
            return False
        if head["status"] in {204, 304}:
            return False
        if "accept-encoding" not in headers.get("vary", "").lower():
            headers.add_vary_header("Accept-Encoding")
        if not self._wanted or (size < SMALLEST and not more):
            return False
        headers["Content-Encoding"] = "gzip"
        del headers["Content-Length"]
        if "accept-ranges" in headers:
            del headers["Accept-Ranges"]
        tag = headers.get("etag", "")
        if tag.startswith('"'):
            headers["ETag"] = f"W/{tag}"
        return True
