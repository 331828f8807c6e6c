"""What is wrong with one object costs only that one, and is said."""

from __future__ import annotations

import pytest

from tests.formats.city_samples import (
    BOTTOM,
    CORNERS,
    Json,
    document,
    house,
    objects_of,
    read,
    reasons_of,
    solid,
)

GOOD = {"goed": house()}


def reason(body: object, **members: object) -> str:
    """Read one faulty object beside a good one; the good one must be kept."""
    found = read(document({**GOOD, "fout": body}, **members))
    assert [item.key for item in objects_of(found)] == ["goed"]
    assert list(reasons_of(found)) == ["fout"]
    return reasons_of(found)["fout"]


def with_boundaries(boundaries: object, kind: str = "MultiSurface") -> Json:
    return house({"type": kind, "lod": "2", "boundaries": boundaries})


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (8, "the vertex number 8 is out of range: there are 8 vertices"),
        (-1, "the vertex number -1 is out of range"),
        (2**70, "is not a whole number"),
        (2**63, "a vertex number is far out of range"),
        ("2", "the vertex number '2' is not a whole number"),
        (2.0, "the vertex number '2.0' is not a whole number"),
        (True, "the vertex number 'True' is not a whole number"),
        (None, "the vertex number 'None' is not a whole number"),
        ([2], "not nested as deep"),
        ({}, "not nested as deep"),
    ],
)
def test_a_wrong_vertex_number_rejects_its_object(number: object, message: str) -> None:
    assert message in reason(with_boundaries([[[0, 1, number]]]))


@pytest.mark.parametrize(
    ("kind", "boundaries"),
    [
        ("Solid", [[BOTTOM]]),
        ("MultiSurface", [[[BOTTOM]]]),
        ("MultiSolid", [[[BOTTOM]]]),
        ("MultiSurface", [BOTTOM]),
        ("MultiSurface", BOTTOM),
        ("MultiSurface", [[BOTTOM], 5]),
        ("MultiSurface", [[BOTTOM], [5]]),
        ("MultiSurface", "0123"),
        ("MultiSurface", ["0123"]),
        ("MultiSurface", [["0123"]]),
        ("MultiSurface", {"a": 1}),
        ("Solid", [None]),
    ],
)
def test_boundaries_of_another_depth_reject_their_object(kind: str, boundaries: object) -> None:
    assert "not nested as deep" in reason(with_boundaries(boundaries, kind))


@pytest.mark.parametrize(
    "geometry",
    [
        [],
        None,
        [{"type": "MultiSurface", "lod": "2", "boundaries": []}],
        [{"type": "MultiSurface", "lod": "2", "boundaries": None}],
        [{"type": "MultiSurface", "lod": "2"}],
        [{**solid(), "boundaries": []}],
        [{**solid(), "boundaries": [[]]}],
        [{**solid(), "boundaries": [[[]]]}],
        [{"type": "Solid", "lod": "2", "boundaries": []}],
        [{"type": "Solid", "lod": "2", "boundaries": [[]]}],
        [{"type": "MultiSurface", "lod": "2", "boundaries": [[]]}],
        [{"type": "MultiSurface", "lod": "2", "boundaries": [[[]]]}],
        [{"type": "MultiSurface", "lod": "2", "boundaries": [[[0, 1]]]}],
        [{"type": "MultiPoint", "lod": "2", "boundaries": []}],
        [{"type": "MultiLineString", "lod": "2", "boundaries": [[0]]}],
    ],
)
def test_an_empty_geometry_is_rejected(geometry: object) -> None:
    found = reason(house(geometry=geometry))
    assert found in (
        "it has no geometry with surfaces",
        "it has an empty geometry: no surface has three vertices",
    )


def test_an_object_with_only_flat_rings_is_rejected() -> None:
    assert reason(with_boundaries([[[0, 1, 0]], [[4, 4, 4, 4]]])) == "none of its surfaces has an area"


