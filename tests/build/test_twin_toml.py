"""twin.toml is read strictly: every fault is told at once, with its line and the nearest right word."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.build.tiny_city import TWIN, TinyCity
from tweestad.build.layer_fields import RESERVED_IDS
from tweestad.build.plan import TwinPlan
from tweestad.build.twin import read_twin
from tweestad.config import Config
from tweestad.errors import TwinConfigInvalid
from tweestad.formats.toml.lines import key_lines
from tweestad.ground.quantized import TERRAIN_ID
from tweestad.ground.tiles import QUAY_ID, TILESET_IDS
from tweestad.scene.manifest import FLAT_GROUND_ID

ROOT = Path(__file__).resolve().parents[2]


def read(tmp_path: Path, twin: str = TWIN) -> TwinPlan:
    city = TinyCity(tmp_path, twin=twin)
    city.write()
    return read_twin(city.folder, city.config)


def fault_of(tmp_path: Path, twin: str) -> str:
    with pytest.raises(TwinConfigInvalid) as caught:
        read(tmp_path, twin)
    return str(caught.value)


def test_a_good_twin_becomes_a_plan(tmp_path: Path) -> None:
    plan = read(tmp_path)
    assert plan.twin.centre == (122_000.0, 486_000.0)
    buildings = plan.layer("gebouwen")
    assert buildings.layer.columns[0].title.nl == "Bouwjaar"
    assert buildings.layer.columns[0].missing == (1005,)
    assert buildings.source_columns == ("bouwjaar", "rf_h_ground", "identificatie")
    assert plan.layer("kabels").layer.audience == "staff"
    assert not plan.twin.invented


def test_no_layer_may_be_called_as_what_every_twin_has_of_itself() -> None:
    of_itself = {"c", TERRAIN_ID, QUAY_ID, FLAT_GROUND_ID, *TILESET_IDS.values()}
    assert of_itself == RESERVED_IDS


FAULTS: list[tuple[str, str, str]] = [
    (
        'municipality = "GM9999"',
        'municipalty = "GM9999"',
        "unknown key ‘municipalty’ in twin (did you mean ‘municipality’?)",
    ),
    (
        'municipality = "GM9999"',
        'municipality = "Amsterdam"',
        "municipality ‘Amsterdam’ must be GM and four digits",
    ),
    ("centre = [122000, 486000]", "centre = [122000]", "centre must be a list of 2 numbers"),
    ("centre = [122000, 486000]", "centre = [nan, 486000]", "centre must be a list of 2 numbers"),
    ('kind = "buildings"', 'kind = "building"', "kind cannot be ‘building’ (did you mean ‘buildings’?)"),
    (
        'kind = "buildings"',
        'questions = ["plan"]\nkind = "buildings"',
        "there is no question ‘plan’ (did you mean ‘plans’?)",
    ),
    (
        'kind = "buildings"',
        'quality = "oficial"\nkind = "buildings"',
        "quality cannot be ‘oficial’ (did you mean ‘official’?)",
    ),
    ('licence_class = "A"', 'licence_class = "C"', "licence_class cannot be ‘C’ (choose from: A, B)"),
    ('id = "gebouwen"', 'id = "terrain"', "‘terrain’ is the name of a folder of the drawn ground"),
    ('id = "water"', 'id = "gebouwen-lijnen"', "is what the lines on the buildings of ‘gebouwen’ are called"),
    ('id = "gebouwen"', 'id = "Gebouwen 3D"', "layer id ‘Gebouwen 3D’ must be small letters"),
    ('id = "straten"', 'id = "water"', "there are two layers called ‘water’"),
    ('path = "gebouwen.city.jsonl"', 'path = "weg.city.jsonl"', "there is no file weg.city.jsonl"),
    ('path = "gebouwen.city.jsonl"', 'path = "../../etc/passwd"', "leads out of its folder"),
    ('path = "gebouwen.city.jsonl"', 'path = "{open_data}/x.jsonl"', "{open_data} is not set"),
    (
        'path = "gebouwen.city.jsonl"',
        'path = "{home}/x.jsonl"',
        "a path may start with {open_data}/ or {generated}/",
    ),
    (
        'format = "cityjson"',
        'format = "citygml"',
        "format cannot be ‘citygml’ (choose from: cityjson, csv, gltf, ifc, obj, pointcloud,",
    ),
    (
        'path = "gebouwen.city.jsonl"}',
        'path = "gebouwen.city.jsonl", crs = "EPSG:9999"}',
        "'EPSG:9999' is not supported",
    ),
    (
        'path = "gebouwen.city.jsonl"}',
        'path = "gebouwen.city.jsonl", clip = [1, 2, 3, 4]}',
        "clip is not for format",
    ),
    ('date = "2026"', 'date = "vorig jaar"', "date ‘vorig jaar’ must be a year, a month or a day"),
    (
        'term = "bouwjaar"',
        'term = "bouwjar"',
        "the vocabulary has no term ‘bouwjar’ (did you mean ‘bouwjaar’?)",
    ),
    ('name = "bouwjaar"', 'name = "Bouwjaar"', "column name ‘Bouwjaar’ must be small letters"),
    ('name = "maaiveld_nap_m"', 'name = "bouwjaar"', "there are two columns called ‘bouwjaar’"),
    ('water = "water"', 'water = "watr"', "there is no layer ‘watr’ (did you mean ‘water’?)"),
    ('column = "maaiveld_nap_m"', 'column = "maaiveld"', "the layer ‘gebouwen’ has no column ‘maaiveld’"),
    (
        "street_widths_m = {residential = 5}",
        "street_widths_m = {residential = -5}",
        "between 0 and 200 metres",
    ),
    (
        'column = "naam", kind = "street"',
        'column = "name", kind = "street"',
        "there is no column ‘name’ in this layer",
    ),
    ('label = "naam"\nclasses', 'label = "nam"\nclasses', "there is no column ‘nam’ in this layer"),
    ('colour = "#000000"', 'colour = "black"', "colour ‘black’ must be # and six small hexadecimal digits"),
    ('id_template = "GEHEIM-{nr}"', 'id_template = "GEHEIM-{nr"', "a brace without its partner"),
    (
        'layer = "straten", within_m = 40',
        'layer = "kabels", within_m = 40',
        "may not take titles from a layer for staff",
    ),
    ('en = "Building near {naam}"', 'en = "Building near {name}"', "a column that ‘Gebouw bij {naam}’"),
    ('steward = "test"', "steward = 5", "steward must be a text"),
    ('theme = "Gebouwen"', "", "theme is missing in layer"),
    ("missing = [1005]", "missing = 1005", "missing must be a list"),
]


@pytest.mark.parametrize(("right", "wrong", "said"), FAULTS)
def test_a_fault_is_told_with_its_line(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    assert right in TWIN
    twin = TWIN.replace(right, wrong, 1)
    told = fault_of(tmp_path, twin)
    assert said in told
    found = next(text for text in told.splitlines() if said in text)
    line = int(found.split("twin.toml:")[1].split(":")[0])
    near = twin.splitlines()[line - 1 : line]
    # A missing key stands at its table, a wrong name at the one who uses it; the others at the line itself.
    elsewhere = any(word in said for word in ("is missing", "two layers", "two columns"))
    key = wrong.split(" = ", maxsplit=1)[0]
    assert elsewhere or any(key in text for text in near)


def test_all_faults_are_told_at_once_in_order_of_line(tmp_path: Path) -> None:
    twin = TWIN.replace("GM9999", "GM1").replace('kind = "lines"', 'kind = "line"').replace("{nr}", "{nr")
    lines = fault_of(tmp_path, twin).splitlines()
    assert len(lines) == 4
    numbers = [int(text.split("twin.toml:")[1].split(":")[0]) for text in lines]
    assert numbers == sorted(numbers)


def test_text_that_is_not_toml_is_one_sentence(tmp_path: Path) -> None:
    assert "this is not valid TOML" in fault_of(tmp_path, "[twin\nid = 1")


def test_a_twin_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(TwinConfigInvalid, match="there is no such file"):
        read_twin(tmp_path / "nergens" / "twin.toml", Config(tmp_path))


def test_lines_are_found_in_every_kind_of_toml() -> None:
    text = (
        '# x = 1\n"a key" = """\n[no.table]\n"""\n[one.two]\nlist = [\n  {k = "}"}, # ]\n'
        "  {k = '{', m = [1,\n 2]},\n]\n"
        "[[many]]\nn = 1\n[many.sub]\nd = 1979-05-27T07:32:00Z\n[[many]]\nn = 2\n[[many.deep]]\nz.q = 3\n"
    )
    lines = key_lines(text)
    assert lines["a key",] == 2
    assert lines["one", "two", "list", 1, "m", 1] == 9
    assert lines["many", 0, "sub", "d"] == 14
    assert lines["many", 1, "n"] == 16
    assert lines["many", 1, "deep", 0, "z", "q"] == 18


def test_the_demo_cities_are_described_without_a_fault(tmp_path: Path) -> None:
    plan = read_twin(ROOT / "demo/voorbeeldstad", Config(tmp_path))
    assert plan.twin.invented
    assert all(layer.layer.invented for layer in plan.layers)
    assert "bestaat niet" in plan.twin.notice.nl
    with pytest.raises(TwinConfigInvalid) as caught:
        read_twin(ROOT / "demo/amsterdam", Config(tmp_path, open_data=tmp_path))
    # Without the open data, nothing but the missing files is wrong.
    assert all("there is no file {open_data}/" in line for line in str(caught.value).splitlines())


BASE = """
[[base]]
id = "luchtfoto"
title = {nl = "Luchtfoto", en = "Aerial picture"}
url = "https://tiles.test/{z}/{x}/{y}.png"
attribution = "Maker"
licence = "CC-BY-4.0"
"""


def test_a_base_map_from_elsewhere_is_off_until_it_is_switched_on(tmp_path: Path) -> None:
    assert read(tmp_path, TWIN + BASE).twin.bases == ()
    (base,) = read(tmp_path, TWIN + BASE + "on = true\n").twin.bases
    assert (base.id, base.title.en, base.attribution) == ("luchtfoto", "Aerial picture", "Maker")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('id = "luchtfoto"', 'id = "paper"', "there is already a base map called ‘paper’"),
        ("https://", "http://", "url must start with https://"),
        ("tiles.test/", "tiles.test; script-src */", "url must start with https://"),
        ("{y}", "{q}", "url must have {z}, {x} and {y}, each once"),
        ('licence = "CC-BY-4.0"', "", "licence is missing"),
    ],
)
def test_a_base_map_is_checked_even_when_it_is_off(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    assert sentence in fault_of(tmp_path, TWIN + BASE.replace(old, new))
