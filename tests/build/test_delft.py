"""Delft on its measured terrain: every object and every point of the open data is accounted for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tweestad.build.taking import account_for, take_layer
from tweestad.build.terrain_layer import take_terrain
from tweestad.build.twin import read_twin
from tweestad.config import Config

ROOT = Path(__file__).resolve().parents[2]
OPEN_DATA = Path(os.environ.get("OPEN_DATA") or ROOT.parent / "shared" / "data")

pytestmark = [
    pytest.mark.open_data,
    pytest.mark.skipif(
        not (OPEN_DATA / "terrain").is_dir(), reason="the open-data folder is not there (OPEN_DATA)"
    ),
]


def test_every_row_and_every_point_of_delft_is_accounted_for(tmp_path: Path) -> None:
    plan = read_twin(ROOT / "demo/delft", Config(tmp_path, open_data=OPEN_DATA))
    counts = {}
    for layer in plan.layers:
        take = take_terrain if layer.layer.kind == "terrain" else take_layer
        taken = take(layer)
        report = account_for(taken, public=True, seconds=0)
        counts[report.id] = report.out
        assert report.rejected == ()
        if taken.terrain is not None:
            points = [feature.attributes["grondpunten"] for feature in taken.features]
            assert sorted(p for p in points if isinstance(p, int)) == [87_130, 195_988]
            assert len(taken.terrain.z_nap) > 12_000
    # How many objects the model with blocks gives depends on the types that are read.
    assert counts.pop("gebouwen-lod1") >= 160
    assert counts == {
        "gebouwen": 99,
        "gebouwen-wippolder": 443,
        "hoogte": 2,
        "wegdelen": 151,
        "groen": 126,
        "water": 3,
    }
