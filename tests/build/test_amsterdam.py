"""The real neighbourhood: every object of the open data is accounted for."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from tweestad.build.near_titles import with_near_titles
from tweestad.build.plan import TwinPlan
from tweestad.build.taking import Taken, account_for, take_layer
from tweestad.build.twin import read_twin
from tweestad.config import Config
from tweestad.tiles.plan import SHAPE_PROPERTY

ROOT = Path(__file__).resolve().parents[2]
OPEN_DATA = Path(os.environ.get("OPEN_DATA") or ROOT.parent / "shared" / "data")

pytestmark = [
    pytest.mark.open_data,
    pytest.mark.skipif(
        not (OPEN_DATA / "buildings3d").is_dir(), reason="the open-data folder is not there (OPEN_DATA)"
    ),
]


@dataclass(frozen=True, slots=True)
class Amsterdam:
    plan: TwinPlan
    layers: dict[str, Taken]


@pytest.fixture(scope="module")
def amsterdam(tmp_path_factory: pytest.TempPathFactory) -> Amsterdam:
    config = Config(tmp_path_factory.mktemp("amsterdam"), open_data=OPEN_DATA)
    plan = read_twin(ROOT / "demo/amsterdam", config)
    taken = {layer.layer.id: take_layer(layer) for layer in plan.layers}
    return Amsterdam(plan, {key: with_near_titles(each, taken) for key, each in taken.items()})


def test_every_row_is_accounted_for(amsterdam: Amsterdam) -> None:
    counts = {}
    for key, taken in amsterdam.layers.items():
        report = account_for(taken, public=True, seconds=0)
        counts[key] = (report.read, report.left_out, report.out, len(report.rejected))
    assert counts == {
        "gebouwen": (474, 0, 474, 0),
        "water": (1677, 3, 1674, 0),
        "straten": (3899, 1292, 2607, 0),
        "wegen": (21648, 0, 21648, 0),
        "parken": (123, 0, 123, 0),
        "buurten": (518, 0, 518, 0),
        "bomen": (274, 0, 274, 0),
        "tram": (4211, 0, 4204, 7),
        "metro": (719, 0, 718, 1),
        "haltes": (231, 0, 231, 0),
        "containers": (241, 1, 238, 2),
        "wijken": (3340, 3241, 99, 0),
        "stadsdelen": (8, 0, 8, 0),
        "woningbouwplannen": (4348, 3563, 785, 0),
        "projecten": (65, 0, 65, 0),
        "werelderfgoed": (2, 0, 2, 0),
        "winkelgebieden": (132, 0, 132, 0),
        "koele-plekken-12": (633, 0, 588, 45),
        "koele-plekken-16": (633, 0, 599, 34),
    }


def test_lines_of_one_point_and_containers_without_a_place_are_rejected_with_a_reason(
    amsterdam: Amsterdam,
) -> None:
    reasons = {
        key: account_for(amsterdam.layers[key], public=True, seconds=0).reasons
        for key in ("tram", "metro", "containers")
    }
    unreadable = "its geometry cannot be read (such as a line of one point)"
    assert reasons == {
        "tram": (("it has no geometry", 4), (unreadable, 2), ("the line has no length", 1)),
        "metro": ((unreadable, 1),),
        "containers": (("it has no geometry", 2),),
    }


def test_no_depth_and_no_height_is_invented(amsterdam: Amsterdam) -> None:
    metro = amsterdam.layers["metro"]
    assert {f.attributes["diepte_bekend"] for f in metro.features} == {"nee"}
    assert "diepte onbekend" in metro.plan.layer.style.classes["leiding"][0].label.nl
    trees = amsterdam.layers["bomen"]
    assert {f.attributes["hoogte_herkomst"] for f in trees.features} == {"kroon"}
    assert {f.attributes["kroon_herkomst"] for f in trees.features} == {"omtrek"}
    crowns = sorted(float(str(f.attributes["kroon_m"])) for f in trees.features)
    assert (crowns[0], crowns[137], crowns[-1]) == (3.15, 9.35, 39.51)


def test_every_value_has_words(amsterdam: Amsterdam) -> None:
    assert {key: taken.notes for key, taken in amsterdam.layers.items() if taken.notes} == {}


def test_the_buildings_have_the_known_gaps(amsterdam: Amsterdam) -> None:
    taken = amsterdam.layers["gebouwen"]
    assert len(taken.solids) == 474
    assert sum(solid.shape is not None for solid in taken.solids) == 449
    unknown = [f for f in taken.features if f.attributes["bouwjaar"] == 1005]
    assert len(unknown) == 39
    column = taken.plan.layer.column("bouwjaar")
    assert column is not None
    assert column.missing == (1005,)
    flat = [f for f in taken.features if f.attributes["detailniveau"] == "0"]
    assert len(flat) == 25
    assert all(f.attributes["hoogte_m"] is None for f in flat)
    valid = [f.attributes["geldig_3d"] for f in taken.features]
    assert (valid.count(True), valid.count(False), valid.count(None)) == (438, 11, 25)


def test_every_building_has_a_national_number_and_a_title_from_its_surroundings(amsterdam: Amsterdam) -> None:
    features = amsterdam.layers["gebouwen"].features
    assert all(f.id == f.ref and f.id.startswith("NL.IMBAG.Pand.0363") for f in features)
    by_street = [f for f in features if f.title.startswith("Gebouw bij ")]
    by_quarter = [f for f in features if f.title.startswith("Gebouw in ")]
    assert len(by_street) + len(by_quarter) == 474
    assert len(by_street) > 300
    assert any(f.title == "Gebouw bij Weesperstraat" for f in features)


def test_no_column_takes_the_name_that_tiles_keep_for_themselves(amsterdam: Amsterdam) -> None:
    for taken in amsterdam.layers.values():
        assert taken.plan.layer.column(SHAPE_PROPERTY) is None


def test_the_committed_lock_is_of_these_files(amsterdam: Amsterdam) -> None:
    lock = (ROOT / "demo/amsterdam/inputs.lock").read_text(encoding="utf-8")
    for layer in amsterdam.plan.layers:
        for file in layer.inputs:
            assert f'path = "{file.told}"\nbytes = {file.path.stat().st_size}\n' in lock
