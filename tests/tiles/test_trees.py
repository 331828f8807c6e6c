"""Trees: each one once, at its place and size, in the tile of its own crown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.tiles.validator import gltf_faults
from tweestad.errors import InputRejected
from tweestad.tiles.check import check_tileset
from tweestad.tiles.decode import decode_glb
from tweestad.tiles.folder import TileFolder
from tweestad.tiles.frame import Frame
from tweestad.tiles.glb_instances import Copies, write_instances
from tweestad.tiles.metadata import encode_table, make_schema
from tweestad.tiles.plan import Plan, make_plan
from tweestad.tiles.tileset import Tileset, write_tileset
from tweestad.tiles.tree_forms import FORMS, Look, form_of, tree_mesh
from tweestad.tiles.trees import TREE_LEVELS, Trees, build_trees, size_of

X, Y = 122_300.0, 486_100.0
PLAN: Plan = make_plan((X, Y), make_schema("bomen", [("soort", "text"), ("vorm", "text")]), TREE_LEVELS)


def slope(xy: np.ndarray) -> np.ndarray:
    """A street that rises, in metres NAP."""
    result: np.ndarray = 0.7 + (xy[:, 0] - X) * 0.002
    return result


def wood(count: int = 300, seed: int = 7) -> Trees:
    """Trees in a square of 1.8 km."""
    random = np.random.default_rng(seed)
    ids = [f"boom-{n:04}" for n in range(count)]
    return Trees(
        ids=ids,
        xy=np.column_stack([X, Y]) + random.uniform(-900, 900, (count, 2)).round(3),
        heights_m=random.uniform(3, 28, count).round(1),
        crowns_m=random.uniform(1, 18, count).round(1),
        forms=[form_of(("", "Tilia x europaea", "Picea abies")[n % 3], i) for n, i in enumerate(ids)],
        rows=[{"soort": f"soort {n % 5}"} for n in range(count)],
    )


def build(trees: Trees, plan: Plan = PLAN) -> Tileset:
    return build_trees(trees, plan.frame(), plan, slope)


def written(trees: Trees, folder: Path) -> Path:
    write_tileset(build(trees), TileFolder(folder), "bomen", 1)
    return folder / "bomen/1/tileset.json"


def hashes(tileset: Tileset) -> set[bytes]:
    return {glb.data for glb in tileset.contents()}


def test_every_tree_is_in_the_tileset_once_inside_its_boxes(tmp_path: Path) -> None:
    trees = wood()
    report = check_tileset(written(trees, tmp_path), trees.ids)
    assert report.faults == ()
    assert report.tiles > 10
    assert report.triangles == build(trees).triangles


def test_every_tree_stands_on_the_street_at_its_own_size_within_a_centimetre() -> None:
    trees, frame = wood(), PLAN.frame()
    expected = dict(zip(trees.ids, frame.local(np.column_stack([trees.xy, slope(trees.xy)])), strict=True))
    number = {feature_id: n for n, feature_id in enumerate(trees.ids)}
    seen = 0
    for glb in build(trees).contents():
        tile = decode_glb(glb.data)
        ids = tile.columns["id"]
        for group in tile.copies:
            for place, scale, row in zip(group.places, group.scales, group.features, strict=True):
                feature_id = str(ids[row])
                n = number[feature_id]
                assert np.abs(place - expected[feature_id]).max() < 0.01
                assert abs(scale[2] - trees.heights_m[n]) < 0.01
                assert np.abs(scale[:2] - trees.crowns_m[n]).max() < 0.01
                seen += 1
    assert seen == len(trees.ids)


def test_the_tiles_pass_the_public_validator(tmp_path: Path) -> None:
    written(wood(60), tmp_path)
    plain = tmp_path / "plain.glb"
    mesh = tree_mesh(Look("rond", 0))
    table = encode_table(make_schema("bomen", []), ["a"], [{}])
    one = Copies(mesh, np.zeros((1, 3)), np.full((1, 3), 8.0), np.zeros(1, np.uint32))
    plain.write_bytes(write_instances([one], table, compress=False).data)
    assert gltf_faults([plain, *sorted((tmp_path / "c").glob("*.glb"))]) == []


def test_the_same_trees_in_another_order_give_the_same_bytes() -> None:
    trees = wood(80)
    turned = Trees(
        trees.ids[::-1],
        trees.xy[::-1],
        trees.heights_m[::-1],
        trees.crowns_m[::-1],
        trees.forms[::-1],
        trees.rows[::-1],
    )
    assert hashes(build(trees)) == hashes(build(turned))


def test_one_changed_tree_changes_one_tile() -> None:
    trees = wood()
    heights = trees.heights_m.copy()
    heights[17] += 1.0
    before, after = hashes(build(trees)), hashes(build(replace(trees, heights_m=heights)))
    assert len(before - after) == len(after - before) == 1


def test_wide_crowns_are_drawn_from_afar_and_the_others_from_nearby() -> None:
    tileset = build(wood())
    assert tileset.root is not None
    for tile in tileset.root.walk():
        if tile.content is None:
            continue
        crowns = np.concatenate([g.scales[:, 0] for g in decode_glb(tile.content.data).copies])
        assert (crowns >= 9).all() if tile.geometric_error_m else (crowns < 9).all()


@pytest.mark.parametrize("form", FORMS)
def test_a_tree_of_every_form_is_one_metre_high_and_its_crown_one_metre_wide(form: str) -> None:
    mesh = tree_mesh(Look(next(each for each in FORMS if each == form), 0))
    lower, upper = mesh.positions.min(0), mesh.positions.max(0)
    assert upper[2] == pytest.approx(1.0)
    assert -0.05 < lower[2] < 0
    assert upper[0] == pytest.approx(0.5)
    assert mesh.normals is not None
    assert np.abs(np.sqrt((mesh.normals**2).sum(1)) - 1).max() < 1e-9
    a, b, c = (mesh.positions[mesh.indices[k::3]] for k in range(3))
    outward = (np.cross(b - a, c - a) * mesh.normals[mesh.indices[::3]]).sum(1)
    assert (outward > -1e-9).all(), "a triangle is seen from inside"


@pytest.mark.parametrize(
    ("species", "form"),
    [
        ("Picea abies", "kegel"),
        ("Fijnspar / spar", "kegel"),
        ("Populus nigra 'Italica'", "zuil"),
        ("Quercus robur 'Fastigiata'", "zuil"),
        ("Tilia x europaea", "eirond"),
        ("Platanus x hispanica", "rond"),
        ("spaanse aak", "rond"),
    ],
)
def test_the_species_gives_the_form(species: str, form: str) -> None:
    assert form_of(species, "boom-1") == form


def test_an_unknown_species_is_never_drawn_as_a_conifer() -> None:
    forms = [form_of("", f"boom-{n}") for n in range(500)]
    assert {"rond", "eirond", "zuil"} == set(forms)
    assert forms == [form_of("", f"boom-{n}") for n in range(500)]


@pytest.mark.parametrize(
    ("height_m", "crown_m", "expected"),
    [
        (12.0, 8.0, (12.0, 8.0, "bron", "bron")),
        (None, 8.0, (10.8, 8.0, "kroon", "bron")),
        (10.0, None, (10.0, 9.0, "bron", "hoogte")),
        (None, None, (7.5, 5.0, "aanname", "aanname")),
        (None, 39.0, (22.0, 39.0, "kroon", "bron")),
        (900.0, 8.0, (10.8, 8.0, "kroon", "bron")),
        (12.0, -3.0, (12.0, 10.8, "bron", "hoogte")),
        (float("nan"), float("inf"), (7.5, 5.0, "aanname", "aanname")),
    ],
)
def test_an_unknown_size_is_estimated_and_said_so(
    height_m: float | None, crown_m: float | None, expected: tuple[float, float, str, str]
) -> None:
    size = size_of(height_m, crown_m, "rond")
    assert (size.height_m, size.crown_m, size.height_from, size.crown_from) == expected


def test_a_row_without_a_copy_is_refused() -> None:
    table = encode_table(make_schema("bomen", []), ["a", "b"], [{}, {}])
    rows: Sequence[int] = (0, 0)
    twice = Copies(
        tree_mesh(Look("rond", 0)), np.zeros((2, 3)), np.ones((2, 3)), np.array(rows, dtype=np.uint32)
    )
    with pytest.raises(InputRejected, match="exactly one copy"):
        write_instances([twice], table)


def test_no_trees_make_an_empty_tileset() -> None:
    none = Trees([], np.zeros((0, 2)), np.zeros(0), np.zeros(0), [], [])
    assert build_trees(none, Frame.at(X, Y), PLAN, slope).root is None
