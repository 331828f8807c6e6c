"""Whole tilesets decoded and held against their source: every building once, where it is, as large as it is.

Nothing here goes through the code under test but the decoder of tiles: the source is read by
`source_model`, placed on earth by pyrdnap (an implementation of RDNAPTRANS2018 in pure Python) and put in
the frame that tileset.json itself states.
"""

from __future__ import annotations

import json
import math
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from tests.tiles.source_model import Source, Surface, read_sources
from tweestad.synthetic.town import write_town
from tweestad.tiles import colour
from tweestad.tiles.convert import convert_files
from tweestad.tiles.decode import DecodedTile, decode_glb

Floats = NDArray[np.float64]

ACROSS_M = 0.02
UPWARD_M = 0.01
AREA = 0.01
BENT_M = 0.25
SEMI_MAJOR_M, FLATTENING = 6_378_137.0, 1 / 298.257222101  # GRS 80
STEEP_UP = math.cos(math.radians(78))

AMSTERDAM = "buildings3d/amsterdam-weesperbuurt_roofer-lod22_2026.city.jsonl.gz"
DELFT = "buildings3d/delft-wippolder_3dbag-v210908-tile5907-subset.city.json.gz"
THE_HAGUE = "buildings3d/denhaag-scheveningen_tile01-lod2-terrain_cityjson10+citygml.zip"


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a tile shows of one object: corners of its triangles (t, 3, 3) in the frame, which are roof."""

    triangles: Floats
    roof: NDArray[np.bool_]
    box: tuple[Floats, Floats]


def tiles_of(path: Path) -> Iterator[tuple[dict[str, Any], tuple[Floats, Floats]]]:
    """Each tile of a tileset with its box, after a look whether that lies inside the box of its parent."""
    body = json.loads(path.read_text(encoding="utf-8"))
    waiting: list[tuple[dict[str, Any], tuple[Floats, Floats] | None]] = [(body["root"], None)]
    while waiting:
        tile, outer = waiting.pop()
        numbers = np.array(tile["boundingVolume"]["box"])
        half = np.abs(numbers[3:].reshape(3, 3)).sum(0)
        box = (numbers[:3] - half, numbers[:3] + half)
        if outer is not None:
            assert (box[0] >= outer[0] - 1e-3).all(), tile
            assert (box[1] <= outer[1] + 1e-3).all(), tile
        yield tile, box
        waiting += [(child, box) for child in tile.get("children", ())]


def objects_of(path: Path) -> Iterator[tuple[str, Drawn]]:
    """Each object in each tile of a tileset."""
    for tile, box in tiles_of(path):
        if "content" in tile:
            decoded = decode_glb((path.parent / tile["content"]["uri"]).read_bytes())
            yield from _objects_in(decoded, box)


def _objects_in(decoded: DecodedTile, box: tuple[Floats, Floats]) -> Iterator[tuple[str, Drawn]]:
    mesh = decoded.mesh
    assert mesh.features is not None
    corners = mesh.indices.reshape(-1, 3)
    owners = mesh.features[corners]
    assert (owners == owners[:, :1]).all(), "a triangle belongs to two objects"
    red, blue = mesh.colours[corners[:, 0], 0], mesh.colours[corners[:, 0], 2]
    roof_ratio, wall_ratio = (c[0] / c[2] for c in map(colour.linear, (colour.ROOF, colour.WALL_TOP)))
    roof = red / blue > (roof_ratio + wall_ratio) / 2
    for number, name in enumerate(decoded.columns["id"]):
        own = owners[:, 0] == number
        yield str(name), Drawn(mesh.positions[corners[own]], roof[own], box)


class Earth:
    """Places RD and NAP in the frame of a tileset: degrees by pyrdnap, the rest by the textbook."""

    def __init__(self, path: Path) -> None:
        from pyrdnap import RDNAP2018v1

        self._rd = RDNAP2018v1()
        transform = json.loads(path.read_text(encoding="utf-8"))["root"]["transform"]
        self._to_local = np.linalg.inv(np.array(transform).reshape(4, 4).T)
        self._known: dict[tuple[float, float], tuple[float, float, float]] = {}

    def place(self, points: Floats) -> Floats:
        """East, north, up (n, 3) in the frame of points (n, 3) in EPSG:7415."""
        degrees = np.array([self._degrees(x, y) for x, y in points[:, :2].tolist()])
        lat, lon = np.radians(degrees[:, 0]), np.radians(degrees[:, 1])
        height = points[:, 2] + degrees[:, 2]
        squared = FLATTENING * (2 - FLATTENING)
        radius = SEMI_MAJOR_M / np.sqrt(1 - squared * np.sin(lat) ** 2)
        geocentric = np.column_stack(
            [
                (radius + height) * np.cos(lat) * np.cos(lon),
                (radius + height) * np.cos(lat) * np.sin(lon),
                (radius * (1 - squared) + height) * np.sin(lat),
                np.ones(len(points)),
            ]
        )
        local: Floats = (geocentric @ self._to_local.T)[:, :3]
        return local

    def _degrees(self, x: float, y: float) -> tuple[float, float, float]:
        found = self._known.get((x, y))
        if found is None:
            place = self._rd.reverse(x, y, 0.0)
            found = self._known[x, y] = (float(place.lat), float(place.lon), float(place.height))
        return found


def is_roof(surface: Surface) -> bool:
    """What the recipe draws as a roof: roofs that are not steep, and what is nameless and looks up."""
    vector = surface.area_vector
    up = vector[2] / max(float(np.linalg.norm(vector)), 1e-9)
    if surface.kind == "RoofSurface":
        return bool(up >= STEEP_UP)
    return surface.kind not in ("WallSurface", "GroundSurface") and bool(up > 0.3)


def furthest(points: Floats, others: Floats) -> tuple[float, float]:
    """How far, across and upward, the furthest point is from the nearest of the others."""
    tree = shapely.STRtree(np.asarray(shapely.points(others[:, :2])))
    pairs = tree.query(shapely.points(points[:, :2]), predicate="dwithin", distance=2 * ACROSS_M)
    across = np.linalg.norm(points[pairs[0], :2] - others[pairs[1], :2], axis=1)
    upward = np.abs(points[pairs[0], 2] - others[pairs[1], 2])
    best = np.full((len(points), 2), np.inf)
    for (n, _), a, u in zip(pairs.T.tolist(), across.tolist(), upward.tolist(), strict=True):
        if max(a / ACROSS_M, u / UPWARD_M) < max(best[n, 0] / ACROSS_M, best[n, 1] / UPWARD_M):
            best[n] = a, u
    return float(best[:, 0].max()), float(best[:, 1].max())


def assert_is_its_source(drawn: Drawn, source: Source, earth: Earth) -> tuple[float, float, float]:
    """One object: its corners are those of its source both ways, inside its box.

    Gives the area of its roofs as drawn, in the source, and of those in the source that are no plane and so
    have no area of their own.
    """
    corners = np.unique(drawn.triangles.reshape(-1, 3), axis=0)
    assert len(drawn.triangles) > 0
    assert (corners >= drawn.box[0] - 2e-3).all(), source.id
    assert (corners <= drawn.box[1] + 2e-3).all(), source.id
    # A speck of less than the grid may vanish, and its corners with it.
    solid = [s for s in source.surfaces if np.linalg.norm(s.area_vector) > 0.01]
    every = np.unique(np.concatenate([r for s in source.surfaces for r in s.rings]), axis=0)
    shown = [r for s in solid if s.kind != "GroundSurface" for r in s.rings]
    across, upward = furthest(corners, earth.place(every))
    assert across <= ACROSS_M, f"{source.id} is drawn {across:.3f} m aside of its source"
    assert upward <= UPWARD_M, f"{source.id} is drawn {upward:.3f} m above or below its source"
    if shown:
        across, upward = furthest(earth.place(np.unique(np.concatenate(shown), axis=0)), corners)
        assert max(across / ACROSS_M, upward / UPWARD_M) <= 1, f"a corner of {source.id} is not drawn"
    turned = np.cross(
        drawn.triangles[:, 1] - drawn.triangles[:, 0], drawn.triangles[:, 2] - drawn.triangles[:, 0]
    )
    areas = np.linalg.norm(turned, axis=1) / 2
    expected = [(float(np.linalg.norm(s.area_vector)) / 2, s.bend_m) for s in source.surfaces if is_roof(s)]
    bent = sum(area for area, bend_m in expected if bend_m > BENT_M)
    return float(areas[drawn.roof].sum()), sum(area for area, _ in expected), bent


def assert_tiles_show_their_source(out: Path, sources: Sequence[Source], *, planned: int = 0) -> None:
    """A whole tileset; `planned` objects have no measured shape and are drawn from their footprint."""
    path = out / "gebouwen" / "tileset.json"
    earth = Earth(path)
    by_id = {source.id: source for source in sources}
    assert len(by_id) == len(sources)
    times: Counter[str] = Counter()
    roofs: list[tuple[float, float, float]] = []
    for name, drawn in objects_of(path):
        times[name] += 1
        if by_id[name].lod >= 1:
            roofs.append(assert_is_its_source(drawn, by_id[name], earth))
    measured = {source.id for source in sources if source.lod >= 1}
    assert measured <= times.keys()
    assert len(times.keys() - measured) == planned
    assert set(times.values()) == {1}
    areas = np.array(roofs)
    assert areas[:, 0].sum() == pytest.approx(areas[:, 1].sum(), rel=AREA)
    # On a grid of 16 mm a small roof may differ by a few of its own edges.
    assert (np.abs(areas[:, 0] - areas[:, 1]) <= AREA * areas[:, 1] + 0.5 + areas[:, 2]).all()
    assert (areas[:, 2] > 0).mean() < 0.05


def test_an_invented_town_is_drawn_as_it_is(tmp_path: Path) -> None:
    write_town(tmp_path / "town", seed=7, size=140)
    (source,) = (tmp_path / "town").glob("gebouwen*.city.jsonl*")
    report = convert_files([source], tmp_path / "out")
    sources = read_sources(source)
    assert report.objects_in == len(sources)
    assert_tiles_show_their_source(tmp_path / "out", sources, planned=report.extruded)


def test_a_shifted_building_would_be_noticed(tmp_path: Path) -> None:
    write_town(tmp_path / "town", seed=7, size=20)
    (source,) = (tmp_path / "town").glob("gebouwen*.city.jsonl*")
    convert_files([source], tmp_path / "out")
    sources = read_sources(source)
    for shift, told in (([0.03, 0.0, 0.0], "aside"), ([0.0, 0.0, 0.03], "above or below")):
        moved = [Source(s.type, s.id, s.lod, tuple(_moved(f, shift) for f in s.surfaces)) for s in sources]
        with pytest.raises(AssertionError, match=told):
            assert_tiles_show_their_source(tmp_path / "out", moved)


def _moved(surface: Surface, shift: list[float]) -> Surface:
    return Surface(surface.kind, tuple(ring + shift for ring in surface.rings))


@pytest.mark.open_data
@pytest.mark.parametrize(
    ("path", "measured", "plans"), [(AMSTERDAM, 449, 25), (DELFT, 443, 0), (THE_HAGUE, 844, 0)]
)
def test_a_real_city_is_drawn_as_it_is(
    open_data: Path, tmp_path: Path, path: str, measured: int, plans: int
) -> None:
    file = open_data / path
    if file.suffix == ".zip":
        with zipfile.ZipFile(file) as archive:
            (name,) = [n for n in archive.namelist() if n == "DenHaag/DenHaag_01.json"]
            file = Path(archive.extract(name, tmp_path))
    report = convert_files([file], tmp_path / "out", crs=28992)
    assert report.objects_out == measured
    assert len(report.shapeless) == plans
    buildings = [source for source in read_sources(file) if source.type == "Building"]
    assert_tiles_show_their_source(tmp_path / "out", buildings)
