"""Tubes: each one once, around its own line, with its own diameter; in pieces where the depth is unknown."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.tiles.validator import gltf_faults
from tweestad.tiles import colour
from tweestad.tiles.check import check_tileset
from tweestad.tiles.decode import decode_glb
from tweestad.tiles.folder import TileFolder
from tweestad.tiles.metadata import make_schema
from tweestad.tiles.plan import Plan, make_plan
from tweestad.tiles.tileset import Tileset, write_tileset
from tweestad.tiles.tube_shape import tube_along
from tweestad.tiles.tubes import TUBE_LEVELS, Tube, build_tubes, dashes, simplified

X, Y = 122_300.0, 486_100.0
PLAN: Plan = make_plan((X, Y), make_schema("riool", [("soort", "text"), ("vorm", "text")]), TUBE_LEVELS)


def pipe(number: int, *, known: bool = True, diameter_m: float = 0.6) -> Tube:
    """A sewer from manhole to manhole that falls and bends once."""
    random = np.random.default_rng(number)
    start = np.array([X, Y, -1.0]) + random.uniform((-800, -800, -1), (800, 800, 0))
    bend = start + np.array([random.uniform(15, 40), random.uniform(-10, 10), -0.2])
    end = bend + np.array([random.uniform(15, 40), random.uniform(-20, 20), -0.2])
    line = np.array([start, bend, end]).round(3)
    return Tube(f"streng-{number:03}", (line,), diameter_m, "vuilwater", known, {"soort": "gres"})


def build(tubes: list[Tube]) -> Tileset:
    return build_tubes(tubes, PLAN.frame(), PLAN)


def hashes(tileset: Tileset) -> set[bytes]:
    return {glb.data for glb in tileset.contents()}


def distance_to(points: np.ndarray, line: np.ndarray) -> np.ndarray:
    """How far points are from a line of several stretches, all (n, 3)."""
    found = []
    for a, b in itertools.pairwise(line):
        part = np.clip((points - a) @ (b - a) / ((b - a) ** 2).sum(), 0, 1)
        found.append(np.sqrt(((points - a - part[:, None] * (b - a)) ** 2).sum(1)))
    nearest: np.ndarray = np.min(found, axis=0)
    return nearest


def test_every_tube_is_in_the_tileset_once_inside_its_boxes_and_valid(tmp_path: Path) -> None:
    tubes = [pipe(n, known=n % 2 == 0) for n in range(120)]
    write_tileset(build(tubes), TileFolder(tmp_path), "riool", 1)
    report = check_tileset(tmp_path / "riool/1/tileset.json", [tube.feature_id for tube in tubes])
    assert report.faults == ()
    assert report.tiles > 5
    assert gltf_faults(sorted((tmp_path / "c").glob("*.glb"))) == []


def test_every_tube_lies_around_its_own_line_within_a_centimetre() -> None:
    tubes = {tube.feature_id: tube for tube in (pipe(n) for n in range(60))}
    frame = PLAN.frame()
    seen = 0
    for glb in build(list(tubes.values())).contents():
        tile = decode_glb(glb.data)
        mesh = tile.mesh
        assert mesh.features is not None
        for row, feature_id in enumerate(tile.columns["id"]):
            points = mesh.positions[mesh.features == row]
            tube = tubes[str(feature_id)]
            line = frame.local(tube.lines[0])
            away = distance_to(points, line)
            assert away.max() < tube.diameter_m * 1.2
            assert abs(points[:, 2].min() - line[:, 2].min() + tube.diameter_m / 2 * np.cos(np.pi / 8)) < 0.02
            for end in (line[0], line[-1]):
                ring = points[np.sqrt(((points - end) ** 2).sum(1)) < tube.diameter_m / 2 + 0.02]
                assert np.abs(ring.mean(0) - end).max() < 0.01
            seen += 1
    assert seen == len(tubes)


@pytest.mark.parametrize(
    "turn_deg",
    [0.0, 20.0, 90.0, 135.0, 175.0],
)
def test_a_tube_is_closed_seen_from_outside_and_mitred_where_it_bends(turn_deg: float) -> None:
    turn = np.radians(turn_deg)
    axis = np.array([[0.0, 0, 0], [10, 0, 0.5], [10 + 10 * np.cos(turn), 10 * np.sin(turn), 0.9]])
    shape = tube_along(axis, 0.5)
    a, b, c = (shape.corners[shape.triangles[k::3]] for k in range(3))
    outward = (np.cross(b - a, c - a) * shape.normals[shape.triangles[::3]]).sum(1)
    assert (outward > 0).all(), "a triangle is seen from inside"
    # The volume by the divergence theorem: a tube with a hole or a flipped side has another one.
    volume = (np.cross(b, c) * a).sum() / 6
    octagon = 0.5**2 * 8 * np.sin(np.pi / 4) / 2
    length = float(np.sqrt((np.diff(axis, axis=0) ** 2).sum(1)).sum())
    assert volume == pytest.approx(octagon * length, rel=0.01)
    joints = int(turn_deg > 140) + 1
    assert len(shape.triangles) // 3 == 2 * 16 + 2 * 6 * joints


def test_a_vertical_tube_has_a_shape_too() -> None:
    shape = tube_along(np.array([[0.0, 0, 0], [0, 0, -8]]), 0.25)
    assert np.isfinite(shape.corners).all()
    assert shape.corners[:, 0].max() == pytest.approx(0.25 * np.cos(np.pi / 8))


def test_an_unknown_depth_is_drawn_in_pieces_and_a_known_one_whole() -> None:
    whole, pieces = build([pipe(1)]), build([pipe(1, known=False)])
    assert pieces.triangles > whole.triangles
    (known,) = whole.contents()
    assert known.triangles == 2 * 16 + 2 * 6
    (thin,) = build([pipe(1, diameter_m=0.11)]).contents()
    assert thin.triangles == 2 * 8 + 2 * 2


def test_dashes_fill_the_line_evenly_and_a_short_line_still_has_one() -> None:
    axis = np.array([[0.0, 0, 0], [50, 0, 0], [50, 30, 0]])
    pieces = dashes(axis, 10.0, 4.0)
    assert len(pieces) == 8
    assert [float(np.sqrt((np.diff(p, axis=0) ** 2).sum(1)).sum()) for p in pieces] == pytest.approx(
        [6.0] * 8
    )
    assert len(dashes(axis[:2] * 0.01, 10.0, 4.0)) == 1


def test_the_dashes_of_a_long_line_keep_its_points_and_their_own_length() -> None:
    random = np.random.default_rng(7)
    axis = np.cumsum(random.uniform(0.1, 30.0, (500, 3)), axis=0)
    pieces = dashes(axis, 12.0, 4.8)
    lengths = [float(np.sqrt((np.diff(piece, axis=0) ** 2).sum(1)).sum()) for piece in pieces]
    assert len(pieces) > 500
    assert max(lengths) - min(lengths) < 0.01
    inner = np.concatenate([piece[1:-1] for piece in pieces]).tolist()
    assert inner == [point for point in axis.tolist() if point in inner]


def test_the_underside_is_darker_than_the_top() -> None:
    (glb,) = build([pipe(3, diameter_m=2.0)]).contents()
    mesh = decode_glb(glb.data).mesh
    assert mesh.normals is not None
    shade = mesh.colours[:, 0] / colour.linear(colour.TUBES["vuilwater"])[0]
    assert shade[mesh.normals[:, 2] > 0.9].min() > shade[mesh.normals[:, 2] < -0.9].max() + 0.1


def test_one_changed_tube_changes_one_tile_and_order_changes_none() -> None:
    tubes = [pipe(n) for n in range(80)]
    before = hashes(build(tubes))
    assert hashes(build(tubes[::-1])) == before
    tubes[11] = replace(tubes[11], diameter_m=0.7)
    after = hashes(build(tubes))
    assert len(before - after) == len(after - before) == 1


def test_points_within_the_tolerance_of_a_line_are_left_out() -> None:
    line = np.array([[0.0, 0, 0], [5, 0.001, 0], [10, 0, 0], [10, 5, 0.3], [10, 10, 0]])
    assert simplified(line, 0.01).tolist() == line[[0, 2, 3, 4]].tolist()


def test_a_hostile_line_of_many_points_is_looked_at_in_stretches() -> None:
    # Every point is the farthest of what is left, so that nothing can be thrown away early.
    n = np.arange(30_000.0)
    spiral = np.column_stack([np.cos(n) * n, np.sin(n) * n, n])
    assert len(simplified(spiral, 0.01)) == len(spiral)
    flat = np.column_stack([n, np.zeros_like(n), np.zeros_like(n)])
    assert len(simplified(flat, 0.01)) == 31


def test_a_tube_without_length_is_not_drawn() -> None:
    point = np.array([[X, Y, -1.0], [X, Y, -1.0]])
    assert build([replace(pipe(1), lines=(point,))]).root is None


def test_the_screen_has_the_same_colours_for_what_tubes_carry() -> None:
    palette = (Path(__file__).resolve().parents[2] / "web/src/drawing/palette.ts").read_text(encoding="utf-8")
    told = palette.split("TUBES:")[1].split("{")[1].split("}")[0]
    assert dict(re.findall(r'(\w+): "(#[0-9a-f]{6})"', told)) == dict(colour.TUBES)
