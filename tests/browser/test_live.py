"""Live measurements on the screen: on both maps, in list and card, as they change and as they were."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Request, expect

from tests.browser.conftest import OpenScreen, served
from tests.browser.measurements import GOOD, HIGH, OLD, ROAD, STATIONS, air, fill
from tests.browser.screen import Screen, Size
from tests.browser.test_accessibility import violations
from tweestad.config import Config
from tweestad.store.opening import open_store
from tweestad.store.protocol import Store

LIVE = "/?beeld=2d&paneel=dicht&live=lucht"
ABOVE = "#c68f4a"
"""The class of 25 to 50, above the norm."""
CHOSEN = "#c0265f"


@pytest.fixture(scope="module")
def measuring(town: Config, tmp_path_factory: pytest.TempPathFactory) -> Config:
    folder = tmp_path_factory.mktemp("meetstad") / "data"
    shutil.copytree(town.data_dir, folder)
    return replace(town, data_dir=folder)


@pytest.fixture(scope="module")
def store(measuring: Config) -> Iterator[Store]:
    store = open_store(measuring.database_url, measuring.data_dir)
    fill(store)
    yield store
    store.close()


@pytest.fixture(scope="module")
def address(measuring: Config, store: Store) -> Iterator[str]:
    with served(measuring) as address:
        yield address


def _camera(screen_json: dict[str, object]) -> str:
    features = screen_json["features"]
    assert isinstance(features, list)
    lon, lat = next(f for f in features if f["properties"]["name"] == HIGH)["geometry"]["coordinates"]
    return f"&camera={lon},{lat},0,-60,400"


def _open(open_screen: OpenScreen, more: str = "", *, view: str = "2d", size: Size = Size.DESKTOP) -> Screen:
    """The map with the station above the norm in its middle."""
    screen = open_screen("/toegankelijkheid", size=size)
    camera = _camera(screen.json("/api/v1/live/lucht"))
    screen.go(LIVE.replace("2d", view) + camera + more)
    screen.ready(view)
    expect(screen.page.locator("tw-moment-bar")).to_be_visible()
    if size is not Size.PHONE:
        # Its own symbols must not count as those of the map.
        screen.page.locator(".legend > summary").click()
        expect(screen.page.locator(".legend[open]")).to_have_count(0)
    return screen


def _slider(screen: Screen) -> Locator:
    return screen.page.get_by_role("slider", name="Moment van de metingen")


def _drawn(screen: Screen, colour: str, least: int = 20) -> None:
    for _ in range(40):
        if screen.count(colour, near=8) >= least:
            return
        screen.page.wait_for_timeout(250)
    raise AssertionError(f"{colour} is not on the map")


def test_a_layer_is_switched_on_in_the_panel_with_its_mark_source_and_state(open_screen: OpenScreen) -> None:
    screen = open_screen("/?beeld=2d&paneel=verken").ready()
    page = screen.page
    page.locator("summary", has_text="Lucht en geluid").click()
    box = page.get_by_label("Luchtkwaliteit nu", exact=True)
    expect(box).not_to_be_checked()
    box.check()
    screen.wait_for_query("live", "lucht")
    row = page.locator(".live-layer", has_text="Luchtkwaliteit nu")
    expect(row).to_contain_text("live")
    expect(row).to_contain_text(re.compile("meetpunten in beeld hebben een recente meting"))
    row.get_by_role("button").click()
    expect(row).to_contain_text("Luchtproef, Proefmeters. Licentie: CC0-1.0.")
    page.locator("summary", has_text="Verkeer en vervoer").click()
    page.get_by_label("Verkeer nu", exact=True).check()
    expect(page.locator(".live-layer", has_text="Verkeer nu")).to_contain_text(
        "Wegproef is niet te bereiken. De server geeft een fout."
    )
    screen.wait_for_query("live", "lucht,verkeer")


def test_values_are_drawn_by_class_and_the_legend_tells_norm_and_what_is_old(
    open_screen: OpenScreen,
) -> None:
    screen = _open(open_screen)
    _drawn(screen, ABOVE)
    legend = screen.page.locator(".legend")
    expect(legend).to_contain_text("25 tot 50 µg/m³")
    expect(legend).to_contain_text("WHO-advieswaarde: 15 µg/m³, gemiddeld over een dag")
    expect(legend).to_contain_text("geen recente meting")


def test_a_click_on_a_point_opens_its_card_and_marks_it(open_screen: OpenScreen) -> None:
    screen = _open(open_screen)
    _drawn(screen, ABOVE)
    screen.page.mouse.click(*screen.where(ABOVE, near=8))
    expect(screen.page.locator(".card-holder h2")).to_have_text(HIGH)
    expect(screen.page.locator(".card-holder")).to_contain_text("31")
    assert screen.query()["keuze"] == f"meetpunt/{STATIONS[1].id}"
    _drawn(screen, CHOSEN)


def test_the_mouse_is_told_the_name_the_value_and_its_age(open_screen: OpenScreen) -> None:
    screen = _open(open_screen)
    _drawn(screen, ABOVE)
    name = screen.page.locator(".hover-name")
    for _ in range(10):
        # A picture that still comes in takes the name away again.
        screen.page.mouse.move(5, 5)
        screen.page.mouse.move(*screen.where(ABOVE, near=8))
        screen.page.wait_for_timeout(800)
        if name.is_visible():
            break
    expect(screen.page.locator(".hover-name")).to_have_text(
        re.compile(rf"{HIGH}: 31,0 µg/m³, \d+ minuten geleden")
    )


def test_a_change_comes_by_itself_and_only_the_change_is_asked_for(
    open_screen: OpenScreen, store: Store
) -> None:
    screen = _open(open_screen)
    page = screen.page
    _drawn(screen, ABOVE)
    page.wait_for_timeout(1000)
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/api/v1/" in request.url:
            asked.append(request.url)

    page.on("request", note)
    page.wait_for_timeout(3000)
    assert asked == [], "it asked while nothing had changed"
    store.put_arrival(air({1: 64.0}, hours=0))
    _drawn(screen, "#a8651c")
    assert asked
    assert all("/api/v1/live/lucht?" in url and "after=" in url for url in asked)
    store.put_arrival(air({1: 31.0}, hours=-0.01))
    _drawn(screen, ABOVE)


def test_without_a_connection_it_says_so_and_comes_back_by_itself(open_screen: OpenScreen) -> None:
    screen = _open(open_screen)
    screen.forgiven = ("ERR_INTERNET_DISCONNECTED",)
    about = screen.page.locator("#moment-about")
    expect(about).to_contain_text("Nieuwe komen vanzelf binnen")
    screen.page.context.set_offline(True)
    expect(about).to_contain_text("De verbinding is weg sinds")
    screen.page.context.set_offline(False)
    expect(about).to_contain_text("Nieuwe komen vanzelf binnen", timeout=15_000)


def test_nothing_is_listened_to_without_a_live_layer_or_in_the_past(open_screen: OpenScreen) -> None:
    screen = open_screen("/?beeld=2d&paneel=dicht")
    streams: list[str] = []

    def note(request: Request) -> None:
        if "/stream" in request.url:
            streams.append(request.url)

    screen.page.on("request", note)
    screen.ready()
    screen.page.wait_for_timeout(1500)
    screen.go("/?beeld=2d&paneel=dicht&live=lucht&moment=2026-01-01T12:00Z")
    screen.ready()
    expect(screen.page.locator(".legend")).to_contain_text("Zoals gemeten op donderdag 1 januari 2026")
    screen.page.wait_for_timeout(1000)
    assert streams == []


def test_the_time_bar_goes_back_by_keyboard_and_says_of_when_it_is(open_screen: OpenScreen) -> None:
    screen = _open(open_screen)
    slider = _slider(screen)
    expect(slider).to_have_attribute("aria-valuetext", "nu")
    slider.press("ArrowLeft")
    expect(slider).not_to_have_attribute("aria-valuetext", "nu")
    screen.page.wait_for_function("() => new URLSearchParams(location.search).has('moment')")
    expect(screen.page.locator(".legend")).to_contain_text("Zoals gemeten op")
    screen.map().press("[")
    screen.map().press("]")
    screen.map().press("]")
    expect(slider).to_have_attribute("aria-valuetext", "nu")
    screen.page.wait_for_function("() => !new URLSearchParams(location.search).has('moment')")


def test_card_and_list_look_back_at_the_moment_of_the_map(open_screen: OpenScreen) -> None:
    screen = _open(open_screen, f"&keuze=meetpunt/{STATIONS[1].id}")
    card = screen.page.locator(".card-holder")
    expect(card.locator("h2")).to_have_text(HIGH)
    expect(card).not_to_contain_text("U ziet de stand van")
    _slider(screen).press("ArrowLeft")
    expect(card).to_contain_text("U ziet de stand van")
    screen.map().press("t")
    screen.wait_for_query("tabel", "live/lucht")
    expect(screen.page.locator(".table-view")).to_contain_text("U ziet de stand van")


def test_the_list_of_a_layer_leads_to_the_card_by_keyboard(open_screen: OpenScreen) -> None:
    screen = _open(open_screen)
    page = screen.page
    screen.map().press("t")
    screen.wait_for_query("tabel", "live/lucht")
    expect(page.locator("tbody th")).to_have_count(3)
    expect(page.locator("tr", has_text=OLD)).to_contain_text("geen recente meting")
    page.get_by_role("link", name=GOOD).press("Enter")
    expect(page.locator(".card-holder h2")).to_have_text(GOOD)
    page.get_by_role("button", name="Toon op de kaart").press("Enter")
    expect(page.locator("tw-moment-bar")).to_be_visible()


def test_the_scene_draws_the_same_and_opens_the_same_card(open_screen: OpenScreen) -> None:
    screen = _open(open_screen, view="3d", size=Size.SMALL)
    _drawn(screen, ABOVE)
    measures = screen.page.evaluate(
        "performance.getEntriesByType('measure').filter(m => /:(live|marks|values)$/.test(m.name))"
        ".map(m => m.duration)"
    )
    assert all(each < 50 for each in measures)


@pytest.mark.parametrize("size", [Size.DESKTOP, Size.SMALL, Size.PHONE])
def test_measurements_have_no_accessibility_faults(
    open_screen: OpenScreen, axe_source: str, size: Size
) -> None:
    screen = _open(open_screen, f"&keuze=meetpunt/{STATIONS[1].id}", size=size)
    expect(screen.page.locator("tw-fragment h2")).to_have_text(HIGH)
    assert violations(screen, axe_source) == []
    screen.go("/?beeld=2d&paneel=verken&live=lucht,verkeer")
    screen.ready()
    expect(screen.page.locator(".live-layer").first).to_be_attached()
    assert violations(screen, axe_source) == []


def test_a_road_has_its_speed_in_its_colour(open_screen: OpenScreen) -> None:
    screen = open_screen("/toegankelijkheid")
    lon, lat = screen.json("/api/v1/live/verkeer")["features"][0]["geometry"]["coordinates"][0]
    screen.go(f"/?beeld=2d&paneel=dicht&live=verkeer&camera={lon},{lat},0,-60,400")
    screen.ready()
    _drawn(screen, "#b1aa90", 60)
    expect(screen.page.locator(".legend")).to_contain_text("30 tot 50")
    assert ROAD in str(screen.json("/api/v1/live/verkeer"))
