"""What stands in Voorbeeldstad: the same every time, complete, and every reference leads somewhere."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from tweestad.build.twin import read_twin
from tweestad.config import Config
from tweestad.formats.vector.reading import VectorQuery, read_vector
from tweestad.synthetic.contents.listing import CONTENTS
from tweestad.synthetic.contents.making import missing_files, write_contents
from tweestad.synthetic.contents.participation import PATHS, SENSOR_PATHS
from tweestad.synthetic.contents.setting import Setting, read_setting
from tweestad.synthetic.contents.terrain import BUILDING, GROUND, MAX_POINTS, WATER, WATER_NAP_M
from tweestad.synthetic.form.ground import height_nap_m
from tweestad.synthetic.town import FILES, write_town

ROOT = Path(__file__).parents[2]
STAMPS = {"generated.json", "contents.json"}
AGES = ("0_tot_15_jaar", "15_tot_25_jaar", "25_tot_45_jaar", "45_tot_65_jaar", "65_jaar_en_ouder")
_ALL = (
    "import sys; from pathlib import Path; from tweestad.synthetic.town import write_town;"
    "from tweestad.synthetic.contents.making import write_contents;"
    "write_town(Path(sys.argv[1]), seed=1, size=700); write_contents(Path(sys.argv[1]), seed=1)"
)


@pytest.fixture(scope="module")
def setting(full_town: Path) -> Setting:
    return read_setting(full_town, seed=1)


def files_of(folder: Path) -> dict[str, str]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in found}


def rows_of(path: Path) -> list[dict[str, str]]:
    text = path.read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter=";" if ";" in text.splitlines()[0] else ","))


def properties(path: Path) -> list[dict[str, Any]]:
    return [feature["properties"] for feature in json.loads(path.read_bytes())["features"]]


def table(path: Path, geometry: str, *columns: str) -> tuple[list[Any], dict[str, list[Any]]]:
    """The shapes and columns of a file, read as the build reads it; nothing may be rejected."""
    shapes: list[Any] = []
    values: dict[str, list[Any]] = {name: [] for name in columns}
    for batch in read_vector(path, VectorQuery(geometry, columns)):  # type: ignore[arg-type]
        assert not batch.rejected
        shapes += list(batch.geometries)
        for name in columns:
            values[name] += batch.values[name]
    return shapes, values


def test_the_same_seed_gives_the_same_bytes_in_another_process(full_town: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-c", _ALL, str(tmp_path)], check=True, env=environment)
    assert files_of(tmp_path) == files_of(full_town)


def test_another_seed_gives_other_contents(full_town: Path, tmp_path: Path) -> None:
    write_town(tmp_path, seed=2, size=700)
    write_contents(tmp_path, seed=2)
    before, after = files_of(full_town), files_of(tmp_path)
    equal = {name for name in before if name in after and before[name] == after[name]}
    # The middle of the form is the same for every seed, and so is what only follows from it.
    follows = {*FILES, "haltes.geojson", "live/gtfs-voorbeeldstad.zip", "geluid.geojson"}
    about = {"gbfs", "system_information", "vehicle_types"}
    assert {Path(name).stem for name in equal - follows} <= about


def test_every_file_is_in_the_listing_and_every_file_of_the_listing_is_there(full_town: Path) -> None:
    assert missing_files(full_town) == []
    listed = {path for each in CONTENTS for path in full_town.glob(each.name)}
    there = {path for path in full_town.rglob("*") if path.is_file()}
    assert {path.name for path in there - listed} == {*FILES, *STAMPS}


def test_contents_that_are_there_are_not_written_again_but_those_of_another_form_are(tmp_path: Path) -> None:
    write_town(tmp_path, seed=1, size=12)
    write_contents(tmp_path, seed=1)
    first = (tmp_path / "bomen.fgb").stat().st_mtime_ns
    write_contents(tmp_path, seed=1)
    assert (tmp_path / "bomen.fgb").stat().st_mtime_ns == first
    (tmp_path / "besluit.json").unlink()
    write_contents(tmp_path, seed=1)
    assert (tmp_path / "besluit.json").is_file(), "a lost file comes back"
    before = len(rows_of(tmp_path / "energielabels.csv"))
    write_town(tmp_path, seed=1, size=60)
    write_contents(tmp_path, seed=1)
    assert len(rows_of(tmp_path / "energielabels.csv")) > before


@pytest.mark.parametrize("size", [1, 3])
def test_a_hamlet_has_contents_too(tmp_path: Path, size: int) -> None:
    write_town(tmp_path, seed=4, size=size)
    write_contents(tmp_path, seed=4)
    assert missing_files(tmp_path) == []


def test_every_unit_stands_in_a_building_and_every_building_has_its_units(
    full_town: Path, setting: Setting
) -> None:
    spots, units = table(
        full_town / "verblijfsobjecten.fgb", "point", "identificatie", "pand_identificatie", "oppervlakte"
    )
    assert len(set(units["identificatie"])) == len(units["identificatie"])
    assert all(each.startswith("NL.IMBAG.Verblijfsobject.9999") for each in units["identificatie"])
    outlines = {each.pand: shapely.Polygon(each.outline) for each in setting.buildings}
    for spot, pand in zip(spots, units["pand_identificatie"], strict=True):
        assert outlines[pand].buffer(0.01).contains(spot)
    assert Counter(units["pand_identificatie"]) == {b.pand: b.units for b in setting.buildings if b.units}
    assert all(10 < area < 50_000 for area in units["oppervlakte"])


def test_every_address_is_in_a_street_that_exists_and_no_two_are_the_same(
    full_town: Path, setting: Setting
) -> None:
    columns = ("straatnaam", "postcode", "nummeraanduiding", "verblijfsobject", "weergavenaam")
    spots, told = table(full_town / "adressen.fgb", "point", *columns)
    lines: dict[str, list[Any]] = {}
    for way in setting.streets:
        lines.setdefault(way.name, []).append(way.line)
    for spot, street in zip(spots, told["straatnaam"], strict=True):
        assert min(line.distance(spot) for line in lines[street]) < 150
    assert len(set(told["weergavenaam"])) == len(spots)
    assert len(set(told["nummeraanduiding"])) == len(spots)
    _, units = table(full_town / "verblijfsobjecten.fgb", "point", "identificatie")
    assert told["verblijfsobject"] == units["identificatie"]
    assert all(
        p[:4].isdigit() and p[:2] == "99" and len(p) == 6 and p[4:].isupper() for p in told["postcode"]
    )


def test_labels_belong_to_units_and_say_the_same(full_town: Path) -> None:
    _, units = table(full_town / "verblijfsobjecten.fgb", "point", "identificatie", "energieklasse")
    labels = dict(zip(units["identificatie"], units["energieklasse"], strict=True))
    rows = rows_of(full_town / "energielabels.csv")
    assert len(rows) == sum(label is not None for label in labels.values())
    for row in rows:
        key = f"NL.IMBAG.Verblijfsobject.{row['Pand_bagverblijfsobjectid']}"
        assert labels[key] == row["Pand_energieklasse"]


def test_figures_add_up_to_the_units_and_to_each_other(full_town: Path) -> None:
    buurten = properties(full_town / "buurtcijfers.geojson")
    wijken = {row["wijkcode"]: row for row in properties(full_town / "wijkcijfers.geojson")}
    _, units = table(full_town / "verblijfsobjecten.fgb", "point", "gebruiksdoel", "buurtcode")
    homes = Counter(
        code
        for code, use in zip(units["buurtcode"], units["gebruiksdoel"], strict=True)
        if use == "woonfunctie"
    )
    for row in (*buurten, *wijken.values()):
        assert row["aantal_inwoners"] == row["mannen"] + row["vrouwen"]
        assert row["aantal_inwoners"] == sum(row[f"aantal_personen_{age}"] for age in AGES)
        assert min(row[f"aantal_personen_{age}"] for age in AGES) >= 0
        assert row["aantal_huishoudens"] <= row["woningvoorraad"]
    assert {row["buurtcode"]: row["woningvoorraad"] for row in buurten} == {
        row["buurtcode"]: homes[row["buurtcode"]] for row in buurten
    }
    for name in ("aantal_inwoners", "aantal_huishoudens", "woningvoorraad", "personenautos_totaal"):
        for code, wijk in wijken.items():
            assert wijk[name] == sum(row[name] for row in buurten if row["wijkcode"] == code)
    newest = [row for row in rows_of(full_town / "bevolking-leeftijd.csv") if row["jaar"] == "2025"]
    assert sum(int(row["aantal"]) for row in newest) == sum(row["aantal_inwoners"] for row in buurten)


def test_energy_of_the_town_is_that_of_its_wijken_and_the_target_goes_down_to_nothing(
    full_town: Path,
) -> None:
    rows = rows_of(full_town / "energie-wijken.csv")
    for year in sorted({row["jaar"] for row in rows}):
        town = next(row for row in rows if row["jaar"] == year and row["soort"] == "gemeente")
        wijken = [row for row in rows if row["jaar"] == year and row["soort"] == "wijk"]
        for name in ("co2_ton", "woningen", "inwoners"):
            assert float(town[name]) == pytest.approx(sum(float(row[name]) for row in wijken), abs=0.1)
    line = [float(row["co2_ton"]) for row in rows_of(full_town / "energiedoel.csv")]
    assert line == sorted(line, reverse=True)
    assert line[-1] == 0


def test_height_points_say_what_they_hit(full_town: Path, setting: Setting) -> None:
    laspy = pytest.importorskip("laspy")
    cloud = laspy.read(full_town / "hoogtepunten.laz")
    assert cloud.header.parse_crs().to_epsg() == 7415
    assert len(cloud.points) <= MAX_POINTS
    classes = np.asarray(cloud.classification)
    assert set(classes.tolist()) == {GROUND, BUILDING, WATER}
    spots = np.asarray(shapely.points(np.asarray(cloud.x), np.asarray(cloud.y)), dtype=object)
    z = np.asarray(cloud.z)
    assert np.allclose(z[classes == WATER], WATER_NAP_M)
    assert shapely.contains(setting.water, spots[classes == WATER]).mean() > 0.99
    assert not shapely.intersects(setting.water, spots[classes == GROUND]).any()
    ground = height_nap_m(np.column_stack([np.asarray(cloud.x), np.asarray(cloud.y)]))
    assert np.abs(z - ground)[classes == GROUND].max() < 0.05
    houses = shapely.union_all([shapely.Polygon(each.outline) for each in setting.buildings])
    shapely.prepare(houses)
    assert shapely.intersects(houses, spots[classes == BUILDING]).all()
    density = len(spots) / shapely.box(*shapely.total_bounds(spots)).area
    assert density == pytest.approx(0.25, rel=0.05)


def test_trees_stand_free_of_houses_and_water(full_town: Path, setting: Setting) -> None:
    spots, told = table(
        full_town / "bomen.fgb", "point", "lokaalid", "hoogte_m", "kroondiameter_m", "plantjaar"
    )
    assert len(spots) > 100
    assert len(set(told["lokaalid"])) == len(spots)
    assert not shapely.intersects(setting.water, spots).any()
    assert not len(setting.footprint_tree.query(spots, predicate="dwithin", distance=2.9)[0])
    assert all(3 <= h <= 30 for h in told["hoogte_m"])
    assert all(1.5 <= c <= 20 for c in told["kroondiameter_m"])
    assert 0 < sum(year is None for year in told["plantjaar"]) < len(spots) / 5


def test_sewers_run_downhill_from_manhole_to_manhole_below_the_street(full_town: Path) -> None:
    columns = ("beginpunt", "eindpunt", "bob_beginpunt_leiding", "bob_eindpunt_leiding", "breedte_leiding")
    lines, told = table(full_town / "riolering.fgb", "line", *columns)
    spots, wells = table(full_town / "rioolputten.fgb", "point", "naam", "maaiveldhoogte", "putbodem")
    at = dict(zip(wells["naam"], spots, strict=True))
    ground = dict(zip(wells["naam"], wells["maaiveldhoogte"], strict=True))
    assert len(at) == len(spots)
    for line, first, last, begin, end, wide in zip(lines, *told.values(), strict=True):
        assert at[first].distance(shapely.get_point(line, 0)) < 0.01
        assert at[last].distance(shapely.get_point(line, -1)) < 0.01
        assert begin > end
        assert begin + wide / 1000 < ground[first] - 0.8


def test_the_depth_of_some_mains_is_unknown(full_town: Path) -> None:
    _, told = table(full_town / "leidingen.fgb", "line", "thema", "diepte_m")
    assert set(told["thema"]) == {"water", "gas lage druk", "laagspanning"}
    assert 0 < sum(depth is None for depth in told["diepte_m"]) < len(told["diepte_m"])


def test_social_real_estate_is_tied_to_a_building_and_a_unit_of_it(full_town: Path) -> None:
    _, units = table(full_town / "verblijfsobjecten.fgb", "point", "identificatie", "pand_identificatie")
    pand_of = dict(zip(units["identificatie"], units["pand_identificatie"], strict=True))
    rows = rows_of(full_town / "maatschappelijk-vastgoed.csv")
    assert rows
    assert all(pand_of[row["bag_verblijfsobject"]] == row["bag_pand"] for row in rows)
    assert len({row["bag_pand"] for row in rows}) == len(rows)
    assert all(1 <= int(row["conditie_nen2767"]) <= 6 for row in rows)


def test_the_town_has_the_facilities_that_people_need(full_town: Path) -> None:
    kinds = {row["soort"] for row in properties(full_town / "voorzieningen.geojson")}
    assert {"school", "doctors", "pharmacy", "supermarket", "library", "sports_centre", "playground"} <= kinds
    schools = properties(full_town / "scholen.geojson")
    assert all(row["studentCount"] >= 40 for row in schools)


def test_the_homes_of_a_plan_are_those_of_its_phases_and_of_its_kinds(
    full_town: Path, setting: Setting
) -> None:
    phases: Counter[str] = Counter()
    for row in rows_of(full_town / "plan-fasen.csv"):
        phases[row["plan"]] += int(row["woningen"])
        assert int(row["koop"]) + int(row["huur"]) == int(row["woningen"])
        assert int(row["start"]) < int(row["oplevering"])
    plans = properties(full_town / "plannen.geojson")
    assert len(plans) >= 3
    for plan in plans:
        assert plan["Aantalrest"] == phases[plan["plan"]]
        assert plan["Aantalrest"] == plan["Op202529"] + plan["Op20302050"] == plan["HUUR"] + plan["KOOP"]
        assert plan["Aantalrest"] == plan["WTYPGGB"] + plan["WTYPAPP"]
    shapes, _ = table(full_town / "plannen.geojson", "polygon")
    assert not len(setting.footprint_tree.query(shapes, predicate="intersects")[0])


def test_classes_of_noise_do_not_overlap(full_town: Path) -> None:
    shapes, told = table(full_town / "geluid.geojson", "polygon", "klasse")
    assert {"55-59", "60-64"} <= set(told["klasse"])
    whole = shapely.union_all(shapes)
    assert sum(shape.area for shape in shapes) == pytest.approx(whole.area, rel=0.001)


def test_there_is_a_contribution_in_every_state_and_it_got_there_by_a_known_way(full_town: Path) -> None:
    lines = (full_town / "bijdragen.jsonl").read_text(encoding="utf-8").splitlines()
    given = [json.loads(line) for line in lines]
    assert {each["state"] for each in given if each["kind"] == "idee"} == set(PATHS)
    assert {each["state"] for each in given if each["kind"] == "sensor"} == set(SENSOR_PATHS)
    assert len({each["id"] for each in given}) == len(given)
    ways = PATHS | SENSOR_PATHS
    for each in given:
        assert tuple(step["state"] for step in each["history"]) == ways[each["state"]]
        times = [step["at"] for step in each["history"]]
        assert times == sorted(times)
        assert each["by"].startswith("bewoner ")
        if each["state"] in ("afgewezen", "verborgen", "refused"):
            assert each["history"][-1]["reason"]


def test_the_decision_has_a_history_in_order_of_time_and_belongs_to_a_plan(full_town: Path) -> None:
    decision = json.loads((full_town / "besluit.json").read_bytes())
    dates = [step["date"] for step in decision["history"]]
    assert dates == sorted(dates)
    assert decision["state"] == decision["history"][-1]["state"]
    assert decision["plan"] in {row["plan"] for row in properties(full_town / "plannen.geojson")}
    assert (full_town / decision["design"]).is_file()


def test_every_layer_of_the_demo_is_marked_as_invented_and_reads_a_listed_file(tmp_path: Path) -> None:
    plan = read_twin(ROOT / "demo/voorbeeldstad", Config(tmp_path))
    listed = {*FILES, *(each.name for each in CONTENTS)}
    for layer in plan.layers:
        assert layer.layer.invented
        assert layer.layer.source.startswith("bedacht voor Voorbeeldstad")
        assert layer.read.file.told.removeprefix("{generated}/") in listed


def test_the_documentation_names_every_file_with_what_is_in_it() -> None:
    page = (ROOT / "docs/voorbeeldstad-inhoud.md").read_text(encoding="utf-8")
    for each in CONTENTS:
        assert f"| `{each.name}` | {each.follows} | {each.holds} |" in page
