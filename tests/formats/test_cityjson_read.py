"""What a good CityJSON file means: shapes, footprints, levels of detail, attributes."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely

from tests.formats.city_samples import (
    CORNERS,
    SURFACES,
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
from tweestad.formats.cityjson.reading import read_city
from tweestad.model.city_object import CityObject, Shape, SurfaceKind

CASES = Path(__file__).parent / "cases"


def only(found: Sequence[object]) -> CityObject:
    assert len(found) == 1
    assert isinstance(found[0], CityObject)
    return found[0]


def shape_of(item: CityObject) -> Shape:
    assert item.shape is not None
    return item.shape


def rings(shape: Shape) -> list[list[list[float]]]:
    """All rings as coordinates."""
    starts = shape.ring_starts.tolist()
    return [shape.vertices[shape.ring_vertices[a:b]].tolist() for a, b in pairwise(starts)]


def test_a_house_comes_out_in_rd_and_nap_with_its_surfaces() -> None:
    item = only(read(document()))
    assert (item.key, item.type, item.attributes, item.lods) == (
        "huis",
        "Building",
        {"bouwjaar": 1905},
        ("2.2",),
    )
    shape = shape_of(item)
    assert shape.lod == "2.2"
    assert shape.vertices[0].tolist() == [121_000.0, 487_000.0, 1.0]
    assert shape.vertices.max(axis=0).tolist() == [121_010.0, 487_010.0, 7.0]
    assert shape.surface_starts.tolist() == list(range(7))
    assert shape.ring_starts.tolist() == list(range(0, 25, 4))
    assert shape.ring_vertices.tolist() == [number for rings in SURFACES for ring in rings for number in ring]
    ground, roof, wall = SurfaceKind.GROUND, SurfaceKind.ROOF, SurfaceKind.WALL
    assert shape.kinds.tolist() == [ground, roof, wall, wall, wall, wall]


def test_the_arrays_have_the_promised_types() -> None:
    shape = shape_of(only(read(document())))
    assert (shape.vertices.dtype.name, shape.kinds.dtype.name) == ("float64", "uint8")
    numbers = (shape.ring_vertices, shape.ring_starts, shape.surface_starts)
    assert {array.dtype for array in numbers} == {np.dtype(np.int32)}


def test_coordinates_are_rounded_to_the_millimetre() -> None:
    given = document(
        transform={"scale": [0.0001, 0.0001, 0.0001], "translate": [121_000.12345, 487_000.0, 1.0]}
    )
    vertices = shape_of(only(read(given))).vertices
    assert vertices[0].tolist() == [121_000.123, 487_000.0, 1.0]
    assert (vertices == vertices.round(3)).all()


@pytest.mark.parametrize(
    ("geometries", "source"),
    [
        ((outline(), solid()), "LoD 0"),
        ((solid(),), "ground surfaces"),
        ((outline(),), "LoD 0 alone"),
        (({**solid(), "semantics": None},), "surfaces facing down"),
        (
            ({"type": "MultiSurface", "lod": "2", "boundaries": [[[4, 5, 6]], [[4, 6, 7]]]},),
            "the projection of what faces up",
        ),
    ],
)
def test_the_footprint_comes_from_the_best_there_is(
    geometries: tuple[dict[str, object], ...], source: str
) -> None:
    item = only(read(document({"huis": house(*geometries)})))
    assert item.footprint is not None, source
    footprint = shapely.from_wkb(item.footprint)
    assert footprint.equals(shapely.box(121_000, 487_000, 121_010, 487_010)), source
    assert not footprint.has_z
    assert isinstance(footprint, shapely.Polygon)
    assert footprint.exterior.is_ccw


def test_a_building_with_only_a_footprint_has_no_shape() -> None:
    item = only(read(document({"huis": house(outline())})))
    assert item.shape is None
    assert item.lods == ("0",)


def test_walls_alone_give_a_shape_without_footprint() -> None:
    walls = {"type": "MultiSurface", "lod": "2", "boundaries": SURFACES[2:]}
    item = only(read(document({"muur": house(walls)})))
    assert item.footprint is None
    assert len(shape_of(item).kinds) == 4


def test_a_hole_stays_a_hole() -> None:
    inner = [[2500, 2500, 0], [2500, 7500, 0], [7500, 7500, 0], [7500, 2500, 0]]
    court = {"type": "MultiSurface", "lod": "0", "boundaries": [[[0, 1, 2, 3], [8, 9, 10, 11]]]}
    item = only(read(document({"hof": house(court)}, vertices=[*CORNERS, *inner])))
    assert item.footprint is not None
    assert shapely.area(shapely.from_wkb(item.footprint)) == 75.0


def test_the_finest_level_of_detail_is_used() -> None:
    item = only(read(document({"huis": house(outline(), solid("1.2"), solid("2.2"), solid("1.3"))})))
    assert shape_of(item).lod == "2.2"
    assert item.lods == ("0", "1.2", "1.3", "2.2")
    assert len(shape_of(item).kinds) == 6


def test_parts_are_joined_to_their_root() -> None:
    objects = {
        "deel-1": house(solid(), type="BuildingPart", parents=["pand"]),
        "pand": house(outline(), children=["deel-1", "deel-2"], attributes={"b3_bouwlagen": 3}),
        "deel-2": house(solid(), type="BuildingPart", parents=["pand"], children=["dakkapel"]),
        "dakkapel": house(solid(), type="BuildingInstallation", parents=["deel-2"]),
    }
    item = only(read(document(objects)))
    assert (item.key, item.attributes) == ("pand", {"b3_bouwlagen": 3, "bouwjaar": 1905})
    assert len(shape_of(item).kinds) == 18


def test_a_coarse_parent_is_not_drawn_over_its_fine_parts() -> None:
    objects = {
        "pand": house(solid("1.2"), children=["deel"]),
        "deel": house(solid("2.2"), type="BuildingPart", parents=["pand"]),
    }
    shape = shape_of(only(read(document(objects))))
    assert (shape.lod, len(shape.kinds)) == ("2.2", 6)


def test_a_part_without_the_finest_level_keeps_its_own() -> None:
    objects = {
        "pand": house(children=["fijn", "grof"], geometry=[]),
        "fijn": house(solid("2.2"), type="BuildingPart", parents=["pand"]),
        "grof": house(solid("1.2"), type="BuildingPart", parents=["pand"]),
    }
    assert len(shape_of(only(read(document(objects)))).kinds) == 12


def test_a_link_from_one_side_is_enough() -> None:
    by_parent = {"pand": house(geometry=[]), "deel": house(type="BuildingPart", parents=["pand"])}
    by_child = {"pand": house(geometry=[], children=["deel"]), "deel": house(type="BuildingPart")}
    for objects in (by_parent, by_child):
        assert only(read(document(objects))).key == "pand"


def test_members_of_a_group_stand_on_their_own() -> None:
    group = {"type": "CityObjectGroup", "children": ["huis"], "geometry": []}
    found = read(document({"wijk": group, "huis": house(parents=["wijk"])}))
    assert [item.key for item in objects_of(found)] == ["huis"]
    assert reasons_of(found) == {"wijk": "it has no geometry with surfaces"}


@pytest.mark.parametrize(
    ("kind", "wrap"),
    [("Solid", 1), ("MultiSolid", 2), ("CompositeSolid", 2), ("MultiSurface", 0), ("CompositeSurface", 0)],
)
def test_every_surface_geometry_is_read(kind: str, wrap: int) -> None:
    boundaries: object = SURFACES
    values: object = [0, 1, 2, 2, 2, None]
    for _ in range(wrap):
        boundaries, values = [boundaries], [values]
    geometry = {**solid(), "type": kind, "boundaries": boundaries}
    geometry["semantics"] = {**geometry["semantics"], "values": values}
    assert shape_of(only(read(document({"huis": house(geometry)})))).kinds.tolist() == [1, 3, 2, 2, 2, 0]


@pytest.mark.parametrize("values", [None, [None]])
def test_empty_semantics_leave_the_surfaces_unknown(values: object) -> None:
    geometry = {**solid(), "semantics": {"surfaces": [], "values": values}}
    assert shape_of(only(read(document({"huis": house(geometry)})))).kinds.tolist() == [0] * 6


def test_other_surfaces_are_called_other() -> None:
    semantics = {"surfaces": [{"type": "+Zonnepaneel"}], "values": [[0] * 6]}
    geometry = {**solid(), "semantics": semantics}
    assert shape_of(only(read(document({"huis": house(geometry)})))).kinds.tolist() == [SurfaceKind.OTHER] * 6


def test_degenerate_surfaces_are_left_out_and_the_good_ones_stay() -> None:
    geometry = solid()
    stubs = [[[0, 1]], [[0, 1, 0]], [], [[]], [[4, 5, 5, 4]]]
    geometry["boundaries"][0] += stubs
    geometry["semantics"]["values"][0] += [2] * len(stubs)
    shape = shape_of(only(read(document({"huis": house(geometry)}))))
    assert rings(shape) == rings(shape_of(only(read(document()))))
    assert shape.kinds.tolist() == [1, 3, 2, 2, 2, 2]


def test_a_degenerate_hole_is_left_out_and_its_surface_stays() -> None:
    geometry = {"type": "MultiSurface", "lod": "2", "boundaries": [[[4, 5, 6, 7], [4, 5], [4, 5, 4]]]}
    assert len(rings(shape_of(only(read(document({"dak": house(geometry)})))))) == 1


def test_a_repeated_closing_vertex_is_dropped() -> None:
    geometry = {"type": "MultiSurface", "lod": "2", "boundaries": [[[4, 5, 6, 7, 4]]]}
    assert shape_of(only(read(document({"dak": house(geometry)})))).ring_vertices.tolist() == [0, 1, 2, 3]


def test_a_self_crossing_footprint_becomes_a_valid_one() -> None:
    geometry = {"type": "MultiSurface", "lod": "0", "boundaries": [[[0, 1, 3, 2, 8]]]}
    item = only(read(document({"vlinder": house(geometry)}, vertices=[*CORNERS, [5000, -5000, 0]])))
    assert item.footprint is not None
    assert shapely.is_valid(shapely.from_wkb(item.footprint))


def test_nested_attributes_lose_nothing() -> None:
    given = {
        "namen": ["a", "b"],
        "lijst": [1, 2],
        "maat": {"value": 3.5, "uom": "m"},
        "leeg": None,
        "ja": True,
    }
    item = only(read(document({"huis": house(attributes=given)})))
    assert item.attributes == {
        "namen": ("a", "b"),
        "lijst": "[1,2]",
        "maat": '{"uom":"m","value":3.5}',
        "leeg": None,
        "ja": True,
    }


def test_points_and_lines_beside_surfaces_are_passed_over() -> None:
    points = {"type": "MultiPoint", "lod": "2.2", "boundaries": [0, 1]}
    lines = {"type": "MultiLineString", "lod": "3", "boundaries": [[0, 1]]}
    assert shape_of(only(read(document({"huis": house(points, solid(), lines)})))).lod == "2.2"


def test_every_type_of_object_is_read() -> None:
    types = ["Road", "Bridge", "WaterBody", "PlantCover", "TINRelief", "+Kunstwerk"]
    found = objects_of(read(document({name: house(type=name) for name in types})))
    assert [item.type for item in found] == types


@pytest.mark.parametrize("lod", [2, 2.2, "2"])
def test_older_files_write_the_level_of_detail_as_a_number(lod: object) -> None:
    geometry = {**solid(), "lod": lod}
    assert shape_of(only(read(document({"huis": house(geometry)}, version="1.0")))).lod == str(lod)


def test_version_1_0_may_have_plain_coordinates_and_an_urn() -> None:
    vertices = [[121_000 + x / 1000, 487_000 + y / 1000, 1 + z / 1000] for x, y, z in CORNERS]
    old = document(
        version="1.0", vertices=vertices, metadata={"referenceSystem": "urn:ogc:def:crs:EPSG::7415"}
    )
    del old["transform"]
    new = shape_of(only(read(document())))
    assert shape_of(only(read(old))).vertices.tolist() == new.vertices.tolist()


def test_version_0_8_with_one_parent_is_read() -> None:
    objects = {
        "pand": house(geometry=[], children=["deel"]),
        "deel": house(parent="pand", type="BuildingPart"),
    }
    old = document(objects, version="0.8", metadata={"crs": {"epsg": 7415}})
    assert only(read(old)).key == "pand"


def test_a_crs_without_heights_is_taken_with_nap_heights() -> None:
    metadata = {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/28992"}
    assert shape_of(only(read(document(metadata=metadata)))).vertices[0, 2] == 1.0


def test_a_crs_given_by_hand_adds_to_a_file_that_says_none_or_the_same() -> None:
    for metadata in ({}, {"referenceSystem": "EPSG:7415"}, {"referenceSystem": "Amersfoort / RD New"}):
        assert only(read(document(metadata=metadata), crs=28992)).key == "huis"


def test_a_seq_gives_the_same_as_a_whole_document() -> None:
    item = only(read(seq(header(), feature()), "stad.city.jsonl"))
    whole = only(read(document()))
    assert (item.key, item.attributes, item.footprint) == (whole.key, whole.attributes, whole.footprint)
    assert rings(shape_of(item)) == rings(shape_of(whole))


@pytest.mark.parametrize("name", ["stad.city.jsonl", "stad.jsonl", "stad.json"])
def test_a_seq_is_known_by_its_lines(name: str) -> None:
    lines = seq(header(), feature("a"), feature("b")).replace(b"\n", b"\r\n\n")
    assert [item.key for item in objects_of(read(lines, name))] == ["a", "b"]


def test_a_seq_without_features_is_an_empty_city() -> None:
    assert read(seq(header()), "stad.city.jsonl") == []


def test_a_long_seq_keeps_its_order_across_batches() -> None:
    keys = [f"pand-{number}" for number in range(1_203)]
    lines = seq(header(), *(feature(key) for key in keys))
    found = objects_of(read(lines, "stad.city.jsonl"))
    assert [item.key for item in found] == keys
    assert all((shape_of(item).vertices == shape_of(found[0]).vertices).all() for item in found)


def test_a_document_spread_over_lines_is_read() -> None:
    path = CASES / "huis.city.json"
    item = only(list(read_city(path)))
    assert (item.key, shape_of(item).lod) == ("NL.IMBAG.Pand.0363100012345678", "1.2")


def test_a_gzipped_file_is_read_whatever_its_name(tmp_path: Path) -> None:
    for name in ("stad.city.jsonl.gz", "stad.city.jsonl"):
        path = tmp_path / name
        path.write_bytes(gzip.compress(seq(header(), feature())))
        assert only(list(read_city(path))).key == "huis"


def test_a_byte_order_mark_is_passed_over() -> None:
    assert only(read(b"\xef\xbb\xbf" + seq(document()))).key == "huis"


def test_objects_may_share_vertices() -> None:
    found = objects_of(read(document({"a": house(), "b": house(outline()), "c": house(solid("1.2"))})))
    assert [item.key for item in found] == ["a", "b", "c"]
    assert shape_of(found[0]).vertices.tolist() == shape_of(found[2]).vertices.tolist()
