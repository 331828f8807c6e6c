"""What every store promises, on SQLite and on PostGIS."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import shapely

from tests.store.conftest import Open
from tests.store.small_city import (
    EVERYONE,
    PUBLIC,
    cell,
    feature,
    full_layer,
    grid,
    ids,
    layer,
    place,
    snapshot,
)
from tweestad.errors import InputRejected, LimitExceeded
from tweestad.model.feature import BBox, Feature, Value
from tweestad.store.protocol import Change, Store, Where, pages


def test_a_new_store_is_empty_and_its_clocks_stand_at_zero(store: Store) -> None:
    assert (store.clock("city"), store.clock("readings")) == (0, 0)
    assert store.layers(EVERYONE) == []
    assert ids(store) == []
    assert store.changes_since(0) == {}
    assert store.find_document("twin", "facts") is None


def test_a_feature_comes_back_exactly_as_it_was_put(store: Store) -> None:
    values: dict[str, Value] = {
        "naam": 'Café ‘De Ĳ’ \\ "x" \n 🏠',
        "aantal": 2**53 + 1,
        "hoogte": 0.1,
        "heel": 3.0,
        "klein": 1e-300,
        "min": -0.0,
        "ja": True,
        "niets": None,
        "leeg": "",
        "soorten": ("a", "b"),
        "geen soorten": (),
    }
    wkb = shapely.to_wkb(shapely.from_wkt("POLYGON Z ((0 0 1.5, 9.123 0 2, 9 9 3, 0 0 1.5))"))
    put = Feature("gebouwen", "NL.IMBAG.Pand.0363", wkb, values, ref="NL.IMBAG.Pand.0363", title="Café")
    store.put_layer(layer(), [put])
    [stored] = store.features(Where(layer="gebouwen"), limit=10)
    assert stored.feature == put
    assert [type(v) for v in stored.feature.attributes.values()] == [
        type(values[name]) for name in stored.feature.attributes
    ]
    assert (stored.since, stored.until) == (1, None)


def test_a_layer_comes_back_exactly_as_it_was_put(store: Store) -> None:
    put = full_layer()
    store.put_layer(put, [])
    [stored] = store.layers(EVERYONE)
    assert stored.layer == put
    assert list(stored.layer.columns[0].codes) == ["wonen", "bijeenkomst"]
    assert list(stored.layer.style.classes) == ["bouwjaar", "functie"]
    assert (stored.version, stored.count, stored.bbox) == (1, 0, None)


def test_a_store_keeps_what_it_was_given_when_it_is_opened_again(open_again: Open) -> None:
    first = open_again()
    first.put_layer(layer(), grid(10), places=[place("Dam", "p000000")], cells=[cell("120_487", "a")])
    before = snapshot(first)
    first.close()
    assert snapshot(open_again()) == before


def test_putting_the_same_again_writes_nothing_and_takes_no_number(store: Store) -> None:
    def again() -> Change:
        return store.put_layer(layer(), grid(5), places=[place("Dam", "p000001")], cells=[cell("a", "b")])

    assert again() == Change(n=1, added=5, changed=0, removed=0, unchanged=0)
    before = snapshot(store)
    assert again() == Change(n=1, added=0, changed=0, removed=0, unchanged=5)
    assert snapshot(store) == before
    assert all(found.since == 1 for found in store.features(Where(layer="gebouwen"), limit=10))


def test_a_put_writes_only_what_differs(store: Store) -> None:
    store.put_layer(layer(), [feature("a", jaar=1), feature("b", jaar=1), feature("c", jaar=1)])
    change = store.put_layer(layer(), [feature("d"), feature("b", jaar=2), feature("a", jaar=1)])
    assert change == Change(n=2, added=1, changed=1, removed=1, unchanged=1)
    found = store.features(Where(layer="gebouwen"), limit=10)
    assert [(f.feature.id, f.since) for f in found] == [("a", 1), ("b", 2), ("d", 2)]


@pytest.mark.parametrize(
    "other",
    [
        feature("a", at=(120_000.001, 487_000.0)),
        feature("a", ref="NL.1"),
        feature("a", title="Dam"),
        feature("a", state="draft"),
        feature("a", jaar=1),
        feature("a", at=None),
    ],
)
def test_a_difference_in_any_field_is_a_change(store: Store, other: Feature) -> None:
    store.put_layer(layer(), [feature("a")])
    assert store.put_layer(layer(), [other]).changed == 1


def test_a_description_places_or_cells_that_differ_are_a_change_of_the_layer(store: Store) -> None:
    features = [feature("a")]
    assert store.put_layer(layer(), features).n == 1
    assert store.put_layer(layer(title="Panden"), features) == Change(2, 0, 0, 0, 1)
    assert store.put_layer(layer(title="Panden"), features, places=[place("Dam")]).n == 3
    assert store.put_layer(layer(title="Panden"), features, cells=[cell("x", "a")]).n == 4
    assert store.find_places(["dam"], audiences=PUBLIC, limit=5) == []
    assert store.layers(PUBLIC)[0].version == 4


def test_as_of_a_number_the_layer_is_what_it_was(store: Store) -> None:
    versions = [
        [feature("a", jaar=1), feature("b", jaar=1)],
        [feature("a", jaar=2), feature("c", jaar=1)],
        [feature("c", jaar=1)],
        [feature("a", jaar=1), feature("c", jaar=1)],
    ]
    for version in versions:
        store.put_layer(layer(), version)
    for n, version in enumerate(versions, start=1):
        where = Where(layer="gebouwen", at=n)
        assert [f.feature for f in store.features(where, limit=10)] == version
        assert store.count(where) == len(version)
    assert ids(store, Where(layer="gebouwen", at=0)) == []
    assert ids(store, Where(layer="gebouwen", at=99)) == ["a", "c"]
    [past] = store.features(Where(layer="gebouwen", ids=("a",), at=2), limit=10)
    assert (past.since, past.until) == (2, 3)


def test_pages_of_the_past_follow_each_other_without_gaps(store: Store) -> None:
    store.put_layer(layer(), grid(50))
    store.put_layer(layer(), (f for i, f in enumerate(grid(50)) if i % 3))
    where = Where(layer="gebouwen", at=1)
    found = [f.feature.id for page in pages(store, where, size=7) for f in page]
    assert found == [f.id for f in grid(50)]


def test_pages_follow_each_other_in_order_of_the_bytes_of_the_id(store: Store) -> None:
    names = ["Z", "a", "ä", "B", "b-1", "b 1", "b.1", "10", "9", "é", "ĳ", "🏠", "_"]
    store.put_layer(layer(), [feature(name) for name in names])
    found = [f.feature.id for page in pages(store, Where(layer="gebouwen"), size=4) for f in page]
    assert found == sorted(names, key=lambda name: name.encode())


def test_a_page_after_an_id_needs_a_layer(store: Store) -> None:
    with pytest.raises(InputRejected):
        store.features(Where(), limit=10, after="a")


def test_features_of_all_layers_come_in_order_of_layer_and_id(store: Store) -> None:
    store.put_layer(layer("water"), [feature("b", layer_id="water"), feature("a", layer_id="water")])
    store.put_layer(layer("bomen"), [feature("z", layer_id="bomen", ref="NL.1")])
    found = store.features(Where(), limit=10)
    assert [(f.feature.layer, f.feature.id) for f in found] == [
        ("bomen", "z"),
        ("water", "a"),
        ("water", "b"),
    ]


def test_equal_references_are_found_over_all_layers(store: Store) -> None:
    store.put_layer(
        layer("a"), [feature("1", layer_id="a", ref="NL.7"), feature("2", layer_id="a", ref="NL.8")]
    )
    store.put_layer(layer("b"), [feature("3", layer_id="b", ref="NL.7"), feature("4", layer_id="b")])
    assert ids(store, Where(ref="NL.7")) == ["1", "3"]
    assert ids(store, Where(ref="NL.9")) == []


def test_only_the_named_features_are_returned(store: Store) -> None:
    store.put_layer(layer(), grid(10))
    assert ids(store, Where(layer="gebouwen", ids=("p000007", "p000002", "nee"))) == ["p000002", "p000007"]
    assert ids(store, Where(layer="gebouwen", ids=())) == []
    with pytest.raises(LimitExceeded):
        store.count(Where(layer="gebouwen", ids=tuple(str(i) for i in range(10_001))))


@pytest.mark.parametrize("name", ["\x00", "a\x00b", "\ud800", "x" * 300])
def test_a_name_that_cannot_be_stored_names_nothing(store: Store, name: str) -> None:
    store.put_layer(layer(), [feature("a")])
    for where in (Where(layer=name), Where(ref=name), Where(layer="gebouwen", ids=(name,))):
        assert store.features(where, limit=10) == []
        assert store.count(where) == 0
    assert store.find_document(name, name) is None
    assert store.cells(name) == []
    assert store.find_places([name], audiences=PUBLIC, limit=5) == []
    assert store.features(Where(layer="gebouwen", at=10**30), limit=10) == []
    assert store.changes_since(10**30) == {}


def test_a_staff_layer_is_for_staff_only(store: Store) -> None:
    store.put_layer(layer(audience="staff"), [feature("a", ref="NL.1")], places=[place("Dam")])
    everywhere = (Where(layer="gebouwen"), Where(ref="NL.1"), Where(), Where(bbox=BBox(0, 0, 1e6, 1e6)))
    for where in (*everywhere, *(replace(where, at=1) for where in everywhere)):
        assert (ids(store, where), store.count(where)) == ([], 0)
        assert ids(store, replace(where, audiences=EVERYONE)) == ["a"]
        assert ids(store, replace(where, audiences=frozenset())) == []
    assert store.layers(PUBLIC) == []
    assert store.find_places(["dam"], audiences=PUBLIC, limit=5) == []
    assert store.find_places(["dam"], audiences=EVERYONE, limit=5) == [place("Dam")]


def test_the_time_in_which_a_layer_was_for_staff_stays_with_staff(store: Store) -> None:
    store.put_layer(layer(audience="staff"), [feature("secret"), feature("shared")])
    store.put_layer(layer(audience="public"), [feature("shared")])
    before, after = Where(layer="gebouwen", at=1), Where(layer="gebouwen", at=2)
    assert ids(store, before) == []
    assert store.count(before) == 0
    assert ids(store, replace(before, audiences=EVERYONE)) == ["secret", "shared"]
    assert ids(store, after) == ids(store) == ["shared"]


def test_a_layer_that_becomes_for_staff_is_hidden_in_the_past_too(store: Store) -> None:
    store.put_layer(layer(), [feature("a")])
    store.put_layer(layer(audience="staff"), [feature("b")])
    assert ids(store, Where(layer="gebouwen", at=1)) == []


def test_drafts_are_not_returned_counted_or_found(store: Store) -> None:
    features = [feature("a", at=(0.0, 0.0), state="draft"), feature("b", at=(5.0, 5.0))]
    store.put_layer(layer(), features, places=[place("Dam", "a"), place("Damrak", "b"), place("Dam", "weg")])
    [stored] = store.layers(PUBLIC)
    assert (stored.count, stored.bbox) == (1, (5.0, 5.0, 5.0, 5.0))
    assert ids(store) == ["b"]
    assert store.count(Where(layer="gebouwen")) == 1
    drafts = Where(layer="gebouwen", states=frozenset({"draft"}))
    assert (ids(store, drafts), store.count(drafts)) == (["a"], 1)
    assert store.count(Where(layer="gebouwen", states=frozenset())) == 0
    assert store.find_places(["dam"], audiences=EVERYONE, limit=5) == [place("Damrak", "b")]


def test_layers_are_listed_in_the_order_in_which_they_came(store: Store) -> None:
    for name in ("water", "bomen", "gebouwen"):
        store.put_layer(layer(name), [])
    store.put_layer(layer("water", title="Vaarten"), [])
    assert [found.layer.id for found in store.layers(PUBLIC)] == ["water", "bomen", "gebouwen"]


def test_a_place_in_the_list_can_be_given_and_is_no_change_of_the_layer(store: Store) -> None:
    for position, name in enumerate(("water", "bomen", "gebouwen")):
        store.put_layer(layer(name), [], position=position)
    for position, name in enumerate(("gebouwen", "water", "bomen")):
        store.put_layer(layer(name), [], position=position)
    assert [found.layer.id for found in store.layers(PUBLIC)] == ["gebouwen", "water", "bomen"]
    assert store.clock("city") == 3


def test_changes_since_names_each_changed_layer_with_its_version(store: Store) -> None:
    for name in ("a", "b", "c"):
        store.put_layer(layer(name), [])
    store.put_layer(layer("a"), [feature("1", layer_id="a")])
    store.remove_layer("b")
    assert store.changes_since(0) == {"a": 4, "b": 5, "c": 3}
    assert store.changes_since(3) == {"a": 4, "b": 5}
    assert store.changes_since(5) == {}


def test_a_removed_layer_stays_in_the_past(store: Store) -> None:
    store.put_layer(layer(), [feature("a")], places=[place("Dam")], cells=[cell("x", "a")])
    store.remove_layer("gebouwen")
    assert store.layers(EVERYONE) == []
    assert (ids(store), store.cells("gebouwen")) == ([], [])
    assert store.count(Where(layer="gebouwen")) == 0
    assert store.find_places(["dam"], audiences=PUBLIC, limit=5) == []
    assert ids(store, Where(layer="gebouwen", at=1)) == ["a"]
    assert store.cells("gebouwen", at=1) == [cell("x", "a")]
    store.remove_layer("gebouwen")
    store.remove_layer("nooit-geweest")
    assert store.clock("city") == 2


def test_a_removed_layer_can_come_back(store: Store) -> None:
    store.put_layer(layer(), [feature("a")])
    store.put_layer(layer("water"), [])
    store.remove_layer("gebouwen")
    assert store.put_layer(layer(), [feature("a")]) == Change(4, 1, 0, 0, 0)
    assert [found.layer.id for found in store.layers(PUBLIC)] == ["water", "gebouwen"]
    assert [ids(store, Where(layer="gebouwen", at=n)) for n in (1, 2, 3, 4)] == [["a"], ["a"], [], ["a"]]


def test_erase_removes_a_feature_from_the_present_and_the_past(store: Store) -> None:
    store.put_layer(
        layer(), [feature("a", jaar=1, ref="NL.1"), feature("b")], places=[place("Dam"), place("Ei", "b")]
    )
    store.put_layer(
        layer(), [feature("a", jaar=2, ref="NL.1"), feature("b")], places=[place("Dam"), place("Ei", "b")]
    )
    assert store.erase("gebouwen", "a") == 2
    for n in (None, 1, 2, 3):
        assert ids(store, Where(layer="gebouwen", at=n)) == ["b"]
        assert ids(store, Where(ref="NL.1", at=n)) == []
    assert store.find_places(["dam"], audiences=PUBLIC, limit=5) == []
    assert store.find_places(["ei"], audiences=PUBLIC, limit=5) == [place("Ei", "b")]
    assert store.changes_since(2) == {"gebouwen": 3}
    assert store.layers(PUBLIC)[0].count == 1
    assert store.erase("gebouwen", "a") == 0
    assert store.clock("city") == 3


def test_cells_are_read_now_and_as_of_a_number(store: Store) -> None:
    store.put_layer(layer(), [], cells=[cell("1", "a"), cell("2", "a"), cell("3", "a")])
    store.put_layer(layer(), [], cells=[cell("4", "d"), cell("2", "b"), cell("3", "a")])
    assert store.cells("gebouwen") == [cell("2", "b"), cell("3", "a"), cell("4", "d")]
    assert store.cells("gebouwen", at=1) == [cell("1", "a"), cell("2", "a"), cell("3", "a")]
    assert store.cells("gebouwen", at=2) == store.cells("gebouwen")
    assert store.cells("gebouwen", at=0) == []


def test_a_document_is_replaced_by_the_next_of_its_name(store: Store) -> None:
    store.put_document("twin", "facts", {"title": {"nl": "Ĳstad\x00"}, "n": [1, 2.5, None, True]})
    store.put_document("build", "facts", {"n": 1})
    assert store.find_document("twin", "facts") == {"title": {"nl": "Ĳstad\x00"}, "n": [1, 2.5, None, True]}
    store.put_document("twin", "facts", {})
    assert store.find_document("twin", "facts") == {}
    assert store.find_document("build", "facts") == {"n": 1}
    assert store.clock("city") == 0


@pytest.mark.parametrize("body", [{"x": float("nan")}, {"x": b"bytes"}, {"x": "\ud800"}])
def test_a_document_that_is_not_json_is_refused(store: Store, body: dict[str, object]) -> None:
    with pytest.raises(InputRejected, match="twin/facts"):
        store.put_document("twin", "facts", body)
    assert store.find_document("twin", "facts") is None


def test_a_source_that_breaks_off_leaves_everything_as_it_was(store: Store) -> None:
    class SourceLostError(Exception):
        pass

    def broken() -> Iterator[Feature]:
        yield from grid(12_000)
        raise SourceLostError

    store.put_layer(layer(), grid(3), places=[place("Nes", "p000001")], cells=[cell("1", "a")])
    before = snapshot(store)
    for _ in range(2):
        with pytest.raises(SourceLostError):
            store.put_layer(layer(title="Anders"), broken(), cells=[cell("2", "b")])
        assert snapshot(store) == before
    assert store.put_layer(layer(), grid(4)).added == 1


def test_readers_see_the_old_layer_until_the_new_one_is_complete(store: Store) -> None:
    store.put_layer(layer(), [feature("oud")])
    seen: list[list[str]] = []

    def new() -> Iterator[Feature]:
        yield from grid(6_000)
        seen.append(ids(store))
        store.put_document("twin", "facts", {"written": "meanwhile"})

    store.put_layer(layer(), new())
    assert seen == [["oud"]]
    assert store.find_document("twin", "facts") == {"written": "meanwhile"}
    assert store.count(Where(layer="gebouwen")) == 6_000
