"""Remembers what was drawn of each cell, so that a city with one changed building redraws one cell."""

from __future__ import annotations

import json
from pathlib import Path

from tweestad.files import write_atomically
from tweestad.tiles.cell import DrawnCell


class DrawnCells:
    """A record per task, named after its hash, in a folder that is not public.

    A record counts only while every tile it names is still in the tile folder. It holds no attributes.
    """

    def __init__(self, folder: Path, tiles: Path) -> None:
        self._folder = folder
        self._tiles = tiles
        self._used: set[str] = set()

    def find(self, key: str) -> DrawnCell | None:
        """What was drawn for this task, or None when it must be drawn."""
        try:
            drawn = DrawnCell.from_json(json.loads(self._path(key).read_bytes()))
        except (OSError, ValueError, KeyError, TypeError):
            return None  # then it is drawn again, nothing more
        if not all((self._tiles / name).is_file() for name in drawn.names()):
            return None
        self._used.add(key)
        return drawn

    def put(self, key: str, drawn: DrawnCell) -> None:
        """Remember what was drawn for this task."""
        self._used.add(key)
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, json.dumps(drawn.as_json()).encode())

    def forget_others(self) -> None:
        """Remove the records that this build neither found nor made."""
        for path in self._folder.glob("*.json") if self._folder.is_dir() else ():
            if path.stem not in self._used:
                path.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.json"
