"""Every word of the vocabulary is there in Dutch and English, and can be found by its id."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

import pytest

from tweestad.errors import NotFound
from tweestad.model.feature import LAYER_ID
from tweestad.model.layer import ColumnType
from tweestad.model.live_layer import CountsFrom, LiveLayer, Symbol
from tweestad.units import UNITS
from tweestad.vocabulary.live_layers import get_live_layer, live_layers
from tweestad.vocabulary.properties import get_property, property_ids
from tweestad.vocabulary.terms import GROUPS, get_term, term_ids


@pytest.mark.parametrize("term_id", sorted(term_ids()))
def test_a_term_has_words_in_both_languages(term_id: str) -> None:
    term = get_term(term_id)
    assert term.title.nl
    assert term.title.en
    assert term.type in get_args(ColumnType)
    assert term.group in GROUPS
    assert (term.type == "codes") == bool(term.codes)
    for code, words in (term.codes or {}).items():
        assert words.nl, code
        assert words.en, code
    if term.low is not None and term.high is not None:
        assert term.low < term.high


def test_an_unknown_term_is_not_found() -> None:
    with pytest.raises(NotFound, match="no term ‘hoogt’"):
        get_term("hoogt")


@pytest.mark.parametrize("property_id", sorted(property_ids()))
def test_a_property_has_words_a_unit_and_a_range_that_norms_fall_in(property_id: str) -> None:
    found = get_property(property_id)
    assert found.title.nl
    assert found.title.en
    assert (found.type == "codes") == bool(found.codes)
    if found.type in ("number", "count"):
        assert found.unit in UNITS
        assert found.low is not None
        assert found.high is not None
        assert found.low < found.high
    for norm in found.norms:
        assert norm.source
        assert norm.name.nl
        assert norm.name.en
        assert found.low is not None
        assert found.high is not None
        assert found.low < norm.limit < found.high


@pytest.mark.parametrize(
    ("property_id", "source", "period", "limit"),
    [
        ("pm25", "WHO", "year", 5), ("pm25", "2024/2881", "year", 10), ("pm25", "2008/50/EG", "year", 25),
        ("no2", "WHO", "year", 10), ("no2", "2024/2881", "year", 20), ("no2", "2008/50/EG", "hour", 200),
        ("pm10", "WHO", "day", 45), ("pm10", "2024/2881", "day", 45), ("pm10", "2008/50/EG", "day", 50),
        ("o3", "WHO", "8 hours", 100), ("so2", "2024/2881", "day", 50), ("benzeen", "2024/2881", "year", 3.4),
    ],
)  # fmt: skip
def test_the_norms_of_the_air_are_those_of_the_law(
    property_id: str, source: str, period: str, limit: float
) -> None:
    norms = [n for n in get_property(property_id).norms if source in n.source and n.period == period]
    assert [norm.limit for norm in norms] == [limit]


def test_an_unknown_property_is_not_found() -> None:
    with pytest.raises(NotFound, match="no property ‘pm11’"):
        get_property("pm11")


@pytest.mark.parametrize("layer", live_layers(), ids=lambda layer: layer.id)
def test_a_live_layer_has_words_and_shows_properties_that_there_are(layer: LiveLayer) -> None:
    assert LAYER_ID.match(layer.id)
    for words in (layer.title, layer.description, layer.theme):
        assert words.nl
        assert words.en
    assert layer.kinds
    assert set(layer.properties) <= property_ids()
    assert layer.stale_after > timedelta(0)
    assert layer.symbol in get_args(Symbol)
    assert layer.counts_from in get_args(CountsFrom)
    assert {*layer.breaks, *layer.of, *layer.also, *layer.norms} <= set(layer.observed)
    for breaks in layer.breaks.values():
        assert list(breaks) == sorted(set(breaks))


def test_a_norm_of_a_live_layer_is_one_of_its_breaks() -> None:
    """So that no class has values on both sides of it."""
    air = get_live_layer("lucht")
    assert air.norms["pm25"].limit == 15
    assert all(norm.limit in air.breaks[name] for name, norm in air.norms.items())


def test_an_unknown_live_layer_is_not_found() -> None:
    with pytest.raises(NotFound, match="geen actuele laag ‘luchten’"):
        get_live_layer("luchten")
