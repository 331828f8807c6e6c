"""All pieces of one street, and none of its namesakes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely

from tests.api.asgi import call
from tests.store.small_city import layer
from tweestad.api.limits import LIMITS
from tweestad.app import create_app
from tweestad.config import Config
from tweestad.model.feature import Feature
from tweestad.store.opening import open_store
from tweestad.store.protocol import Store

X, Y = 120_000.0, 487_000.0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store("", tmp_path)
    yield opened
    opened.close()


def line(key: str, *corners: tuple[float, float], title: str = "Lange Dijk") -> Feature:
    """A street through corners in metres from (X, Y)."""
    shape = shapely.LineString([(X + x, Y + y) for x, y in corners])
    return Feature("straten", key, shapely.to_wkb(shape), {}, title=title)


def pieces(store: Store, streets: list[Feature], key: str, tmp_path: Path) -> dict[str, Any]:
    store.put_layer(layer("straten"), streets)
    app = create_app(Config(data_dir=tmp_path), store=store)
    body: dict[str, Any] = call(app, f"/api/v1/layers/straten/pieces/{key}").json()
    assert body["numberReturned"] == len(body["features"])
    return body


def ids(body: dict[str, Any]) -> list[str]:
    return [feature["id"] for feature in body["features"]]


@pytest.mark.parametrize("first", ["oost-00", "noord-29", "noord-07"])
def test_a_namesake_inside_the_bend_of_a_street_is_another_street(
    store: Store, tmp_path: Path, first: str
) -> None:
    """Three kilometres east and three north; the namesake lies 500 m from both, inside their box."""
    east = [line(f"oost-{i:02}", (100 * i, 0), (100 * i + 100, 0)) for i in range(30)]
    north = [line(f"noord-{i:02}", (3_000, 100 * i), (3_000, 100 * i + 100)) for i in range(30)]
    namesake = line("zelfde-naam", (2_400, 500), (2_500, 500))
    beside = line("andere-naam", (100, 0), (100, 50), title="Korte Dijk")
    body = pieces(store, [*east, *north, namesake, beside], first, tmp_path)
    assert ids(body) == sorted(f.id for f in [*east, *north])
    assert body["truncated"] is False


def test_a_gap_of_250_metres_is_bridged_and_a_wider_one_is_not(store: Store, tmp_path: Path) -> None:
    streets = [line("a", (0, 0), (10, 0)), line("b", (260, 0), (270, 0)), line("c", (521, 0), (530, 0))]
    assert ids(pieces(store, streets, "a", tmp_path)) == ["a", "b"]


def test_an_answer_that_is_cut_says_so_and_holds_the_piece_that_was_asked_for(
    store: Store, tmp_path: Path
) -> None:
    streets = [line(f"s{i:04}", (10 * i, 0), (10 * i + 10, 0)) for i in range(LIMITS.pieces_max + 20)]
    last = streets[-1].id
    body = pieces(store, streets, last, tmp_path)
    assert len(body["features"]) == LIMITS.pieces_max
    assert ids(body)[-1] == last
    assert body["truncated"] is True


def test_many_neighbours_of_another_name_do_not_crowd_out_the_pieces(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No more rows are read than the limit, so those of other names must not be among them."""
    rows: list[int] = []
    read = type(store).features

    def counted(self: Any, where: Any, **kwargs: Any) -> Any:
        found = read(self, where, **kwargs)
        rows.append(len(found))
        return found

    others = [line(f"a{i:04}", (i, 5), (i, 6), title="Zijpad") for i in range(200)]
    streets = [line("z1", (0, 0), (100, 0)), line("z2", (100, 0), (200, 0))]
    monkeypatch.setattr(type(store), "features", counted)
    assert ids(pieces(store, [*others, *streets], "z1", tmp_path)) == ["z1", "z2"]
    assert max(rows) <= 2


def test_a_street_of_which_each_piece_is_far_along_ends_somewhere(store: Store, tmp_path: Path) -> None:
    """A hundred and twenty kilometres in pieces of two: what lies beyond the last round is told."""
    streets = [line(f"s{i:04}", (2_000 * i, 0), (2_000 * i + 1_990, 0)) for i in range(60)]
    body = pieces(store, streets, "s0000", tmp_path)
    assert ids(body) == [f.id for f in streets[: len(body["features"])]]
    assert len(body["features"]) >= 18
    assert body["truncated"] is (len(body["features"]) < 60)
