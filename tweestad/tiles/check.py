"""Checks a tileset on disk as a viewer will meet it: every box, every content, every id."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tweestad.errors import InputRejected
from tweestad.tiles.box import Box
from tweestad.tiles.decode import DecodedCopies, decode_glb
from tweestad.tiles.metadata import ID_PROPERTY

MOST_SHOWN = 20
DEEPEST = 32
NORMAL_LENGTH_ERROR = 0.02


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What is wrong, one sentence each, and what was found; no faults means the tileset is sound."""

    faults: tuple[str, ...]
    tiles: int
    ids: frozenset[str]
    triangles: int
    lines: int


def check_tileset(path: Path, expected_ids: Iterable[str] | None = None) -> CheckReport:
    """Check a tileset.json and all tiles below it.

    Each content must lie in the box of its tile, each box in that of its parent, every vertex must
    belong to a feature, no id may come twice, and the ids must be `expected_ids` where given.
    """
    found = _Findings(path)
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        found.visit(body["root"], None, float(body["geometricError"]), 0)
        if len(body["root"].get("transform", ())) != 16:
            found.faults.append("the root has no transform of sixteen numbers")
        if body["asset"]["version"] != "1.1":
            found.faults.append(f"the version is {body['asset']['version']!r} instead of '1.1'")
    except (OSError, ValueError, KeyError, TypeError) as exc:
        found.faults.append(f"{path.name} cannot be read: {exc!r}")
    found.compare_ids(expected_ids)
    return CheckReport(tuple(found.faults), found.tiles, frozenset(found.ids), found.triangles, found.lines)


@dataclass(slots=True)
class _Findings:
    path: Path
    faults: list[str] = field(default_factory=list)
    ids: Counter[str] = field(default_factory=Counter)
    tiles: int = 0
    triangles: int = 0
    lines: int = 0

    def visit(self, tile: dict[str, Any], parent: Box | None, error_m: float, depth: int) -> None:
        name = tile.get("content", {}).get("uri", f"tile at depth {depth}")
        try:
            box = Box.from_numbers(tile["boundingVolume"]["box"])
        except InputRejected as exc:
            self.faults.append(f"{name}: {exc}")
            return
        if parent is not None and not parent.contains(box):
            self.faults.append(f"{name}: its box sticks out of that of its parent")
        if tile["geometricError"] > error_m:
            self.faults.append(f"{name}: its geometric error is larger than that of its parent")
        if depth and "transform" in tile:
            self.faults.append(f"{name}: only the root may have a transform")
        if "content" in tile:
            self._content(name, box)
        children = tile.get("children", [])
        if depth >= DEEPEST:
            self.faults.append(f"{name}: more than {DEEPEST} levels")
            return
        for child in children:
            self.visit(child, box, tile["geometricError"], depth + 1)

    def _content(self, uri: str, box: Box) -> None:
        self.tiles += 1
        # A link out of the tiles folder would not be served.
        if "://" in uri or uri.startswith("/"):
            self.faults.append(f"{uri}: not a link within the folder")
            return
        try:
            decoded = decode_glb((self.path.parent / uri).read_bytes())
        except (OSError, InputRejected) as exc:
            self.faults.append(f"{uri}: {exc}")
            return
        mesh = decoded.mesh
        if not box.contains(Box.around(mesh.positions), tolerance_m=2e-3):
            self.faults.append(f"{uri}: its content sticks out of its box")
        if len(mesh.indices) and int(mesh.indices.max()) >= len(mesh.positions):
            self.faults.append(f"{uri}: an index points past the last vertex")
        if mesh.normals is not None:
            lengths = np.sqrt((mesh.normals**2).sum(1))
            if np.abs(lengths - 1.0).max() > NORMAL_LENGTH_ERROR:
                self.faults.append(f"{uri}: a normal is not a unit vector")
        if mesh.lines:
            self.lines += len(mesh.indices) // 2
        else:
            self.triangles += len(mesh.indices) // 3
        ids = [str(i) for i in decoded.columns.get(ID_PROPERTY, ())]
        self.ids.update(ids)
        if decoded.copies:
            self._copies(uri, decoded.copies, len(ids))
        elif mesh.features is not None and set(mesh.features.tolist()) != set(range(len(ids))):
            self.faults.append(f"{uri}: features without vertices, or vertices without a feature")

    def _copies(self, uri: str, copies: tuple[DecodedCopies, ...], rows: int) -> None:
        drawn = np.concatenate([group.features for group in copies])
        if not np.array_equal(np.sort(drawn), np.arange(rows)):
            self.faults.append(f"{uri}: a feature is drawn more than once, or not at all")
        if min(float(group.scales.min()) for group in copies) <= 0:
            self.faults.append(f"{uri}: a copy has no size")

    def compare_ids(self, expected_ids: Iterable[str] | None) -> None:
        twice = sorted(i for i, n in self.ids.items() if n > 1)
        self.faults += [f"id {i} is in more than one place" for i in twice[:MOST_SHOWN]]
        if expected_ids is None:
            return
        expected = set(expected_ids)
        self.faults += [f"id {i} is missing" for i in sorted(expected - set(self.ids))[:MOST_SHOWN]]
        self.faults += [f"id {i} was not asked for" for i in sorted(set(self.ids) - expected)[:MOST_SHOWN]]
