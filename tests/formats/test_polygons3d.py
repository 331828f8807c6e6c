"""3D polygons of a GeoPackage become buildings with roofs, walls and a footprint."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from tests.formats.city_samples import CORNERS, ORIGIN, SURFACES, objects_of, reasons_of
from tweestad.errors import InputRejected
from tweestad.formats.cityjson.choice import Passed
from tweestad.formats.cityjson.polygons3d import read_polygons3d
from tweestad.model.city_object import CityObject, SurfaceKind
from tweestad.model.layer import Rejected

BINNENHOF = "buildings3d/denhaag-binnenhof_3dbag-lod22.gpkg"
LABELS = "(6:1,0,2,2,2,2)"


def faces(shift: float = 0.0) -> shapely.MultiPolygon:
    """The house of the other samples as loose faces."""
    points = np.array(CORNERS) / 1000 + ORIGIN + [shift, 0, 0]
    return shapely.MultiPolygon([shapely.Polygon(points[ring]) for [ring] in SURFACES])


def read(path: Path) -> list[CityObject | Rejected]:
    return [each for each in read_polygons3d(path) if not isinstance(each, Passed)]


def package(
    path: Path,
    geometries: Sequence[shapely.Geometry | None],
    labels: list[str | None],
    crs: str = "EPSG:7415",
    driver: str = "GPKG",
) -> Path:
    pyogrio.raw.write(
        path,
        np.array([None if g is None else shapely.to_wkb(g) for g in geometries], dtype=object),
        [
            np.array([f"pand-{n}" for n in range(len(geometries))], dtype=object),
            np.array(labels, dtype=object),
        ],
        ["identificatie", "labels"],
        driver=driver,
        geometry_type="Unknown" if driver == "GPKG" else "MultiPolygon Z",
        crs=crs,
    )
    return path


@pytest.mark.parametrize("driver", ["GPKG", "FlatGeobuf"])
def test_upright_faces_are_one_building_with_its_footprint(tmp_path: Path, driver: str) -> None:
    path = package(
        tmp_path / "a.bin.gpkg" if driver == "GPKG" else tmp_path / "a.fgb",
        [faces()],
        [LABELS],
        driver=driver,
    )
    [found] = objects_of(read(path))
    assert (found.key, found.type, found.attributes) == ("row 1", "Building", {"identificatie": "pand-0"})
    assert found.shape is not None
    assert (len(found.shape.vertices), len(found.shape.kinds)) == (8, 6)
    assert found.shape.kinds.tolist() == [
        SurfaceKind.GROUND,
        SurfaceKind.ROOF,
        *[SurfaceKind.WALL] * 4,
    ]
    assert shapely.area(shapely.from_wkb(found.footprint)) == pytest.approx(100.0)
    assert float(np.ptp(found.shape.vertices[:, 2])) == 6.0


@pytest.mark.parametrize("labels", [None, "", "(5:1,0,2,2,2)", "(6:1,0,2)", "a", "(6:" + "9" * 5000 + ")"])
def test_without_labels_that_fit_the_normals_tell(tmp_path: Path, labels: str | None) -> None:
    [found] = objects_of(read(package(tmp_path / "a.gpkg", [faces()], [labels])))
    assert found.shape is not None
    assert set(found.shape.kinds.tolist()) == {SurfaceKind.UNKNOWN}
    assert shapely.area(shapely.from_wkb(found.footprint)) == pytest.approx(100.0)


def test_a_row_that_is_no_building_is_rejected_with_its_reason(tmp_path: Path) -> None:
    nowhere = shapely.transform(faces(), lambda p: p * math.inf, include_z=True)
    rows = [None, shapely.Point(1, 2, 3), shapely.box(0, 0, 1, 1), faces(9e5), faces(), nowhere]
    found = read(package(tmp_path / "a.gpkg", rows, [None] * len(rows)))
    reasons = reasons_of(found)
    assert reasons["row 1"] == "it has no geometry"
    assert reasons["row 2"] == "it is a Point, not polygons"
    assert reasons["row 3"] == "its polygons have no height"
    assert "outside the Dutch RD grid" in reasons["row 4"]
    assert reasons["row 6"] == "one of its coordinates is not a number"
    assert [each.key for each in objects_of(found)] == ["row 5"]


def test_a_file_in_another_system_or_that_is_no_such_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRejected, match="read in Dutch RD only"):
        read(package(tmp_path / "a.gpkg", [faces()], [None], crs="EPSG:25832"))
    text = tmp_path / "b.gpkg"
    text.write_text('<OGRVRTDataSource><OGRVRTLayer name="a"/></OGRVRTDataSource>')
    with pytest.raises(InputRejected, match="not GeoPackage or FlatGeobuf"):
        read(text)
    whole = (tmp_path / "a.gpkg").read_bytes()
    text.write_bytes(whole[: len(whole) // 3])
    with pytest.raises(InputRejected, match="damaged or not complete"):
        read(text)
    with pytest.raises(InputRejected, match="cannot be read"):
        read(tmp_path / "c.gpkg")


def test_a_database_with_a_view_or_a_virtual_table_is_refused(tmp_path: Path) -> None:
    path = package(tmp_path / "a.gpkg", [faces()], [LABELS])
    with sqlite3.connect(path) as database:
        database.execute("CREATE VIEW kijk AS SELECT * FROM a")
        for table in ("gpkg_contents", "gpkg_geometry_columns"):
            row = list(database.execute(f"SELECT * FROM {table}").fetchone())  # noqa: S608
            row = ["kijk" if cell == "a" else cell for cell in row]
            database.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", row)  # noqa: S608
    database.close()
    with pytest.raises(InputRejected, match="‘kijk’ is a view: only tables are read"):
        list(read_polygons3d(path, sublayer="kijk"))
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA writable_schema = ON")
        database.execute(
            "INSERT INTO sqlite_master VALUES"
            " ('table', 'v', 'v', 0, 'CREATE VIRTUAL TABLE v USING VirtualOGR(''/etc/passwd'')')"
        )
    database.close()
    with pytest.raises(InputRejected, match="‘v’ is a virtual table, which is not read"):
        list(read_polygons3d(path, sublayer="a"))


def test_a_system_that_differs_from_the_declared_one_is_refused(tmp_path: Path) -> None:
    path = package(tmp_path / "a.gpkg", [faces()], [LABELS])
    assert len(list(read_polygons3d(path, crs=28992))) == 1
    with pytest.raises(InputRejected, match="says EPSG:7415, but twin"):
        list(read_polygons3d(path, crs=4326))


@pytest.mark.open_data
def test_the_binnenhof_has_ten_buildings_with_roofs_and_walls(open_data: Path) -> None:
    found = read(open_data / BINNENHOF)
    assert reasons_of(found) == {}
    buildings = objects_of(found)
    assert len({each.attributes["identificatie"] for each in buildings}) <= len(buildings) == 10
    for each in buildings:
        assert each.shape is not None
        kinds = set(each.shape.kinds.tolist())
        assert {SurfaceKind.GROUND, SurfaceKind.ROOF, SurfaceKind.WALL} <= kinds
        assert shapely.area(shapely.from_wkb(each.footprint)) > 10
