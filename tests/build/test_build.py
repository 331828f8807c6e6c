"""A whole build of a tiny twin, through its front door, into a SQLite store and a folder of tiles."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tests.build.tiny_city import TWIN, TinyCity, X, Y
from tweestad.access.actor import VISITOR
from tweestad.access.reader import Reader
from tweestad.build.pipeline import build
from tweestad.build.report import Progress
from tweestad.errors import Conflict, InputRejected, NotFound
from tweestad.model.feature import StoredFeature
from tweestad.model.layer import Audience
from tweestad.store.opening import open_store
from tweestad.store.protocol import Store, Where

EVERYONE: frozenset[Audience] = frozenset({"public", "staff"})


@pytest.fixture
def city(tmp_path: Path) -> TinyCity:
    made = TinyCity(tmp_path)
    made.write()
    return made


def glbs(city: TinyCity, tileset: str = "gebouwen") -> set[str]:
    """The contents that the newest tileset of this name points to."""
    text = (city.config.tiles_dir / tileset / "tileset.json").read_text(encoding="utf-8")
    return {part.split('"')[0] for part in text.split("../c/")[1:]}


def features(store: Store, layer: str, at: int | None = None) -> dict[str, StoredFeature]:
    found = store.features(Where(layer=layer, audiences=EVERYONE, at=at), limit=1000)
    return {stored.feature.id: stored for stored in found}


def stored(city: TinyCity, layer: str) -> dict[str, StoredFeature]:
    store = open_store("", city.config.data_dir)
    try:
        return features(store, layer)
    finally:
        store.close()


def test_a_build_fills_store_tiles_and_scene_and_accounts_for_every_row(city: TinyCity) -> None:
    steps: list[Progress] = []
    report = build(city.folder, city.config, steps.append)
    assert [layer.id for layer in report.layers] == ["gebouwen", "straten", "water", "kabels"]
    for layer in report.layers:
        assert layer.read == layer.left_out + layer.out + len(layer.rejected)
    assert report.layers[0].out == 12
    assert {tiles.id for tiles in report.tiles} == {"gebouwen", "gebouwen-lijnen"}
    assert all(tiles.objects == 12 for tiles in report.tiles)
    scene = json.loads((city.config.tiles_dir / "scene.json").read_text(encoding="utf-8"))
    assert scene["version"] == report.version
    for entry in scene["tilesets"]:
        assert (city.config.data_dir / entry["url"].lstrip("/")).is_file()
    assert Progress("gebouwen", 12, 12) in steps


def test_a_building_is_called_after_the_nearest_street_and_keeps_its_national_number(city: TinyCity) -> None:
    build(city.folder, city.config)
    found = stored(city, "gebouwen")
    first = found["NL.IMBAG.Pand.9999100000000000"].feature
    assert first.ref == "NL.IMBAG.Pand.9999100000000000"
    assert first.title == "Gebouw bij Testlaan"
    # The street ends after 400 m, so that the last building is not near it.
    assert found["NL.IMBAG.Pand.9999100000000011"].feature.title == "Gebouw"


def test_an_unchanged_twin_is_not_built_again(city: TinyCity) -> None:
    first = build(city.folder, city.config)
    scene = (city.config.tiles_dir / "scene.json").read_bytes()
    again = build(city.folder, city.config)
    assert again.skipped
    assert again.version == first.version
    assert [layer.out for layer in again.layers] == [layer.out for layer in first.layers]
    assert (city.config.tiles_dir / "scene.json").read_bytes() == scene


def test_one_changed_building_changes_one_feature_and_one_tile(city: TinyCity) -> None:
    build(city.folder, city.config)
    tiles, lines = glbs(city), glbs(city, "gebouwen-lijnen")
    rows = stored(city, "gebouwen")
    # Built one year later and twice as high: both the row and its shape differ.
    changed = TinyCity(city.root, years={3: 1950})
    changed.write_houses(tall=3)
    report = build(city.folder, city.config)
    assert (report.layers[0].added, report.layers[0].changed, report.layers[0].removed) == (0, 1, 0)
    now = stored(city, "gebouwen")
    differing = [key for key in rows if rows[key] != now[key]]
    assert differing == ["NL.IMBAG.Pand.9999100000000003"]
    assert len(glbs(city) - tiles) == 1
    assert len(tiles - glbs(city)) == 1
    assert len(glbs(city, "gebouwen-lijnen") - lines) == 1
    assert report.changed_inputs
    assert "gebouwen.city.jsonl has changed" in report.changed_inputs[0]


def test_the_state_before_a_change_can_still_be_read(city: TinyCity) -> None:
    first = build(city.folder, city.config)
    TinyCity(city.root, houses=11).write_houses()
    build(city.folder, city.config)
    store = open_store("", city.config.data_dir)
    try:
        assert len(features(store, "gebouwen")) == 11
        assert len(features(store, "gebouwen", at=first.version)) == 12
    finally:
        store.close()


def test_a_layer_that_fails_leaves_the_served_twin_as_it_was(city: TinyCity) -> None:
    build(city.folder, city.config)
    scene = (city.config.tiles_dir / "scene.json").read_bytes()
    before = stored(city, "gebouwen")
    TinyCity(city.root).write_houses(tall=2)
    (city.folder / "water.geojson").write_text(
        '{"type": "FeatureCollection", "features": [', encoding="utf-8"
    )
    with pytest.raises(InputRejected, match=r"water\.geojson: layer ‘water’: this is not complete JSON"):
        build(city.folder, city.config)
    assert (city.config.tiles_dir / "scene.json").read_bytes() == scene
    assert stored(city, "gebouwen") == before


def test_nothing_of_a_layer_for_staff_gets_under_the_tiles_or_into_the_public_report(city: TinyCity) -> None:
    build(city.folder, city.config)
    assert "GEHEIM-1" in stored(city, "kabels")
    for path in city.config.tiles_dir.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            data += gzip.decompress(data) if data[:2] == b"\x1f\x8b" else b""
            for secret in (b"GEHEIM", b"geheimekabel", b"kabels"):
                assert secret not in data, path.name
    store = open_store("", city.config.data_dir)
    try:
        reader = Reader(store, VISITOR)
        with pytest.raises(NotFound):
            reader.layer("kabels")
        body = reader.build_report()
        assert body is not None
        assert "kabels" not in json.dumps(body)
        assert "gebouwen" in json.dumps(body)
    finally:
        store.close()


def test_a_layer_that_becomes_for_staff_takes_its_tiles_away_at_once(city: TinyCity) -> None:
    build(city.folder, city.config)
    old = glbs(city)
    twin = TWIN.replace('samples = {layer = "gebouwen", column = "maaiveld_nap_m"}', "")
    secret = twin.replace('kind = "buildings"', 'kind = "buildings"\naudience = "staff"')
    TinyCity(city.root, twin=secret).write()
    build(city.folder, city.config)
    assert not (city.config.tiles_dir / "gebouwen").exists()
    there = {path.name for path in (city.config.tiles_dir / "c").iterdir()}
    assert not old & there


def test_tiles_of_the_scene_before_stay_until_the_next_build(city: TinyCity) -> None:
    build(city.folder, city.config)
    first = glbs(city)
    TinyCity(city.root).write_houses(tall=3)
    build(city.folder, city.config)
    assert first <= {path.name for path in (city.config.tiles_dir / "c").iterdir()}
    TinyCity(city.root, years={5: 1950}).write_houses(tall=3)
    build(city.folder, city.config)
    kept = {path.name for path in (city.config.tiles_dir / "c").iterdir()}
    assert len(first - kept) == 1
    assert glbs(city) <= kept


def test_a_layer_that_is_no_longer_described_is_no_longer_there(city: TinyCity) -> None:
    build(city.folder, city.config)
    TinyCity(city.root, twin=TWIN[: TWIN.index('[[layer]]\nid = "kabels"')]).write()
    build(city.folder, city.config)
    assert stored(city, "kabels") == {}


def test_a_row_that_cannot_be_used_is_rejected_with_its_reason_and_the_rest_is_kept(city: TinyCity) -> None:
    square = [[[X, Y - 60], [X + 9, Y - 60], [X + 9, Y - 50], [X, Y - 60]]]
    far = [[[9e6, 9e6], [9e6 + 1, 9e6], [9e6 + 1, 9e6 + 1], [9e6, 9e6]]]
    rows = [({"naam": "een"}, square), ({"naam": "een"}, square), ({"naam": "ver"}, far)]
    city.write_geojson("water", "Polygon", rows)
    report = build(city.folder, city.config)
    water = next(layer for layer in report.layers if layer.id == "water")
    assert (water.read, water.out) == (3, 1)
    assert [each.object_id for each in water.rejected] == ["row 3", "row 2"]
    assert "outside the Dutch RD grid" in water.rejected[0].reason
    assert "there is already a feature with id h-" in water.rejected[1].reason


def test_a_data_folder_holds_one_twin(city: TinyCity) -> None:
    build(city.folder, city.config)
    TinyCity(city.root, twin=TWIN.replace('id = "klein"', 'id = "ander"')).write()
    with pytest.raises(Conflict, match="holds the twin ‘klein’"):
        build(city.folder, city.config)


def test_the_lock_beside_twin_toml_lists_every_input(city: TinyCity) -> None:
    build(city.folder, city.config)
    lock = (city.folder / "inputs.lock").read_text(encoding="utf-8")
    for name in ("gebouwen.city.jsonl", "straten.geojson", "water.geojson", "kabels.geojson"):
        assert f'path = "{name}"' in lock
    assert 'licence_class = "A"' in lock


def test_a_name_that_the_source_gives_wrongly_is_no_name_and_is_not_found(tmp_path: Path) -> None:
    plain = 'search = {column = "naam", kind = "street"}\ncolumns = [{name = "naam", term = "naam"}'
    wrong = TWIN.replace(
        plain,
        'noun = {one = {nl = "straat", en = "street"}, many = {nl = "straten"}}\n'
        + plain.replace('term = "naam"', 'term = "naam", missing = ["Testlaan"]'),
    )
    assert wrong != TWIN
    city = TinyCity(tmp_path, twin=wrong)
    city.write()
    build(city.folder, city.config)
    store = open_store("", city.config.data_dir)
    try:
        found = features(store, "straten").values()
        assert [row.feature.title for row in found] == [""]
        assert [row.feature.attributes["naam"] for row in found] == ["Testlaan"]
        reader = Reader(store, VISITOR)
        assert reader.places(["testlaan"], limit=9) == []
        layer = reader.layer("straten").layer
        assert (layer.called.one.nl, layer.called.many.nl, layer.place_kind) == (
            "straat",
            "straten",
            "street",
        )
    finally:
        store.close()
