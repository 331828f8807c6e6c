"""glTF and OBJ on the map: upright, in place, with nothing opened beside them."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.formats.city_samples import reasons_of
from tests.formats.design_samples import FACES, gltf, obj, written
from tweestad.errors import InputRejected
from tweestad.formats.cityjson.choice import Passed
from tweestad.formats.design.mesh_model import parse_gltf
from tweestad.formats.design.model import Place
from tweestad.formats.design.placed import DesignFormat, read_placed
from tweestad.model.city_object import CityObject
from tweestad.model.layer import Rejected

HERE = Place(122_000, 486_000, 1.0)


def read(path: Path, kind: DesignFormat, place: Place | None = HERE) -> list[CityObject | Rejected | Passed]:
    return list(read_placed(path, kind, place))


def box(path: Path, kind: DesignFormat, place: Place = HERE) -> list[float]:
    [found] = read(path, kind, place)
    assert isinstance(found, CityObject)
    assert found.shape is not None
    corner = (place.x, place.y, place.nap)
    low, high = found.shape.vertices.min(axis=0) - corner, found.shape.vertices.max(axis=0) - corner
    return [*low.round(3).tolist(), *high.round(3).tolist()]


@pytest.mark.parametrize("binary", [True, False])
def test_a_gltf_stands_up_with_its_y(tmp_path: Path, binary: bool) -> None:
    path = written(tmp_path, "blok.glb", gltf(binary=binary))
    assert box(path, "gltf") == [0, -2, 0, 4, 0, 6]
    [found] = read(path, "gltf")
    assert isinstance(found, CityObject)
    assert (found.key, found.type) == ("blok", "Mesh")
    assert shapely.area(shapely.from_wkb(found.footprint)) == pytest.approx(8.0)


def test_an_obj_stands_up_with_its_z_unless_told_otherwise(tmp_path: Path) -> None:
    path = written(tmp_path, "blok.obj", obj())
    assert box(path, "obj") == [0, 0, 0, 4, 6, 2]
    assert box(path, "obj", Place(122_000, 486_000, 1.0, up="y")) == [0, -2, 0, 4, 0, 6]
    assert box(path, "obj", Place(122_000, 486_000, 1.0, 90, 2.0)) == [-12, 0, 0, 0, 8, 4]


def test_a_design_without_a_place_asks_for_one(tmp_path: Path) -> None:
    with pytest.raises(InputRejected, match=r"blok\.glb: it does not say where it stands: give place"):
        read(written(tmp_path, "blok.glb", gltf()), "gltf", None)


def test_a_node_moves_and_repeats_its_mesh(tmp_path: Path) -> None:
    nodes = [{"name": "a", "mesh": 0}, {"name": "b", "mesh": 0, "translation": [0, 0, -100]}]
    path = written(tmp_path, "blok.glb", gltf(nodes=nodes, scenes=[{"nodes": [0, 1]}]))
    first, second = read(path, "gltf")
    assert isinstance(first, CityObject)
    assert isinstance(second, CityObject)
    assert first.shape is not None
    assert second.shape is not None
    np.testing.assert_allclose(
        second.shape.vertices.min(axis=0) - first.shape.vertices.min(axis=0), [0, 100, 0], atol=1e-6
    )


def test_a_node_far_away_is_rejected_and_the_rest_kept(tmp_path: Path) -> None:
    nodes = [{"name": "a", "mesh": 0}, {"name": "b", "mesh": 0, "translation": [9e5, 0, 0]}]
    found = read(written(tmp_path, "a.glb", gltf(nodes=nodes, scenes=[{"nodes": [0, 1]}])), "gltf")
    assert "outside the Dutch RD grid" in reasons_of([e for e in found if not isinstance(e, Passed)])["b"]
    assert len(found) == 2


def _longer_than_told(data: bytes) -> bytes:
    return data[:8] + struct.pack("<I", 2**32 - 1) + data[12:]


@pytest.mark.parametrize("data", [gltf()[:-40], _longer_than_told(gltf()), gltf()[:15], b"glTF"])
def test_a_truncated_glb_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InputRejected, match="the file is truncated"):
        parse_gltf(written(tmp_path, "blok.glb", data))


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"buffers": [{"uri": "buiten.bin", "byteLength": 4}]}, "refers to another file"),
        ({"buffers": [{"uri": "file:///etc/passwd", "byteLength": 4}]}, "refers to another file"),
        ({"images": [{"uri": "https://voorbeeld.invalid/a.png"}]}, "refers to another file"),
        ({"images": [{"uri": 5}]}, "refers to another file"),
        ({"extensionsRequired": ["KHR_draco_mesh_compression"]}, "KHR_draco_mesh_compression"),
        ({"nodes": [{}] * 20_001}, "more than 20000 nodes"),
        ({"nodes": 5}, "‘nodes’ is not a list"),
        ({"asset": {"version": "1.0"}}, "not glTF 2.0"),
    ],
)
def test_what_a_gltf_may_not_ask_for_is_refused(tmp_path: Path, members: dict[str, Any], said: str) -> None:
    with pytest.raises(InputRejected, match=said):
        parse_gltf(written(tmp_path, "blok.gltf", gltf(binary=False, **members)))


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"meshes": []}, "no mesh|broke down"),
        ({"nodes": [{"mesh": 7}]}, "no mesh|broke down"),
        ({"accessors": [{"componentType": 5126, "count": 10**12, "type": "VEC3"}] * 2}, "memory|broke down"),
        ({"buffers": [{"uri": "buiten.bin", "byteLength": 4}]}, "refers to another file"),
    ],
)
def test_a_hostile_gltf_is_one_sentence(tmp_path: Path, members: dict[str, Any], said: str) -> None:
    with pytest.raises(InputRejected, match=said) as caught:
        read(written(tmp_path, "blok.gltf", gltf(binary=False, **members)), "gltf")
    assert str(caught.value).startswith("blok.gltf: ")


def test_nodes_that_run_in_a_circle_end(tmp_path: Path) -> None:
    data = gltf(binary=False, nodes=[{"mesh": 0, "children": [0]}])
    assert len(parse_gltf(written(tmp_path, "blok.gltf", data)).parts) <= 1


def test_a_vertex_number_that_is_not_there_refuses_the_file(tmp_path: Path) -> None:
    wrong = [*FACES[:-1], (1, 7, 4_000_000_000)]
    with pytest.raises(InputRejected, match=r"names a vertex that is not there|broke down"):
        read(written(tmp_path, "blok.glb", gltf(wrong)), "gltf")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no faces"),
        ("v 0 0 0\nv 1 0 0\n", "no faces"),
        ("f 1 2 3\n", "no mesh|broke down|not there"),
        ("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 9\n", "not there|broke down"),
        ("v nan 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "none of|outside"),
        ("v a b c\nf 1 2 3\n", "broke down|no mesh"),
        (b"\0\0\0\0f 1 2 3", "not text"),
    ],
)
def test_a_hostile_obj_is_one_sentence(tmp_path: Path, text: str | bytes, said: str) -> None:
    path = written(tmp_path, "blok.obj", text)
    try:
        [found] = read(path, "obj")
    except InputRejected as exc:
        assert any(each in str(exc) for each in said.split("|")), exc  # noqa: PT017
    else:
        assert isinstance(found, Rejected)
        assert any(each in found.reason for each in said.split("|"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(gltf()) - 1), st.binary(max_size=6))
def test_a_glb_that_is_changed_anywhere_gives_numbers_that_fit_or_an_error(
    tmp_path: Path, at: int, noise: bytes
) -> None:
    data = gltf()
    path = written(tmp_path, "a.glb", data[:at] + noise + data[at + len(noise) :])
    try:
        design = parse_gltf(path)
    except Exception:  # noqa: BLE001 - in its own process any error is the end of that process
        return
    assert int(design.triangles.min()) >= 0
    assert int(design.triangles.max()) < len(design.vertices)
