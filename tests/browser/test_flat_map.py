"""What a visitor does with the flat map: look, search, choose, colour, share, go back."""

from __future__ import annotations

import re

import numpy as np
from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen
from tests.browser.more_layers import MIDDLE
from tests.browser.more_layers import TREE as TREE_ID
from tests.browser.screen import Screen, Size
from tweestad.crs import to_lonlat
from tweestad.tiles.colour import TUBES

WATER = "#a9c3cb"
ROOF = "#d3c9bb"
SELECTED = "#c0265f"
TREE = "#b4c29d"
GAS = TUBES["gas"]
METRO = TUBES["metro"]


def _camera(distance_m: int) -> str:
    """The part of an address that looks at the trees and pipes of these tests."""
    ((lon, lat),) = to_lonlat(np.array([MIDDLE]))
    return f"&camera={lon:.6f},{lat:.6f},0,-60,{distance_m}"


def _above_a_building(open_screen: OpenScreen, more: str = "", number: int = 0) -> tuple[Screen, str]:
    """A flat map without panels, with a known building in its middle."""
    screen = open_screen("/lijst")
    feature_id, lon, lat = screen.building(number)
    screen.go(f"/?beeld=2d&paneel=dicht&camera={lon:.6f},{lat:.6f},0,-60,300{more}")
    return screen.ready(), feature_id


def test_the_map_shows_water_and_buildings(open_screen: OpenScreen) -> None:
    screen = open_screen("/?beeld=2d").ready()
    assert screen.count(WATER) > 2000
    assert screen.count(ROOF) > 1000


def test_choosing_a_search_suggestion_opens_its_card(open_screen: OpenScreen) -> None:
    screen = open_screen("/?beeld=2d&paneel=verken").ready()
    page = screen.page
    page.keyboard.press("/")
    expect(page.locator("#zoek")).to_be_focused()
    page.keyboard.type("stations")
    option = page.get_by_role("option").first
    expect(option).to_contain_text("Stationsweg")
    expect(option).to_contain_text("straat")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#zoek")).to_have_attribute("aria-activedescendant", re.compile("-0$"))
    page.keyboard.press("Enter")
    title = page.locator(".card-holder h2")
    expect(title).to_have_text("Stationsweg")
    expect(title).to_be_focused()
    expect(page.locator("#spoken")).to_have_text("Gekozen: Stationsweg")
    assert screen.query()["keuze"].startswith("straten/")
    assert screen.count(SELECTED, near=30) > 50


def test_the_first_panel_searches_too(open_screen: OpenScreen) -> None:
    screen = open_screen("/?beeld=2d").ready()
    page = screen.page
    expect(page.locator(".ask-form label")).to_contain_text("Zoek een straat, ")
    page.fill("#ask", "singel")
    page.get_by_role("option").first.click()
    expect(page.locator(".card-holder h2")).to_have_text("Singel")


def test_a_house_number_finds_the_street_with_all_its_pieces_in_sight(open_screen: OpenScreen) -> None:
    screen = open_screen("/?beeld=2d").ready()
    page = screen.page
    page.fill("#ask", "stationsweg 12")
    expect(page.locator(".suggestions .nothing")).to_contain_text("Dit nummer vinden wij niet")
    page.keyboard.press("Enter")
    expect(page.locator(".card-holder h2")).to_have_text("Stationsweg")
    key = screen.query()["keuze"].removeprefix("straten/")
    pieces = screen.json(f"/api/v1/layers/straten/pieces/{key}")["features"]
    drawn = page.locator(".leaflet-overlay-pane path")
    expect(drawn).to_have_count(1)
    assert (drawn.get_attribute("d") or "").count("M") == len(pieces)


def test_a_search_without_suggestions_says_so(open_screen: OpenScreen) -> None:
    page = open_screen("/?beeld=2d").ready().page
    page.fill("#ask", "qqqq")
    expect(page.locator(".suggestions .nothing")).to_be_visible()


