"""Point clouds are thinned to the height of the ground, and a bad one is refused in one sentence."""

from __future__ import annotations

import struct
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.formats.terrain_samples import X, Y, cloud, slope, write_cloud
from tweestad.errors import InputRejected, LimitExceeded
from tweestad.formats.terrain.heights import CELL_M, Thinning
from tweestad.formats.terrain.points import read_points
from tweestad.model.feature import BBox

DELFT = "terrain/delft-centrum_ahn3_west.laz"


@pytest.mark.parametrize("name", ["slope.las", "slope.laz"])
def test_the_ground_of_a_cloud_becomes_one_height_per_cell(tmp_path: Path, name: str) -> None:
    kinds = np.where(np.arange(84 * 84) % 3 == 0, 6, 2).astype(np.uint8)
    points = cloud()
    points[kinds == 6, 2] += 12
    into = Thinning()
    counts = read_points(write_cloud(tmp_path / name, points, kinds), into, crs=7415)
    found = into.samples()
    assert (counts.read, counts.used) == (7056, 4704)
    assert counts.left_out == {"class 6": 2352}
    assert len(found.z_nap) == (42 / CELL_M) ** 2
    assert np.abs(found.z_nap - slope(found.xy)).max() < 0.02


def test_the_crs_comes_from_the_file_and_is_rd_with_or_without_nap(tmp_path: Path) -> None:
    for crs in ("EPSG:28992", "EPSG:7415"):
        assert read_points(write_cloud(tmp_path / "a.laz", cloud(5), crs=crs), Thinning()).used == 100


@pytest.mark.parametrize(
    ("crs", "declared", "sentence"),
    [
        (None, None, "does not say its coordinate system: declare it with crs"),
        (None, 4326, "the coordinate system is EPSG:4326; terrain is read in EPSG:28992 or EPSG:7415 only"),
        ("EPSG:25831", 28992, "the coordinate system is ETRS89"),
    ],
)
def test_a_cloud_that_is_not_in_rd_is_refused(
    tmp_path: Path, crs: str | None, declared: int | None, sentence: str
) -> None:
    path = write_cloud(tmp_path / "a.laz", cloud(5), crs=crs)
    with pytest.raises(InputRejected, match=sentence):
        read_points(path, Thinning(), crs=declared)


def test_swapped_axes_are_refused_with_the_place(tmp_path: Path) -> None:
    swapped = cloud(5)[:, [1, 0, 2]]
    with pytest.raises(InputRejected, match=r"\(447426\.100, 84882\.100\) is outside the Dutch RD grid"):
        read_points(write_cloud(tmp_path / "a.laz", swapped), Thinning(), crs=28992)


def test_points_outside_the_clip_or_at_no_height_are_counted(tmp_path: Path) -> None:
    points = cloud(10)
    points[:7, 2] = 900.0
    into = Thinning(BBox(X, Y, X + 5, Y + 10))
    counts = read_points(write_cloud(tmp_path / "a.laz", points), into, crs=28992)
    assert counts.left_out == {"no height of Dutch ground": 7, "outside the clip": 200}
    assert counts.used == 193
    assert into.samples().xy[:, 0].max() < X + 5 + CELL_M


def test_the_order_of_points_and_files_does_not_matter(tmp_path: Path) -> None:
    points = cloud()
    halves = [write_cloud(tmp_path / f"{n}.laz", points[n::2]) for n in (0, 1)]
    once, twice = Thinning(), Thinning()
    read_points(write_cloud(tmp_path / "whole.laz", points[::-1]), once, crs=28992)
    for half in halves:
        read_points(half, twice, crs=28992)
    assert np.array_equal(once.samples().xy, twice.samples().xy)
    assert np.array_equal(once.samples().z_nap, twice.samples().z_nap)


@pytest.mark.parametrize("name", ["cut.las", "cut.laz"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.99])
def test_a_truncated_cloud_is_refused(tmp_path: Path, name: str, share: float) -> None:
    path = write_cloud(tmp_path / name, cloud())
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(InputRejected, match=rf"{name}: .*(damaged|not complete)"):
        read_points(path, Thinning(), crs=28992)


