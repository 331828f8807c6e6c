"""Vector files are read row by row: what is wrong with a row costs that row, and nothing else."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely

from tweestad.errors import InputRejected, LimitExceeded
from tweestad.formats.vector import geojson
from tweestad.formats.vector.reading import Batch, VectorQuery, read_vector
from tweestad.model.feature import BBox

X, Y = 122_000.0, 486_000.0
SQUARE = [[[X, Y], [X + 10, Y], [X + 10, Y + 10], [X, Y + 10], [X, Y]]]
BOW_TIE = [[[X, Y], [X + 10, Y + 10], [X + 10, Y], [X, Y + 10], [X, Y]]]


def write(path: Path, kind: str, coordinates: Sequence[Any], crs: str | None = "EPSG:28992") -> Path:
    body: dict[str, Any] = {"type": "FeatureCollection"}
    if crs is not None:
        body["crs"] = {"type": "name", "properties": {"name": crs}}
    body["features"] = [
        {"type": "Feature", "properties": {"n": n}, "geometry": c and {"type": kind, "coordinates": c}}
        for n, c in enumerate(coordinates)
    ]
    path.write_text(json.dumps(body), encoding="utf-8")
    return path


def read(path: Path, query: VectorQuery | None = None) -> Batch:
    """The only batch of a small file."""
    return next(iter(read_vector(path, query or VectorQuery(columns=("n",)))))


ROW_FAULTS: list[tuple[str, str, Any, str]] = [
    ("polygon", "Polygon", None, "it has no geometry"),
    ("polygon", "Polygon", [[]], "its geometry is empty"),
    ("polygon", "Point", [X, Y], "it is a Point, but this layer has polygons"),
    ("polygon", "Polygon", [[[X, Y], [X + 1, Y]]], "cannot be read"),
    ("polygon", "Polygon", [[["a", "b"], [1, 2], [3, 4], [1, 2]]], "cannot be read"),
    ("polygon", "Polygon", [[[X, Y], [X + 5, Y], [X + 9, Y], [X, Y]]], "the polygon has no area"),
    ("polygon", "Polygon", [[[5.1, 52.1], [5.2, 52.1], [5.2, 52.2], [5.1, 52.1]]], ""),
    ("polygon", "Polygon", [[[9e5, 9e5], [9e5, 9e6], [9e6, 9e6], [9e5, 9e5]]], "outside the Dutch RD grid"),
    ("line", "LineString", [[X, Y]], "cannot be read (such as a line of one point)"),
    ("line", "LineString", [[X, Y], [X, Y]], "the line has no length"),
    ("point", "Point", [1e300, Y], "outside the Dutch RD grid"),
]


@pytest.mark.parametrize(("wanted", "kind", "coordinates", "reason"), ROW_FAULTS)
def test_a_bad_row_is_rejected_with_its_reason(
    tmp_path: Path, wanted: Any, kind: str, coordinates: Any, reason: str
) -> None:
    path = write(tmp_path / "x.geojson", kind, [coordinates])
    batch = read(path, VectorQuery(wanted, ("n",)))
    if not reason:
        # Degrees taken for RD lie near (0, 0), which the grid does cover: nothing to be seen in one row.
        assert len(batch.rows) + len(batch.rejected) == 1
        return
    assert batch.rows == ()
    assert [each.object_id for each in batch.rejected] == ["row 1"]
    assert reason in batch.rejected[0].reason


def test_good_rows_beside_bad_ones_are_kept(tmp_path: Path) -> None:
    path = write(tmp_path / "x.geojson", "Polygon", [SQUARE, None, SQUARE])
    batch = read(path)
    assert batch.rows == ("row 1", "row 3")
    assert batch.values["n"] == [0, 2]
    assert batch.read == 3


def test_an_invalid_polygon_is_mended_and_counted(tmp_path: Path) -> None:
    batch = read(write(tmp_path / "x.geojson", "Polygon", [BOW_TIE, SQUARE]))
    assert batch.mended == 1
    assert shapely.is_valid(batch.geometries).all()
    assert shapely.area(batch.geometries).tolist() == pytest.approx([50.0, 100.0], abs=0.1)


def test_geojson_without_a_crs_is_in_degrees(tmp_path: Path) -> None:
    square = [[[4.9, 52.36], [4.91, 52.36], [4.91, 52.37], [4.9, 52.36]]]
    batch = read(write(tmp_path / "x.geojson", "Polygon", [square], crs=None))
    west, south, *_ = shapely.total_bounds(batch.geometries)
    assert (west, south) == pytest.approx((121_760, 485_850), abs=300)
    assert np.array_equal(
        shapely.get_coordinates(batch.geometries).round(3), shapely.get_coordinates(batch.geometries)
    )


def test_a_declared_crs_counts_only_when_the_file_says_none(tmp_path: Path) -> None:
    silent = write(tmp_path / "silent.geojson", "Polygon", [SQUARE], crs=None)
    assert len(read(silent, VectorQuery(columns=("n",), crs=28992)).rows) == 1
    clear = write(tmp_path / "clear.geojson", "Polygon", [SQUARE])
    with pytest.raises(InputRejected, match=r"the file says EPSG:28992, but twin\.toml declares EPSG:4326"):
        read(clear, VectorQuery(columns=("n",), crs=4326))


def test_an_unknown_column_names_the_nearest_one(tmp_path: Path) -> None:
    path = write(tmp_path / "x.geojson", "Polygon", [SQUARE])
    with pytest.raises(InputRejected, match="there is no column ‘naam’"):
        read(path, VectorQuery(columns=("naam",)))


def test_rows_are_chosen_by_value_and_by_place(tmp_path: Path) -> None:
    points = [[X + 10 * n, Y] for n in range(6)]
    path = write(tmp_path / "x.geojson", "Point", points)
    query = VectorQuery("point", ("n",), keep={"n": ("1", "2", "3")}, drop={"n": ("3",)})
    assert read(path, query).values["n"] == [1, 2]
    clipped = read(path, VectorQuery("point", ("n",), clip=BBox(X + 15, Y - 1, X + 35, Y + 1)))
    assert clipped.values["n"] == [2, 3]
    assert clipped.left_out == 4


def shapefile_zip(folder: Path) -> Path:
    wkb = shapely.to_wkb(np.array([shapely.Point(X, Y)]))
    pyogrio.raw.write(
        folder / "p.shp",
        geometry=wkb,
        field_data=[np.array([7], dtype=np.int32)],
        fields=["n"],
        geometry_type="Point",
        crs="EPSG:28992",
    )
    with zipfile.ZipFile(folder / "p.zip", "w") as archive:
        for part in folder.glob("p.*"):
            if part.suffix != ".zip":
                archive.write(part, part.name)
    return folder / "p.zip"


@pytest.mark.parametrize("suffix", [".gpkg", ".shp"])
def test_text_in_another_encoding_than_the_file_says_is_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"p{suffix}"
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb(np.array([shapely.Point(X, Y)])),
        field_data=[np.array(["Cafe"], dtype=object)],
        fields=["n"],
        geometry_type="Point",
        crs="EPSG:28992",
    )
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        for part in tmp_path.glob("p.*"):
            if part.suffix != ".zip":
                archive.writestr(part.name, part.read_bytes().replace(b"Cafe", b"Caf\xe9"))
    with pytest.raises(InputRejected, match="its text is not in utf-8, as the file says"):
        read(tmp_path / "p.zip", VectorQuery("point", ("n",)))


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb", ".zip", ".geojson.gz"])
def test_every_format_gives_the_same_row(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"x{suffix}"
    if suffix == ".zip":
        path = shapefile_zip(tmp_path)
    elif suffix == ".geojson.gz":
        plain = write(tmp_path / "x.geojson", "Point", [[X, Y]])
        path.write_bytes(gzip.compress(plain.read_bytes().replace(b'"n": 0', b'"n": 7')))
    else:
        wkb = shapely.to_wkb(np.array([shapely.Point(X, Y)]))
        values = [np.array([7], dtype=np.int32)]
        pyogrio.raw.write(
            path, geometry=wkb, field_data=values, fields=["n"], geometry_type="Point", crs="EPSG:28992"
        )
    batch = read(path, VectorQuery("point", ("n",), crs=28992))
    assert batch.values["n"] == [7]
    assert shapely.get_coordinates(batch.geometries).tolist() == [[X, Y]]


BAD_FILES: list[tuple[str, bytes, str]] = [
    ("empty.geojson", b"", "the file is empty"),
    ("cut.geojson", b'{"type": "FeatureCollection", "features": [{"type"', "this is not complete JSON"),
    ("nan.geojson", b'{"type": "FeatureCollection", "features": [NaN]}',
     "holds NaN or Infinity, which JSON does not know, at character 44 (in 'features')"),
    ("large.geojson", b'{"type": "FeatureCollection", "features": [1e400]}', "a number that is too large"),
    ("deep.geojson", b'{"a": ' + b"[" * 5000 + b"]" * 5000 + b"}",
     "nested deeper than 32 levels, at character 38 (in 'a')"),
    ("deep300.geojson", b'{"features": [{"geometry": ' + b"[" * 300 + b"]" * 300 + b"}]}",
     "nested deeper than 32 levels, at character"),
    ("wide.geojson", '{"type": "FeatureCollection"}'.encode("utf-16"), "this text is not UTF-8 but UTF-16"),
    ("wide-be.geojson", '{"type": "FeatureCollection"}'.encode("utf-16-be"), "not UTF-8 but UTF-16"),
    ("latin.geojson", '{"type": "Café"}'.encode("latin-1"), "the text is not UTF-8, at character 14"),
    ("other.geojson", b'{"type": "Topology"}', "not a GeoJSON FeatureCollection"),
    ("link.geojson", b'{"type": "FeatureCollection", "crs": {"type": "link", "properties": {"href": "http://x"}},'
     b' "features": []}', "its `crs` is not a name"),
    ("lines.geojson", b'{"type": "FeatureCollection", "features": [], "crs":'
     b' {"type": "name", "properties": {"name": "a\\nb"}}}', "'a\ufffdb' is not supported"),
    ("cut.gz", gzip.compress(b"{" * 5000)[:-12], "the gzip is damaged or not complete"),
    ("cut.gpkg", b"SQLite format 3\x00" + b"\x00" * 900, "damaged or not complete"),
    ("cut.fgb", b"fgb\x03fgb\x01" + b"\x10" * 40, "the file is damaged"),
    ("cut.zip", b"PK\x03\x04" + b"\x00" * 60, "the zip is damaged or not complete"),
    ("vrt.geojson", b"<OGRVRTDataSource></OGRVRTDataSource>", "not GML with objects: it is OGRVRT"),
    ("algorithm.json", b'{"type": "gdal_streamed_alg", "command_line": "gdal"}', "not a GeoJSON"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "said"), BAD_FILES)
def test_a_bad_file_is_refused_with_one_sentence(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputRejected) as caught:
        read(path)
    assert str(caught.value).startswith(f"{name}: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geojson, "MAX_UNPACKED", 1_000_000)
    path = tmp_path / "bomb.geojson.gz"
    path.write_bytes(gzip.compress(b" " * 5_000_000))
    with pytest.raises(LimitExceeded, match="unpacked larger than"):
        read(path)


def test_a_polygon_that_crosses_itself_without_end_is_rejected_and_others_are_mended(tmp_path: Path) -> None:
    chance = np.random.default_rng(7)
    tangle = chance.uniform([X, Y], [X + 1000, Y + 1000], (700, 2)).round(3).tolist()
    comb = [[X + n / 10, Y + n % 2] for n in range(4000)] + [[X + 400, Y + 0.5], [X, Y + 0.5]]
    shapes = [[[*ring, ring[0]]] for ring in (tangle, comb)]
    batch = read(write(tmp_path / "x.geojson", "Polygon", [*shapes, BOW_TIE]))
    assert [(each.object_id, each.reason) for each in batch.rejected] == [
        ("row 1", "its edges cross more than 25,000 times")
    ]
    assert (batch.rows, batch.mended) == (("row 2", "row 3"), 2)
