"""Measuring and drawing on the flat map: by mouse, and with the keyboard alone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenScreen
from tests.browser.screen import Screen, Size
from tests.browser.test_accessibility import violations
from tweestad.crs import from_lonlat

SKETCH = "#4a2f8f"
BOX = "[data-box=measure]"


def _points(screen: Screen) -> list[list[float]]:
    _, _, text = screen.query()["meet"].partition(":")
    return [[float(part) for part in point.split(",")] for point in text.split("|") if point]


def _metres(text: str) -> float:
    """The number in a length as the Dutch write it."""
    found = re.search(r"([\d.]+(?:,\d+)?)\s*(km|m)", text)
    assert found is not None, text
    return float(found[1].replace(".", "").replace(",", ".")) * (1000 if found[2] == "km" else 1)


def _start(page: Page) -> None:
    page.click("[data-tool=more]")
    page.click("[data-tool=measure]")
    expect(page.locator(BOX)).to_be_visible()


def _around_a_building(open_screen: OpenScreen, kind: str, size: Size = Size.DESKTOP) -> Screen:
    """A square of about 60 by 60 metres, drawn round the middle of the largest building."""
    screen = open_screen("/lijst", size=size)
    _, lon, lat = screen.building()
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    text = "|".join(f"{lon + x * 0.00045:.7f},{lat + y * 0.00027:.7f}" for x, y in corners)
    screen.go(f"/?beeld=2d&paneel=dicht&camera={lon:.6f},{lat:.6f},0,-60,500&meet={kind}:{text}")
    return screen.ready()


def test_a_distance_is_measured_by_mouse_and_agrees_with_the_official_grids(open_screen: OpenScreen) -> None:
    screen = open_screen("/?beeld=2d&paneel=dicht").ready()
    page = screen.page
    _start(page)
    for x, y in ((400, 300), (650, 380), (600, 600)):
        page.mouse.click(x, y)
    expect(page.locator(f"{BOX} .points summary")).to_have_text("3 punten")
    assert "keuze" not in screen.query()
    xy = from_lonlat(np.array(_points(screen)))
    true = float(np.hypot(*np.diff(xy, axis=0).T).sum())
    shown = page.locator(f"{BOX} .measured .main dd").inner_text()
    assert _metres(shown) == pytest.approx(true, abs=0.5)
    expect(page.locator("#spoken")).to_contain_text("3 punten. Lengte:")
    assert screen.count(SKETCH, near=20) > 300
    expect(page.locator(".sketch-label")).to_have_count(2)


def test_each_point_can_be_taken_back_and_a_click_after_done_chooses_again(open_screen: OpenScreen) -> None:
    screen = open_screen("/lijst")
    _, lon, lat = screen.building()
    screen.go(f"/?beeld=2d&paneel=dicht&camera={lon:.6f},{lat:.6f},0,-60,300")
    page = screen.ready().page
    middle = (720, 450)
    _start(page)
    page.mouse.click(400, 300)
    page.mouse.click(*middle)
    page.mouse.click(500, 600)
    page.click(f"{BOX} [data-action=undo]")
    expect(page.locator(f"{BOX} .points summary")).to_have_text("2 punten")
    page.go_back()
    expect(page.locator(f"{BOX} .points summary")).to_have_text("3 punten")
    page.click(f"{BOX} .points summary")
    page.get_by_role("button", name="Haal punt 1 weg").click()
    expect(page.locator(f"{BOX} .points li")).to_have_count(2)
    page.click(f"{BOX} [data-action=done]")
    expect(page.locator(f"{BOX} h2")).to_be_focused()
    page.mouse.click(600, 420)
    page.wait_for_function("() => new URLSearchParams(location.search).has('keuze')")
    page.get_by_role("button", name="Sluit: Meten en tekenen").click()
    page.wait_for_function("() => !new URLSearchParams(location.search).has('meet')")
    assert screen.count(SKETCH, near=20) < 20


def test_an_area_is_measured_with_the_keyboard_alone(open_screen: OpenScreen) -> None:
    screen = open_screen("/?beeld=2d&paneel=dicht").ready()
    page = screen.page
    page.locator("[data-tool=more]").focus()
    page.keyboard.press("Enter")
    for _ in range(8):
        if page.evaluate("document.activeElement.dataset.tool") == "measure":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(screen.map()).to_be_focused()
    expect(page.locator("#spoken")).to_contain_text("Meten is aan")
    for key in ("Enter", "ArrowRight", "Enter", "ArrowUp", "Enter", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
        page.wait_for_timeout(350)
    page.keyboard.press("Backspace")
    expect(page.locator("#spoken")).to_contain_text("3 punten")
    # While the drawing goes on its points stay; the box lies before the map in the order of the keys.
    page.locator(f"{BOX} input[value=distance]").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(f"{BOX} input[value=area]")).to_be_checked()
    expect(page.locator(f"{BOX} .measured .main dt")).to_have_text("Oppervlakte")
    page.keyboard.press("Escape")
    expect(page.locator(f"{BOX} h2")).to_be_focused()
    assert screen.query()["meet"].startswith("area:")


def test_another_kind_after_done_starts_a_new_drawing(open_screen: OpenScreen) -> None:
    screen = open_screen("/?beeld=2d&paneel=dicht").ready()
    page = screen.page
    _start(page)
    for x, y in ((400, 300), (650, 380)):
        page.mouse.click(x, y)
    page.click(f"{BOX} [data-action=done]")
    page.locator(f"{BOX} .kinds label", has_text="Oppervlakte").click()
    expect(page.locator(f"{BOX} [data-action=done]")).to_be_visible()
    expect(page.locator(f"{BOX} .points")).to_have_count(0)
    expect(page.locator(".sketch-label")).to_have_count(0)
    assert screen.count(SKETCH, near=20) < 20
    expect(screen.map()).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(f"{BOX} .points summary")).to_have_text("1 punt")
    for x, y in ((420, 320), (650, 380)):
        page.mouse.click(x, y)
    expect(page.locator(f"{BOX} .measured .main dt")).to_have_text("Oppervlakte")
    assert "keuze" not in screen.query()


def test_by_keyboard_every_kind_can_be_reached_after_done(open_screen: OpenScreen) -> None:
    screen = open_screen("/?beeld=2d&paneel=dicht").ready()
    page = screen.page
    _start(page)
    for x, y in ((400, 300), (650, 380)):
        page.mouse.click(x, y)
    page.keyboard.press("Escape")
    expect(page.locator(f"{BOX} h2")).to_be_focused()
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "measure-kind":
            break
    for kind in ("area", "height", "profile"):
        page.keyboard.press("ArrowRight")
        expect(page.locator(f"{BOX} input[value={kind}]")).to_be_focused()
    expect(page.locator(f"{BOX} .points")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(screen.map()).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(f"{BOX} .points summary")).to_have_text("1 punt")


def test_a_link_without_points_waits_for_them_and_goes_on_until_done(open_screen: OpenScreen) -> None:
    screen = open_screen("/lijst")
    _, lon, lat = screen.building()
    screen.go(f"/?beeld=2d&paneel=dicht&camera={lon:.6f},{lat:.6f},0,-60,300&meet=distance")
    page = screen.ready().page
    screen.map().focus()
    page.keyboard.press("Enter")
    summary = page.locator(f"{BOX} .points summary")
    expect(summary).to_have_text("1 punt")
    page.reload()
    screen.ready()
    for count, x in ((2, 400), (3, 500)):
        page.mouse.click(x, 300)
        expect(summary).to_have_text(f"{count} punten")
    assert "keuze" not in screen.query()


def test_done_ends_also_a_drawing_without_points(open_screen: OpenScreen) -> None:
    page = open_screen("/?beeld=2d&paneel=dicht&meet=distance").ready().page
    page.click(f"{BOX} [data-action=done]")
    expect(page.locator(f"{BOX} [data-action=draw]")).to_be_visible()
    page.mouse.click(400, 300)
    expect(page.locator(f"{BOX} .points")).to_have_count(0)


def test_a_drawn_area_counts_what_lies_in_it_and_becomes_a_file(open_screen: OpenScreen) -> None:
    screen = _around_a_building(open_screen, "region")
    page = screen.page
    page.click(f"{BOX} [data-action=count]")
    counts = page.locator(f"{BOX} .counts")
    expect(counts).to_contain_text("gebouw")
    points = _points(screen)
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    window = f"bbox={min(lons)},{min(lats)},{max(lons)},{max(lats)}"
    near = screen.json(f"/api/v1/layers/gebouwen/features?limit=1000&{window}")["features"]
    # The square has its sides along the meridians, so the server's rectangle is the same question.
    expect(counts.locator("li", has_text="gebouw").first.locator("b")).to_have_text(str(len(near)))
    with page.expect_download() as download:
        page.click(f"{BOX} [data-action=geojson]")
    body = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    ring = body["features"][0]["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1]
    assert sorted(ring[:-1]) == sorted(points)


def test_an_edge_that_crosses_itself_has_no_area(open_screen: OpenScreen) -> None:
    screen = _around_a_building(open_screen, "area")
    (a, b, c, d) = (",".join(str(part) for part in point) for point in _points(screen))
    screen.go(f"/?beeld=2d&paneel=dicht&meet=area:{a}|{c}|{b}|{d}")
    page = screen.ready().page
    expect(page.locator(f"{BOX} .caution")).to_contain_text("kruist zichzelf")
    expect(page.locator(f"{BOX} .measured .main")).to_have_count(0)


def test_the_section_along_a_line_shows_ground_and_roofs_and_the_same_as_a_table(
    open_screen: OpenScreen,
) -> None:
    screen = _around_a_building(open_screen, "profile")
    page = screen.page
    panel = page.locator(".profile-panel")
    expect(panel.locator(".profile-chart")).to_be_visible()
    expect(panel.get_by_role("img")).to_have_attribute("aria-label", re.compile("De lijn kruist"))
    assert panel.locator(".block").count() >= 1
    assert panel.locator(".ground").count() >= 1
    panel.locator("summary").click()
    rows = panel.locator("tbody tr")
    assert 20 < rows.count() <= 200
    with page.expect_download() as download:
        panel.locator("[data-action=profile-csv]").click()
    lines = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    assert len(lines) == rows.count() + 1


def test_a_flat_map_says_that_it_knows_no_height_and_offers_3d(open_screen: OpenScreen) -> None:
    screen = open_screen("/?beeld=2d&paneel=dicht&meet=height").ready()
    page = screen.page
    expect(page.locator(f"{BOX} .caution")).to_contain_text("kent geen hoogte")
    expect(page.locator(f"{BOX} [data-action=to-3d]")).to_be_visible()


@pytest.mark.parametrize("size", [Size.DESKTOP, Size.PHONE], ids=lambda size: size.name.lower())
@pytest.mark.parametrize("kind", ["distance", "region", "profile", "height"])
def test_measuring_has_no_violations(open_screen: OpenScreen, axe_source: str, size: Size, kind: str) -> None:
    screen = _around_a_building(open_screen, kind, size)
    page = screen.page
    expect(page.locator(BOX)).to_be_visible()
    if kind == "profile":
        expect(page.locator(".profile-chart")).to_be_visible()
    if kind == "region":
        page.click(f"{BOX} [data-action=count]")
        expect(page.locator(f"{BOX} .counts")).to_be_visible()
    page.click(f"{BOX} .points:has(ol) > summary")
    assert violations(screen, axe_source) == []
