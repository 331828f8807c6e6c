"""How far the drawn ground is from the points of AHN, and what a finer grid costs. `python bench/terrain.py`.

Per step of the fine grid: the upright distance between each ground point of the two clouds of Delft (283,118
points) and the drawn ground, and the bytes of that ground. The row without a step is the ground as it
was before: spread from the ground heights at the buildings. Files come from the open-data folder (OPEN_DATA).
"""

from __future__ import annotations

import gzip
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

import laspy
import numpy as np
import shapely
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent))
from tiles import machine

from tweestad.formats.cityjson.reading import read_city
from tweestad.formats.terrain.heights import HeightSamples, Thinning
from tweestad.formats.terrain.points import read_points
from tweestad.ground import terrain
from tweestad.ground.height import GroundHeight, Measured
from tweestad.ground.parts import GroundInput, cut_ground
from tweestad.ground.tiles import ground_tiles
from tweestad.model.city_object import CityObject
from tweestad.model.feature import BBox
from tweestad.tiles.frame import Frame

ROOT = Path(__file__).resolve().parents[1]
OPEN_DATA = Path(os.environ.get("OPEN_DATA") or ROOT.parent / "shared" / "data")
CLOUDS = ("terrain/delft-centrum_ahn3_west.laz", "terrain/delft-centrum_ahn3_oost.laz")
BUILDINGS = "buildings3d/delft-centrum_3dbag-v210908-tile5908-subset.city.jsonl.gz"
RESULTS = ROOT / "bench/results/terrain.json"
BOX = BBox(84_808, 447_412, 85_073, 447_642)

Floats = NDArray[np.float64]


def ground_points() -> Floats:
    """All points of class 2, (n, 3), RD and NAP."""
    found = []
    for name in CLOUDS:
        cloud = laspy.read(OPEN_DATA / name)
        ground = np.asarray(cloud.classification) == 2
        found.append(np.column_stack([cloud.x, cloud.y, cloud.z])[ground])
    return np.concatenate(found)


def building_heights() -> tuple[Floats, Floats]:
    """Where the buildings of the centre stand, and the height of the ground that they carry."""
    xy, z = [], []
    for found in read_city(OPEN_DATA / BUILDINGS, crs=7415):
        if isinstance(found, CityObject) and found.footprint is not None:
            height = found.attributes.get("h_maaiveld")
            if isinstance(height, float):
                middle = shapely.from_wkb(found.footprint).centroid
                xy.append((middle.x, middle.y))
                z.append(height)
    return np.array(xy), np.array(z)


def described(height: GroundHeight, points: Floats, seconds: float) -> dict[str, Any]:
    """Distances to the points, and the weight of the land of the box."""
    off = height.at(points[:, :2]) - points[:, 2]
    parts = cut_ground(GroundInput(BOX, BOX))
    started = time.perf_counter()
    made = ground_tiles(parts, height, Frame.at(84_900, 447_500), water_nap_m=-0.44)
    drawn = time.perf_counter() - started
    glbs = [glb.data for role in made.roles.values() for glb in role.contents()]
    return {
        "step_m": None if height.terrain is None else height.terrain.step_m,
        "off_median_m": round(float(np.median(np.abs(off))), 3),
        "off_95_m": round(float(np.percentile(np.abs(off), 95)), 3),
        "off_99_m": round(float(np.percentile(np.abs(off), 99)), 3),
        "above_mean_m": round(float(off.mean()), 3),
        "triangles": sum(role.triangles for role in made.roles.values()),
        "kb": round(sum(map(len, glbs)) / 1000, 1),
        "gzip_kb": round(sum(len(gzip.compress(g, 6, mtime=0)) for g in glbs) / 1000, 1),
        "fit_s": round(seconds, 2),
        "draw_s": round(drawn, 2),
    }


def fitted(samples: HeightSamples, xy: Floats, z: Floats) -> tuple[GroundHeight, float]:
    """The ground on the terrain, and the seconds that took."""
    started = time.perf_counter()
    height = GroundHeight.from_terrain(Measured(samples.xy, samples.z_nap), xy, z, water_nap_m=-0.44)
    return height, time.perf_counter() - started


def main() -> int:
    if not OPEN_DATA.is_dir():
        print("the open-data folder is not there (OPEN_DATA)", file=sys.stderr)
        return 2
    into, started = Thinning(), time.perf_counter()
    counts = [read_points(OPEN_DATA / name, into, crs=7415) for name in CLOUDS]
    samples = into.samples()
    seconds = time.perf_counter() - started
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    reading = {
        "points": sum(c.read for c in counts),
        "ground": sum(c.used for c in counts),
        "cells": len(samples.z_nap),
        "seconds": round(seconds, 2),
        "points_per_second": round(sum(c.read for c in counts) / seconds),
        "rss_mb_peak": peak_mb,
    }
    print(", ".join(f"{name} {value:,}" for name, value in reading.items()))
    points, (xy, z) = ground_points(), building_heights()
    rows = [described(GroundHeight.from_samples(xy, z, water_nap_m=-0.44), points, 0.0)]
    for step in terrain.STEPS_M:
        # The step is chosen by the area; here each in turn.
        terrain.STEPS_M = (step,)  # type: ignore[misc]
        height, fit_s = fitted(samples, xy, z)
        rows.append(described(height, points, fit_s))
    print("  ".join(name.rjust(13) for name in rows[0]))
    for row in rows:
        print("  ".join(("guess" if v is None else str(v)).rjust(13) for v in row.values()))
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    result = {"bench": "terrain", "machine": machine(), "reading": reading, "cases": rows}
    RESULTS.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
