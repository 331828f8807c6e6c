"""Removes tiles that neither the present scene nor the one before it points to."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from tweestad.ground.quantized import TERRAIN_ID

_CONTENT = re.compile(r'c/([0-9a-f]{16}\.[a-z0-9]+)"')


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
            removed += sum(1 for p in folder.rglob("*") if p.is_file())
            shutil.rmtree(folder)
            continue
        for numbered in sorted(p for p in folder.iterdir() if p.is_dir() and p.name.isdigit()):
            if numbered.name in versions and (numbered / "tileset.json").is_file():
                text = (numbered / "tileset.json").read_text(encoding="utf-8")
                used |= set(_CONTENT.findall(text))
            elif numbered.name in versions and folder.name == TERRAIN_ID:
                pass  # its tiles lie in this folder itself
            else:
                removed += sum(1 for p in numbered.rglob("*") if p.is_file())
                shutil.rmtree(numbered)
    for content in sorted((tiles / "c").glob("*")) if (tiles / "c").is_dir() else []:
        if content.name.removesuffix(".gz") not in used:
            content.unlink()
            removed += 1
    return removed


def tilesets_of(scene: str) -> frozenset[str]:
    """The folders of the tilesets, and of the terrain, in the text of a scene.json."""
    body = json.loads(scene)
    terrain = {TERRAIN_ID} if "terrain" in body else set()
    return frozenset({*(str(each["id"]) for each in body["tilesets"]), *terrain})


def version_of(scene: str) -> int:
    """The version in the text of a scene.json."""
    return int(json.loads(scene)["version"])