@pytest.mark.parametrize(
    ("geometry", "message"),
    [
        ({"type": "GeometryInstance", "template": 0, "boundaries": [0]}, "geometry template"),
        ({"type": "Kubus", "lod": "2", "boundaries": []}, "type 'Kubus' is unknown"),
        ({"type": ["Solid"], "lod": "2"}, "the type of a geometry is not text"),
        ({"lod": "2", "boundaries": []}, "a geometry has no type"),
        ("Solid", "a geometry is not an object"),
        ({**solid(), "lod": None}, "level of detail 'None'"),
        ({**solid(), "lod": "5"}, "level of detail '5'"),
        ({**solid(), "lod": "2.2.2"}, "level of detail"),
        ({**solid(), "lod": [2]}, "level of detail"),
        ({**solid(), "lod": True}, "level of detail"),
        ({**solid(), "lod": 1e300}, "level of detail"),
        ({**solid(), "semantics": []}, "semantics are not an object"),
        ({**solid(), "semantics": {"surfaces": {}, "values": [[0] * 6]}}, "has no surface"),
        ({**solid(), "semantics": {"surfaces": 3, "values": None}}, "not a list of objects"),
        ({**solid(), "semantics": {"surfaces": [3], "values": None}}, "not a list of objects"),
        ({**solid(), "semantics": {"surfaces": [{}], "values": [[0] * 6]}}, "has no type"),
        ({**solid(), "semantics": {"surfaces": [{"type": "RoofSurface"}], "values": [[1] * 6]}}, "value 1"),
        ({**solid(), "semantics": {"surfaces": [{"type": "RoofSurface"}], "values": [[-1] * 6]}}, "value -1"),
        ({**solid(), "semantics": {"surfaces": [], "values": [[None] * 5]}}, "do not fit"),
        ({**solid(), "semantics": {"surfaces": [], "values": 4}}, "do not fit"),
        ({**solid(), "semantics": {"surfaces": [], "values": [["0"] * 6]}}, "not whole numbers"),
        ({**solid(), "semantics": {"surfaces": [], "values": [[[0]] * 6]}}, "not whole numbers"),
    ],
)
def test_a_faulty_geometry_rejects_its_object(geometry: object, message: str) -> None:
    assert message in reason(house(geometry=[geometry]))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (None, "this is not an object"),
        ([], "this is not an object"),
        ({}, "it has no type"),
        (house(type=None), "it has no type"),
        (house(type=3), "its type is not text"),
        (house(attributes=[]), "attributes are not an object"),
        (house(geometry={}), "'geometry' is not a list"),
        (house(parents="goed"), "'parents' is not a list of names"),
        (house(parents=[3]), "'parents' is not a list of names"),
        (house(children=[["goed"]]), "'children' is not a list of names"),
        (house(parents=["weg"]), "its parent 'weg' is not in the file"),
        (house(children=["weg"]), "its part 'weg' is not in the file"),
        (house(children=["fout"]), "its parents run in a circle"),
        (house(parents=["fout"]), "its parents run in a circle"),
    ],
)
def test_a_faulty_object_is_rejected(body: object, message: str) -> None:
    assert message in reason(body)


def test_cyclic_parents_are_rejected() -> None:
    ring = {"a": house(parents=["c"]), "b": house(parents=["a"]), "c": house(parents=["b"])}
    found = read(document({**ring, **GOOD}))
    assert [item.key for item in objects_of(found)] == ["goed"]
    assert set(reasons_of(found)) == {"a", "b", "c"}


def test_a_circle_below_a_root_is_rejected() -> None:
    objects = {"top": house(children=["a"]), "a": house(children=["b"]), "b": house(children=["a"]), **GOOD}
    found = read(document(objects))
    assert [item.key for item in objects_of(found)] == ["goed"]
    assert "belongs to two objects, or to itself" in reasons_of(found)["top"]


def test_a_part_of_two_objects_is_not_drawn_twice() -> None:
    found = read(document({"a": house(children=["deel"]), "b": house(children=["deel"]), "deel": house()}))
    assert [item.key for item in objects_of(found)] == ["a"]
    assert set(reasons_of(found)) == {"b"}


def test_a_long_line_of_children_is_rejected() -> None:
    line = {f"g{n}": house(parents=[f"g{n - 1}"] if n else []) for n in range(5_000)}
    found = read(document({**line, **GOOD}))
    assert [item.key for item in objects_of(found)] == ["goed"]
    assert "more than 16 generations" in reasons_of(found)["g0"]


@pytest.mark.parametrize(
    "translate",
    [[4.9, 52.37, 0], [545_000, 6_868_000, 0], [630_000, 5_800_000, 0], [0, 0, 0], [1e300, 1e300, 0]],
)
def test_coordinates_of_another_system_are_asked_about(translate: list[float]) -> None:
    found = read(document(transform={"scale": [1e-6, 1e-6, 0.001], "translate": translate}))
    assert "outside the Dutch RD grid: is this another CRS?" in reasons_of(found)["huis"]


@pytest.mark.parametrize(
    ("translate", "said"),
    [
        ([4.9, 52.37, 0], "look like longitude and latitude (EPSG:4326), but they were given as EPSG:28992"),
        ([52.37, 4.9, 0], "look like latitude and longitude exchanged"),
        ([486_000, 122_000, 0], "look like RD (EPSG:28992) with x and y exchanged"),
        ([545_000, 6_868_000, 0], "look like EPSG:3857, but they were given as EPSG:28992"),
    ],
)
def test_the_system_that_coordinates_look_like_is_named(translate: list[float], said: str) -> None:
    found = read(document(transform={"scale": [1e-6, 1e-6, 0.001], "translate": translate}))
    assert said in reasons_of(found)["huis"]


def test_one_stray_vertex_rejects_only_its_object() -> None:
    stray = [[900_000_000, 0, 0], [900_000_000, 1000, 0]]
    message = reason(with_boundaries([[[0, 8, 9]]]), vertices=[*CORNERS, *stray])
    assert "outside the Dutch RD grid" in message


@pytest.mark.parametrize("height", [-1_002_000, 11_000_000, 10**15])
def test_heights_that_cannot_be_nap_are_rejected(height: int) -> None:
    vertices = [*CORNERS, [0, 0, height], [0, 9_000, height]]
    assert "is not a NAP height" in reason(with_boundaries([[[0, 8, 9]]]), vertices=vertices)


def test_an_outline_that_crosses_itself_a_million_times_is_not_repaired_for_hours() -> None:
    zigzag = [[n * 7919 % 10_007, n * 6101 % 10_009, 0] for n in range(4_000)]
    tangle = {"type": "MultiSurface", "lod": "0", "boundaries": [[list(range(8, 4_008))]]}
    found = read(document({"kluwen": house(tangle, solid()), **GOOD}, vertices=[*CORNERS, *zigzag]))
    assert [item.key for item in objects_of(found)] == ["kluwen", "goed"]
