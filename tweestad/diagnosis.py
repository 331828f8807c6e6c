"""What works on this machine and what does not, for `tweestad doctor` and bug reports."""

from __future__ import annotations

import platform
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy.exc import SQLAlchemyError

import tweestad
from tweestad import crs, grids
from tweestad.build.presence import SCENE_FILE, SQLITE_NAME, fault_of_tiles, find_twin_id
from tweestad.config import Config
from tweestad.errors import TweestadError
from tweestad.scene.programs import check_drawing
from tweestad.store.opening import look_into_store

# Published check point of RDNAPTRANS2018 (Westertoren): RD x, y and NAP to ellipsoidal height.
_CHECK_POINT = (120_700.723, 487_525.502, 10.0)
_LEAST_FREE_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    good: bool
    told: str


def examine(config: Config) -> Iterator[Check]:
    """Look at everything a twin needs; a store in a file is only read."""
    yield _grids()
    yield _screen()
    yield _drawing()
    yield _disk(config)
    yield _open_data(config)
    yield from _twin(config)


def versions() -> Iterator[tuple[str, str]]:
    """Names and versions of everything whose version can matter in a bug report."""
    import pyogrio  # noqa: PLC0415 - GDAL takes a third of a second to load
    import pyproj  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    yield "tweestad", tweestad.__version__
    yield "Python", platform.python_version()
    yield "PROJ", pyproj.proj_version_str
    yield "GEOS", shapely.geos_version_string
    yield "GDAL", pyogrio.__gdal_version_string__
    yield "SQLite", sqlite3.sqlite_version
    yield "grids", _grids().told
    yield "system", platform.platform()


def _grids() -> Check:
    try:
        files = grids.grid_files()
        height = float(crs.to_geodetic(np.array([_CHECK_POINT]))[0, 2])
    except TweestadError as exc:
        return Check("height grids", False, str(exc))
    # The geoid lies about 43 m above the ellipsoid there; without grids PROJ gives 10 m and no error.
    good = 52.0 < height < 54.5
    return Check("height grids", good, f"RDNAPTRANS2018 in {files.geoid.parent}")


def _screen() -> Check:
    folder = Path(tweestad.__file__).parent / "api" / "static"
    good = (folder / ".vite" / "manifest.json").is_file()
    return Check("screen", good, "built" if good else "not built: run `make setup` (pages work without it)")


def _drawing() -> Check:
    try:
        check_drawing()
    except TweestadError as exc:
        return Check("drawing", False, str(exc))
    return Check("drawing", True, "tippecanoe and the packages for 3D are there")


def _disk(config: Config) -> Check:
    folder = config.data_dir.absolute()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    return Check("disk", free >= _LEAST_FREE_BYTES, f"{free / 1e9:.1f} GB free for {config.data_dir}")


def _open_data(config: Config) -> Check:
    if config.open_data is None:
        return Check("open data", True, "not set: only invented data can be built")
    good = config.open_data.is_dir()
    return Check("open data", good, f"{config.open_data}{'' if good else ' is not a folder'}")


def _twin(config: Config) -> Iterator[Check]:
    if not (config.tiles_dir / SCENE_FILE).exists() and not config.data_dir.joinpath(SQLITE_NAME).exists():
        yield Check("twin", False, f"none in {config.data_dir}: run `tweestad build`")
        return
    yield _tiles(config)
    yield _store(config)


def _tiles(config: Config) -> Check:
    fault = fault_of_tiles(config.tiles_dir)
    if fault:
        return Check("tiles", False, f"{fault} in {config.tiles_dir}: run `tweestad build`")
    return Check("tiles", True, f"all that {config.tiles_dir / SCENE_FILE} names is there")


def _store(config: Config) -> Check:
    """The store, only looked into: neither made nor brought up to date."""
    try:
        if find_twin_id(config) is None:
            told = "the database" if config.database_url else str(config.data_dir / SQLITE_NAME)
            there = bool(config.database_url) or (config.data_dir / SQLITE_NAME).is_file()
            fault = "holds no twin" if there else "is not there"
            return Check("store", False, f"{told} {fault}: run `tweestad build`")
        store = look_into_store(config.database_url, config.data_dir)
    except TweestadError as exc:
        return Check("store", False, str(exc))
    try:
        layers = store.layers(frozenset({"public", "staff"}))
        features = sum(stored.count for stored in layers)
        return Check("store", bool(layers), f"{len(layers)} layers, {features} features")
    except (TweestadError, SQLAlchemyError, ValueError, KeyError, TypeError) as exc:
        return Check("store", False, f"its layers cannot be read ({type(exc).__name__}): put back a copy")
    finally:
        store.close()
