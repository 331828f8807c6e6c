"""Names stand where a person would write them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
import shapely

from tweestad.ground.height import GroundHeight
from tweestad.model.feature import BBox
from tweestad.scene.labels import (
    AGAIN_EVERY_M,
    MOST_AGAIN,
    MOST_FAR,
    Label,
    NamedGeometries,
    place_labels,
)

X, Y = 122_350.0, 486_150.0
BOX = BBox(X - 4000, Y - 4000, X + 4000, Y + 4000)
NEAR = BBox(X - 900, Y - 900, X + 900, Y + 900)
NOTHING = NamedGeometries()


def named(layer: str, **shapes: Sequence[shapely.Geometry]) -> NamedGeometries:
    pairs = [(name.replace("_", " "), g) for name, gs in shapes.items() for g in gs]
    geometries = np.empty(len(pairs), dtype=np.object_)
    geometries[:] = [g for _, g in pairs]
    return NamedGeometries(layer, [n for n, _ in pairs], geometries)


def place(
    streets: NamedGeometries = NOTHING, waters: NamedGeometries = NOTHING, areas: NamedGeometries = NOTHING
) -> list[Label]:
    flat = GroundHeight.from_samples(np.zeros((0, 2)), np.zeros(0), default_nap_m=0.8)
    return place_labels(
        streets=streets, waters=waters, areas=areas, box=BOX, near=NEAR, height=flat, water_nap_m=-0.4
    )


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(X + x, Y + y) for x, y in points])


def test_a_street_in_pieces_gets_one_name_in_its_middle() -> None:
    label, *_ = place(named("straten", Kerkstraat=[line((0, 0), (100, 100)), line((200, 200), (100, 100))]))
    assert (label.text, label.kind, label.layer, label.rank) == ("Kerkstraat", "street", "straten", 1)
    assert (label.x, label.y) == pytest.approx((X + 100, Y + 100))
    assert label.angle_deg == pytest.approx(45.0)
    assert label.z_nap_m == pytest.approx(3.8)


@pytest.mark.parametrize(
    ("to", "angle_deg"),
    [((200, 0), 0.0), ((-200, 0), 0.0), ((0, 200), 90.0), ((0, -200), 90.0), ((-200, 200), -45.0)],
)
def test_a_name_is_never_upside_down(to: tuple[float, float], angle_deg: float) -> None:
    label, *_ = place(named("straten", Dwarsstraat=[line((0, 0), to)]))
    assert label.angle_deg == pytest.approx(angle_deg)


def test_the_direction_is_that_of_the_street_at_the_name() -> None:
    label, *_ = place(named("straten", Hoek=[line((0, 0), (300, 0), (300, 200))]))
    assert (label.x, label.y) == pytest.approx((X + 250, Y))
    assert label.angle_deg == 0.0


def test_longer_streets_rank_first_and_alleys_have_no_name() -> None:
    labels = place(
        named(
            "straten",
            Kort=[line((0, 0), (90, 0))],
            Lang=[line((0, 9), (500, 9))],
            Slop=[line((0, 5), (9, 5))],
        )
    )
    assert [(la.text, la.rank) for la in labels[:2]] == [("Lang", 1), ("Kort", 2)]
    assert {la.text for la in labels} == {"Lang", "Kort"}


def test_a_long_street_has_its_name_again_on_every_screen_of_it() -> None:
    street = line((-700, 0), (700, 0))
    labels = place(named("straten", Lange_Laan=[street, line((300, 400), (420, 400))]))
    first, *again = labels
    assert (first.x, first.y) == pytest.approx((X, Y))
    assert [la.rank for la in labels] == list(range(1, len(labels) + 1))
    apart = sorted(la.x for la in labels if abs(la.y - Y) < 1)
    assert np.diff(apart) == pytest.approx(AGAIN_EVERY_M)
    assert max(apart) <= X + 700 - 40
    assert any(math.hypot(la.x - X - 360, la.y - Y - 400) < 0.01 for la in again)


def test_a_long_canal_has_its_name_again_in_the_water() -> None:
    canal = shapely.LineString([(X - 600, Y - 300), (X + 600, Y + 300)]).buffer(15, cap_style="flat")
    labels = place(waters=named("water", Trekvaart=[canal]))
    assert len(labels) >= 5
    assert all(canal.contains(shapely.Point(la.x, la.y)) for la in labels)
    assert all(la.angle_deg == pytest.approx(26.6, abs=0.2) for la in labels)


def test_names_that_stand_again_come_after_all_others_and_are_not_without_end() -> None:
    streets = {f"Laan {k:03}": [line((-850, 8.0 * k - 800), (850, 8.0 * k - 800))] for k in range(200)}
    labels = place(named("straten", **streets))
    assert len({la.text for la in labels[:200]}) == 200
    assert len(labels) == 200 + MOST_AGAIN


def test_a_long_street_is_named_on_its_part_near_the_centre() -> None:
    (label,) = place(named("straten", Singel=[line((-3500, 0), (-800, 0))]))
    assert label.x == pytest.approx(X - 850)


def test_far_from_the_centre_only_the_largest_are_named() -> None:
    far = {f"Straat {k:03}": [line((1000, 10.0 * k), (1200 + k, 10.0 * k))] for k in range(100)}
    labels = place(named("straten", **far, Midden=[line((0, 0), (50, 0))]))
    assert len(labels) == MOST_FAR + 1
    assert labels[0].text == "Midden"
    assert labels[1].text == "Straat 099"


def test_a_canal_is_named_along_its_middle() -> None:
    canal = shapely.LineString([(X - 400, Y - 200), (X + 400, Y + 200)]).buffer(15, cap_style="flat")
    label, *_ = place(waters=named("water", Nieuwe_Gracht=[canal]))
    assert canal.contains(shapely.Point(label.x, label.y))
    assert abs((label.y - Y) - (label.x - X) / 2) < 1
    assert label.angle_deg == pytest.approx(26.6, abs=0.2)
    assert label.z_nap_m == pytest.approx(1.6)


def test_a_bent_canal_keeps_its_name_in_the_water() -> None:
    bend = shapely.LineString([(X + 300 * np.cos(a), Y + 300 * np.sin(a)) for a in np.linspace(0, 4, 60)])
    label, *_ = place(waters=named("water", Ringvaart=[bend.buffer(12)]))
    assert bend.buffer(12).contains(shapely.Point(label.x, label.y))


def test_a_pond_is_named_level() -> None:
    (label,) = place(waters=named("water", Vijver=[shapely.Point(X, Y).buffer(50)]))
    assert (label.x, label.y) == pytest.approx((X, Y), abs=2)


def test_a_canal_given_as_a_centre_line_takes_the_name_from_the_street_beside_it() -> None:
    labels = place(
        named("straten", Herengracht=[line((0, 20), (300, 20))], Kerkstraat=[line((0, 90), (300, 90))]),
        named("water", Herengracht=[line((0, 0), (300, 0))]),
    )
    assert {(la.text, la.kind) for la in labels} == {("Herengracht", "water"), ("Kerkstraat", "street")}


def test_an_area_is_named_inside_itself() -> None:
    crescent = shapely.Point(X, Y).buffer(400).difference(shapely.Point(X + 150, Y).buffer(390))
    (label,) = place(areas=named("buurten", Maanbuurt=[crescent]))
    assert crescent.contains(shapely.Point(label.x, label.y))
    assert (label.kind, label.layer, label.angle_deg) == ("area", "buurten", 0.0)


def test_what_has_no_name_or_lies_outside_the_box_gets_no_label() -> None:
    geometries = np.array([line((0, 0), (300, 0)), line((9000, 0), (9300, 0))], dtype=np.object_)
    assert place(NamedGeometries("straten", ["", "Verweg"], geometries)) == []


def test_invalid_water_still_gets_its_name() -> None:
    bow_tie = shapely.Polygon([(X, Y), (X + 200, Y + 100), (X + 200, Y), (X, Y + 100)])
    (label,) = place(waters=named("water", Strik=[bow_tie]))
    assert label.text == "Strik"
