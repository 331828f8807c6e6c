"""Tables of figures are joined to areas by a code, and what finds no partner is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.build.tiny_city import TinyCity, X, Y
from tweestad.build.pipeline import build
from tweestad.build.report import LayerReport
from tweestad.build.taking import Taken, take_layer
from tweestad.build.twin import read_twin
from tweestad.config import Config
from tweestad.errors import InputRejected, TwinConfigInvalid
from tweestad.model.feature import Value
from tweestad.store.opening import open_store
from tweestad.store.protocol import Where

TWIN = """
[twin]
id = "klein"
title = "Klein"
municipality = "GM9999"
centre = [122000, 486000]

[[layer]]
id = "wijken"
title = "Wijken"
theme = "Wijken"
kind = "areas"
source = "test"
licence = "CC0-1.0"
licence_class = "A"
date = "2026"
steward = "test"
read = READ
id_template = "{wijk}"
columns = [
  {name = "woz", title = "WOZ", type = "integer", from = "energie.woz"},
  {name = "warmte", title = "Warmte", type = "number", from = "energie.warmte"},
  {name = "gas", title = "Gas", type = "number", from = "gas.waarde"},
]
"""
OPEN_DATA = Path(
    os.environ.get("OPEN_DATA") or Path(__file__).resolve().parents[2].parent / "shared" / "data"
)
JOIN = """{format = "vector", path = "wijken.geojson", join = [
  {path = "energie.csv", on = "code", key = "WK9999{wijk}", as = "energie", decimal = ","},
  {path = "lang.csv", on = "gebied", key = "{wijk}", as = "gas", keep = {naam = ["gas"]}, separator = " ",
   header = ["gebied", "naam", "waarde"]}]}"""
ENERGY = "code;woz;warmte\nGM9999;500;1,5\nWK9999A;416;18,4\nWK9999C;;0,5\nWK9999Z;1;1\n;2;2\nkort;1\n"
LONG = "A gas 700\nB gas 800\nA stroom 1900\n"


def write(city: TinyCity, energy: str = ENERGY) -> Path:
    city.folder.mkdir(parents=True, exist_ok=True)
    (city.folder / "twin.toml").write_text(city.twin, encoding="utf-8")
    square = [[[X, Y], [X + 9, Y], [X + 9, Y + 9], [X, Y + 9], [X, Y]]]
    city.write_geojson("wijken", "Polygon", [({"wijk": code}, square) for code in ("A", "B", "C", None)])
    (city.folder / "energie.csv").write_text(energy, encoding="utf-8")
    (city.folder / "lang.csv").write_text(LONG, encoding="utf-8")
    return city.folder


def city(root: Path, read: str = JOIN) -> TinyCity:
    return TinyCity(root, twin=TWIN.replace("READ", read.replace("\n", " ")))


def take(made: TinyCity) -> Taken:
    return take_layer(read_twin(made.folder, made.config).layer("wijken"))


def test_figures_are_joined_and_what_has_no_partner_is_told(tmp_path: Path) -> None:
    made = city(tmp_path)
    write(made)
    taken = take(made)
    found: dict[str, dict[str, Value]] = {each.id: dict(each.attributes) for each in taken.features}
    assert found == {
        "A": {"woz": 416, "warmte": 18.4, "gas": 700.0},
        "B": {"woz": None, "warmte": None, "gas": 800.0},
        "C": {"woz": None, "warmte": 0.5, "gas": None},
    }
    assert taken.notes == (
        "energie: 2 of 4 rows found their row in energie.csv",
        "energie: 1 rows have a code that the table lacks (WK9999B)",
        "energie: 1 rows have no code",
        "energie: 2 rows of the table are not used (GM9999, WK9999Z)",
        "energie: 2 rows of the table have no code or a wrong number of cells",
        "gas: 2 of 4 rows found their row in lang.csv",
        "gas: 1 rows have a code that the table lacks (C)",
        "gas: 1 rows have no code",
    )


def test_a_joined_table_is_an_input_and_a_change_in_it_changes_the_layer(tmp_path: Path) -> None:
    made = city(tmp_path)
    write(made)
    first = build(made.folder, made.config)
    assert isinstance(first.layers[0], LayerReport)
    assert "energie.csv" in (made.folder / "inputs.lock").read_text(encoding="utf-8")
    assert build(made.folder, made.config).skipped
    write(made, ENERGY.replace("416", "417"))
    again = build(made.folder, made.config)
    assert again.changed_inputs[0].startswith("energie.csv has changed")
    assert (again.layers[0].added, again.layers[0].changed, again.layers[0].removed) == (0, 1, 0)


def test_a_code_that_is_there_twice_stops_the_layer(tmp_path: Path) -> None:
    made = city(tmp_path)
    write(made, ENERGY + "WK9999A;1;1\n")
    with pytest.raises(InputRejected, match=r"energie\.csv: line 8: the code ‘WK9999A’ is there twice"):
        take(made)


def test_a_table_without_a_column_that_is_asked_for_stops_the_layer(tmp_path: Path) -> None:
    made = city(tmp_path)
    write(made, ENERGY.replace("woz", "waarde"))
    with pytest.raises(InputRejected, match="there is no column ‘woz’"):
        take(made)


FAULTS: list[tuple[str, str, str]] = [
    ('as = "energie"', 'as = "Energie"', "must be small letters, digits and _"),
    ('as = "energie"', 'as = "gas"', "there are two joins called ‘gas’"),
    ('key = "WK9999{wijk}"', 'key = "WK9999"', "names no column in braces"),
    ('key = "WK9999{wijk}"', 'kye = "WK9999"', "unknown key ‘kye’ in layer.read.join"),
    ('path = "energie.csv"', 'path = "weg.csv"', "there is no file weg.csv"),
    ('decimal = ","', 'encoding = "ebcdic"', "encoding cannot be ‘ebcdic’"),
    ('separator = " "', 'separator = "::"', "separator must be one character"),
    ('id_template = "{wijk}"', 'id_template = "{gas.waarde}"', "which is joined"),
    ('format = "vector", path', 'format = "cityjson", path', "join is for format"),
    ('format = "vector", path = "wijken.geojson"', 'format = "csv", path = "energie.csv", x = "a"',
     "a place needs both x and y"),
    ('format = "vector", path = "wijken.geojson"', 'format = "csv", path = "energie.csv"',
     "name the columns of the place"),
    ('format = "vector", path = "wijken.geojson"', 'format = "csv", path = "energie.csv", wkt = "a"',
     "declare it, such as crs"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), FAULTS)
def test_a_wrong_join_is_a_fault_of_twin_toml(tmp_path: Path, old: str, new: str, said: str) -> None:
    made = city(tmp_path)
    assert old in made.twin
    made = TinyCity(tmp_path, twin=made.twin.replace(old, new, 1))
    write(made)
    with pytest.raises(TwinConfigInvalid) as caught:
        read_twin(made.folder, made.config)
    assert said in str(caught.value)


def test_a_csv_layer_keeps_rows_without_a_place_when_told_so(tmp_path: Path) -> None:
    read = '{format = "csv", path = "punten.csv", x = "lon", y = "lat", crs = "EPSG:4326", WITHOUT}'
    read = read.replace("WITHOUT", 'without_place = "keep"')
    twin = TWIN.replace("READ", read).replace('kind = "areas"', 'kind = "points"')
    twin = twin.partition("columns = [")[0] + 'columns = [{name = "soort", title = "Soort", type = "text"}]\n'
    made = TinyCity(tmp_path, twin=twin)
    write(made)
    (made.folder / "punten.csv").write_text(
        "wijk,soort,lat,lon\na,dakkapel,52.36,4.9\nb,gevel,,\nc,gevel,4.9,52.36\n", encoding="utf-8"
    )
    report = build(made.folder, made.config)
    layer = report.layers[0]
    assert (layer.read, layer.out) == (3, 2)
    assert layer.reasons == (("its coordinates look like latitude and longitude exchanged", 1),)
    store = open_store("", made.config.data_dir)
    try:
        found = {each.feature.id: each.feature for each in store.features(Where(layer="wijken"), limit=9)}
    finally:
        store.close()
    assert found["b"].geometry is None
    assert found["a"].geometry is not None
    assert found["b"].attributes == {"soort": "gevel"}


@pytest.mark.open_data
@pytest.mark.skipif(
    not (OPEN_DATA / "energy").is_dir(), reason="the open-data folder is not there (OPEN_DATA)"
)
def test_energy_figures_are_joined_to_the_buurten_of_amsterdam(tmp_path: Path) -> None:
    read = (
        '{format = "vector", path = "{open_data}/boundaries/amsterdam_buurten-2022.gpkg", join ='
        ' {path = "{open_data}/energy/amsterdam_wijken-energie-wonen_cbs.csv", on = "code",'
        ' key = "WK0363{Wijkcode}", as = "energie"}}'
    )
    twin = TWIN.replace("READ", read).replace('"{wijk}"', '"{Buurtcode}"').partition("columns = [")[0]
    twin += 'columns = [{name = "woz", title = "WOZ", type = "integer", from = "energie.woz"}]\n'
    made = TinyCity(tmp_path, twin=twin)
    write(made)
    config = Config(tmp_path / "data", open_data=OPEN_DATA)
    taken = take_layer(read_twin(made.folder, config).layer("wijken"))
    assert taken.notes == (
        "energie: 501 of 518 rows found their row in amsterdam_wijken-energie-wonen_cbs.csv",
        "energie: 17 rows have a code that the table lacks (WK0363BA, WK0363BB, WK0363NP)",
        "energie: 1 rows of the table are not used (GM0363)",
    )
    woz = {each.id[:2]: each.attributes["woz"] for each in taken.features}
    assert woz["AJ"] == 650
