"""A server on loopback that gives the samples of all sources, and all that goes wrong with real feeds."""

from __future__ import annotations

import contextlib
import gzip
import re
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from tests.sources.playing import play, samples
from tweestad.feeds.addresses import whole
from tweestad.feeds.sources import Source
from tweestad.model.received import Follow

Change = Callable[[bytes], bytes]
BOMB = gzip.compress(bytes(60_000_000), 9)


class FeedServer:
    """Serves `{base}/host/path` for sources that were added. `misbehave` and `change` hold for one source."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, str, re.Pattern[str], bytes]] = []
        self.misbehaving: dict[str, str] = {}
        self.changes: dict[str, Change] = {}
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.etag = ""
        self.redirect = ""
        self.refused = ""
        self._http = _Http(("127.0.0.1", 0), _Answer)
        self._http.feeds = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def add(self, source: Source) -> None:
        """Every request of the source with its sample, and every address that its samples refer to."""
        there = {part: path.read_bytes() for part, path in samples(source).items()}
        for _, item in play(source):
            if isinstance(item, Follow) and item.part in there:
                self._route(source, item.part, re.escape(_plain(item.url)), there[item.part])
        for request in source.manifest.requests:
            if request.part in there:
                pattern = re.sub(r"\\\{\w+\\\}", ".*", re.escape(_plain(request.url)))
                pattern = re.sub(r"page=\d+", r"page=\\d+", pattern)
                self._route(source, request.part, pattern, there[request.part])

    def put(self, url: str, body: bytes) -> None:
        """One address with its reply."""
        self._routes.append(("", "", re.compile(re.escape(_plain(url)) + r"\Z"), body))

    def _route(self, source: Source, part: str, pattern: str, body: bytes) -> None:
        self._routes.append((source.id, part, re.compile(pattern + r"\Z"), body))

    def find(self, path: str) -> tuple[str, str, bytes] | None:
        """The source, the part and the body of what is asked."""
        for source_id, part, pattern, body in self._routes:
            if pattern.match(path):
                change = self.changes.get(source_id)
                return source_id, part, change(body) if change else body
        return None


def _plain(url: str) -> str:
    parts = urlsplit(whole(url).replace("%7B", "{").replace("%7D", "}"))
    return f"/{parts.netloc}{parts.path or '/'}{'?' + parts.query if parts.query else ''}"


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 100
    feeds: FeedServer


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http
    _body = b""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the name is http.server's
        pass

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):
            super().handle()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", "0")))
        self.do_GET()

    def do_GET(self) -> None:
        feeds = self.server.feeds
        feeds.asked.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
        found = feeds.find(self.path)
        if found is None or (feeds.refused and feeds.refused in self.path):
            return self._send(404, b"")
        source_id, _, body = found
        if feeds.redirect:
            return self._send(302, b"", {"Location": feeds.redirect})
        if feeds.etag and self.headers.get("if-none-match") == feeds.etag:
            return self._send(304, b"")
        self._body = body
        mode = feeds.misbehaving.get(source_id, "")
        headers = {"ETag": feeds.etag} if feeds.etag else {}
        if not mode:
            return self._send(200, body, headers)
        with contextlib.suppress(ConnectionError):
            getattr(self, f"_{mode}")()
        self.close_connection = True
        return None

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _down(self) -> None:
        """The connection is broken off before a word."""

    def _error(self) -> None:
        self._send(500, b"<h1>oops</h1>")

    def _html(self) -> None:
        self._send(200, b"<!DOCTYPE html><html><body><h1>Onderhoud</h1></body></html>")

    def _slow(self) -> None:
        self._begin()
        for each in _single(self._body * 100):
            self.wfile.write(each)
            self.wfile.flush()
            time.sleep(0.02)

    def _silent(self) -> None:
        """Headers that come in one letter at a time."""
        for each in _single(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200):
            self.wfile.write(each)
            self.wfile.flush()
            time.sleep(0.02)

    def _endless(self) -> None:
        self._begin()
        while True:
            self.wfile.write(b" " * 100_000)

    def _bomb(self) -> None:
        self._send(200, BOMB)

    def _truncated(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(self._body)))
        self.end_headers()
        self.wfile.write(self._body[: len(self._body) // 2])

    def _cut(self) -> None:
        """A gzip that was cut off on the other side, so that the number of bytes is right."""
        packed = gzip.compress(self._body)
        self._send(200, packed[: len(packed) // 2])

    def _begin(self) -> None:
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()


def _single(data: bytes) -> Iterator[bytes]:
    return (bytes([each]) for each in data)
