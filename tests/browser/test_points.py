"""Measuring points, live lists and sources in a real browser: readable by everybody, on any screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.api.small_feeds import AIR, NOON, fill_feeds
from tests.api.small_twin import fill
from tests.browser.conftest import served
from tests.browser.screen import Screen, Size
from tests.browser.test_accessibility import violations
from tweestad.config import Config
from tweestad.store.opening import open_store

PAGES = (
    f"/meetpunt/{AIR}?periode=7d",
    "/meetpunt/laadpunten:NL*VBS*1",
    "/meetpunt/ndw-situaties:M1",
    "/meetpunt/rws-water:AMS",
    "/lijst",
    "/lijst/live/lucht?vanaf=4.9,52.36",
    "/lijst/live/verkeer",
    "/bronnen",
)


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over the small twin with its feeds, at noon."""
    config = Config(data_dir=tmp_path_factory.mktemp("gemeten"))
    store = open_store(config.database_url, config.data_dir)
    fill(store)
    fill_feeds(store)
    store.close()
    with served(config, now=lambda: NOON) as address:
        yield address


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("size", [Size.DESKTOP, Size.PHONE], ids=lambda size: size.name.lower())
def test_measured_pages_have_no_violations_and_fit(
    browser: Browser, measured: str, axe_source: str, size: Size, language: str
) -> None:
    page = browser.new_page(viewport={"width": size.width, "height": size.height})
    try:
        for path in PAGES:
            separator = "&" if "?" in path else "?"
            page.goto(measured + path + (f"{separator}taal=en" if language == "en" else ""))
            page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
            assert violations(Screen(page, measured), axe_source) == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= size.width, path
            small = page.evaluate(_SMALL)
            assert small == [], f"{path}: too small to touch"
    finally:
        page.close()


_SMALL = """
() => [...document.querySelectorAll('main .btn, main select, main input:not([type=hidden])')]
  .filter((each) => each.offsetParent !== null && each.getBoundingClientRect().height < 44)
  .map((each) => each.outerHTML.slice(0, 80))
"""


def test_a_chart_is_drawn_once_at_the_width_of_the_screen(browser: Browser, measured: str) -> None:
    for width, shown, hidden in ((1280, "wide", "narrow"), (390, "narrow", "wide")):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(f"{measured}/meetpunt/{AIR}?periode=24u")
        assert page.locator(f"svg.chart.{shown}").is_visible()
        assert not page.locator(f"svg.chart.{hidden}").is_visible()
        box = page.locator(f"svg.chart.{shown}").bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= width
        # Words of 14 pixels may not shrink to where nobody reads them.
        text = page.locator(f"svg.chart.{shown} text").first.bounding_box()
        assert text is not None
        assert text["height"] >= 12
        page.close()


def test_another_period_comes_by_a_link_alone(browser: Browser, measured: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{measured}/meetpunt/{AIR}?periode=24u")
    page.get_by_role("link", name="7 dagen").click()
    assert "periode=7d" in page.url
    assert page.locator("a[aria-current=true]").inner_text() == "7 dagen"
    page.get_by_label("Ernaast tonen").select_option(index=1)
    page.get_by_role("button", name="Toon").click()
    assert page.locator("svg.chart.wide .line-2").count() + page.locator("svg.chart.wide .spot-2").count() > 0
    context.close()


def test_a_chart_shows_with_forced_colours(browser: Browser, measured: str) -> None:
    context = browser.new_context(forced_colors="active", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{measured}/meetpunt/{AIR}?periode=24u")
    colours = page.evaluate(
        "() => ['.line-1', '.norm', '.axis'].map((each) => getComputedStyle("
        "document.querySelector('svg.chart.wide ' + each)).stroke)"
    )
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground not in colours
    assert "none" not in colours
    context.close()
