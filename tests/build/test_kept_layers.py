"""A layer that has not changed is not read again, and the twin is the same as if it had been."""

from __future__ import annotations

import ast
import os
import shutil
from dataclasses import replace
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.build.test_terrain_layer import WITH_TERRAIN, write_hill
from tests.build.tiny_city import TWIN, TinyCity, X, Y
from tweestad.build import inputs
from tweestad.build.inputs import code_sources, look_at
from tweestad.build.kept_layers import KeptLayers
from tweestad.build.layer_keys import layer_keys
from tweestad.build.libraries import LIBRARIES
from tweestad.build.pipeline import build
from tweestad.build.report import BuildReport
from tweestad.build.telling import report_lines
from tweestad.build.twin import read_twin
from tweestad.model.layer import Audience
from tweestad.store.opening import open_store
from tweestad.store.protocol import Where

EVERYONE: frozenset[Audience] = frozenset({"public", "staff"})
POND = [[[X, Y - 70], [X + 40, Y - 70], [X + 40, Y - 30], [X, Y - 30], [X, Y - 70]]]
# Of no influence on what a build makes: they serve, tell, or only help other packages.
NO_MAKERS = {
    "alembic",
    "anyio",
    "fastapi",
    "httpcore",
    "psycopg",
    "rich",
    "sqlalchemy",
    "starlette",
    "uvicorn",
    "jinja2",
}


@pytest.fixture
def city(tmp_path: Path) -> TinyCity:
    made = TinyCity(tmp_path, twin=WITH_TERRAIN, houses=3)
    made.write()
    write_hill(made)
    return made


def change_pond(city: TinyCity) -> None:
    city.write_geojson("water", "Polygon", [({"naam": "Testvijver"}, POND)])


def read(report: BuildReport) -> set[str]:
    """The layers that were read."""
    return {layer.id for layer in report.layers if not layer.kept}


def everything(city: TinyCity) -> dict[str, object]:
    """What is in the store but for change numbers, and the contents of the tile folder."""
    store = open_store("", city.config.data_dir)
    try:
        layers = store.layers(EVERYONE)
        rows = {
            stored.layer.id: [
                each.feature
                for each in store.features(Where(layer=stored.layer.id, audiences=EVERYONE), limit=100)
            ]
            for stored in layers
        }
        return {
            "layers": [(stored.layer, stored.count, stored.bbox) for stored in layers],
            "rows": rows,
            "cells": {name: store.cells(name) for name in rows},
            "places": store.find_places(["test"], audiences=EVERYONE, limit=10),
            "contents": {path.name for path in (city.config.tiles_dir / "c").iterdir()},
        }
    finally:
        store.close()


def spoil(path: Path) -> None:
    """Make a file unreadable so that it seems unchanged: whoever reads it now, fails."""
    before = path.stat()
    path.write_bytes(b"?" * before.st_size)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_only_the_layer_whose_file_has_changed_is_read(city: TinyCity) -> None:
    build(city.folder, city.config)
    for name in ("gebouwen.city.jsonl", "straten.geojson", "kabels.geojson", "a.laz", "b.laz"):
        spoil(city.folder / name)
    change_pond(city)
    report = build(city.folder, city.config)
    assert read(report) == {"water"}
    # Its id is made from its shape.
    assert [(layer.id, layer.added, layer.removed) for layer in report.layers if layer.added] == [
        ("water", 1, 1)
    ]


def test_a_twin_built_again_in_part_is_the_same_as_one_built_as_a_whole(city: TinyCity) -> None:
    build(city.folder, city.config)
    change_pond(city)
    again = build(city.folder, city.config)
    whole = TinyCity(city.root.with_name("whole"), twin=WITH_TERRAIN, houses=3)
    shutil.copytree(city.folder, whole.folder)
    first = build(whole.folder, whole.config)
    one, other = everything(city), everything(whole)
    # The scene before stays for whoever has it open.
    assert set(one.pop("contents")) >= set(other.pop("contents"))  # type: ignore[call-overload]
    assert one == other
    assert [(each.read, each.out, each.notes) for each in again.layers] == [
        (each.read, each.out, each.notes) for each in first.layers
    ]
    assert [(t.id, t.objects, t.triangles, t.bytes) for t in again.tiles] == [
        (t.id, t.objects, t.triangles, t.bytes) for t in first.tiles
    ]


def test_the_report_says_of_which_layers_it_repeats_what_was_said_before(city: TinyCity) -> None:
    build(city.folder, city.config)
    change_pond(city)
    lines = report_lines(build(city.folder, city.config), Path("state.json"))
    assert "gebouwen: 3 in, 3 out, 0 rejected (unchanged, not read again)" in lines
    assert any(line.startswith("  note: a.laz: 22050 points") for line in lines)


def test_buildings_are_read_again_when_the_street_that_names_them_has_another_name(city: TinyCity) -> None:
    build(city.folder, city.config)
    street = [[X - 60, Y - 8], [X + 400, Y - 8]]
    city.write_geojson("straten", "LineString", [({"naam": "Nieuwelaan", "soort": "residential"}, street)])
    assert read(build(city.folder, city.config)) == {"gebouwen", "straten"}
    rows = everything(city)["rows"]
    assert {each.title for each in rows["gebouwen"]} == {"Gebouw", "Gebouw bij Nieuwelaan"}  # type: ignore[index]


