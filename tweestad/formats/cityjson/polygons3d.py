"""Buildings as 3D polygons in a GeoPackage or FlatGeobuf, as the 3DBAG gives them: faces that stand upright.

Every face of a row is a surface of one object. What each face is says the column `labels`, a list in the
spelling `(3:1,2,0)` of its length and one number per face (0 roof, 1 ground, 2 and 3 wall, after 3DBAG's
reconstruction); without it the normals tell. Only these two formats are opened, told from their bytes.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.crs import RD, RD_NAP, epsg_of
from tweestad.errors import InputRejected
from tweestad.formats.cityjson.batch import Batch
from tweestad.formats.cityjson.choice import Passed
from tweestad.formats.cityjson.geometry import FlatSurfaces
from tweestad.formats.cityjson.tree import Piece
from tweestad.formats.vector.gdal import database_views
from tweestad.formats.vector.query import agreed_crs, shown
from tweestad.formats.vector.rows import BATCH_ROWS
from tweestad.model.city_object import CityObject, SurfaceKind
from tweestad.model.feature import Value
from tweestad.model.layer import Rejected

LABELS = "labels"
MOST_POINTS = 2_000_000
_DRIVERS = {b"SQLite format 3\x00": "GPKG", b"fgb": "FlatGeobuf"}
_LABELS = re.compile(r"\((\d{1,7}):(\d+(?:,\d+)*)\)\Z")
_KINDS = {0: SurfaceKind.ROOF, 1: SurfaceKind.GROUND, 2: SurfaceKind.WALL, 3: SurfaceKind.WALL}
_BATCH_ROWS = min(BATCH_ROWS, 500)  # a row of 3D faces is a hundred times larger than one on a map
_LOD = "2.2"


def read_polygons3d(
    path: Path, *, crs: int | None = None, sublayer: str = ""
) -> Iterator[CityObject | Rejected | Passed]:
    """Every row as a Building with its faces, its footprint and all of its columns; coordinates in EPSG:7415.

    `crs` is for a file that names none. Raises InputRejected when the file cannot be read or is not in RD.
    """
    import pyogrio  # noqa: PLC0415 - loading GDAL takes a third of a second

    driver = _driver(path)
    views = database_views(path, path.name) if driver == "GPKG" else frozenset()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            layer = sublayer or str(next(iter(pyogrio.list_layers(path)), ("",))[0])
            if layer in views:
                raise InputRejected(f"‘{shown(layer)}’ is a view: only tables are read", where=path.name)
            info = pyogrio.read_info(path, layer=layer or None, force_feature_count=True)
            _check(info, driver, crs, path.name)
            for start in range(0, int(info["features"]), _BATCH_ROWS):
                rows = pyogrio.raw.read(
                    path, layer=layer or None, skip_features=start, max_features=_BATCH_ROWS
                )
                yield from _objects(rows, start, path.name)
    except UnicodeDecodeError as exc:
        said = f"its text is not in {exc.encoding}, as the file says"
        raise InputRejected(said, where=path.name) from exc
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError,
        ValueError,  # when it holds fewer rows than it says
    ) as exc:
        told = str(exc).split("\n", 1)[0][:200]
        raise InputRejected(f"the file is damaged or not complete ({told})", where=path.name) from exc


def _driver(path: Path) -> str:
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as exc:
        raise InputRejected(f"the file cannot be read ({exc.strerror})", where=path.name) from exc
    for magic, driver in _DRIVERS.items():
        if head.startswith(magic):
            return driver
    raise InputRejected("this is not GeoPackage or FlatGeobuf", where=path.name)


def _check(info: dict[str, Any], driver: str, crs: int | None, name: str) -> None:
    if info["driver"] != driver:
        raise InputRejected(f"the bytes look like {driver}, but it is {info['driver']}", where=name)
    told = epsg_of(str(info["crs"])) if info["crs"] else crs
    if told not in (RD, RD_NAP):
        raise InputRejected(
            f"its coordinate system is {str(info['crs'])[:60]}: 3D polygons are read in Dutch RD only"
            " (EPSG:28992 or EPSG:7415)",
            where=name,
        )
    agreed_crs(f"EPSG:{told}", crs, name, None)


def _objects(rows: Any, start: int, name: str) -> Iterator[CityObject | Rejected | Passed]:
    meta, _, wkb, columns = rows
    values = {str(field): column.tolist() for field, column in zip(meta["fields"], columns, strict=True)}
    geometries = shapely.from_wkb(wkb, on_invalid="ignore")
    batch, blocks, offset = Batch(name), [np.zeros((0, 3))], 0
    for n, geometry in enumerate(geometries):
        row = {field: _plain(column[n]) for field, column in values.items()}
        try:
            piece, vertices = _piece(f"row {start + n + 1}", geometry, row)
        except InputRejected as exc:
            batch.add(Rejected(name, f"row {start + n + 1}", exc.reason), offset)
            continue
        batch.add(piece, offset)
        blocks.append(vertices)
        offset += len(vertices)
    yield from batch.finish(np.concatenate(blocks))


def _plain(value: object) -> Value:
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    return value if value is None or isinstance(value, str | int | bool) else str(value)


def _piece(key: str, geometry: Any, row: dict[str, Value]) -> tuple[Piece, NDArray[np.float64]]:
    """One row with its vertices, each once; raises InputRejected."""
    if geometry is None or shapely.is_empty(geometry):
        raise InputRejected("it has no geometry")
    faces = shapely.get_parts(geometry)
    if (shapely.get_type_id(faces) != shapely.GeometryType.POLYGON).any():
        raise InputRejected(f"it is a {geometry.geom_type}, not polygons")
    if not shapely.has_z(geometry):
        raise InputRejected("its polygons have no height")
    rings, owners = shapely.get_rings(faces, return_index=True)
    points, places = shapely.get_coordinates(rings, include_z=True, return_index=True)
    if len(points) > MOST_POINTS:
        raise InputRejected(f"it has more than {MOST_POINTS} points")
    if not np.isfinite(points).all():
        raise InputRejected("one of its coordinates is not a number")
    vertices, numbers = np.unique(points.round(3), axis=0, return_inverse=True)
    labels = row.pop(LABELS, None)
    flat = FlatSurfaces(
        vertices=numbers.ravel().astype(np.int64),
        ring_lengths=np.bincount(places, minlength=len(rings)).tolist(),
        surface_lengths=np.bincount(owners, minlength=len(faces)).tolist(),
        kinds=_kinds(labels, len(faces)),
    )
    return Piece(key, "Building", row, (_LOD,), _LOD, (flat,), ()), vertices


def _kinds(labels: Value, count: int) -> list[int]:
    """What each face is; UNKNOWN where the labels do not fit, for its normal says it too."""
    found = _LABELS.match(labels) if isinstance(labels, str) else None
    numbers = found[2].split(",") if found else []
    if len(numbers) != count:
        return [int(SurfaceKind.UNKNOWN)] * count
    return [int(_KINDS.get(int(number[:4]), SurfaceKind.OTHER)) for number in numbers]
