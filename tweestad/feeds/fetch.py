"""Fetches one reply of a source into a file: politely, within limits, and from nowhere else.

Nothing is unpacked here. Redirects are followed by hand, to hosts of the manifest only; a key is sent to the
host that it is for. Every fault is a SourceUnavailable with a sentence that names no address.
"""

from __future__ import annotations

import asyncio
import ssl
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO
from urllib.parse import urljoin, urlsplit

import httpcore

from tweestad.errors import SourceUnavailable
from tweestad.feeds.addresses import mapped, whole
from tweestad.feeds.reach import CheckedNetwork

_REDIRECTS = (301, 302, 303, 307, 308)
_LONGEST_WAIT_S = 86_400.0
_AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may take: seconds, bytes, and how slowly it may come in.

    It has to begin within `answer_s`. After `slow_after_s` a reply that came in at fewer than
    `slowest_bytes_s` on average is given up. `idle_s` is how long there may be silence. `unpacked_bytes` is
    for who reads it.
    """

    connect_s: float = 10.0
    answer_s: float = 60.0
    idle_s: float = 60.0
    total_s: float = 300.0
    slow_after_s: float = 20.0
    slowest_bytes_s: float = 1_000.0
    reply_bytes: int = 200_000_000
    unpacked_bytes: int = 1_000_000_000
    redirects: int = 3


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server said by which it can tell that nothing changed."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """One question. `hosts` are all that it may lead to; `secret` is a header and its value."""

    url: str
    hosts: frozenset[str]
    method: str = "GET"
    body: str = ""
    secret: tuple[str, str] | None = None
    known: Validators = Validators()
    pace_s: float = 0.5


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the file of its bytes as they were sent, or None when there is nothing new.

    `headers` have names in small letters.
    """

    url: str
    received: datetime
    path: Path | None
    size: int
    validators: Validators
    headers: Mapping[str, str]


