"""The table: features in an order that a person chose."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.store.small_city import feature, ids, layer
from tweestad.errors import InputRejected, LimitExceeded
from tweestad.model.feature import BBox, Value
from tweestad.store.protocol import Sort, Store, Where

HERE = Where(layer="gebouwen")


def in_order(store: Store, sort: Sort, *, where: Where = HERE, limit: int = 100, offset: int = 0) -> str:
    found = store.sorted_features(where, sort, limit=limit, offset=offset)
    return "".join(stored.feature.id for stored in found)


def put(store: Store, values: dict[str, Value]) -> None:
    store.put_layer(layer(), [feature(name, jaar=value) for name, value in values.items()])


def test_numbers_are_sorted_as_numbers_with_equal_ones_by_id(store: Store) -> None:
    put(store, {"a": 10, "b": 9, "c": 2.5, "d": -1, "e": 10, "f": 2**60, "g": 2**60 + 1})
    assert in_order(store, Sort("jaar")) == "dcbaefg"
    assert in_order(store, Sort("jaar", descending=True)) == "gfaebcd"


def test_texts_are_sorted_without_regard_to_capitals(store: Store) -> None:
    put(store, {"a": "wonen", "b": "Winkel", "c": "école", "d": "Wonen", "e": "10", "f": "9"})
    assert in_order(store, Sort("jaar")) == "efbadc"
    assert in_order(store, Sort("jaar", descending=True)) == "cadbfe"


def test_what_has_no_value_comes_last_in_both_directions(store: Store) -> None:
    put(store, {"a": None, "b": 3, "c": "", "d": 1005, "e": 1, "f": "onbekend", "g": 0})
    store.put_layer(layer(), [*(f.feature for f in store.features(HERE, limit=9)), feature("h", anders=1)])
    missing = (1005, "onbekend")
    assert in_order(store, Sort("jaar", missing=missing)) == "geb" + "acdfh"
    assert in_order(store, Sort("jaar", descending=True, missing=missing)) == "beg" + "acdfh"


def test_an_attribute_that_nobody_has_leaves_the_order_of_ids(store: Store) -> None:
    put(store, {"b": 1, "a": 2})
    assert in_order(store, Sort("bestaat niet")) == "ab"
    assert in_order(store, Sort("a.b[0]$*", descending=True)) == "ab"


def test_numbers_come_before_texts_and_no_before_yes(store: Store) -> None:
    put(store, {"a": "x", "b": 5, "c": True, "d": False, "e": ("x", "y"), "f": ("x",)})
    assert in_order(store, Sort("jaar")) == "dcbefa"
    assert in_order(store, Sort("jaar", descending=True)) == "afebcd"


def test_without_an_attribute_the_order_is_that_of_ids(store: Store) -> None:
    put(store, {"b": 1, "a": 2, "c": 3})
    assert in_order(store, Sort()) == "abc"
    assert in_order(store, Sort(descending=True)) == "cba"


def test_titles_are_sorted_without_regard_to_capitals_and_the_nameless_come_last(store: Store) -> None:
    titles = {"a": "Zeedijk", "b": "", "c": "amstel", "d": "Amstel", "e": "Öland"}
    rows = [replace(feature(name), title=title) for name, title in titles.items()]
    store.put_layer(layer(), rows)
    assert in_order(store, Sort(by_title=True)) == "cdaeb"
    assert in_order(store, Sort(by_title=True, descending=True)) == "eacdb"


@pytest.mark.parametrize(
    "name", ["naam", "Naam van de straat", "é", "a.b", "o'clock", "a[0]", "$", "%s", ":x", "?"]
)
def test_any_name_of_a_column_can_be_sorted_by(store: Store, name: str) -> None:
    store.put_layer(layer(), [feature("a", {name: 2}), feature("b", {name: 1})])
    assert in_order(store, Sort(name)) == "ba"


@pytest.mark.parametrize("name", ["", 'a"', "a\\", "a\x00", "\ud800", "x" * 201])
def test_what_cannot_be_a_name_of_a_column_is_refused(store: Store, name: str) -> None:
    with pytest.raises(InputRejected):
        store.sorted_features(HERE, Sort(name), limit=1, offset=0)


def test_pages_of_the_table_are_cut_out_of_the_whole(store: Store) -> None:
    put(store, {chr(97 + i): i % 3 for i in range(9)})
    assert in_order(store, Sort("jaar")) == "adgbehcfi"
    assert in_order(store, Sort("jaar"), limit=4, offset=3) == "behc"
    assert in_order(store, Sort("jaar"), offset=100_000) == ""
    with pytest.raises(LimitExceeded):
        in_order(store, Sort("jaar"), offset=100_001)


def test_the_table_can_be_of_a_window_and_of_the_past(store: Store) -> None:
    store.put_layer(layer(), [feature(n, at=(i, i), jaar=-i) for i, n in enumerate("abcd")])
    store.put_layer(layer(), [feature("a", at=(0, 0), jaar=5)])
    where = Where(layer="gebouwen", bbox=BBox(0, 0, 2, 2), at=1)
    assert in_order(store, Sort("jaar"), where=where) == "cba"
    assert in_order(store, Sort("jaar")) == "a"
    assert ids(store) == ["a"]
