"""A zip is judged by its whole list before anything is unpacked, and nothing it names is trusted."""

from __future__ import annotations

import json
import sqlite3
import stat
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from tests.formats.vector_samples import X, Y, gml, member, read, refusal, zipped
from tweestad.errors import LimitExceeded
from tweestad.formats.vector.query import VectorQuery
from tweestad.formats.vector.reading import read_vector
from tweestad.formats.zip_member import ZipLimits, unpacked

GEOJSON = json.dumps(
    {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {"n": 7},
                      "geometry": {"type": "Point", "coordinates": [X, Y]}}],
    }
).encode()  # fmt: skip
QUERY = VectorQuery("point", ("n",), crs=28992)


def database(folder: Path, kind: str) -> bytes:
    path = folder / f"p.{'gpkg' if kind == 'GPKG' else 'sqlite'}"
    wkb = shapely.to_wkb(np.array([shapely.Point(X, Y)]))
    pyogrio.raw.write(
        path, geometry=wkb, field_data=[np.array([7], dtype=np.int32)], fields=["n"], layer="palen",
        geometry_type="Point", crs="EPSG:28992", driver=kind,
    )  # fmt: skip
    return path.read_bytes()


@pytest.mark.parametrize("kind", ["GPKG", "SQLite", "GeoJSON", "GML"])
def test_the_chosen_file_in_a_zip_is_read(tmp_path: Path, kind: str) -> None:
    if kind == "GeoJSON":
        data = GEOJSON
    elif kind == "GML":
        data = gml(tmp_path, member(7)).read_bytes()
    else:
        data = database(tmp_path, kind)
    suffix = {"GPKG": "gpkg", "SQLite": "sqlite", "GeoJSON": "geojson", "GML": "gml"}[kind]
    path = zipped(tmp_path / "x.zip", {f"levering/p.{suffix}": data, "ander.json": b"{}", "lees.txt": b"x"})
    columns = ("lokaalID",) if kind == "GML" else ("n",)
    assert "2 files that could be read" in refusal(path, QUERY)
    batch = read(path, QUERY, member=f"p.{suffix}", columns=columns)
    assert batch.row(0) == ({"lokaalID": "G9999.7"} if kind == "GML" else {"n": 7})
    assert shapely.get_coordinates(batch.geometries).tolist() == [[X, Y]]


def test_only_the_chosen_table_of_a_database_is_read(tmp_path: Path) -> None:
    (tmp_path / "two.sqlite").write_bytes(database(tmp_path, "SQLite"))
    assert read(tmp_path / "two.sqlite", QUERY, sublayer="palen").values["n"] == [7]
    assert "damaged or not complete" in refusal(tmp_path / "two.sqlite", QUERY, sublayer="bomen")


def test_views_and_virtual_tables_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite"
    path.write_bytes(database(tmp_path, "SQLite"))
    with sqlite3.connect(path) as open_one:
        open_one.execute("CREATE VIEW kijk AS SELECT * FROM palen")
        open_one.execute(
            "INSERT INTO geometry_columns SELECT 'kijk', f_geometry_column, geometry_type,"
            " coord_dimension, srid, geometry_format FROM geometry_columns"
        )
    open_one.close()
    assert "‘kijk’ is a view: only tables are read" in refusal(path, QUERY, sublayer="kijk")
    with sqlite3.connect(path) as open_one:
        open_one.execute("PRAGMA writable_schema = ON")
        open_one.execute(
            "INSERT INTO sqlite_master VALUES"
            " ('table', 'v', 'v', 0, 'CREATE VIRTUAL TABLE v USING VirtualOGR(''/etc/passwd'')')"
        )
    open_one.close()
    assert "‘v’ is a virtual table, which is not read" in refusal(path, QUERY, sublayer="palen")


def linked(path: Path) -> Path:
    info = zipfile.ZipInfo("p.geojson")
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    return path


NAMES = [
    "../p.geojson",
    "/p.geojson",
    "a/../../p.geojson",
    "..\\p.geojson",
    "C:\\p.geojson",
    "\\\\a\\p.geojson",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_leads_out_of_the_zip_is_refused(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "x.zip", {name: GEOJSON})
    assert "leads out of it" in refusal(path, QUERY)


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    assert "is a link" in refusal(linked(tmp_path / "x.zip"), QUERY)


def test_an_archive_in_a_zip_is_refused_by_name_and_by_bytes(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {"p.geojson": GEOJSON}).read_bytes()
    named = zipped(tmp_path / "x.zip", {"p.geojson": GEOJSON, "meer.zip": inner})
    assert "is itself an archive" in refusal(named, QUERY)
    hidden = zipped(tmp_path / "y.zip", {"p.geojson": inner})
    assert "is itself an archive" in refusal(hidden, QUERY)


def test_a_locked_zip_says_so(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"p.geojson": GEOJSON})
    data = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    path.write_bytes(data)
    assert "locked with a password" in refusal(path, QUERY)


def test_a_zip_that_unpacks_too_far_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = zipped(tmp_path / "x.zip", {"p.geojson": b" " * 30_000_000})
    assert "unpacks to more than 100 times its size" in refusal(bomb, QUERY)
    many = zipped(tmp_path / "y.zip", {f"{n}.geojson": b"" for n in range(12)})
    for limits, said in ((ZipLimits(members=11), "more than 11 files"), (ZipLimits(unpacked_bytes=9), "")):
        whole = many if said else bomb
        with (
            pytest.raises(LimitExceeded, match=said or "unpacked larger than 9 bytes"),
            unpacked(whole, "0.geojson", limits=limits),
        ):
            pass


def test_a_zip_that_lies_about_a_size_is_damaged(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"p.geojson": b" " * 3_000_000})
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = (10).to_bytes(4, "little")
    path.write_bytes(data)
    assert "damaged or not complete" in refusal(path, QUERY)


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    path = zipped(tmp_path / "x.zip", {"p.geojson": GEOJSON})
    batches = read_vector(path, QUERY)
    next(batches)
    assert list((tmp_path / "tmp").iterdir())
    batches.close()  # type: ignore[attr-defined]
    assert not list((tmp_path / "tmp").iterdir())


@pytest.mark.parametrize("lie", [False, True])
def test_too_long_a_list_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, lie: bool
) -> None:
    path = zipped(tmp_path / "x.zip", {f"{n}.geojson": b"" for n in range(200)})
    if lie:
        data = bytearray(path.read_bytes())
        data[-12:-10] = (1).to_bytes(2, "little")
        path.write_bytes(data)

    def parsed(*_: object) -> None:
        pytest.fail("the list was read")

    monkeypatch.setattr(zipfile.ZipFile, "infolist", parsed)
    monkeypatch.setattr(zipfile.ZipFile, "_RealGetContents", parsed)
    with (
        pytest.raises(LimitExceeded, match="more than 11 files"),
        unpacked(path, "0.geojson", limits=ZipLimits(members=11)),
    ):
        pass
