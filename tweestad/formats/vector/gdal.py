"""Reads GeoPackage, SpatiaLite, FlatGeobuf and shapefile through GDAL, which is told what to expect.

GDAL knows formats that read other files or the network, so the caller has looked at the bytes, and here the
driver that GDAL chose is compared. A database is looked at before GDAL opens it: a virtual table can be
any program's code, and a view any amount of work.
"""

from __future__ import annotations

import re
import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tweestad.errors import InputRejected
from tweestad.formats.vector.query import VectorQuery, agreed_crs, check_columns, listed, shown
from tweestad.formats.vector.rows import BATCH_ROWS, RawRows
from tweestad.model.feature import Value

DATABASES = ("GPKG", "SQLite")
_MODULE = re.compile(r"\bUSING\s+[\"'`\[]?(\w+)", re.IGNORECASE)
# The indexes of GeoPackage and SpatiaLite, and full-text search: all read their own tables only.
_HARMLESS_MODULES = frozenset(
    {"rtree", "rtree_i32", "fts3", "fts4", "fts5"}
    | {"virtualspatialindex", "virtualelementary", "virtualknn", "virtualknn2"}
)


def gdal_batches(path: Path, name: str, drivers: tuple[str, ...], query: VectorQuery) -> Iterator[RawRows]:
    """The rows of one table of a file, in batches, in file order.

    Raises InputRejected, naming the file as `name`, when it is damaged, when GDAL takes it for something
    else than one of `drivers`, or when table, CRS or columns are not clear.
    """
    # Loading GDAL takes a third of a second, which a start of the server does not need.
    import pyogrio  # noqa: PLC0415

    failures = (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError)
    views = database_views(path, name) if drivers == DATABASES else frozenset()
    columns = query.needs
    try:
        with _quiet():
            tables = pyogrio.list_layers(path).tolist()
            named = bool(query.sublayer) and drivers == DATABASES
            layer = query.sublayer if named else _only_table(tables, name)
            if layer in views:
                raise InputRejected(f"‘{layer}’ is a view: only tables are read", where=name)
            info = pyogrio.read_info(path, layer=layer, force_feature_count=True)
        if info["driver"] not in drivers:
            raise InputRejected(f"the bytes look like {drivers[0]}, but it is {info['driver']}", where=name)
        crs = agreed_crs(info["crs"] or "", query.crs, name, None)
        check_columns(columns, [str(f) for f in info["fields"]], name)
        for start in range(0, int(info["features"]), BATCH_ROWS):
            yield _rows(path, layer, columns, crs, start, keep_z=query.keep_z)
    except UnicodeDecodeError as exc:
        raise InputRejected(f"its text is not in {exc.encoding}, as the file says", where=name) from exc
    except (*failures, ValueError) as exc:  # a ValueError when it holds fewer rows than it says
        raise InputRejected(f"the file is damaged or not complete ({_first_line(exc)})", where=name) from exc


def database_views(path: Path, name: str) -> frozenset[str]:
    """The views of a database; refuses one with a virtual table that is not an index."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            schema = database.execute("SELECT type, name, rootpage, sql FROM sqlite_master").fetchall()
    except (sqlite3.Error, UnicodeDecodeError) as exc:
        raise InputRejected(f"the file is damaged or not complete ({exc})", where=name) from exc
    for kind, table, page, sql in schema:
        module = _MODULE.search(str(sql))
        if kind == "table" and not page and (module is None or module[1].lower() not in _HARMLESS_MODULES):
            raise InputRejected(f"‘{shown(str(table))}’ is a virtual table, which is not read", where=name)
    return frozenset(str(each[1]) for each in schema if each[0] == "view")


@contextmanager
def _quiet() -> Iterator[None]:
    """GDAL warns about what it corrects or cannot read; the row check says it per row."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


def _rows(
    path: Path, layer: str | None, columns: tuple[str, ...], crs: int, start: int, *, keep_z: bool
) -> RawRows:
    import pyogrio  # noqa: PLC0415

    with _quiet():
        meta, _, wkb, fields = pyogrio.raw.read(
            path,
            layer=layer,
            columns=list(columns),
            skip_features=start,
            max_features=BATCH_ROWS,
            force_2d=not keep_z,
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
    names = listed([str(table) for table in spatial], 8)
    raise InputRejected(f"the file has {len(spatial)} tables ({names}): choose one with sublayer", where=name)


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
