"""The tree of tiles and its tileset.json (3D Tiles 1.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tweestad.tiles.box import Box
from tweestad.tiles.folder import TileFolder
from tweestad.tiles.frame import Frame
from tweestad.tiles.glb import Glb

ROOT_ERROR_M = 4000.0
"""So large that a viewer always looks below the root, from wherever the city is in view."""


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """One tile: its box holds its content and its children, which are drawn in addition to it.

    `geometric_error_m` is the size of what is missing as long as the children are not drawn.
    """

    box: Box
    geometric_error_m: float
    content: Glb | None = None
    children: tuple[Tile, ...] = ()

    @classmethod
    def leaf(cls, content: Glb) -> Tile:
        """A tile without children."""
        return cls(content.box, 0.0, content)

    @classmethod
    def parent(cls, children: Sequence[Tile], geometric_error_m: float, content: Glb | None = None) -> Tile:
        """A tile around its children, and its own content where it has any."""
        boxes = [child.box for child in children] + ([content.box] if content else [])
        return cls(Box.union(boxes), geometric_error_m, content, tuple(children))

    def walk(self) -> Iterator[Tile]:
        """This tile and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True, eq=False)
class Tileset:
    """All tiles of one thing on the map, or none at all (`root` is None)."""

    frame: Frame
    root: Tile | None
    error_m: float = ROOT_ERROR_M

    @classmethod
    def of(cls, frame: Frame, tiles: Sequence[Tile]) -> Tileset:
        """A tileset whose root has these tiles as children; without tiles it is empty."""
        return cls(frame, Tile.parent(tiles, ROOT_ERROR_M / 2) if tiles else None)

    def contents(self) -> Iterator[Glb]:
        """The GLB of each tile that has one."""
        if self.root is not None:
            yield from (tile.content for tile in self.root.walk() if tile.content is not None)

    @property
    def triangles(self) -> int:
        return sum(c.triangles for c in self.contents())

    @property
    def lines(self) -> int:
        return sum(c.lines for c in self.contents())

    @property
    def features(self) -> int:
        return sum(c.features for c in self.contents())

    def body(self, name_of: Callable[[Glb], str]) -> dict[str, Any]:
        """The tileset.json; `name_of` gives the uri of a content."""
        root = (
            _tile_json(self.root, name_of)
            if self.root
            else {"boundingVolume": {"box": [0.0] * 3 + [1, 0, 0, 0, 1, 0, 0, 0, 1]}, "geometricError": 0}
        )
        # One transform for all: tiles below it are in east-north-up metres, their GLBs y-up.
        root |= {"transform": self.frame.transform, "refine": "ADD"}
        return {"asset": {"version": "1.1"}, "geometricError": self.error_m, "root": root}


def write_tileset(tileset: Tileset, folder: TileFolder, tileset_id: str, n: int) -> str:
    """Write the contents that are not there yet, then the tileset.

    Returns `{id}/{n}/tileset.json`, relative to the folder.
    """
    body = tileset.body(lambda glb: glb.name or folder.put(glb.data, "glb"))
    return folder.put_tileset(tileset_id, n, body)


def _tile_json(tile: Tile, name_of: Callable[[Glb], str]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "boundingVolume": {"box": tile.box.numbers()},
        "geometricError": tile.geometric_error_m,
    }
    if tile.content is not None:
        described["content"] = {"uri": name_of(tile.content)}
    if tile.children:
        described["children"] = [_tile_json(child, name_of) for child in tile.children]
    return described
