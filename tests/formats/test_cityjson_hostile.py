"""Whatever is done to a file, reading it ends, and with nothing but objects and refusals."""

from __future__ import annotations

import copy
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.city_samples import Json, document, feature, header, house, outline, seq, solid
from tweestad.crs import inside_rd
from tweestad.errors import InputRejected
from tweestad.formats.cityjson.choice import Choice
from tweestad.formats.cityjson.reading import read_chosen, read_city_bytes
from tweestad.formats.safe_json import Limits
from tweestad.model.city_object import CityObject
from tweestad.model.layer import Rejected

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**65), 2**65),
    st.integers(-2, 12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([1e308, -1e308, 1e-308, 2**63, 0.5, float("nan"), float("inf")]),
    st.text(max_size=8),
    st.sampled_from(["pand", "deel", "Solid", "MultiSurface", "GeometryInstance", "CityObjectGroup", "2.2"]),
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "lod", "boundaries", "parents", "a"]), inner, max_size=4)
    ),
    max_leaves=8,
)


def sample() -> Json:
    """A root with a part, both with every kind of member."""
    placed = {
        "type": "GeometryInstance",
        "template": 0,
        "boundaries": [0],
        "transformationMatrix": [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    }
    templates = {
        "templates": [{"type": "MultiSurface", "lod": "2", "boundaries": [[[0, 1, 2]]]}],
        "vertices-templates": [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 3.0]],
    }
    return document(
        {
            "pand": house(outline(), solid("1.2"), children=["deel"], attributes={"n": ["a"], "d": {"b": 1}}),
            "deel": house(solid(), parents=["pand"], type="BuildingPart"),
            "boom": house(placed, type="SolitaryVegetationObject"),
            "paal": house({"type": "MultiPoint", "lod": "1", "boundaries": [0]}, type="CityFurniture"),
            "as": house({"type": "MultiLineString", "lod": "0", "boundaries": [[0, 1]]}, type="Road"),
            "weg": house({"type": "MultiSurface", "lod": "1", "boundaries": [[[0, 1, 2]]]}, type="Road"),
        },
        **{"geometry-templates": templates},
    )


def places(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path to everything inside a document."""
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return [below for key, inner in members for below in [(*path, key), *places(inner, (*path, key))]]


PLACES = places(sample())


def changed(body: Json, changes: list[tuple[tuple[Any, ...], Any]]) -> Json:
    """Replace, or with the text "DELETE" remove, what stands at each path that is still there."""
    for path, value in changes:
        target: Any = body
        try:
            for step in path[:-1]:
                target = target[step]
            if value == "DELETE":
                del target[path[-1]]
            else:
                target[path[-1]] = copy.deepcopy(value)
        except (KeyError, IndexError, TypeError):
            continue
    return body


def check(data: bytes, name: str) -> None:
    """Read; what comes out must be sound."""
    found: list[CityObject | Rejected] = []
    with suppress(InputRejected):
        found = list(read_city_bytes(data, name))
    for item in found:
        if not isinstance(item, CityObject):
            assert item.reason
        elif item.shape is not None:
            shape = item.shape
            assert inside_rd(shape.vertices).all()
            assert np.isfinite(shape.vertices).all()
            assert shape.ring_vertices.min() >= 0
            assert shape.ring_vertices.max() < len(shape.vertices)
            assert shape.ring_starts[-1] == len(shape.ring_vertices)
            assert shape.surface_starts[-1] == len(shape.ring_starts) - 1
            assert len(shape.kinds) == len(shape.surface_starts) - 1 > 0
            assert np.diff(shape.ring_starts).min() >= 3
        else:
            assert (item.footprint is None) != (item.loose is None)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.sampled_from(PLACES), st.just("DELETE") | ANYTHING), min_size=1, max_size=3))
def test_a_document_changed_anywhere_is_read_or_refused(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    check(json.dumps(changed(sample(), changes)).encode("utf-8", "surrogatepass"), "stad.city.json")


@settings(max_examples=150, deadline=None, derandomize=True)
@given(ANYTHING, ANYTHING, st.sampled_from(["id", "type", "CityObjects", "vertices"]))
def test_a_seq_with_any_line_is_read_or_refused(line: object, value: object, member: str) -> None:
    broken = json.dumps({**feature("x"), member: value}).encode() + b"\n" + json.dumps(line).encode()
    check(seq(header(), feature("a")) + broken, "stad.city.jsonl")


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers(0, 10_000), st.integers(0, 10_000), st.binary(max_size=6))
def test_a_document_with_bytes_cut_or_put_in_is_read_or_refused(start: int, length: int, put: bytes) -> None:
    whole = json.dumps(sample()).encode()
    start %= len(whole)
    check(whole[:start] + put + whole[start + length % 50 :], "stad.city.json")


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused(data: bytes) -> None:
    check(data, "stad.city.json")
    check(b"\x1f\x8b" + data, "stad.city.json.gz")


def test_a_template_that_is_placed_often_counts_with_all_its_corners(tmp_path: Path) -> None:
    body = sample()
    body["geometry-templates"]["templates"][0]["boundaries"] = [[[0, 1, 2]]] * 100
    path = tmp_path / "stad.city.jsonl"
    path.write_bytes(seq(body))
    chosen = Choice(frozenset({"SolitaryVegetationObject"}))
    found = list(read_chosen(path, chosen, limits=Limits(placed_corners=300)))
    assert any(isinstance(each, CityObject) for each in found)
    found = list(read_chosen(path, chosen, limits=Limits(placed_corners=299)))
    [refused] = [each for each in found if isinstance(each, Rejected)]
    assert "rings of more than 299 corners" in refused.reason
    assert not any(isinstance(each, CityObject) for each in found)