class Fetcher:
    """Asks services, each host a few questions at a time, with a rest between; with a `base` that server."""

    def __init__(self, folder: Path, *, agent: str, base: str = "", limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._folder = folder
        self._base = base
        self._agent = agent.encode("ascii", "replace")
        self._turns: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(_AT_ONCE))
        self._next: defaultdict[str, float] = defaultdict(float)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_connections=20,
            keepalive_expiry=15.0,
            network_backend=CheckedNetwork(_own(base)),
        )

    async def close(self) -> None:
        await self._pool.aclose()

    async def get(self, ask: Ask) -> Reply:
        """The reply; raises SourceUnavailable. The caller removes the file."""
        self._folder.mkdir(parents=True, exist_ok=True)
        async with self._turn(urlsplit(ask.url).netloc, ask.pace_s):
            try:
                async with asyncio.timeout(self.limits.total_s):
                    return await self._follow(ask)
            except TimeoutError as exc:
                raise SourceUnavailable("it did not answer in time", code="slow") from exc
            except httpcore.TimeoutException as exc:
                raise SourceUnavailable("it did not answer in time", code="slow") from exc
            except httpcore.ConnectError as exc:
                raise SourceUnavailable("no connection could be made") from exc
            except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol) as exc:
                raise SourceUnavailable("the connection was broken off") from exc

    @asynccontextmanager
    async def _turn(self, host: str, pace_s: float) -> AsyncIterator[None]:
        """A table of half a minute must not hold up the values of this minute, so there are a few turns."""
        async with self._turns[host]:
            now = time.monotonic()
            # A server on this machine that replays recordings needs no rest.
            at = now if self._base else max(now, self._next[host])
            self._next[host] = at + pace_s
            if at > now:
                await asyncio.sleep(at - now)
            yield

    async def _follow(self, ask: Ask) -> Reply:
        url = ask.url
        for _ in range(self.limits.redirects + 1):
            _check(url, ask.hosts)
            async with AsyncExitStack() as stack:
                response = await self._opened(stack, ask, url)
                headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in response.headers}
                if response.status not in _REDIRECTS:
                    return await self._taken(ask, response, headers)
                if ask.method == "POST" or not headers.get("location"):
                    raise SourceUnavailable("it refers to another place without saying where")
                url = urljoin(url, headers["location"])
        raise SourceUnavailable("it refers to other places without an end")

    async def _opened(self, stack: AsyncExitStack, ask: Ask, url: str) -> httpcore.Response:
        """The reply as far as its headers. A connection that was kept may be closed on the other side in this
        very moment: what breaks before a word came is asked once more."""
        try:
            return await self._open(stack, ask, url)
        except (httpcore.ReadError, httpcore.WriteError, httpcore.RemoteProtocolError):
            return await self._open(stack, ask, url)

    async def _open(self, stack: AsyncExitStack, ask: Ask, url: str) -> httpcore.Response:
        asked = self._pool.stream(
            ask.method,
            whole(mapped(url, self._base)),
            headers=self._headers(ask, url),
            content=ask.body.encode() if ask.method == "POST" else None,
            extensions={"timeout": self._timeouts()},
        )
        async with asyncio.timeout(self.limits.answer_s):
            return await stack.enter_async_context(asked)

    async def _taken(self, ask: Ask, response: httpcore.Response, headers: Mapping[str, str]) -> Reply:
        now = datetime.now(UTC)
        if response.status in (204, 304):
            return Reply(ask.url, now, None, 0, ask.known, headers)
        if response.status != 200:
            code = "refused" if response.status in (401, 403, 429) else "down"
            raise SourceUnavailable(_told(response.status), code=code, wait_s=_wait(headers, now))
        announced = headers.get("content-length", "0")
        if announced.isdigit() and int(announced) > self.limits.reply_bytes:
            raise SourceUnavailable(self._too_large(), code="large")
        with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False) as file:
            try:
                size = await self._saved(response, file)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
        validators = Validators(headers.get("etag", "")[:500], headers.get("last-modified", "")[:100])
        return Reply(ask.url, now, Path(file.name), size, validators, headers)

    async def _saved(self, response: httpcore.Response, file: IO[bytes]) -> int:
        start, size = time.monotonic(), 0
        async for chunk in response.aiter_stream():
            size += len(chunk)
            if size > self.limits.reply_bytes:
                raise SourceUnavailable(self._too_large(), code="large")
            took = time.monotonic() - start
            if took > self.limits.slow_after_s and size < took * self.limits.slowest_bytes_s:
                raise SourceUnavailable("it sends so slowly that it never ends", code="slow")
            file.write(chunk)
        return size

    def _too_large(self) -> str:
        return f"the reply is larger than {self.limits.reply_bytes // 1_000_000} MB"

    def _headers(self, ask: Ask, url: str) -> list[tuple[bytes, bytes]]:
        headers = [(b"User-Agent", self._agent), (b"Accept-Encoding", b"gzip"), (b"Accept", b"*/*")]
        if ask.known.etag:
            headers.append((b"If-None-Match", ask.known.etag.encode("latin-1", "replace")))
        if ask.known.modified:
            headers.append((b"If-Modified-Since", ask.known.modified.encode("latin-1", "replace")))
        if ask.method == "POST":
            kind = (
                b"application/json"
                if ask.body.lstrip()[:1] in ("{", "[")
                else b"application/x-www-form-urlencoded"
            )
            headers.append((b"Content-Type", kind))
        # A key is for the service itself: not for where it sends us, nor for a server that replays it.
        if ask.secret and not self._base and urlsplit(url)[:2] == urlsplit(ask.url)[:2]:
            headers.append(
                (ask.secret[0].encode("ascii", "replace"), ask.secret[1].encode("latin-1", "replace"))
            )
        return headers

    def _timeouts(self) -> dict[str, float]:
        limits = self.limits
        return {
            "connect": limits.connect_s,
            "read": limits.idle_s,
            "write": limits.idle_s,
            "pool": limits.total_s,
        }


def _own(base: str) -> frozenset[tuple[str, int]]:
    """The one address on this machine that may be asked."""
    if not base:
        return frozenset()
    parts = urlsplit(base)
    return frozenset({(parts.hostname or "", parts.port or 80)})


def _check(url: str, hosts: frozenset[str]) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or parts.netloc not in hosts:
        raise SourceUnavailable("it refers to a host that its manifest does not name")


def _told(status: int) -> str:
    if status == 429:
        return "it says that we ask too often (429)"
    if status in (401, 403):
        return f"it refuses us ({status}): a key is missing or no longer good"
    return f"it answers with an error ({status})"


def _wait(headers: Mapping[str, str], now: datetime) -> float:
    """How long `Retry-After` says to wait, in seconds."""
    told = headers.get("retry-after", "")
    if told.isdigit():
        return min(float(told), _LONGEST_WAIT_S)
    try:
        return min(max((parsedate_to_datetime(told) - now).total_seconds(), 0.0), _LONGEST_WAIT_S)
    except (TypeError, ValueError):
        return 0.0
