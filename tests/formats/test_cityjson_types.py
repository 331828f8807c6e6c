"""Every type of object: chosen, passed over and counted, placed by a template, or without surfaces."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely

from tests.formats.city_samples import (
    BOTTOM,
    ORIGIN,
    TOP,
    Json,
    document,
    feature,
    header,
    house,
    objects_of,
    outline,
    read,
    reasons_of,
    seq,
    solid,
)
from tweestad.formats.cityjson.choice import KNOWN_TYPES
from tweestad.formats.cityjson.reading import (
    Choice,
    Limits,
    Passed,
    Rejected,
    read_chosen,
)
from tweestad.model.city_object import CityObject

BUILDINGS = "buildings3d/"
DELFT_LOD1 = BUILDINGS + "delft-centrum_bgt-3dfier-lod1.city.json.gz"
WIPPOLDER = BUILDINGS + "delft-wippolder_3dbag-v210908-tile5907-subset.city.json.gz"
CENTRE = BUILDINGS + "delft-centrum_3dbag-v210908-tile5908-subset.city.jsonl.gz"
MOVED = [1, 0, 0, 20, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
TURNED = [0, -2, 0, 0, 2, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1]
STEM = [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 0.0, 4.0], [0.0, 0.0, 4.0], [0.0, 3.0, 0.0]]


def chosen(path: Path, *types: str, lod: str = "") -> list[CityObject | Rejected | Passed]:
    return list(read_chosen(path, Choice(frozenset(types) or None, lod)))


def with_templates(*instances: Json, **members: object) -> Json:
    """A file with one template, a tree of two crossing faces, and an object per instance."""
    templates = {
        "templates": [{"type": "MultiSurface", "lod": "2", "boundaries": [[[0, 1, 2, 3]], [[0, 1, 4]]]}],
        "vertices-templates": STEM,
    }
    objects = {
        f"boom{n}": house(instance, type="SolitaryVegetationObject") for n, instance in enumerate(instances)
    }
    return document(objects, **{"geometry-templates": templates, **members})


def instance(matrix: list[float] | object = MOVED, vertex: object = 0, template: object = 0) -> Json:
    return {
        "type": "GeometryInstance",
        "template": template,
        "boundaries": [vertex],
        "transformationMatrix": matrix,
    }


@pytest.mark.parametrize("kind", [*KNOWN_TYPES, "+Steiger"])
def test_an_object_of_any_type_comes_out_with_that_type(kind: str) -> None:
    [found] = objects_of(read(document({"ding": house(type=kind)})))
    assert (found.type, found.shape is not None, found.footprint is not None) == (kind, True, True)


def test_what_is_not_chosen_is_passed_by_type_without_being_looked_into(tmp_path: Path) -> None:
    path = tmp_path / "stad.city.json"
    broken = house({"type": "Solid", "lod": "2", "boundaries": 5}, type="Road")
    objects = {"huis": house(), "weg": broken, "brug": house(type="Bridge"), "leeg": 3}
    path.write_bytes(seq(document(objects)).strip())
    found = chosen(path, "Building")
    assert [each.key for each in found if isinstance(each, CityObject)] == ["huis"]
    assert [each for each in found if isinstance(each, Passed)] == [
        Passed("weg", "Road"),
        Passed("brug", "Bridge"),
    ]
    assert [each.object_id for each in found if isinstance(each, Rejected)] == ["leeg"]
    assert len(found) == len(objects)


def test_a_part_that_is_chosen_without_its_parent_stands_on_its_own(tmp_path: Path) -> None:
    path = tmp_path / "stad.city.jsonl"
    members = {
        "pand": house(outline(), children=["luifel", "deel"]),
        "luifel": house(type="BuildingInstallation", parents=["pand"]),
        "deel": house(type="BuildingPart", parents=["pand"]),
    }
    path.write_bytes(seq(header(), feature("pand", CityObjects=members)))
    both = chosen(path, "BuildingInstallation")
    assert [type(each).__name__ for each in both] == ["Passed", "CityObject"]
    [joined] = chosen(path, "Building", "BuildingInstallation")
    assert isinstance(joined, CityObject)
    assert joined.shape is not None
    assert len(joined.shape.kinds) == 12


def test_the_level_of_detail_asked_for_is_taken_and_one_that_is_not_there_is_said(tmp_path: Path) -> None:
    path = tmp_path / "stad.city.json"
    flat = {**solid("1.2"), "boundaries": [[[BOTTOM], [TOP]]], "semantics": None}
    path.write_bytes(seq(document({"a": house(outline(), flat, solid("2.2")), "b": house(solid())})).strip())
    coarse, absent = chosen(path, lod="1.2")
    assert isinstance(coarse, CityObject)
    assert coarse.shape is not None
    assert (coarse.shape.lod, len(coarse.shape.kinds)) == ("1.2", 2)
    assert isinstance(absent, Rejected)
    assert absent.reason == "it has no level of detail 1.2, only 2.2"
    footprint, _ = chosen(path, lod="0")
    assert isinstance(footprint, CityObject)
    assert (footprint.shape, footprint.footprint is not None) == (None, True)


def test_a_road_covers_all_that_is_seen_from_above_whichever_way_its_faces_turn() -> None:
    boundaries = [[[0, 1, 2]], [[3, 2, 0]]]  # one looks up, the other down
    strip = {"type": "MultiSurface", "lod": "1", "boundaries": boundaries}
    road, building = objects_of(
        read(document({"weg": house(strip, type="Road"), "huis": house(strip, type="Building")}))
    )
    assert road.footprint is not None
    assert building.footprint is not None
    assert shapely.area(shapely.from_wkb(road.footprint)) == pytest.approx(100.0)
    assert shapely.area(shapely.from_wkb(building.footprint)) == pytest.approx(50.0)


def test_a_template_is_turned_scaled_and_moved_to_its_reference_point() -> None:
    first, second = objects_of(read(with_templates(instance(), instance(TURNED, vertex=6))))
    assert first.shape is not None
    assert second.shape is not None
    x, y, z = ORIGIN
    np.testing.assert_allclose(first.shape.vertices.min(axis=0), [x + 20, y, z], atol=1e-6)
    np.testing.assert_allclose(first.shape.vertices.max(axis=0), [x + 21, y + 3, z + 4], atol=1e-6)
    # Vertex 6 is at (10, 10, 6); turned a quarter the 3 m go west, doubled.
    np.testing.assert_allclose(second.shape.vertices.min(axis=0), [x + 4, y + 10, z + 6], atol=1e-6)
    np.testing.assert_allclose(second.shape.vertices.max(axis=0), [x + 10, y + 12, z + 14], atol=1e-6)


def test_a_seq_places_the_templates_of_its_header() -> None:
    head = with_templates()
    tree = feature("boom", CityObjects={"boom": house(instance(), type="SolitaryVegetationObject")})
    [found] = objects_of(read(seq({**head, "vertices": []}, tree, feature()), "stad.city.jsonl"))[:1]
    assert found.shape is not None
    assert float(np.ptp(found.shape.vertices[:, 2])) == 4.0


@pytest.mark.parametrize(
    ("placed", "reason"),
    [
        (instance(template=1), "there is no geometry template '1': there are 1"),
        (instance(template=-1), "there is no geometry template '-1'"),
        (instance(template=True), "there is no geometry template 'True'"),
        (instance(vertex=8), "the vertex number 8 is out of range"),
        (instance(vertex="0"), "does not name one reference point"),
        ({**instance(), "boundaries": []}, "does not name one reference point"),
        (instance(matrix=[1.0] * 15), "is not 16 numbers"),
        (instance(matrix=[True] * 16), "is not 16 numbers"),
        (instance(matrix=[0.0] * 16), "does not end in 0, 0, 0, 1"),
        (instance(matrix=[1e308, 1e308, 1e308, 1e308] * 3 + [0, 0, 0, 1]), "outside the Dutch RD grid"),
    ],
)
def test_a_wrong_instance_rejects_its_object_alone(placed: Json, reason: str) -> None:
    found = read(with_templates(placed, instance()))
    assert reason in reasons_of(found)["boom0"]
    assert [each.key for each in objects_of(found)] == ["boom1"]


@pytest.mark.parametrize(
    ("templates", "reason"),
    [
        (None, "the file has none"),
        ([], "is not as it should be"),
        ({"templates": [5], "vertices-templates": STEM}, "is not a geometry"),
        ({"templates": [instance()], "vertices-templates": STEM}, "is itself an instance"),
        ({"templates": [solid()], "vertices-templates": [[0, 0]]}, "a vertex is not a list of three"),
        ({"templates": [solid()], "vertices-templates": STEM}, "out of range: there are 5 vertices"),
    ],
)
def test_wrong_templates_matter_only_to_what_uses_them(templates: object, reason: str) -> None:
    body = with_templates(instance(), **{"geometry-templates": templates})
    body["CityObjects"]["huis"] = house()
    found = read(body)
    assert reason in reasons_of(found)["boom0"]
    assert [each.key for each in objects_of(found)] == ["huis"]


def test_templates_cannot_multiply_beyond_the_limit_of_vertices() -> None:
    found = read(with_templates(*[instance()] * 4), limits=Limits(vertices=12))
    assert len(objects_of(found)) == 2
    assert "more than 12 vertices" in reasons_of(found)["boom2"]


def test_points_and_lines_are_kept_as_what_they_are() -> None:
    objects = {
        "paal": house({"type": "MultiPoint", "lod": "1", "boundaries": [6]}, type="CityFurniture"),
        "as": house({"type": "MultiLineString", "lod": "0", "boundaries": [[0, 1, 2], [3, 0]]}, type="Road"),
        "ver": house({"type": "MultiPoint", "lod": "1", "boundaries": [8]}, type="CityFurniture"),
        "fout": house({"type": "MultiPoint", "lod": "1", "boundaries": [99]}, type="CityFurniture"),
    }
    corners = [*document()["vertices"], [900_000_000, 0, 0]]
    found = read(document(objects, vertices=corners))
    post, axis = objects_of(found)
    assert (post.shape, post.footprint) == (None, None)
    assert shapely.to_wkt(shapely.from_wkb(post.loose)) == "MULTIPOINT ((121010 487010))"
    assert shapely.length(shapely.from_wkb(axis.loose)) == pytest.approx(30.0)
    assert "outside the Dutch RD grid" in reasons_of(found)["ver"]
    assert "out of range" in reasons_of(found)["fout"]


@pytest.mark.parametrize(
    ("second", "taken"), [({"lagen": 4}, True), ({"lagen": 3}, False), ({}, False), (None, False)]
)
def test_a_building_has_the_attributes_that_all_of_its_parts_say_alike(second: Json, taken: bool) -> None:
    objects = {
        "pand": house(outline(), children=["a", "b", "dakkapel"]),
        "a": house(type="BuildingPart", attributes={"lagen": 4}),
        "b": house(type="BuildingPart", attributes=second),
        "dakkapel": house(type="BuildingInstallation", attributes={"jaar": 1980}),
    }
    [found] = objects_of(read(document(objects)))
    assert found.attributes == ({"lagen": 4, "bouwjaar": 1905} if taken else {"bouwjaar": 1905})


@pytest.mark.open_data
def test_delft_has_every_type_once_in_what_is_chosen_and_what_is_not(open_data: Path) -> None:
    found = chosen(open_data / DELFT_LOD1, "Road", "WaterBody")
    taken = [each for each in found if isinstance(each, CityObject)]
    passed = Counter(each.type for each in found if isinstance(each, Passed))
    assert Counter(each.type for each in taken) == {"Road": 143, "WaterBody": 3}
    assert passed == {
        "Building": 160,
        "PlantCover": 126,
        "LandUse": 81,
        "GenericCityObject": 54,
        "Bridge": 3,
    }
    outlines = shapely.from_wkb([each.footprint for each in taken])
    assert shapely.is_valid(outlines).all()
    assert shapely.area(outlines).min() > 0


@pytest.mark.open_data
@pytest.mark.parametrize(("path", "count"), [(WIPPOLDER, 443), (CENTRE, 99)])
@pytest.mark.parametrize("lod", ["1.2", "1.3", "2.2"])
def test_3dbag_is_read_at_each_of_its_levels(open_data: Path, path: str, count: int, lod: str) -> None:
    found = [each for each in chosen(open_data / path, "Building", lod=lod) if isinstance(each, CityObject)]
    assert len(found) == count
    assert {each.shape.lod for each in found if each.shape is not None} == {lod}
    assert all(each.shape is not None and each.footprint is not None for each in found)


@pytest.mark.open_data
def test_the_attributes_of_an_extension_are_kept(open_data: Path) -> None:
    found = [each for each in chosen(open_data / CENTRE) if isinstance(each, CityObject)]
    named = [each for each in found if any(key.startswith("+noise-") for key in each.attributes)]
    assert len(named) == 1
