"""Reads vector files (GeoJSON, GeoPackage, FlatGeobuf, zipped shapefile) in batches, checked row by row.

What a row may be: one geometry of the wanted kind, with finite coordinates that fall inside the Dutch RD
grid. A row that is not is a `Rejected` with its reason; the others are kept. A file that cannot be read
at all raises InputRejected. The format is told from the bytes, never from the name, and only these
four are opened: GDAL knows formats that read other files or the network.
"""

from __future__ import annotations

import difflib
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tweestad.crs import parse_crs
from tweestad.errors import InputRejected, LimitExceeded
from tweestad.formats.geojson import MAX_UNPACKED, read_geojson
from tweestad.formats.json_faults import is_utf16
from tweestad.formats.vector_rows import BATCH_ROWS, RawRows, Wanted, clean_rows
from tweestad.model.feature import BBox, Value
from tweestad.model.layer import Rejected

Geometry = Literal["polygon", "line", "point"]
_SQLITE = b"SQLite format 3\x00"
_FLATGEOBUF = b"fgb"
_ZIP = b"PK\x03\x04"
_GZIP = b"\x1f\x8b"
_SHAPEFILE = b"\x00\x00\x27\x0a"
_MAX_BYTES = 4_000_000_000


@dataclass(frozen=True, slots=True)
class VectorQuery:
    """What to read: the kind of geometry, the columns, and which rows.

    `crs` is the EPSG number of a file that does not say its own; when the file says another, that is
    InputRejected. `keep` takes only rows whose column, as text, is one of the values; `drop` leaves
    those out.
    `clip` keeps rows that touch the box (EPSG:28992), whole. `sublayer` names the table of a file with many.
    """

    geometry: Geometry = "polygon"
    columns: tuple[str, ...] = ()
    crs: int | None = None
    sublayer: str = ""
    keep: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    drop: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    clip: BBox | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """At most 10,000 rows of a file. `read` = `left_out` + rejected + the rows that are here.

    `rows` names each row as a person would find it in the file ("row 12"). `geometries` are shapely, 2D,
    EPSG:28992, rounded to mm, valid. `values` is parallel, by column. `mended` counts invalid polygons
    that were made valid.
    """

    rows: tuple[str, ...]
    geometries: NDArray[np.object_]
    values: Mapping[str, list[Value]]
    rejected: tuple[Rejected, ...]
    read: int
    left_out: int
    mended: int

    def row(self, n: int) -> dict[str, Value]:
        """The values of one row by column."""
        return {name: column[n] for name, column in self.values.items()}


def read_vector(path: Path, query: VectorQuery) -> Iterator[Batch]:
    """All rows of the file in batches, in file order.

    Raises InputRejected (LimitExceeded when too large) with one sentence that names the file.
    """
    for rows in _raw_batches(path, query):
        wanted = Wanted(query.geometry, query.keep, query.drop, query.clip)
        cleaned = clean_rows(rows, wanted, path.name)
        yield Batch(
            cleaned.rows,
            cleaned.geometries,
            {name: cleaned.values[name] for name in query.columns},
            cleaned.rejected,
            len(rows.names),
            cleaned.left_out,
            cleaned.mended,
        )


def _raw_batches(path: Path, query: VectorQuery) -> Iterator[RawRows]:
    columns = tuple(dict.fromkeys([*query.columns, *query.keep, *query.drop]))
    head = _head(path)
    if head.startswith(_SQLITE):
        return _gdal_batches(str(path), "GPKG", path.name, query, columns)
    if head.startswith(_FLATGEOBUF):
        return _gdal_batches(str(path), "FlatGeobuf", path.name, query, columns)
    if head.startswith(_ZIP):
        return _gdal_batches(_shapefile_in(path, query), "ESRI Shapefile", path.name, query, columns)
    if head.startswith(_GZIP) or is_utf16(head) or head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return read_geojson(path, columns, lambda told: _agreed_crs(told, query.crs, path.name, 4326))
    raise InputRejected("this is not GeoJSON, GeoPackage, FlatGeobuf or a zipped shapefile", where=path.name)