def test_buildings_that_have_changed_take_their_titles_from_streets_that_have_not(city: TinyCity) -> None:
    build(city.folder, city.config)
    replace(city, years={1: 2020}).write_houses()
    assert read(build(city.folder, city.config)) == {"gebouwen"}
    rows = everything(city)["rows"]
    assert {each.title for each in rows["gebouwen"]} == {"Gebouw", "Gebouw bij Testlaan"}  # type: ignore[index]


def test_a_layer_that_is_described_in_another_way_is_read_again(city: TinyCity) -> None:
    build(city.folder, city.config)
    replace(city, twin=WITH_TERRAIN.replace('title = {nl = "Water", en', 'title = {nl = "Nat", en')).write()
    write_hill(city)
    assert read(build(city.folder, city.config)) == {"water"}


def test_everything_is_read_again_with_fresh_and_by_another_version_of_a_library(
    city: TinyCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build(city.folder, city.config)
    everywhere = {layer.id for layer in first.layers}
    assert read(build(city.folder, city.config, fresh=True)) == everywhere
    assert build(city.folder, city.config).skipped
    monkeypatch.setattr(inputs, "library_versions", lambda: ("GEOS 99.0",))
    inputs.code_key.cache_clear()
    try:
        again = build(city.folder, city.config)
    finally:
        inputs.code_key.cache_clear()
    assert not again.skipped
    assert read(again) == everywhere


@pytest.mark.parametrize(("lost", "layer"), [("blobs", "gebouwen"), ("build/heights", "hoogte")])
@pytest.mark.parametrize("damaged", [False, True])
def test_a_layer_that_is_not_whole_in_the_data_folder_is_read_again(
    city: TinyCity, lost: str, layer: str, damaged: bool
) -> None:
    build(city.folder, city.config)
    before = everything(city)
    if damaged and lost == "build/heights":
        for path in (city.config.data_dir / lost).iterdir():
            path.write_bytes(path.read_bytes()[:-8])
    else:
        shutil.rmtree(city.config.data_dir / lost)
    change_pond(city)
    assert read(build(city.folder, city.config)) == {"water", layer}
    assert everything(city)["cells"] == before["cells"]
    blobs = [path for path in (city.config.data_dir / "blobs").rglob("*") if path.is_file()]
    assert len(blobs) == 1


def test_a_database_put_back_from_a_copy_is_brought_up_to_date(city: TinyCity) -> None:
    build(city.folder, city.config)
    copy = city.root / "copy.sqlite"
    shutil.copy(city.config.data_dir / "tweestad.sqlite", copy)
    change_pond(city)
    build(city.folder, city.config)
    wanted = everything(city)["rows"]
    for path in city.config.data_dir.glob("tweestad.sqlite*"):
        path.unlink()
    shutil.copy(copy, city.config.data_dir / "tweestad.sqlite")
    replace(city, years={1: 2020}).write_houses()
    assert read(build(city.folder, city.config)) == {"gebouwen", "water"}
    rows = everything(city)["rows"]
    assert rows["water"] == wanted["water"]  # type: ignore[index]


def test_a_build_that_stops_between_a_layer_and_its_record_is_not_believed(
    city: TinyCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(city.folder, city.config)
    before = everything(city)["rows"]
    old = (city.folder / "water.geojson").read_bytes()
    change_pond(city)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(KeptLayers, "put", stop)
        with pytest.raises(KeyboardInterrupt):
            build(city.folder, city.config)
    assert everything(city)["rows"] != before
    (city.folder / "water.geojson").write_bytes(old)
    assert read(build(city.folder, city.config)) == {"water"}
    assert everything(city)["rows"] == before


def test_the_order_of_a_legend_counts_and_the_folder_of_a_file_does_not(city: TinyCity) -> None:
    def keys(twin: str, folder: TinyCity) -> dict[str, str]:
        replace(folder, twin=twin).write()
        write_hill(folder)
        plan = read_twin(folder.folder, folder.config)
        return layer_keys(plan, look_at(plan, {}))

    def legend(*values: str) -> str:
        return TWIN.replace(
            'classes = {naam = [{colour = "#000000", value = "geheimekabel", label = {nl = "x"}}]}',
            "classes = {naam = ["
            + ", ".join(f'{{colour = "#000000", value = "{v}", label = {{nl = "{v}"}}}}' for v in values)
            + "]}",
        )

    other = TinyCity(city.root.with_name("elders"), houses=3)
    first = keys(legend("a", "b"), city)
    assert keys(legend("a", "b"), other) == first
    turned = keys(legend("b", "a"), city)
    assert {name for name in first if first[name] != turned[name]} == {"kabels"}


def test_every_package_that_a_build_imports_counts_with_its_version() -> None:
    names: set[str] = set()
    for source in code_sources():
        if source.suffix != ".py":
            continue
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {each.name.split(".")[0] for each in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    known = packages_distributions()
    packages = {package.lower().replace("_", "-") for name in names for package in known.get(name, [])} - {
        "tweestad"
    }
    assert {"shapely", "pyogrio", "rasterio"} <= packages
    assert packages - NO_MAKERS <= set(LIBRARIES)
