"""The demo cities that read real open data: every row of every layer is accounted for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tweestad.build.taking import account_for, storable, take_layer
from tweestad.build.twin import read_twin
from tweestad.config import Config

ROOT = Path(__file__).resolve().parents[2]
OPEN_DATA = Path(os.environ.get("OPEN_DATA") or ROOT.parent / "shared" / "data")
pytestmark = [
    pytest.mark.open_data,
    pytest.mark.skipif(not OPEN_DATA.is_dir(), reason="the open-data folder is not there (OPEN_DATA)"),
]

# (in, out, left out, rejected), from what the sources say of their files.
ALKMAAR = {
    "wijken": (77, 11, 66, 0),
    "buurten": (66, 66, 0, 0),
    "water": (6887, 6659, 0, 228),
    "scholen": (47, 47, 0, 0),
    "woningbouwplannen": (4348, 73, 4275, 0),
    "gemeentegrens": (1, 1, 0, 0),
}
VOORBURG = {
    "gebouwen": (15380, 15306, 74, 0),
    "verblijfsobjecten": (31293, 31293, 0, 0),
    "buurten": (14, 14, 0, 0),
}
CITIES = {"alkmaar": ALKMAAR, "voorburg": VOORBURG}


@pytest.mark.parametrize(
    ("city", "layer", "counts"),
    [(city, layer, counts) for city, layers in CITIES.items() for layer, counts in layers.items()],
)
def test_every_row_of_a_layer_is_accounted_for(
    city: str, layer: str, counts: tuple[int, int, int, int], tmp_path: Path
) -> None:
    plan = read_twin(ROOT / "demo" / city, Config(data_dir=tmp_path, open_data=OPEN_DATA))
    taken = storable(take_layer(plan.layer(layer)))
    report = account_for(taken, public=True, seconds=0.0)
    assert (report.read, report.out, report.left_out, len(report.rejected)) == counts
    assert all(each.reason for each in report.rejected)


@pytest.mark.parametrize(
    (("layer", "column", "total")),
    [("woningbouwplannen", "woningen", 16_526), ("scholen", "leerlingen", 17_677)],
)
def test_the_sums_of_alkmaar_are_those_of_the_source(
    layer: str, column: str, total: int, tmp_path: Path
) -> None:
    plan = read_twin(ROOT / "demo/alkmaar", Config(data_dir=tmp_path, open_data=OPEN_DATA))
    values = [each.attributes.get(column) for each in take_layer(plan.layer(layer)).features]
    assert sum(v for v in values if isinstance(v, int)) == total


def test_figures_on_the_origin_of_inhabitants_are_in_no_demo_city() -> None:
    for city in (ROOT / "demo").glob("*/twin.toml"):
        text = city.read_text(encoding="utf-8").lower()
        assert not any(word in text for word in ("migratie", "marokko", "turkije", "suriname", "antillen"))
