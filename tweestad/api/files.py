"""Serves a folder of public files: one file per address, never a listing, never anything outside it.

An address holds plain names only. Whatever is encoded, hidden, linked out of the folder or of an
unknown kind is answered like a file that is not there.

A file is opened once: its length, tag and bytes come from that one handle, so that a build that puts
another file in its place, or takes it away, never mixes two files in one answer.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from tweestad.api.compression import accepts_gzip
from tweestad.api.conditional import etag_of, is_known
from tweestad.api.middleware import HEAD_ONLY

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}\Z")
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})\Z")
DEPTH_MAX = 12
PIECE = 256 * 1024
HASHED_UP_TO = 1024 * 1024

TILE_TYPES = {
    ".glb": "model/gltf-binary",
    ".json": "application/json",
    ".pmtiles": "application/vnd.pmtiles",
    ".terrain": "application/vnd.quantized-mesh",
}
STATIC_TYPES = {
    **TILE_TYPES,
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".ktx2": "image/ktx2",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}

FOREVER = "public, max-age=31536000, immutable"
ASK_FIRST = "no-cache"


def tile_caching(parts: tuple[str, ...]) -> str:
    """`c/…` is named by its content and `{id}/{n}/…` by its change number: neither ever changes."""
    if len(parts) >= 2 and (parts[0] == "c" or (len(parts) >= 3 and parts[1].isdigit())):
        return FOREVER
    return ASK_FIRST


HASHED_NAME = re.compile(r".+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+\Z")


def static_caching(parts: tuple[str, ...]) -> str:
    """The web build puts a hash into the names below `assets/`."""
    return FOREVER if parts[0] == "assets" and HASHED_NAME.match(parts[-1]) else ASK_FIRST


@dataclass(frozen=True, slots=True)
class _File:
    """An open file, or what was read of it, with the facts of those very bytes."""

    handle: BinaryIO
    size: int
    modified: float
    etag: str
    packed: bool


class FolderFiles:
    """An ASGI app over one folder, with ranges, strong ETags and packed (`.gz`) siblings."""

    def __init__(self, root: Path, types: dict[str, str], caching: Callable[[tuple[str, ...]], str]) -> None:
        self._root = root
        self._types = types
        self._caching = caching

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        headers = Headers(scope=scope)
        ranged = "range" in headers
        parts = self._parts(scope)
        found = await to_thread.run_sync(self._find, parts, accepts_gzip(headers) and not ranged)
        try:
            response = self._answer(found, parts, headers, body=HEAD_ONLY not in scope)
            await response(scope, receive, send)
        finally:
            found.handle.close()

    def _parts(self, scope: Scope) -> tuple[str, ...]:
        """The names of the address, or 404. Names need no escapes, so an escape is a trick."""
        raw: bytes = scope.get("raw_path") or scope["path"].encode("utf-8", "surrogateescape")
        address = scope["path"].removeprefix(scope.get("root_path", "")).removeprefix("/")
        parts = tuple(address.split("/"))
        plain = b"%" not in raw and b"\\" not in raw
        if not plain or len(parts) > DEPTH_MAX or not all(NAME.match(p) for p in parts):
            raise HTTPException(404)
        if Path(parts[-1]).suffix not in self._types:
            raise HTTPException(404)
        return parts

    def _find(self, parts: tuple[str, ...], packed_wanted: bool) -> _File:
        """The file, open; the caller closes it."""
        root = self._root.resolve()
        path = root.joinpath(*parts)
        forever = self._caching(parts) == FOREVER
        plain = _opened(root, path, parts, forever=forever)
        if plain is None:
            raise HTTPException(404)
        if packed_wanted:
            packed = _opened(root, path.with_name(path.name + ".gz"), parts, forever=forever)
            if packed is not None:
                plain.handle.close()
                return packed
        return plain

    def _answer(self, found: _File, parts: tuple[str, ...], headers: Headers, *, body: bool) -> Response:
        fields = {
            "ETag": found.etag,
            "Last-Modified": formatdate(found.modified, usegmt=True),
            "Cache-Control": self._caching(parts),
            "Vary": "Accept-Encoding",
        }
        if is_known(headers, found.etag):
            return Response(status_code=304, headers=fields)
        kind = self._types[Path(parts[-1]).suffix]
        if found.packed:
            fields["Content-Encoding"] = "gzip"
        else:
            fields["Accept-Ranges"] = "bytes"
        start, end, status = 0, found.size, 200
        if not found.packed and "range" in headers and _still_the_same(headers, found, fields):
            wanted = _range(headers["range"], found.size)
            if wanted is not None:
                start, end = wanted
                status = 206
                if start >= end:
                    fields = {"Content-Range": f"bytes */{found.size}", "Accept-Ranges": "bytes"}
                    return Response(status_code=416, headers=fields)
                fields["Content-Range"] = f"bytes {start}-{end - 1}/{found.size}"
        fields["Content-Length"] = str(end - start)
        pieces = _pieces(found.handle, start, end if body else start)
        return StreamingResponse(pieces, status, fields, media_type=kind)


def _opened(root: Path, path: Path, parts: tuple[str, ...], *, forever: bool) -> _File | None:
    """The file when it is an ordinary one that really lies below the root, else None."""
    try:
        resolved = path.resolve(strict=True)
        if not resolved.is_relative_to(root):
            return None
        # A link put in its place meanwhile is not followed, and nobody waits for a pipe.
        number = os.open(resolved, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except (OSError, RuntimeError):
        return None
    facts = os.fstat(number)
    if not S_ISREG(facts.st_mode):
        os.close(number)
        return None
    handle: BinaryIO = os.fdopen(number, "rb")
    packed = path.suffix == ".gz"
    if parts[0] == "c":
        return _File(handle, facts.st_size, facts.st_mtime, f'"{path.name}"', packed)
    if not forever and facts.st_size <= HASHED_UP_TO:
        with handle:
            body = handle.read()
        return _File(io.BytesIO(body), len(body), facts.st_mtime, etag_of(body), packed)
    etag = f'"{facts.st_size:x}-{facts.st_mtime_ns:x}-{facts.st_ino:x}"'
    return _File(handle, facts.st_size, facts.st_mtime, etag, packed)


def _range(header: str, size: int) -> tuple[int, int] | None:
    """Start and end (excluded) of a single range; empty when it lies outside; None when it is ignored.

    Several ranges and words we do not know are ignored, as RFC 9110, 14.2 allows.
    """
    match = RANGE.match(header.strip())
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        length = min(int(last), size)
        return size - length, size
    start = int(first)
    end = min(int(last) + 1, size) if last else size
    if last and int(last) < start:
        return None
    return (start, end) if start < size else (size, size)


def _still_the_same(headers: Headers, found: _File, fields: dict[str, str]) -> bool:
    """If-Range: a part only when the client's other parts are of this same file."""
    condition = headers.get("if-range")
    return condition is None or condition.strip() in {found.etag, fields["Last-Modified"]}


async def _pieces(handle: BinaryIO, start: int, end: int) -> AsyncIterator[bytes]:
    handle.seek(start)
    left = end - start
    while left > 0:
        piece = await to_thread.run_sync(handle.read, min(PIECE, left))
        if not piece:
            return
        left -= len(piece)
        yield piece
