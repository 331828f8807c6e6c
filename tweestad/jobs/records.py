"""Remembers on disk what was made of what, so that nothing is made twice from the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tweestad.files import write_atomically


class Records:
    """Small JSON texts and other files, named after a hash of all they were made from, in one folder.

    `program` must change when the code does. The folder is not public, and a record that is lost or
    damaged is made again. May be used from several threads, for different keys.
    """

    def __init__(self, folder: Path, program: str = "") -> None:
        self.program = program
        self._folder = folder
        self._used: set[str] = set()

    def key(self, parts: Iterable[bytes]) -> str:
        """The hash of the program and these parts, each as a whole."""
        digest = hashlib.sha256(self.program.encode())
        for part in parts:
            digest.update(hashlib.sha256(part).digest())
        return digest.hexdigest()

    def find(self, key: str) -> Any:
        """The JSON that was put, or None when it must be made."""
        try:
            return json.loads(self.path(f"{key}.json").read_bytes())
        except (OSError, ValueError):
            return None  # then it is made again, nothing more

    def put(self, key: str, body: object) -> None:
        """Remember what was made."""
        write_atomically(self.path(f"{key}.json"), json.dumps(body).encode())

    def put_bytes(self, name: str, data: bytes) -> None:
        """Keep a file of this name."""
        write_atomically(self.path(name), data)

    def path(self, name: str) -> Path:
        """Where a file of this name is kept, whether or not it is there; it counts as used."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._used.add(name)
        return self._folder / name

    def forget_others(self) -> None:
        """Remove the files that were not asked for since this was opened."""
        for path in self._folder.iterdir() if self._folder.is_dir() else ():
            if path.name not in self._used:
                path.unlink(missing_ok=True)
