"""Files written a piece at a time, so that a town of any size fits in memory, and seen only when whole."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import orjson
import shapely

from tweestad import crs


@contextmanager
def whole_or_not(path: Path) -> Iterator[BinaryIO]:
    """A file to write that takes its name when it is closed well; gzipped (without a time) for .gz."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as file:
            if path.suffix == ".gz":
                with gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
                    yield cast(BinaryIO, packed)
            else:
                yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


class Collection:
    """A GeoJSON FeatureCollection in longitude and latitude that is written feature by feature."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._count = 0
        file.write(b'{"type":"FeatureCollection","name":"Voorbeeldstad: invented","features":[')

    def add(self, shape: shapely.Geometry, properties: dict[str, Any]) -> None:
        """Add a shape in EPSG:28992, to a tenth of a millimetre."""
        placed = shapely.transform(shape, lambda xy: crs.to_lonlat(xy).round(9))
        geometry = json.loads(shapely.to_geojson(placed))
        body = {"type": "Feature", "properties": properties, "geometry": geometry}
        self._file.write((b"," if self._count else b"") + b"\n" + orjson.dumps(body))
        self._count += 1

    def close(self) -> None:
        """Write the end of the collection."""
        self._file.write(b"\n]}\n")
