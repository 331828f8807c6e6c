"""One year on the map, and two sides of it: by slider, by key, by line."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenScreen
from tests.browser.screen import Screen, Size
from tests.browser.test_accessibility import violations

ROOF = "#d3c9bb"
PLAN = "#94520f"
WATER = "#a9c3cb"
MAP = "/?beeld=2d&paneel=dicht&lagen=gebouwen,water,straten"


def _slider(screen: Screen) -> Locator:
    return screen.page.get_by_role("slider", name="Jaar op de kaart")


def _settle(screen: Screen) -> None:
    """The tiles are painted in the background."""
    screen.page.wait_for_timeout(500)


def test_a_year_hides_what_was_built_later_and_now_brings_it_back(open_screen: OpenScreen) -> None:
    screen = open_screen(MAP).ready()
    _settle(screen)
    now = screen.count(ROOF)
    screen.go(MAP + "&jaar=1850")
    screen.ready()
    _settle(screen)
    then = screen.count(ROOF)
    assert 0 < then < 0.9 * now
    expect(screen.page.locator(".time-year")).to_have_text("1850")
    expect(screen.page.locator(".legend")).to_contain_text("De kaart toont 1850 voor de lagen")
    screen.page.get_by_role("button", name="Nu", exact=True).click()
    expect(screen.page.get_by_role("slider", name="Jaar op de kaart")).to_be_focused()
    expect(screen.page.locator(".time-now")).to_be_hidden()
    _settle(screen)
    assert screen.count(ROOF) > 0.95 * now
    assert "jaar" not in screen.query()


def test_the_time_bar_works_by_keyboard(open_screen: OpenScreen) -> None:
    screen = open_screen(MAP).ready()
    page = screen.page
    expect(page.locator("tw-time-bar")).to_have_count(0)
    page.get_by_role("button", name="Tijdbalk").press("Enter")
    slider = _slider(screen)
    expect(slider).to_have_attribute("aria-valuetext", "nu")
    slider.press("Home")
    first = int(slider.get_attribute("min") or 0)
    expect(slider).to_have_attribute("aria-valuetext", str(first))
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", str(first + 1))
    page.locator(".map").press("]")
    expect(slider).to_have_attribute("aria-valuetext", str(first + 10))
    screen.wait_for_query("jaar", str(first + 10))
    page.keyboard.press("[")
    screen.wait_for_query("jaar", str(first))
    page.get_by_role("button", name="Tijdbalk").press("Enter")
    expect(slider).to_have_count(0)
    assert "jaar" not in screen.query()


def test_a_slide_through_many_years_is_one_step_back(open_screen: OpenScreen) -> None:
    screen = open_screen(MAP + "&jaar=1990").ready()
    slider = _slider(screen)
    slider.evaluate(
        """slider => {
          for (let year = 1700; year <= 1900; year += 10) {
            slider.value = String(year);
            slider.dispatchEvent(new Event('input', { bubbles: true }));
          }
        }"""
    )
    screen.wait_for_query("jaar", "1900")
    screen.page.keyboard.press("Control+z")
    expect(slider).to_have_attribute("aria-valuetext", "1990")


def test_a_run_goes_by_itself_and_stops_at_any_other_action(open_screen: OpenScreen) -> None:
    screen = open_screen(MAP + "&jaar=1900").ready()
    page = screen.page
    page.get_by_role("button", name="Speel de jaren af").click()
    expect(page.locator(".time-year")).not_to_have_text(re.compile("^19[0-2]0$"), timeout=10_000)
    assert screen.query()["jaar"] == "1900", "a passing year is not in the address"
    page.locator(".map").press("ArrowLeft")
    expect(page.get_by_role("button", name="Speel de jaren af")).to_be_visible()
    year = page.locator(".time-year").inner_text()
    screen.wait_for_query("jaar", year)
    page.wait_for_timeout(1200)
    assert page.locator(".time-year").inner_text() == year


def test_objects_without_a_year_are_counted_below_the_bar(open_screen: OpenScreen) -> None:
    screen = open_screen(MAP + "&jaar=1900").ready()
    features = screen.json("/api/v1/layers/gebouwen/features?limit=1000")["features"]
    unknown = sum(each["properties"]["bouwjaar"] in (None, 1005) for each in features)
    assert unknown > 0
    noun = "gebouw" if unknown == 1 else "gebouwen"
    expect(screen.page.locator(".time-about")).to_contain_text(f"het jaar is onbekend: {unknown} {noun}.")


def test_the_table_shows_the_same_year_as_the_map(open_screen: OpenScreen) -> None:
    screen = open_screen(MAP + "&jaar=1900&tabel=gebouwen").ready()
    table = screen.page.locator("tw-fragment")
    expect(table).to_contain_text("hoogstens 1900")
    years = [int(text) for text in table.locator("tbody tr td:nth-child(2)").all_inner_texts()]
    assert years
    assert max(years) <= 1900
    table.get_by_role("link", name="Haal weg").click()
    expect(table).not_to_contain_text("hoogstens 1900")
    assert "jaar" not in screen.query()


def test_a_house_of_later_is_not_chosen_in_an_earlier_year(open_screen: OpenScreen) -> None:
    screen = open_screen("/lijst")
    feature_id, lon, lat = screen.building()
    year = screen.json(f"/api/v1/layers/gebouwen/features/{feature_id}")["properties"]["bouwjaar"]
    screen.go(f"{MAP}&camera={lon:.6f},{lat:.6f},0,-60,300&jaar={year - 1}")
    screen.ready().map().click()
    expect(screen.page.locator("#spoken")).not_to_be_empty()
    assert "keuze" not in screen.query()


def test_a_plan_is_hatched_from_its_first_year(open_screen: OpenScreen) -> None:
    plans = open_screen("/lijst").json("/api/v1/layers/plannen/features?limit=10")["features"]
    plan = min(plans, key=lambda each: each["properties"]["start"])
    start = plan["properties"]["start"]
    ring = plan["geometry"]["coordinates"][0]
    lon, lat = (sum(at[n] for at in ring) / len(ring) for n in (0, 1))
    there = f"/?beeld=2d&paneel=dicht&lagen=water,plannen&camera={lon:.6f},{lat:.6f},0,-60,500"
    screen = open_screen(f"{there}&jaar={start}").ready()
    _settle(screen)
    hatched = screen.count(PLAN, near=24)
    expect(screen.page.locator(".legend")).to_contain_text("Bouwplannen (gepland)")
    screen.go(f"{there}&jaar={start - 1}")
    screen.ready()
    _settle(screen)
    # The legend has its own hatched key.
    assert hatched > screen.count(PLAN, near=24) + 300


def test_left_and_right_of_the_line_show_their_own_layers(open_screen: OpenScreen) -> None:
    screen = open_screen(MAP + "&schuif=1:lagen:straten").ready()
    page = screen.page
    _settle(screen)
    whole = screen.count(WATER)
    expect(page.locator(".divide-word.before")).to_have_text("Met Gebouwen, Water")
    expect(page.locator(".divide-word.after")).to_have_text("Zonder Gebouwen, Water")
    handle = page.get_by_role("slider", name="Schuif tussen links en rechts")
    handle.press("Home")
    _settle(screen)
    assert whole > 1000
    assert screen.count(WATER) < whole / 20
    for _ in range(4):
        handle.press("PageUp")
    handle.press("ArrowRight")
    expect(handle).to_have_attribute("aria-valuenow", "42")
    screen.wait_for_query("schuif", "0.42:lagen:straten")
    _settle(screen)
    assert whole / 20 < screen.count(WATER) < whole


def test_the_line_is_dragged_in_one_step_and_stops_with_its_tool(open_screen: OpenScreen) -> None:
    screen = open_screen(MAP).ready()
    page = screen.page
    page.get_by_role("button", name="Meer gereedschap").click()
    page.get_by_role("button", name="Vergelijk (schuif)").click()
    handle = page.get_by_role("slider", name="Schuif tussen links en rechts")
    expect(page.locator(".divide-word.before")).to_have_text("Nu")
    expect(page.locator(".divide-word.after")).to_have_text(re.compile(r"^In \d{4}$"))
    first = screen.query()["schuif"]
    box = handle.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    page.mouse.move(box["x"] + 24, box["y"] + 24)
    page.mouse.down()
    for step in range(1, 11):
        page.mouse.move(box["x"] + 24 + 20 * step, box["y"] + 24)
    assert screen.query()["schuif"] == first
    page.mouse.up()
    page.wait_for_function(
        "before => new URLSearchParams(location.search).get('schuif') !== before", arg=first
    )
    page.keyboard.press("Control+z")
    screen.wait_for_query("schuif", first)
    page.get_by_role("button", name="Stop met vergelijken").click()
    expect(handle).to_have_count(0)
    assert "schuif" not in screen.query()


@pytest.mark.parametrize("size", [Size.DESKTOP, Size.PHONE], ids=lambda size: size.name.lower())
def test_the_time_bar_and_the_line_have_no_violations(
    open_screen: OpenScreen, axe_source: str, size: Size
) -> None:
    screen = open_screen(MAP + ",plannen&jaar=1900", size=size).ready()
    expect(screen.page.locator("tw-time-bar input")).to_be_visible()
    assert violations(screen, axe_source) == []
    for more in ("&schuif=0.5:jaar:1900", "&schuif=0.5:lagen:water"):
        screen.go(MAP + more)
        screen.ready()
        expect(screen.page.locator(".divide-handle")).to_be_visible()
        assert violations(screen, axe_source) == []
