"""The 3D scene, by its pixels and by what is picked in it: a blank canvas must not pass."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenScreen
from tests.browser.more_layers import MIDDLE, TREE
from tests.browser.screen import Size
from tweestad.crs import to_lonlat

pytestmark = pytest.mark.scene3d

WATER = "#a9c3cb"
SELECTED_IN_SCENE = "#c8326b"
LIT_CROWN = "#b9c99f"
LIT_METRO = "#d59f70"


def test_the_scene_draws_the_city_and_marks_the_building_that_is_clicked(open_screen: OpenScreen) -> None:
    screen = open_screen("/lijst", size=Size.SCENE)
    feature_id, lon, lat = screen.building()
    screen.go(f"/?beeld=3d&paneel=dicht&camera={lon:.6f},{lat:.6f},28,-80,260")
    screen.ready("3d")
    assert screen.colours() > 30
    assert screen.count(SELECTED_IN_SCENE, near=60) == 0
    screen.map().click()
    screen.wait_for_query("keuze", f"gebouwen/{feature_id}")
    expect(screen.page.locator(".card-holder .card")).to_have_attribute("data-id", feature_id)
    screen.page.get_by_role("button", name="Sluit de kaart van dit object").focus()
    screen.page.wait_for_timeout(2500)
    assert screen.count(SELECTED_IN_SCENE, near=60, of=".map-canvas") > 200


def test_trees_are_chosen_and_tubes_appear_below_a_thin_ground(open_screen: OpenScreen) -> None:
    asked: list[str] = []
    ((lon, lat),) = to_lonlat(np.array([MIDDLE]))
    lagen = "gebouwen,water,straten,parken,proefbomen"
    screen = open_screen(
        f"/?beeld=3d&paneel=dicht&lagen={lagen}&camera={lon:.6f},{lat:.6f},0,-55,230",
        size=Size.SCENE,
        before=lambda page: page.on("request", lambda each: asked.append(each.url)),
    ).ready("3d")
    assert any("/tiles/proefbomen/" in url for url in asked)
    assert not any("/tiles/proefleidingen/" in url for url in asked), "what is off is not asked for"
    assert screen.count(LIT_CROWN, near=30) > 1000
    screen.map().click()
    screen.wait_for_query("keuze", f"proefbomen/{TREE}")
    expect(screen.page.locator(".card-holder .card")).to_contain_text("niet gemeten")
    screen.page.get_by_role("button", name="Sluit de kaart van dit object").click()
    before = screen.count(LIT_METRO, near=30)
    button = screen.page.get_by_role("button", name="Kijk onder de grond")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    screen.page.wait_for_timeout(4000)
    assert screen.count(LIT_METRO, near=30) > before + 300


def test_colour_by_year_changes_the_picture_to_the_colours_of_the_legend(open_screen: OpenScreen) -> None:
    screen = open_screen("/lijst", size=Size.SCENE)
    feature_id, lon, lat = screen.building()
    year = screen.json(f"/api/v1/layers/gebouwen/features/{feature_id}")["properties"]["bouwjaar"]
    classes = screen.json("/api/v1/layers/gebouwen")["style"]["classes"]["bouwjaar"]
    colour = next(c["colour"] for c in classes if (c["lower"] or 0) <= year < (c["upper"] or 9999))
    near_by = f"/?beeld=3d&paneel=dicht&camera={lon},{lat},28,-40,260"
    screen.go(near_by)
    before = screen.ready("3d").count(colour, near=60)
    screen.go(f"{near_by}&kleur=gebouwen:bouwjaar")
    coloured = screen.ready("3d").count(colour, near=60)
    # So low a window starts with the legend folded: what is counted are houses.
    assert coloured > before + 1000
    # In the first year of the time bar next to nothing stands yet.
    screen.page.get_by_role("button", name="Tijdbalk").click()
    slider = screen.page.get_by_role("slider", name="Jaar op de kaart")
    slider.press("Home")
    screen.wait_for_query("jaar", slider.get_attribute("min") or "")
    screen.page.wait_for_timeout(2500)
    assert screen.count(colour, near=60) < coloured - 1000


def test_a_desktop_starts_in_3d_says_that_it_loads_and_goes_flat_on_request(open_screen: OpenScreen) -> None:
    held: list[Route] = []

    def hold_tiles(page: Page) -> None:
        page.route("**/tiles/c/*.glb", lambda route: held.append(route))  # noqa: PLW0108

    screen = open_screen("/", size=Size.SCENE, before=hold_tiles)
    expect(screen.page.locator(".toast")).to_contain_text("Wij laden de stad", timeout=60_000)
    screen.page.get_by_role("button", name="Toon de platte kaart").click()
    screen.ready("2d")
    assert held
    assert screen.query()["beeld"] == "2d"
    assert screen.count(WATER) > 500
