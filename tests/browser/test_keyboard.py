"""With the keyboard alone: what opens takes the focus, Escape closes it, and the focus is never lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenScreen


def _focused(page: Page) -> str:
    return str(
        page.evaluate(
            "(e => e.dataset.tool || e.id || e.closest('[data-box]')?.dataset.box || e.tagName)"
            "(document.activeElement)"
        )
    )


@pytest.mark.parametrize("close", ["Escape", "button"])
def test_a_box_takes_the_focus_and_gives_it_back(open_screen: OpenScreen, close: str) -> None:
    page = open_screen("/?beeld=2d").ready().page
    for tool, back in (("swipe", "more"), ("share", "more"), ("sun", "sun"), ("underground", "underground")):
        in_menu = back == "more"
        if in_menu:
            page.locator("[data-tool=more]").press("Enter")
        page.locator(f"{'#tool-menu' if in_menu else '.tools >'} [data-tool={tool}]").press("Enter")
        heading = page.locator(f"[data-box={tool}] .tool-head h2")
        expect(heading).to_be_focused()
        if close == "Escape":
            page.keyboard.press("Escape")
        else:
            page.locator(f"[data-box={tool}] .tool-head .x").press("Enter")
        expect(heading).to_have_count(0)
        expect(page.locator(f".tools > [data-tool={back}]")).to_be_focused()


def test_closing_a_panel_leaves_the_focus_on_the_button_that_opens_it(open_screen: OpenScreen) -> None:
    page = open_screen("/?beeld=2d").ready().page
    page.locator(".panel .x").press("Enter")
    expect(page.locator("[data-tool=layers]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#panel-title")).to_be_focused()
    page.locator(".panel-back a").press("Enter")
    expect(page.locator("#panel-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-tool=layers]")).to_be_focused()
    assert _focused(page) == "layers"


def test_the_table_tells_distances_from_what_was_chosen(open_screen: OpenScreen) -> None:
    screen = open_screen("/lijst")
    feature_id, _, _ = screen.building()
    screen.go(f"/?beeld=2d&keuze=gebouwen/{feature_id}")
    page = screen.ready().page
    expect(page.locator(".card-holder h2").first).to_be_visible()
    page.locator(".map").focus()
    page.keyboard.press("t")
    expect(page.locator("table.list thead")).to_contain_text("Afstand")
    expect(page.locator("table.list tbody tr").first).to_contain_text("0 m")
    assert "vanaf" in screen.query()


def test_a_filter_that_the_city_does_not_know_is_called_that(open_screen: OpenScreen) -> None:
    screen = open_screen("/lijst")
    screen.forgiven = ("400",)
    screen.go("/?beeld=2d&tabel=gebouwen&waar=gebouwen:bestaat_niet:1..2")
    expect(screen.page.locator(".table-view")).to_contain_text("Dit kennen wij niet")
