"""Terrain for other viewers: decoded by hand, it has the heights of the ground, and neighbours agree."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.formats.terrain_samples import X, Y
from tests.ground.test_terrain import NO_SAMPLES, SIZE, measured
from tweestad import crs
from tweestad.ground.height import GroundHeight
from tweestad.ground.quantized import GRID, TileName, plan_terrain, terrain_tiles
from tweestad.model.feature import BBox

Floats = NDArray[np.float64]
BOX = BBox(X - 300, Y - 300, X + 500, Y + 500)


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """A tile: `corners` (n, 3) in degrees and ellipsoidal metres, `step_m` of its heights, edges by side."""

    corners: Floats
    faces: NDArray[np.int64]
    step_m: float
    edges: tuple[NDArray[np.int64], ...]


def decoded(name: TileName, data: bytes) -> Decoded:
    """Read a tile by the text of the specification (quantized-mesh 1.0), not with the encoder's own code."""
    low, high = struct.unpack_from("<ff", data, 24)
    (count,) = struct.unpack_from("<I", data, 88)
    raw = np.frombuffer(data, "<u2", 3 * count, 92).reshape(3, count).astype(np.int64)
    u, v, h = np.cumsum((raw >> 1) ^ -(raw & 1), axis=1) / 32767
    place = 92 + 6 * count
    (triangles,) = struct.unpack_from("<I", data, place)
    codes = np.frombuffer(data, "<u2", 3 * triangles, place + 4).astype(np.int64)
    indices, highest = np.empty_like(codes), 0
    for n, code in enumerate(codes):
        indices[n] = highest - code
        highest += code == 0
    place += 4 + 6 * triangles
    edges = []
    for _ in range(4):
        (length,) = struct.unpack_from("<I", data, place)
        edges.append(np.frombuffer(data, "<u2", length, place + 4).astype(np.int64))
        place += 4 + 2 * length
    assert place == len(data)
    west, south, east, north = name.bounds
    corners = [west + u * (east - west), south + v * (north - south), low + h * (high - low)]
    return Decoded(np.column_stack(corners), indices.reshape(-1, 3), (high - low) / 32767, tuple(edges))


@pytest.fixture(scope="module")
def height() -> GroundHeight:
    return GroundHeight.from_terrain(measured(), *NO_SAMPLES)


@pytest.fixture(scope="module")
def tiles(height: GroundHeight) -> dict[TileName, bytes]:
    return dict(terrain_tiles(height, BOX, plan_terrain(BOX, "AHN").names))


def test_the_heights_are_those_of_the_ground(height: GroundHeight, tiles: dict[TileName, bytes]) -> None:
    seen = 0
    for name, data in tiles.items():
        tile = decoded(name, data)
        if name.level < 14:
            continue
        xy = crs.from_lonlat(tile.corners[:, :2])
        inside = ((xy > [BOX.min_x, BOX.min_y]) & (xy < [BOX.max_x, BOX.max_y])).all(axis=1)
        true = crs.to_geodetic(np.column_stack([xy, height.at(xy)]))[:, 2]
        # Up to 2 mm sideways from the grid of the tile, on slopes of up to 1 in 6.
        assert np.abs(tile.corners[inside, 2] - true[inside]).max(initial=0) < 0.01 + tile.step_m
        on_dyke = inside & (np.abs(xy - [X + SIZE / 2, Y + SIZE / 2]) < SIZE / 2 - 15).all(axis=1)
        seen += int(on_dyke.sum())
    assert seen > 100


def test_neighbours_have_the_same_heights_along_their_edge(tiles: dict[TileName, bytes]) -> None:
    compared = 0
    for name, data in tiles.items():
        for right, sides in ((True, (2, 0)), (False, (3, 1))):
            other = TileName(name.level, name.column + right, name.row + (not right))
            if other not in tiles:
                continue
            mine, its = decoded(name, data), decoded(other, tiles[other])
            edge, facing = mine.corners[mine.edges[sides[0]]], its.corners[its.edges[sides[1]]]
            along = 1 if right else 0
            edge, facing = edge[np.argsort(edge[:, along])], facing[np.argsort(facing[:, along])]
            assert len(edge) == len(facing) == GRID
            assert np.abs(edge[:, :2] - facing[:, :2]).max() < 1e-9
            assert np.abs(edge[:, 2] - facing[:, 2]).max() <= mine.step_m + its.step_m
            compared += 1
    assert compared > 10


def test_triangles_fill_the_tile_and_face_up(tiles: dict[TileName, bytes]) -> None:
    for name, data in tiles.items():
        tile = decoded(name, data)
        a, b, c = (tile.corners[tile.faces[:, n], :2] for n in range(3))
        area = ((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]) / 2
        west, south, east, north = name.bounds
        assert (area > 0).all()
        assert area.sum() == pytest.approx((east - west) * (north - south))


def test_the_description_names_exactly_the_tiles_that_there_are(tiles: dict[TileName, bytes]) -> None:
    layer = plan_terrain(BOX, "AHN").layer_json("../c/0123456789abcdef")
    named = {
        TileName(level, column, row)
        for level, ranges in enumerate(layer["available"])
        for each in ranges
        for column in range(each["startX"], each["endX"] + 1)
        for row in range(each["startY"], each["endY"] + 1)
    }
    assert named == set(tiles)
    assert {TileName(0, 0, 0), TileName(0, 1, 0)} <= named
    assert layer["maxzoom"] == 16
    assert layer["tiles"] == ["../c/0123456789abcdef/{z}/{x}/{y}.terrain"]


def test_a_wide_terrain_stops_at_a_level_with_few_tiles() -> None:
    planned = plan_terrain(BBox(118_150, 481_950, 126_550, 490_350), "AHN")
    assert planned.layer["maxzoom"] == 15
    assert len(planned.names) < 800


def test_the_same_ground_gives_the_same_bytes(height: GroundHeight, tiles: dict[TileName, bytes]) -> None:
    again = dict(terrain_tiles(height, BOX, plan_terrain(BOX, "AHN").names))
    assert again == tiles
