"""Written city objects come back as they were, and always as the same bytes."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import shapely

from tests.formats.city_samples import CORNERS, document, house, objects_of, outline, read, solid
from tweestad.errors import InputRejected
from tweestad.formats.cityjson.reading import read_city_bytes, write_seq
from tweestad.model.city_object import CityObject

ARRAYS = ("vertices", "ring_vertices", "ring_starts", "surface_starts", "kinds")


def sample() -> list[CityObject]:
    """A house, a footprint, a roof with a hole and mixed kinds, a footprint of two parts."""
    inner = [[2500, 2500, 6000], [2500, 7500, 6000], [7500, 7500, 6000], [7500, 2500, 6000]]
    far = [[20000, 0, 0], [30000, 0, 0], [30000, 9999, 0]]
    roof = {
        "type": "MultiSurface",
        "lod": "1.3",
        "boundaries": [[[4, 5, 6, 7], [8, 9, 10, 11]], [[0, 1, 2]]],
        "semantics": {"surfaces": [{"type": "+Iets"}], "values": [0, None]},
    }
    two = {"type": "MultiSurface", "lod": "0", "boundaries": [[[0, 1, 2, 3]], [[12, 13, 14]]]}
    objects = {
        "huis": house(outline(), solid(), attributes={"naam": "Café ‘t Huis’", "lijst": ["a"], "hoog": 3.25}),
        "plat": house(outline(), attributes={}),
        "dak": house(roof),
        "twee": house(two, type="WaterBody"),
    }
    found = read(document(objects, vertices=[*CORNERS, *inner, *far]))
    assert len(objects_of(found)) == len(found) == 4
    return objects_of(found)


def assert_same(left: CityObject, right: CityObject) -> None:
    assert (left.key, left.type, left.attributes) == (right.key, right.type, right.attributes)
    assert left.footprint == right.footprint
    assert (left.shape is None) == (right.shape is None)
    if left.shape is not None and right.shape is not None:
        assert left.shape.lod == right.shape.lod
        for name in ARRAYS:
            assert np.array_equal(getattr(left.shape, name), getattr(right.shape, name)), name


def test_what_is_written_comes_back_the_same() -> None:
    objects = sample()
    back = objects_of(list(read_city_bytes(write_seq(objects), "cel.city.jsonl")))
    for left, right in zip(objects, back, strict=True):
        assert_same(left, right)


def test_the_same_objects_give_the_same_bytes_and_writing_again_too() -> None:
    written = write_seq(sample())
    assert write_seq(sample()) == written
    assert write_seq(objects_of(list(read_city_bytes(written, "cel.city.jsonl")))) == written


def test_the_order_given_is_kept_and_a_line_does_not_depend_on_its_neighbours() -> None:
    objects = sample()
    lines = write_seq(objects).splitlines()
    turned = write_seq(reversed(objects)).splitlines()
    assert lines[1:] == turned[:0:-1]
    assert lines[0] == turned[0]


def test_the_first_line_is_a_cityjson_2_header_in_rd_and_nap() -> None:
    head = json.loads(write_seq([]).splitlines()[0])
    assert (head["type"], head["version"]) == ("CityJSON", "2.0")
    assert head["metadata"]["referenceSystem"].endswith("/EPSG/0/7415")
    assert head["transform"]["scale"] == [0.001, 0.001, 0.001]


def test_no_objects_give_a_file_that_reads_as_empty() -> None:
    assert list(read_city_bytes(write_seq([]), "cel.city.jsonl")) == []


def test_footprints_are_written_at_the_lowest_point() -> None:
    line = json.loads(write_seq(sample()).splitlines()[1])
    plan = line["CityObjects"]["huis"]["geometry"][1]
    assert plan["lod"] == "0"
    assert {line["vertices"][number][2] for number in plan["boundaries"][0][0]} == {1000}


def test_a_footprint_in_two_parts_stays_in_two_parts() -> None:
    back = objects_of(list(read_city_bytes(write_seq(sample()), "cel.city.jsonl")))[3]
    assert back.footprint is not None
    assert shapely.get_num_geometries(shapely.from_wkb(back.footprint)) == 2


def test_the_same_key_twice_is_refused() -> None:
    first, second, *_ = sample()
    with pytest.raises(InputRejected, match="'huis' occurs twice"):
        write_seq([first, replace(second, key="huis")])
