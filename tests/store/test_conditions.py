"""Conditions on attributes: the same answer from both databases."""

from __future__ import annotations

import pytest

from tests.store.small_city import feature, ids, layer
from tweestad.errors import InputRejected
from tweestad.model.feature import BBox, Value
from tweestad.store.protocol import Condition, Sort, Store, Where

VALUES: dict[str, Value] = {
    "a": 1900,
    "b": 1950.5,
    "c": 1005,
    "d": None,
    "e": "",
    "f": "wonen",
    "g": ("wonen", "winkel"),
    "h": (),
    "i": True,
    "j": False,
    "k": 1,
    "l": "1",
    "m": "Wonen",
    "n": "50% | korting, of: 'ja'?",
}


@pytest.fixture
def filled(store: Store) -> Store:
    rows = [feature(name, soort=value) for name, value in VALUES.items()]
    store.put_layer(layer(), [*rows, feature("z", anders=1900)])
    return store


def met(store: Store, *conditions: Condition) -> str:
    """The ids, asked in each of the ways in which they can be asked."""
    where = Where(layer="gebouwen", conditions=conditions)
    found = ids(store, where)
    assert store.count(where) == len(found)
    ordered = store.sorted_features(where, Sort("soort"), limit=100, offset=0)
    assert sorted(each.feature.id for each in ordered) == found
    windowed = Where(layer="gebouwen", bbox=BBox(119_999, 486_999, 120_001, 487_001), conditions=conditions)
    assert ids(store, windowed) == found
    return "".join(found)


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (Condition("soort", lower=1900, upper=1950.5), "ab"),
        (Condition("soort", lower=1900.5), "b"),
        (Condition("soort", upper=1900), "ack"),
        (Condition("soort", upper=1900, missing=(1005,)), "ak"),
        (Condition("soort", values=("wonen",)), "fg"),
        (Condition("soort", values=("winkel", "Wonen")), "gm"),
        (Condition("soort", values=("1",)), "l"),
        (Condition("soort", values=(1,)), "k"),
        (Condition("soort", values=(True,)), "i"),
        (Condition("soort", values=(False,)), "j"),
        (Condition("soort", values=("50% | korting, of: 'ja'?",)), "n"),
        (Condition("soort", values=("wonen",), lower=1950), "bfg"),
        (Condition("soort", unknown=True), "dehz"),
        (Condition("soort", unknown=True, missing=(1005, "wonen", True)), "cdefhiz"),
        (Condition("soort", lower=1950, unknown=True, missing=(1005,)), "bcdehz"),
        (Condition("soort"), ""),
        (Condition("bestaat niet", unknown=True), "".join([*VALUES, "z"])),
        (Condition("soort", values=("\0", "\ud800")), ""),
    ],
    ids=str,
)
def test_a_condition_finds_what_it_asks_for(filled: Store, condition: Condition, found: str) -> None:
    assert met(filled, condition) == found


def test_all_conditions_must_hold(filled: Store) -> None:
    assert met(filled, Condition("soort", lower=1000), Condition("soort", upper=1900)) == "ac"
    assert met(filled, Condition("soort", unknown=True), Condition("anders", values=(1900,))) == "z"


def test_a_condition_holds_for_the_past_too(filled: Store) -> None:
    n = filled.clock("city")
    filled.put_layer(layer(), [feature("a", soort=2000)])
    where = Where(layer="gebouwen", conditions=(Condition("soort", values=(1900,)),))
    assert ids(filled, where) == []
    past = Where(layer="gebouwen", at=n, conditions=where.conditions)
    assert ids(filled, past) == ["a"]
    assert filled.count(past) == 1


@pytest.mark.parametrize("name", ["", 'a"b', "a\\b", "a\nb", "x" * 201])
def test_a_name_that_cannot_be_a_column_is_refused(filled: Store, name: str) -> None:
    with pytest.raises(InputRejected):
        filled.features(Where(layer="gebouwen", conditions=(Condition(name, lower=1),)), limit=1)


@pytest.mark.parametrize("name", ["a'b", "a.b[0]$*", "x'); DROP TABLE feature; --", "naam {n}", "%s", ":p"])
def test_any_other_name_is_only_a_name(store: Store, name: str) -> None:
    store.put_layer(layer(), [feature("a", {name: 7}), feature("b", soort=7)])
    assert met(store, Condition(name, values=(7,))) == "a"