@pytest.mark.parametrize(
    ("offset", "layout", "value", "sentence"),
    [
        (100, "<I", 0xFFFFFFFF, "header is damaged"),
        (96, "<I", 0xFFFFFFFF, "header is damaged|not complete"),
        (94, "<H", 3, "header is damaged"),
        (104, "<B", 77, "header is damaged"),
        (25, "<B", 9, "is not read, only 1.0 to 1.4"),
        (247, "<Q", 2**62, "not complete"),
        (247, "<Q", 900_000_000, "not complete"),
        (105, "<H", 0xFFFF, "damaged|not complete"),
    ],
)
def test_an_absurd_header_is_refused_before_anything_is_read(
    tmp_path: Path, offset: int, layout: str, value: int, sentence: str
) -> None:
    path = write_cloud(tmp_path / "a.las", cloud(5))
    raw = bytearray(path.read_bytes())
    struct.pack_into(layout, raw, offset, value)
    path.write_bytes(raw)
    with pytest.raises(InputRejected, match=sentence):
        read_points(path, Thinning(), crs=28992)


def test_a_packed_cloud_that_promises_more_points_than_it_has_is_refused(tmp_path: Path) -> None:
    path = write_cloud(tmp_path / "a.laz", cloud(5))
    raw = bytearray(path.read_bytes())
    struct.pack_into("<Q", raw, 247, 1_500_000_000)
    path.write_bytes(raw)
    with pytest.raises(InputRejected, match="damaged or not complete"):
        read_points(path, Thinning(), crs=28992)


def test_a_packed_cloud_with_an_absurd_table_of_pieces_is_refused(tmp_path: Path) -> None:
    path = write_cloud(tmp_path / "a.laz", cloud(5))
    raw = bytearray(path.read_bytes())
    (start,) = struct.unpack_from("<I", raw, 96)
    (table,) = struct.unpack_from("<q", raw, start)
    struct.pack_into("<I", raw, table + 4, 0xFFFFFFF0)
    path.write_bytes(raw)
    # The unpacker itself would ask for 64 GB here, and end the process.
    with pytest.raises(InputRejected, match="its table of pieces is"):
        read_points(path, Thinning(), crs=28992)


def test_a_damaged_coordinate_system_is_refused(tmp_path: Path) -> None:
    path = write_cloud(tmp_path / "a.laz", cloud(5), crs="EPSG:28992")
    path.write_bytes(path.read_bytes().replace(b"CONVERSION[", b"CONVERSIEN["))
    with pytest.raises(InputRejected, match=r"damaged|coordinate system"):
        read_points(path, Thinning(), crs=28992)


def test_a_terrain_too_large_to_hold_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tweestad.formats.terrain.heights._HELD_MAX", 500)
    into = Thinning()
    read_points(write_cloud(tmp_path / "a.laz", cloud()), into, crs=28992)
    with pytest.raises(LimitExceeded, match="take less of it with clip"):
        into.samples()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10_000), byte=st.integers(0, 255), name=st.sampled_from(["f.las", "f.laz"]))
def test_one_changed_byte_gives_heights_or_one_sentence(place: int, byte: int, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write_cloud(Path(folder) / name, cloud(8))
        raw = bytearray(path.read_bytes())
        raw[place % len(raw)] = byte
        path.write_bytes(raw)
        into = Thinning()
        try:
            counts = read_points(path, into, crs=28992)
        except InputRejected as exc:
            assert "\n" not in str(exc)  # noqa: PT017 - either outcome is right
        else:
            assert counts.read == counts.used + sum(counts.left_out.values())
            assert np.isfinite(into.samples().z_nap).all()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-90, 390), min_size=1, max_size=30))
def test_the_height_of_a_cell_is_the_median_of_its_points(heights: list[float]) -> None:
    into = Thinning()
    z = np.array(heights)
    into.add(np.tile([[X, Y]], (len(z), 1)), z, Counter())
    found = into.samples()
    assert len(found.z_nap) == 1
    assert abs(found.z_nap[0] - np.median(z)) <= 0.0101


@pytest.mark.open_data
def test_the_ahn_of_delft_is_read_with_all_its_points(open_data: Path) -> None:
    into = Thinning()
    counts = read_points(open_data / DELFT, into, crs=7415)
    assert counts.read == 640_510
    assert counts.used == 195_988
    assert counts.left_out["class 6"] == 246_753
    assert 0.2 < np.median(into.samples().z_nap) < 0.6