def test_a_click_on_a_building_chooses_that_building(open_screen: OpenScreen) -> None:
    screen, feature_id = _above_a_building(open_screen)
    assert screen.count(SELECTED, near=12) == 0
    screen.map().click()
    screen.wait_for_query("keuze", f"gebouwen/{feature_id}")
    expect(screen.page.locator(".card-holder .card")).to_have_attribute("data-id", feature_id)
    screen.page.wait_for_function("() => document.querySelector('.leaflet-overlay-pane path') !== null")
    assert screen.count(SELECTED, near=40) > 500


def test_enter_on_the_map_chooses_what_is_in_the_middle(open_screen: OpenScreen) -> None:
    screen, feature_id = _above_a_building(open_screen, number=1)
    screen.map().focus()
    screen.page.keyboard.press("Enter")
    screen.wait_for_query("keuze", f"gebouwen/{feature_id}")
    expect(screen.page.locator(".card-holder h2")).to_be_focused()
    screen.page.keyboard.press("Escape")
    expect(screen.page.locator(".card-holder")).to_have_count(0)
    expect(screen.map()).to_be_focused()
    screen.page.keyboard.press("Enter")
    expect(screen.page.locator(".card-holder h2")).to_be_focused()
    screen.map().focus()
    screen.page.keyboard.press("Escape")
    expect(screen.page.locator(".card-holder")).to_have_count(0)
    expect(screen.map()).to_be_focused()


def test_a_question_colours_the_buildings_and_draws_the_legend(open_screen: OpenScreen) -> None:
    screen = open_screen("/?beeld=2d").ready()
    screen.page.get_by_role("link", name="Hoe oud zijn de gebouwen?").click()
    entries = screen.page.locator(".legend li")
    expect(entries).to_have_count(7)
    expect(entries.first).to_have_text("voor 1850")
    expect(entries.last).to_contain_text("onbekend: ")
    assert screen.query()["kleur"] == "gebouwen:bouwjaar"
    screen.page.wait_for_timeout(300)
    classes = screen.json("/api/v1/layers/gebouwen")["style"]["classes"]["bouwjaar"]
    assert sum(screen.count(one["colour"], near=3) > 100 for one in classes) >= 3
    assert screen.count(ROOF, near=2) < 200


def test_a_layer_that_is_switched_off_leaves_the_map(open_screen: OpenScreen) -> None:
    screen = open_screen("/?beeld=2d&paneel=verken").ready()
    before = screen.count(WATER)
    screen.page.get_by_label("Water", exact=True).uncheck()
    screen.page.wait_for_timeout(300)
    assert screen.count(WATER) < before / 10
    assert "water" not in screen.query()["lagen"].split(",")


def test_trees_are_circles_of_their_crown_and_are_chosen_by_a_click(open_screen: OpenScreen) -> None:
    screen = open_screen("/?beeld=2d&paneel=dicht&lagen=proefbomen" + _camera(150)).ready()
    wide = screen.count(TREE, near=14)
    # A crown of 22 m is at least 380 square metres; a pixel is a good 10 cm here.
    assert wide > 4000
    screen.map().click()
    screen.wait_for_query("keuze", f"proefbomen/{TREE_ID}")
    card = screen.page.locator(".card-holder .card")
    expect(card).to_contain_text("niet gemeten: geschat uit de kroon")
    screen.go("/?beeld=2d&paneel=dicht&lagen=proefbomen" + _camera(1500))
    screen.ready()
    assert 20 < screen.count(TREE, near=14) < wide / 20


def test_looking_below_the_ground_brings_up_the_pipes_and_says_that_no_depth_is_known(
    open_screen: OpenScreen,
) -> None:
    screen = open_screen("/?beeld=2d&paneel=verken&lagen=water" + _camera(300)).ready()
    button = screen.page.get_by_role("button", name="Kijk onder de grond")
    expect(button).to_have_attribute("aria-pressed", "false")
    assert screen.count(GAS, near=12) == 0
    button.focus()
    screen.page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    assert screen.query()["onder"] == "ja"
    assert "proefleidingen" in screen.query()["lagen"].split(",")
    expect(screen.page.locator(".legend .keys", has_text="diepte onbekend").first).to_be_visible()
    # Only the map counts, not the samples in its legend.
    screen.page.locator(".legend summary").click()
    screen.page.wait_for_timeout(300)
    assert screen.count(GAS, near=12) > 100
    assert screen.count(METRO, near=12) > 100
    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "false")
    assert "onder" not in screen.query()
    screen.page.wait_for_timeout(300)
    assert screen.count(GAS, near=12) == 0


