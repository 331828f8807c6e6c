"""GLBs: what is written is what a viewer reads."""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.tiles.validator import gltf_faults
from tweestad.errors import InputRejected
from tweestad.model.feature import Value
from tweestad.tiles.decode import decode_glb
from tweestad.tiles.glb import Mesh, write_glb, write_meshes
from tweestad.tiles.metadata import encode_table, kind_of, make_schema, storage_of

SCHEMA = make_schema(
    "gebouw",
    [
        ("naam", "text"),
        ("jaar", "integer"),
        ("hoogte", "number"),
        ("oppervlakte", "number64"),
        ("kas", "flag"),
    ],
)


def mesh_of(count: int, *, lines: bool = False, features: int = 0, spread_m: float = 90.0) -> Mesh:
    """Loose triangles, or lines, with a random place, normal and colour for each corner."""
    random = np.random.default_rng(count)
    normals = random.normal(size=(count, 3))
    normals /= np.linalg.norm(normals, axis=1)[:, None]
    return Mesh(
        positions=random.uniform(-spread_m, spread_m, (count, 3)),
        colours=random.uniform(0, 1, (count, 3)),
        indices=np.arange(count, dtype=np.uint32),
        normals=None if lines else normals,
        features=(np.arange(count) * features // count).astype(np.uint32) if features else None,
        lines=lines,
        unlit=lines,
    )


def ordered(values: np.ndarray) -> np.ndarray:
    """Rows in a fixed order, so that two orders of the same vertices compare equal."""
    return values[np.lexsort(values.round(1).T)]


def test_the_class_of_a_layer_with_a_hyphen_can_be_a_name_in_a_shader() -> None:
    assert make_schema("gebouwen-lod1", []).class_id == "gebouwen_lod1"


@pytest.mark.parametrize("compress", [True, False])
def test_a_mesh_survives_writing_and_reading_within_half_a_step(compress: bool) -> None:
    mesh = mesh_of(600, features=7)
    table = encode_table(SCHEMA, [str(n) for n in range(7)], [{}] * 7)
    glb = write_glb(mesh, table, compress=compress)
    decoded = decode_glb(glb.data)
    back = decoded.mesh
    assert back.normals is not None
    assert back.features is not None
    assert mesh.normals is not None
    assert mesh.features is not None
    read, written = back.indices, mesh.indices
    assert decoded.step_m == 2.0**-6
    assert np.abs(back.positions[read] - mesh.positions[written]).max() <= decoded.step_m / 2
    assert np.abs(back.normals[read] - mesh.normals[written]).max() <= 0.5 / 127 + 1e-9
    assert np.abs(back.colours[read] - mesh.colours[written]).max() <= 0.5 / 255 + 1e-9
    np.testing.assert_array_equal(back.features[read], mesh.features[written])
    assert (glb.triangles, glb.lines, glb.features) == (200, 0, 7)


def test_lines_survive_writing_and_reading_without_normals_and_unlit() -> None:
    mesh = mesh_of(40, lines=True)
    back = decode_glb(write_glb(mesh).data).mesh
    assert back.lines
    assert back.unlit
    assert back.normals is None
    assert np.abs(back.positions[back.indices] - mesh.positions).max() <= 2.0**-7


def test_lines_that_share_their_ends_are_packed_as_indices() -> None:
    random = np.random.default_rng(5)
    mesh = mesh_of(50, lines=True)
    shared = Mesh(mesh.positions, mesh.colours, random.integers(0, 50, 400).astype(np.uint32), lines=True)
    back = decode_glb(write_glb(shared).data).mesh
    ends = shared.indices.reshape(-1, 2)
    ends = ends[ends[:, 0] != ends[:, 1]]
    assert np.abs(back.positions[back.indices] - shared.positions[ends.ravel()]).max() <= 2.0**-7


def test_more_vertices_than_sixteen_bits_can_number_are_kept() -> None:
    mesh = mesh_of(70_002, features=70_002)
    ids = [f"p{n}" for n in range(70_002)]
    decoded = decode_glb(write_glb(mesh, encode_table(make_schema("gebouw", []), ids, [{}] * 70_002)).data)
    assert len(decoded.mesh.positions) == 70_002
    assert decoded.mesh.features is not None
    np.testing.assert_array_equal(decoded.mesh.features[decoded.mesh.indices], np.arange(70_002))
    assert decoded.columns["id"][-1] == "p70001"


def test_a_wide_tile_has_a_coarser_grid() -> None:
    mesh = mesh_of(300, spread_m=5_000.0)
    decoded = decode_glb(write_glb(mesh).data)
    assert decoded.step_m == 0.25
    assert np.abs(decoded.mesh.positions[decoded.mesh.indices] - mesh.positions).max() <= 0.125


def test_meshes_far_apart_in_one_file_keep_their_fine_grid() -> None:
    near, far = mesh_of(300), mesh_of(600)
    far = replace(far, positions=far.positions + np.array([5_000.0, 0.0, 0.0]))
    glb = write_meshes([near, far])
    decoded = decode_glb(glb.data)
    assert decoded.step_m == 2.0**-6
    drawn = decoded.mesh.positions[decoded.mesh.indices]
    expected = np.concatenate([near.positions, far.positions])
    assert np.abs(drawn - expected).max() <= 2.0**-7 + 1e-9
    assert glb.triangles == 300
    assert glb.box.upper[0] > 5_000 > glb.box.lower[0] + 5_000 - 100


def test_several_meshes_in_one_file_have_no_table() -> None:
    table = encode_table(SCHEMA, ["a", "b"], [{}, {}])
    with pytest.raises(InputRejected, match="no table"):
        write_meshes([mesh_of(30, features=2), mesh_of(60, features=2)], table)
    with pytest.raises(InputRejected, match="a mesh"):
        write_meshes([])


def test_the_box_holds_every_vertex_as_it_was_written() -> None:
    glb = write_glb(mesh_of(300))
    positions = decode_glb(glb.data).mesh.positions
    assert (positions >= np.array(glb.box.lower) - 1e-9).all()
    assert (positions <= np.array(glb.box.upper) + 1e-9).all()
    assert glb.box.diagonal_m < 320


def test_equal_vertices_are_written_once_and_specks_are_dropped() -> None:
    corners = np.array(
        [[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0.001, 0]], np.float64
    )
    indices = np.array([0, 1, 2, 3, 4, 5, 0, 3, 6], np.uint32)
    glb = write_glb(Mesh(corners, np.ones((7, 3)), indices, np.tile([0.0, 0, 1], (7, 1))))
    assert glb.triangles == 2
    assert len(decode_glb(glb.data).mesh.positions) == 4


def test_a_mesh_that_is_nothing_but_a_speck_is_still_a_valid_file() -> None:
    mesh = Mesh(
        np.full((3, 3), 7.0), np.ones((3, 3)), np.array([0, 1, 2], np.uint32), np.tile([0.0, 0, 1], (3, 1))
    )
    assert write_glb(mesh).triangles == 1


def test_attributes_come_back_and_missing_ones_are_missing() -> None:
    rows: list[dict[str, Value]] = [
        {
            "naam": "Café ’t Hoekje 🏠",
            "jaar": -12,
            "hoogte": -3.5,
            "oppervlakte": 363_100_012_165_753,
            "kas": True,
        },
        {},
        {"naam": "ü" * 5000, "jaar": 1005, "hoogte": 0.0, "oppervlakte": 0.1, "kas": False},
    ]
    table = encode_table(SCHEMA, ["a", "b", "c"], rows)
    columns = decode_glb(write_glb(mesh_of(9, features=3), table).data).columns
    assert columns["id"] == ("a", "b", "c")
    assert columns["naam"] == ("Café ’t Hoekje 🏠", None, "ü" * 5000)
    assert columns["jaar"] == (-12, None, 1005)
    assert columns["hoogte"] == (-3.5, None, 0.0)
    assert columns["oppervlakte"] == (363_100_012_165_753.0, None, 0.1)
    assert columns["kas"] == (1, None, 0)


def test_a_value_that_its_column_cannot_hold_is_missing_rather_than_wrong() -> None:
    rows: list[dict[str, Value]] = [
        {"jaar": 3_000_000_000, "hoogte": 1e39, "oppervlakte": float("inf"), "kas": 2},
        {"jaar": "onbekend", "hoogte": ("a", "b"), "kas": 1},
    ]
    columns = decode_glb(
        write_glb(mesh_of(6, features=2), encode_table(SCHEMA, ["a", "b"], rows)).data
    ).columns
    assert columns["kas"] == (None, 1)
    assert not {"jaar", "hoogte", "oppervlakte", "naam"} & set(columns)


def test_attribute_names_become_identifiers_that_are_all_different() -> None:
    schema = make_schema(
        "gebouw", [("id", "text"), ("1e bouw-laag", "text"), ("a b", "text"), ("a-b", "text")]
    )
    assert [p.id for p in schema.properties] == ["id", "id_2", "_1e_bouw_laag", "a_b", "a_b_2"]
    assert [p.name for p in schema.properties] == ["id", "id", "1e bouw-laag", "a b", "a-b"]


@pytest.mark.parametrize(
    ("values", "storage"),
    [
        ([True, None, False], "flag"),
        ([1, -5], "integer"),
        ([1, 2.5], "number"),
        ([3_000_000_000], "number64"),
        ([2**60], "text"),
        ([1, "x"], "text"),
        ([True, 3], "text"),
        ([("a", "b")], "text"),
    ],
)
def test_a_column_is_stored_as_narrow_as_its_values_allow(values: list[Value], storage: str) -> None:
    assert storage_of({kind_of(v) for v in values if v is not None}) == storage


def test_the_same_mesh_gives_the_same_bytes() -> None:
    assert write_glb(mesh_of(300)).data == write_glb(mesh_of(300)).data


def test_packed_streams_are_of_the_versions_that_the_extension_allows() -> None:
    data = write_glb(mesh_of(300)).data
    length = struct.unpack_from("<I", data, 12)[0]
    document, binary = json.loads(data[20 : 20 + length]), data[28 + length :]
    packings = [v["extensions"]["EXT_meshopt_compression"] for v in document["bufferViews"]]
    first_bytes = {p["mode"]: binary[p["byteOffset"]] for p in packings}
    assert first_bytes == {"ATTRIBUTES": 0xA0, "TRIANGLES": 0xE1}
    assert len(data) % 8 == 0
    assert all(p["byteOffset"] % 8 == 0 for p in packings)


@pytest.mark.parametrize(
    "change",
    [
        {"positions": np.zeros((0, 3)), "indices": np.zeros(0, np.uint32)},
        {"indices": np.array([0, 1], np.uint32)},
        {"indices": np.array([0, 1, 9], np.uint32)},
        {"colours": np.ones((2, 3))},
        {"positions": np.full((3, 3), np.nan)},
        {"features": np.array([0, 0, 0], np.uint32)},
    ],
)
def test_arrays_that_do_not_belong_together_are_refused(change: dict[str, np.ndarray]) -> None:
    good = mesh_of(3)
    given = {
        n: change.get(n, getattr(good, n)) for n in ("positions", "colours", "indices", "normals", "features")
    }
    with pytest.raises(InputRejected):
        write_glb(Mesh(**given))


@pytest.mark.parametrize("data", [b"", b"glTF", b"x" * 100, write_glb(mesh_of(3)).data[:-4]])
def test_bytes_that_are_no_glb_are_refused(data: bytes) -> None:
    with pytest.raises(InputRejected):
        decode_glb(data)


def test_the_public_validator_finds_no_fault(tmp_path: Path) -> None:
    table = encode_table(SCHEMA, ["a", "b"], [{"naam": "één"}, {"jaar": -1}])
    random = np.random.default_rng(5)
    shared = Mesh(
        np.random.default_rng(1).uniform(-9, 9, (50, 3)),
        np.ones((50, 3)),
        random.integers(0, 50, 400).astype(np.uint32),
        lines=True,
        unlit=True,
    )
    written = [
        write_glb(mesh_of(600, features=2), table),
        write_glb(mesh_of(600, features=2), table, compress=False),
        write_glb(mesh_of(40, lines=True, features=2), table),
        write_glb(shared),
        write_glb(mesh_of(70_002)),
        write_meshes([mesh_of(300), mesh_of(600)]),
    ]
    files = [tmp_path / f"{n}.glb" for n in range(len(written))]
    for file, glb in zip(files, written, strict=True):
        file.write_bytes(glb.data)
    assert gltf_faults(files) == []