def _head(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        with path.open("rb") as handle:
            head = handle.read(64)
    except OSError as exc:
        raise InputRejected(f"the file cannot be read ({exc.strerror})", where=path.name) from exc
    if size == 0:
        raise InputRejected("the file is empty", where=path.name)
    if size > _MAX_BYTES:
        raise LimitExceeded(f"the file is larger than {_MAX_BYTES:,} bytes", where=path.name)
    return head


def _shapefile_in(path: Path, query: VectorQuery) -> str:
    """GDAL's name of the shapefile inside a zip; only a real one, so that GDAL opens nothing else."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            if sum(info.file_size for info in infos) > MAX_UNPACKED:
                raise LimitExceeded(f"unpacked larger than {MAX_UNPACKED:,} bytes", where=path.name)
            names = [i.filename for i in infos if i.filename.lower().endswith(".shp")]
            if query.sublayer:
                names = [name for name in names if Path(name).stem == query.sublayer]
            if len(names) != 1:
                found = "no shapefile" if not names else f"{len(names)} shapefiles: choose one with sublayer"
                raise InputRejected(f"the zip holds {found}", where=path.name)
            with archive.open(names[0]) as handle:
                if handle.read(4) != _SHAPEFILE:
                    raise InputRejected(f"{names[0]} in the zip is not a shapefile", where=path.name)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as exc:
        raise InputRejected(f"the zip is damaged or not complete ({exc})", where=path.name) from exc
    return f"/vsizip/{path.resolve()}/{names[0]}"


def _gdal_batches(
    source: str, driver: str, name: str, query: VectorQuery, columns: tuple[str, ...]
) -> Iterator[RawRows]:
    # Loading GDAL takes a third of a second, which a start of the server does not need.
    import pyogrio  # noqa: PLC0415

    failures = (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError)
    try:
        with _quiet():
            tables = pyogrio.list_layers(source).tolist()
            named = bool(query.sublayer) and driver == "GPKG"
            layer = query.sublayer if named else _only_table(tables, name)
            info = pyogrio.read_info(source, layer=layer, force_feature_count=True)
        if info["driver"] != driver:
            raise InputRejected(f"the bytes look like {driver}, but it is {info['driver']}", where=name)
        crs = _agreed_crs(info["crs"] or "", query.crs, name, None)
        _check_columns(columns, [str(f) for f in info["fields"]], name)
        for start in range(0, int(info["features"]), BATCH_ROWS):
            yield _gdal_rows(source, layer, columns, crs, start)
    except failures as exc:
        raise InputRejected(f"the file is damaged or not complete ({_first_line(exc)})", where=name) from exc


@contextmanager
def _quiet() -> Iterator[None]:
    """GDAL warns about what it corrects or cannot read; the row check says it per row."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


def _gdal_rows(source: str, layer: str | None, columns: tuple[str, ...], crs: int, start: int) -> RawRows:
    import pyogrio  # noqa: PLC0415

    with _quiet():
        meta, _, wkb, fields = pyogrio.raw.read(
            source,
            layer=layer,
            columns=list(columns),
            skip_features=start,
            max_features=BATCH_ROWS,
            force_2d=True,
        )
    values = {str(n): _values(f) for n, f in zip(meta["fields"], fields, strict=True)}
    names = tuple(f"row {start + n + 1}" for n in range(len(wkb)))
    return RawRows.from_wkb(names, wkb, {column: values[column] for column in columns}, crs)


def _only_table(tables: list[list[str | None]], name: str) -> str | None:
    spatial = [table for table, geometry in tables if geometry]
    if len(spatial) == 1:
        return spatial[0]
    if not spatial:
        raise InputRejected("the file is damaged, or has no table with geometry", where=name)
    listed = ", ".join(str(table) for table in spatial[:8])
    raise InputRejected(
        f"the file has {len(spatial)} tables ({listed}): choose one with sublayer", where=name
    )


def _agreed_crs(told: str, declared: int | None, name: str, standard: int | None) -> int:
    """The CRS that the file says, else the declared one, else the format's own standard."""
    if told:
        found = parse_crs(told)
        # RD with NAP heights is the same plane as RD.
        same = {7415: 28992, 4258: 4326}
        if declared is not None and same.get(found, found) != same.get(declared, declared):
            raise InputRejected(
                f"the file says EPSG:{found}, but twin.toml declares EPSG:{declared}", where=name
            )
        return found
    if declared is not None:
        return declared
    if standard is not None:
        return standard
    raise InputRejected("the file does not say its coordinate system: declare it with crs", where=name)


def _check_columns(columns: tuple[str, ...], there: list[str], name: str) -> None:
    for column in columns:
        if column not in there:
            near = difflib.get_close_matches(column, there, n=1)
            hint = f" (did you mean ‘{near[0]}’?)" if near else f" (it has: {', '.join(there[:20])})"
            raise InputRejected(f"there is no column ‘{column}’{hint}", where=name)


def _values(field_values: NDArray[np.generic]) -> list[Value]:
    """Numpy values as plain ones: NaN, NaT and null are None, dates are ISO text."""
    kind = field_values.dtype.kind
    if kind == "M":
        return [None if np.isnat(v) else str(v)[:19] for v in field_values]
    if kind == "f":
        return [float(v) if np.isfinite(v) else None for v in field_values]
    plain: list[object] = field_values.tolist()
    return [v if v is None or isinstance(v, str | int | float | bool) else str(v) for v in plain]


def _first_line(exc: Exception) -> str:
    return str(exc).split("\n", 1)[0][:200]