def test_a_shared_address_restores_the_screen(open_screen: OpenScreen) -> None:
    first, feature_id = _above_a_building(open_screen, "&kleur=gebouwen:bouwjaar&lagen=gebouwen,water")
    first.map().click()
    first.wait_for_query("keuze", f"gebouwen/{feature_id}")
    again = open_screen(first.page.url.removeprefix(first.address)).ready()
    expect(again.page.locator(".card-holder .card")).to_have_attribute("data-id", feature_id)
    expect(again.page.locator(".legend")).to_be_visible()
    assert again.query()["lagen"] == "gebouwen,water"
    assert again.count(SELECTED, near=40) > 500


def test_back_and_forward_restore_each_step(open_screen: OpenScreen) -> None:
    screen, feature_id = _above_a_building(open_screen)
    screen.map().click()
    screen.wait_for_query("keuze", f"gebouwen/{feature_id}")
    screen.page.go_back()
    expect(screen.page.locator(".card-holder")).to_have_count(0)
    screen.page.go_forward()
    expect(screen.page.locator(".card-holder .card")).to_have_attribute("data-id", feature_id)


def test_the_map_is_driven_by_keyboard_and_is_no_trap(open_screen: OpenScreen) -> None:
    screen = open_screen("/?beeld=2d&paneel=dicht").ready()
    page = screen.page
    screen.map().focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => location.search.includes('camera')")
    distance = float(screen.query()["camera"].split(",")[4])
    page.keyboard.press("+")
    page.wait_for_function(
        "far => Number(new URLSearchParams(location.search).get('camera').split(',')[4]) < far", arg=distance
    )
    cross = "getComputedStyle(document.querySelector('.map'), '::before').content"
    assert page.evaluate(cross) == '""'
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.closest('.tools') !== null")
    assert page.evaluate(cross) == "none"
    screen.map().focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.map') === null")


def test_t_swaps_the_map_for_the_table_of_the_same_objects(open_screen: OpenScreen) -> None:
    screen = open_screen("/?beeld=2d").ready()
    page = screen.page
    page.keyboard.press("t")
    expect(page.locator("#table-title")).to_be_focused()
    expect(page.locator(".table-view tbody tr")).to_have_count(50)
    expect(page.locator(".table-view .list-part")).to_contain_text("van 60")
    page.get_by_role("link", name="Bouwjaar").press("Enter")
    expect(page.locator("th[aria-sort]")).to_contain_text("Bouwjaar")
    expect(page.get_by_role("link", name="Bouwjaar")).to_be_focused()
    assert screen.query()["sorteer"] == "bouwjaar"
    row = page.locator(".table-view tbody a").first
    row.press("Enter")
    expect(page.locator(".card-holder h2")).to_be_focused()
    expect(row).to_have_attribute("aria-current", "true")
    page.keyboard.press("Escape")
    expect(page.locator(".card-holder")).to_have_count(0)
    expect(row).to_be_focused()
    row.press("Enter")
    page.get_by_role("button", name="Toon op de kaart").press("Enter")
    expect(page.locator(".table-view")).to_have_count(0)
    expect(page.locator(".card-holder h2")).to_be_focused()


def test_the_header_link_opens_the_table_and_its_filter_works(open_screen: OpenScreen) -> None:
    page = open_screen("/?beeld=2d").ready().page
    page.locator(".head").get_by_role("link", name="Tabel").click()
    page.select_option("#table-layer", "straten")
    expect(page.locator("#table-title")).to_have_text("Straten en paden")
    page.locator(".table-view input[name=q]").fill("station")
    page.keyboard.press("Enter")
    expect(page.locator(".table-view tbody tr")).to_have_count(1)
    page.keyboard.press("Escape")


