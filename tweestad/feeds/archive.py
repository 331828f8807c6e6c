"""Keeps replies as they were sent, for as long as the manifest allows: `raw/{source}/{part}/{time}-{sha}`."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tweestad.feeds.manifest import Manifest

_TIME = "%Y%m%dT%H%M%S%fZ"


class Archive:
    """A folder that only who runs the twin can read: nothing below it is served."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, manifest: Manifest, part: str, file: Path, received: datetime) -> Path | None:
        """Move a reply to its place, or remove it when it may not be kept."""
        if not manifest.keep_raw or not file.exists():
            file.unlink(missing_ok=True)
            return None
        with file.open("rb") as handle:
            sha = hashlib.file_digest(handle, "sha256").hexdigest()[:12]
        folder = self._folder / manifest.id / part
        folder.mkdir(parents=True, exist_ok=True)
        return file.replace(folder / f"{received.strftime(_TIME)}-{sha}")

    def prune(self, manifest: Manifest, now: datetime) -> int:
        """Remove what is older than the manifest allows; returns how many files went."""
        gone = 0
        for file in (self._folder / manifest.id).glob("*/*"):
            told = file.name.partition("-")[0]
            if _is_old(told, now, manifest.keep_raw):
                file.unlink(missing_ok=True)
                gone += 1
        return gone


def _is_old(told: str, now: datetime, keep: timedelta) -> bool:
    try:
        return now - datetime.strptime(told, _TIME).replace(tzinfo=UTC) > keep
    except ValueError:
        return False
