"""Removes tiles that neither the present scene nor the one before it points to."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from tweestad.ground.quantized import LAYER_FILE, TERRAIN_ID

_CONTENT = re.compile(r'c/([0-9a-f]{16}(?:\.[a-z0-9]+)?)["/]')
_DESCRIPTIONS = ("tileset.json", LAYER_FILE)


def sweep(
    tiles: Path, keep_versions: Iterable[int], keep_tilesets: Iterable[str], scenes: Iterable[str]
) -> int:
    """Remove contents, numbered tilesets and tileset folders that are not kept; returns how many files went.

    `scenes` are the texts of the scenes to keep. Without the one before, everything only that scene
    showed goes at once: so it must be when something has stopped being public.
    """
    versions = {str(n) for n in keep_versions}
    kept = set(keep_tilesets)
    removed = 0
    used: set[str] = {name for text in scenes for name in _CONTENT.findall(text)}
    for folder in sorted(p for p in tiles.iterdir() if p.is_dir() and p.name != "c"):
        if folder.name not in kept:
            removed += _remove(folder)
            continue
        for numbered in sorted(p for p in folder.iterdir() if p.is_dir() and p.name.isdigit()):
            described = [numbered / name for name in _DESCRIPTIONS if (numbered / name).is_file()]
            if numbered.name in versions and described:
                used |= set(_CONTENT.findall(described[0].read_text(encoding="utf-8")))
            else:
                removed += _remove(numbered)
    for content in sorted((tiles / "c").glob("*")) if (tiles / "c").is_dir() else []:
        if content.name.removesuffix(".gz") not in used:
            removed += _remove(content)
    return removed


def _remove(path: Path) -> int:
    """Remove a file or a whole folder; returns how many files went."""
    if not path.is_dir():
        path.unlink()
        return 1
    count = sum(1 for p in path.rglob("*") if p.is_file())
    shutil.rmtree(path)
    return count


def tilesets_of(scene: str) -> frozenset[str]:
    """The folders of the tilesets, and of the terrain, in the text of a scene.json."""
    body = json.loads(scene)
    terrain = {TERRAIN_ID} if "terrain" in body else set()
    return frozenset({*(str(each["id"]) for each in body["tilesets"]), *terrain})


def version_of(scene: str) -> int:
    """The version in the text of a scene.json."""
    return int(json.loads(scene)["version"])