def test_the_card_links_to_a_page_and_shares_its_address(open_screen: OpenScreen) -> None:
    screen, _ = _above_a_building(open_screen)
    screen.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    screen.map().click()
    screen.page.get_by_role("button", name="Deel").click()
    expect(screen.page.locator(".card-holder").get_by_text("De link is gekopieerd.")).to_be_visible()
    assert screen.page.evaluate("navigator.clipboard.readText()") == screen.page.url
    screen.page.get_by_role("link", name="Open als pagina").click()
    expect(screen.page.locator("article.card.on-page")).to_be_visible()


def test_the_language_link_keeps_the_screen(open_screen: OpenScreen) -> None:
    screen, feature_id = _above_a_building(open_screen)
    screen.map().click()
    screen.wait_for_query("keuze", f"gebouwen/{feature_id}")
    screen.page.get_by_role("link", name="English").click()
    screen.ready()
    expect(screen.page.locator(".card-holder")).to_be_visible()
    expect(screen.page.get_by_role("button", name="Zoom in")).to_be_visible()
    assert screen.query()["keuze"] == f"gebouwen/{feature_id}"


def test_small_desktops_keep_map_panel_and_card_apart(open_screen: OpenScreen) -> None:
    screen, _ = _above_a_building(open_screen, "&kleur=gebouwen:bouwjaar")
    screen.page.set_viewport_size({"width": Size.SMALL.width, "height": Size.SMALL.height})
    screen.map().click()
    card = screen.page.locator(".card-holder")
    expect(card).to_be_visible()
    box, tools = card.bounding_box(), screen.page.locator(".tools").bounding_box()
    assert box is not None
    assert tools is not None
    assert tools["x"] + tools["width"] <= box["x"]
    screen.page.set_viewport_size({"width": 768, "height": 900})
    map_box, legend = screen.map().bounding_box(), screen.page.locator(".legend").bounding_box()
    box = card.bounding_box()
    assert map_box is not None
    assert legend is not None
    assert box is not None
    assert map_box["x"] == 0
    assert legend["width"] > 200
    assert legend["x"] + legend["width"] <= box["x"]


def test_the_city_stays_where_it_is_when_a_card_opens_and_closes(open_screen: OpenScreen) -> None:
    screen, feature_id = _above_a_building(open_screen)
    place = "document.querySelector('.leaflet-map-pane').getBoundingClientRect().x"
    before = screen.page.evaluate(place)
    screen.map().click()
    screen.wait_for_query("keuze", f"gebouwen/{feature_id}")
    expect(screen.page.locator(".card-holder .card")).to_be_visible()
    screen.page.wait_for_timeout(400)
    assert screen.page.evaluate(place) == before
    screen.page.keyboard.press("Escape")
    expect(screen.page.locator(".card-holder")).to_have_count(0)
    assert screen.page.evaluate(place) == before


def test_the_mouse_that_rests_on_a_building_learns_its_name(open_screen: OpenScreen) -> None:
    screen, feature_id = _above_a_building(open_screen)
    title = screen.json(f"/api/v1/layers/gebouwen/features/{feature_id}")["title"]
    box = screen.map().bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    screen.page.mouse.move(*middle)
    name = screen.page.locator(".hover-name")
    expect(name).to_have_text(title)
    screen.page.mouse.move(middle[0] + 200, middle[1] + 200)
    expect(name).to_be_hidden()


def test_what_a_filter_hides_is_not_chosen(open_screen: OpenScreen) -> None:
    screen, feature_id = _above_a_building(open_screen, "&waar=gebouwen:bouwjaar:9999..")
    screen.map().focus()
    screen.page.keyboard.press("Enter")
    screen.page.wait_for_function(
        "() => document.querySelector('#spoken').textContent !== '' || location.search.includes('keuze=')"
    )
    assert feature_id not in screen.query().get("keuze", "")
