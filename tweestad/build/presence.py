"""Whether what a build made is still there: cheap enough to ask at every start, honest enough to trust."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from tweestad.config import Config
from tweestad.errors import InputRejected, StoreUnavailable
from tweestad.model.twin_document import TWIN_KEY, TWIN_KIND

# As `store/opening.py` and `scene/manifest.py` have them; importing these would load a database library
# and the drawing of tiles.
SQLITE_NAME = "tweestad.sqlite"
SCENE_FILE = "scene.json"
_CONTENT = re.compile(r'/c/([0-9a-f]{16}(?:\.[a-z0-9]+)?)["/]')
_NO_TABLE = "no such table"


def find_twin_id(config: Config) -> str | None:
    """The twin in the store, or None when there is no store or nothing in it; makes and changes nothing.

    Raises StoreUnavailable, saying what to do, for a file that cannot be opened as a database.
    """
    if config.database_url:
        return _twin_on_server(config)
    path = config.data_dir / SQLITE_NAME
    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            row = opened.execute(
                "SELECT body FROM document WHERE kind = ? AND key = ?", (TWIN_KIND, TWIN_KEY)
            ).fetchone()
        return None if row is None else str(json.loads(row[0])["id"])
    except sqlite3.OperationalError as exc:
        if _NO_TABLE in str(exc):
            return None
        raise _unusable(path, exc) from exc
    except (sqlite3.DatabaseError, ValueError, KeyError, TypeError) as exc:
        raise _unusable(path, exc) from exc


def _unusable(path: Path, exc: Exception) -> StoreUnavailable:
    return StoreUnavailable(
        f"{path} cannot be opened as a database ({exc}): put back a copy, or move it away and build again"
    )


def _twin_on_server(config: Config) -> str | None:
    from tweestad.store.opening import open_store  # noqa: PLC0415

    store = open_store(config.database_url, config.data_dir)
    try:
        found = store.find_document(TWIN_KIND, TWIN_KEY)
        return None if found is None else str(found["id"])
    finally:
        store.close()


def find_scene(tiles: Path) -> str | None:
    """The text of scene.json, or None when there is none or it cannot be read as a scene."""
    try:
        text = (tiles / SCENE_FILE).read_text(encoding="utf-8")
        _ = int(json.loads(text)["version"]), list(_urls(json.loads(text)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return text


def fault_of_tiles(tiles: Path) -> str:
    """What is wrong with the tiles, in words: the first thing that scene.json needs and is not there."""
    if not (tiles / SCENE_FILE).is_file():
        return f"{SCENE_FILE} is not there"
    text = find_scene(tiles)
    if text is None:
        return f"{SCENE_FILE} is damaged"
    try:
        contents = {path.name for path in (tiles / "c").iterdir()}
    except OSError:
        contents = set()
    for url in _urls(json.loads(text)):
        name = url.removeprefix("/tiles/")
        if not (tiles / name).is_file():
            return f"{name} is not there"
        if not name.endswith(("/tileset.json", "/layer.json")):
            continue
        for content in _CONTENT.findall((tiles / name).read_text(encoding="utf-8", errors="replace")):
            if content not in contents:
                return f"c/{content} is not there"
    return ""


def _urls(scene: Any) -> Iterator[str]:
    """The addresses in a scene; KeyError, TypeError or AttributeError when it is not one."""
    for entry in (*scene["tilesets"], *scene["flat"]):
        _ = entry["id"], entry["url"].removeprefix("/tiles/")
        yield entry["url"]
    if "terrain" in scene:
        yield scene["terrain"]["url"]
    for label in scene["labels"]:
        _ = label["layer"]


def check_folder(folder: Path) -> None:
    """Raise InputRejected when nothing can be written in a folder that is there or is to be made."""
    place = folder.absolute()
    while not os.path.lexists(place):
        place = place.parent
    if not place.is_dir():
        # Below a file the system says the same of each name, so it is the file that must be told.
        raise InputRejected(f"{folder} cannot be a folder to write to: {place} is not a folder")
    if not os.access(place, os.W_OK | os.X_OK):
        raise InputRejected(f"{folder} cannot be written to: {place} is read-only for you")


def check_built(config: Config) -> None:
    """Raise InputRejected when the data folder holds no built twin to serve."""
    if find_scene(config.tiles_dir) is None or find_twin_id(config) is None:
        raise InputRejected(
            f"there is no built twin in {config.data_dir}: build it first:"
            f" tweestad build DIR --data {config.data_dir}"
        )
