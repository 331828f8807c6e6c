"""The files that the web build made, by the names in its manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Entry:
    """Addresses of one entry of the build: its script (empty for a style sheet) and its styles."""

    script: str
    styles: tuple[str, ...]


class Assets:
    """Reads `.vite/manifest.json` again when it has changed; without a build there are no addresses."""

    def __init__(self, static_dir: Path, address: str = "/static/") -> None:
        self._manifest = static_dir / ".vite" / "manifest.json"
        self._address = address
        self._stamp = 0
        self._chunks: Mapping[str, Any] = {}
        self._lock = Lock()

    def entry(self, source: str) -> Entry:
        """The addresses for a source file such as `src/main.ts`."""
        chunks = self._read()
        chunk = chunks.get(source)
        if chunk is None:
            return Entry("", ())
        file: str = chunk["file"]
        if file.endswith(".css"):
            return Entry("", (self._address + file,))
        return Entry(self._address + file, tuple(self._address + s for s in _styles(chunks, source)))

    def _read(self) -> Mapping[str, Any]:
        try:
            stamp = self._manifest.stat().st_mtime_ns
        except FileNotFoundError:
            return {}
        with self._lock:
            if stamp != self._stamp:
                self._chunks = orjson.loads(self._manifest.read_bytes())
                self._stamp = stamp
            return self._chunks


def _styles(chunks: Mapping[str, Any], source: str) -> list[str]:
    """Styles of a chunk and of all that it imports at once (not of what it loads later)."""
    found: list[str] = []
    seen: set[str] = set()
    queue = [source]
    while queue:
        name = queue.pop(0)
        if name in seen or name not in chunks:
            continue
        seen.add(name)
        found.extend(s for s in chunks[name].get("css", ()) if s not in found)
        queue.extend(chunks[name].get("imports", ()))
    return found
