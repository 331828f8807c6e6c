"""Heights as a point cloud in the shape of an AHN tile: ground, buildings and water, EPSG:7415."""

from __future__ import annotations

import datetime
import io
import math
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.synthetic.contents.layer_files import write_bytes
from tweestad.synthetic.contents.setting import Setting

GROUND, BUILDING, WATER = 2, 6, 9
MAX_POINTS = 2_000_000
_SPACING_M = 2.0
_MARGIN_M = 60.0
_ROWS_AT_ONCE = 200
WATER_NAP_M = -0.2
_DATE = datetime.date(2026, 1, 1)


def write_terrain(folder: Path, setting: Setting) -> bool:
    """Write one point per 4 m², fewer in a large town (at most two million).

    Returns False, and writes nothing, where laspy is not installed: nothing else needs this file.
    """
    try:
        import laspy  # noqa: PLC0415 - an optional extra
        import lazrs  # noqa: F401, PLC0415
    except ImportError:
        return False
    points, classes = _points(setting)
    header: Any = laspy.LasHeader(point_format=6, version="1.4")
    header.scales, header.offsets = (
        [0.001] * 3,
        [math.floor(points[:, 0].min()), math.floor(points[:, 1].min()), 0],
    )
    header.creation_date = _DATE
    header.system_identifier, header.generating_software = "Voorbeeldstad: invented", "Tweestad"
    import pyproj  # noqa: PLC0415 - only for the text of the reference system

    header.add_crs(pyproj.CRS.from_epsg(7415))
    cloud: Any = laspy.LasData(header)
    cloud.x, cloud.y, cloud.z = points.T
    cloud.classification = classes
    cloud.return_number = cloud.number_of_returns = np.ones(len(points), dtype=np.uint8)
    body = io.BytesIO()
    cloud.write(body, do_compress=True, laz_backend=laspy.LazBackend.Lazrs)
    write_bytes(folder / "hoogtepunten.laz", body.getvalue())
    return True


def _points(setting: Setting) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    """Points (n, 3) in EPSG:7415 and the class of each, from south to north."""
    west, south, east, north = setting.box
    width, height = east - west + 2 * _MARGIN_M, north - south + 2 * _MARGIN_M
    step = max(_SPACING_M, math.sqrt(width * height / MAX_POINTS) * 1.001)
    columns, rows = int(width / step), int(height / step)
    jitter = _jitter(columns * rows, setting.seed)
    pools = shapely.STRtree(setting.waters)
    found = []
    for first in range(0, rows, _ROWS_AT_ONCE):
        last = min(first + _ROWS_AT_ONCE, rows)
        x, y = np.meshgrid(np.arange(columns), np.arange(first, last))
        xy = np.column_stack([x.ravel(), y.ravel()]) + jitter[first * columns : last * columns] * 0.8
        placed = (xy * step + (west - _MARGIN_M, south - _MARGIN_M)).round(3)
        found.append(_classed(setting, pools, placed))
    return np.vstack([points for points, _ in found]), np.concatenate([classes for _, classes in found])


def _classed(
    setting: Setting, pools: shapely.STRtree, xy: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    """The height and class of points (n, 2): a roof is hit at three quarters of its height."""
    spots = shapely.points(xy)
    classes = np.full(len(xy), GROUND, dtype=np.uint8)
    z = setting.ground_nap_m(xy)
    wet = pools.query(spots, predicate="intersects")[0]
    under, over = setting.footprint_tree.query(spots, predicate="intersects")
    roofs = z[under] * 0.25 + setting.tops_nap_m[over] * 0.75
    known = np.isfinite(roofs)
    z += xy[:, 0] % 1 * 0.04
    classes[wet], z[wet] = WATER, WATER_NAP_M
    classes[under[known]], z[under[known]] = BUILDING, roofs[known]
    return np.column_stack([xy, z]).round(3), classes


def _jitter(count: int, seed: int) -> NDArray[np.float64]:
    """Numbers (n, 2) from 0 to 1 that look like chance: two steps of a Weyl sequence."""
    n = np.arange(1, count + 1, dtype=np.float64) + (seed % 1000) * 17
    return np.column_stack([(n * 0.7548776662466927) % 1.0, (n * 0.5698402909980532) % 1.0])
