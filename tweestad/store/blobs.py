"""Blobs by content: a file is named after its sha256 and never changes."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from tweestad.errors import NotFound
from tweestad.files import flush_folder, write_atomically

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


class BlobFolder:
    """A folder of blobs, spread over 256 subfolders."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, data: bytes) -> str:
        """Keep the bytes and return their sha256; writing the same bytes twice is one file."""
        sha = hashlib.sha256(data).hexdigest()
        path = self._path(sha)
        if not path.exists():
            if not path.parent.is_dir():
                path.parent.mkdir(parents=True, exist_ok=True)
                flush_folder(self._root)
            # Solids are the twin's own copy: the store names this blob as soon as it is here.
            write_atomically(path, data, durable=True)
        return sha

    def get(self, sha: str) -> bytes:
        """The bytes; raises NotFound when there is no such blob."""
        try:
            return self._path(sha).read_bytes()
        except FileNotFoundError as exc:
            raise NotFound(f"blob {sha[:16]} is er niet") from exc

    def path(self, sha: str) -> Path:
        """The file of a blob, for who reads it piece by piece; raises NotFound when there is none."""
        path = self._path(sha)
        if not path.is_file():
            raise NotFound(f"blob {sha[:16]} is er niet")
        return path

    def _path(self, sha: str) -> Path:
        if not _SHA256.match(sha):
            raise NotFound("dat is geen sha256")
        return self._root / sha[:2] / sha
