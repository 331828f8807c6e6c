"""Values keep their meaning on the way from the source: types, lists, differences, and what does not fit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tweestad.build.attributes import Attributes
from tweestad.build.plan import ColumnPlan
from tweestad.model.feature import Value
from tweestad.model.layer import Column, ColumnType
from tweestad.model.text import Text


def column(kind: ColumnType, codes: tuple[str, ...] = ()) -> ColumnPlan:
    described = Column("a", Text("a"), kind, codes={code: Text(code) for code in codes})
    return ColumnPlan(described, "a")


@pytest.mark.parametrize(
    ("kind", "raw", "kept"),
    [
        ("integer", 1964, 1964),
        ("integer", "1964", 1964),
        ("integer", 1964.0, 1964),
        ("integer", 1964.5, None),
        ("integer", "onbekend", None),
        ("integer", True, None),
        ("integer", 2**53 + 1, 2**53 + 1),
        ("integer", str(2**53 + 1), 2**53 + 1),
        ("integer", " 12.0", 12),
        ("integer", 2**63, None),
        ("integer", "9" * 5000, None),
        ("number", 10**400, None),
        ("number", "3.25", 3.25),
        ("number", float("nan"), None),
        ("number", "1e999", None),
        ("text", 12.0, "12"),
        ("text", "", None),
        ("boolean", "J", True),
        ("boolean", False, False),
        ("boolean", "misschien", None),
        ("date", "2026-04-01", "2026-04-01"),
        ("codes", ("a", "b"), ("a", "b")),
    ],
)
def test_a_value_is_taken_over_by_the_type_of_its_column(kind: ColumnType, raw: Value, kept: Value) -> None:
    assert Attributes((column(kind),)).of({"a": raw}) == {"a": kept}


def test_what_does_not_fit_is_counted_and_what_is_empty_is_not() -> None:
    attributes = Attributes((column("integer"),))
    for raw in ("x", "y", None, "", 3):
        attributes.of({"a": raw})
    assert attributes.notes() == ("a: 2 values left empty, not of the column's type",)


def test_a_text_is_split_into_codes_and_codes_without_words_are_told() -> None:
    plan = replace(column("codes", ("woonfunctie",)), split=",")
    attributes = Attributes((plan,))
    assert attributes.of({"a": "woonfunctie, molen,"}) == {"a": ("woonfunctie", "molen")}
    assert attributes.notes() == ("a: 1 times ‘molen’, a code without words",)


@pytest.mark.parametrize(
    ("top", "foot", "height"),
    [(12.34, 0.7, 11.6), (None, 0.7, None), (0.0, 0.736, None), (0.9, 0.7, None), ("x", 0.7, None)],
)
def test_a_height_is_a_difference_within_what_is_plausible(top: Value, foot: Value, height: Value) -> None:
    plan = replace(column("number"), difference=("top", "foot"), decimals=1, low=0.5, high=400.0)
    assert Attributes((plan,)).of({"top": top, "foot": foot}) == {"a": height}
