"""Height rasters are thinned to the height of the ground, and a bad one is refused in one sentence."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

from tests.formats.terrain_samples import X, Y, slope, sloping_pixels, write_raster
from tweestad.errors import InputRejected, LimitExceeded
from tweestad.formats.terrain.heights import CELL_M, Thinning
from tweestad.formats.terrain.raster import read_raster


@pytest.mark.parametrize("crs", ["EPSG:28992", "EPSG:7415"])
def test_pixels_become_one_height_per_cell(tmp_path: Path, crs: str) -> None:
    into = Thinning()
    counts = read_raster(write_raster(tmp_path / "a.tif", sloping_pixels(), crs=crs), into)
    found = into.samples()
    assert (counts.read, counts.used, counts.left_out) == (7056, 7056, {})
    assert len(found.z_nap) == (42 / CELL_M) ** 2
    assert np.abs(found.z_nap - slope(found.xy)).max() < 0.02


def test_pixels_without_data_and_nan_are_counted(tmp_path: Path) -> None:
    pixels = sloping_pixels()
    pixels[0, :5] = -9999
    pixels[1, :3] = np.nan
    counts = read_raster(write_raster(tmp_path / "a.tif", pixels), Thinning())
    assert counts.left_out == {"no data": 5, "not a number": 3}
    assert counts.used == 7056 - 8


def test_scale_and_offset_are_applied(tmp_path: Path) -> None:
    stored = np.full((84, 84), 125, dtype=np.int16)
    path = write_raster(tmp_path / "a.tif", stored, scale=0.01, offset=-0.25, nodata=-32768)
    into = Thinning()
    read_raster(path, into)
    assert into.samples().z_nap == pytest.approx(1.0)


def test_a_raster_is_read_in_windows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tweestad.formats.terrain.raster._WINDOW", 84 * 10)
    into = Thinning()
    heard: list[int] = []
    read_raster(write_raster(tmp_path / "a.tif", sloping_pixels()), into, on_points=heard.append)
    assert len(heard) > 3
    assert np.abs(into.samples().z_nap - slope(into.samples().xy)).max() < 0.02


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"crs": None}, "does not say its coordinate system"),
        ({"crs": "EPSG:4326"}, "the coordinate system is WGS 84; terrain is read in EPSG:28992"),
        ({"west": Y, "north": X}, "outside the Dutch RD grid"),
    ],
)
def test_a_raster_that_is_not_in_rd_is_refused(
    tmp_path: Path, change: dict[str, object], sentence: str
) -> None:
    path = write_raster(tmp_path / "a.tif", sloping_pixels(), **change)  # type: ignore[arg-type]
    with pytest.raises(InputRejected, match=sentence):
        read_raster(path, Thinning())


def test_what_is_no_raster_of_heights_is_refused(tmp_path: Path) -> None:
    many = write_raster(tmp_path / "many.tif", np.zeros((3, 9, 9), np.uint8), nodata=None)
    with pytest.raises(InputRejected, match="it has 3 bands; heights are one band"):
        read_raster(many, Thinning())
    odd = write_raster(tmp_path / "odd.tif", np.zeros((9, 9), np.complex64), nodata=None)
    with pytest.raises(InputRejected, match="its pixels are complex64, which are no heights"):
        read_raster(odd, Thinning())
    text = tmp_path / "text.tif"
    text.write_bytes(b"<VRTDataset/>")
    with pytest.raises(InputRejected, match="this is not a GeoTIFF"):
        read_raster(text, Thinning())


def test_a_raster_of_a_billion_pixels_is_refused_by_its_header(tmp_path: Path) -> None:
    path = tmp_path / "wide.tif"
    place = Affine(0.5, 0, X, 0, -0.5, Y)
    profile = {
        "transform": place,
        "driver": "GTiff",
        "width": 40_000,
        "height": 25_000,
        "count": 1,
        "dtype": "float32",
    }
    with rasterio.open(path, "w", sparse_ok=True, crs="EPSG:28992", tiled=True, **profile):
        pass
    assert path.stat().st_size < 1_000_000
    with pytest.raises(LimitExceeded, match="it has 1,000,000,000 pixels; 500,000,000 are read"):
        read_raster(path, Thinning())


def test_a_row_of_blocks_that_does_not_fit_in_memory_is_refused(tmp_path: Path) -> None:
    # Two rows of blocks, each of 2048 rows of 10,000 pixels, of which the file holds none.
    path = tmp_path / "breed.tif"
    profile = {"driver": "GTiff", "dtype": "uint8", "count": 1, "width": 10_000, "height": 4096}
    profile |= {"blockysize": 2048, "crs": "EPSG:28992", "transform": Affine(0.5, 0, X, 0, -0.5, Y)}
    with rasterio.open(path, "w", sparse_ok=True, **profile):
        pass
    with pytest.raises(LimitExceeded, match="its blocks are too large"):
        read_raster(path, Thinning())


@pytest.mark.parametrize("share", [0.01, 0.3, 0.9])
def test_a_truncated_raster_is_refused(tmp_path: Path, share: float) -> None:
    rough = (np.random.default_rng(1).random((200, 200)) * 3).astype(np.float32)
    path = write_raster(tmp_path / "cut.tif", rough)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(InputRejected, match=r"cut\.tif: (the file is damaged or not complete|this is not)"):
        read_raster(path, Thinning())


def test_a_file_beside_the_raster_is_not_believed(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "a.tif", sloping_pixels(), crs=None)
    (tmp_path / "a.tif.aux.xml").write_text("<PAMDataset><SRS>EPSG:28992</SRS></PAMDataset>")
    with pytest.raises(InputRejected, match="does not say its coordinate system"):
        read_raster(path, Thinning())


def test_a_damaged_byte_in_the_directory_gives_one_sentence_or_heights(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "a.tif", sloping_pixels(20))
    whole = path.read_bytes()
    start = struct.unpack_from("<I", whole, 4)[0]
    for place in range(start, min(start + 180, len(whole)), 3):
        path.write_bytes(whole[:place] + b"\xff" + whole[place + 1 :])
        try:
            counts = read_raster(path, Thinning())
        except InputRejected as exc:
            assert "\n" not in str(exc)  # noqa: PT017 - either outcome is right
        else:
            assert counts.read == counts.used + sum(counts.left_out.values())
