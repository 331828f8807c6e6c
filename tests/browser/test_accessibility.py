"""No WCAG 2.2 A or AA violation that axe can find, on every screen, width and language."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import OpenScreen
from tests.browser.screen import Screen, Size

RUN = """
() => axe.run(document, {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
})
"""


def violations(screen: Screen, source: str) -> list[str]:
    screen.page.evaluate(source)
    found: dict[str, Any] = screen.page.evaluate(RUN)
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("size", [Size.DESKTOP, Size.PHONE], ids=lambda size: size.name.lower())
def test_the_app_has_noviolations(
    open_screen: OpenScreen, axe_source: str, size: Size, language: str
) -> None:
    screen = open_screen("/lijst", size=size)
    feature_id, _, _ = screen.building()
    taal = "&taal=en" if language == "en" else ""
    for path in (
        "/?beeld=2d",
        "/?beeld=2d&paneel=verken",
        f"/?beeld=2d&kleur=gebouwen:bouwjaar&keuze=gebouwen/{feature_id}",
        "/?beeld=2d&zon=2026-06-21T15:00",
        "/?beeld=2d&onder=ja",
        "/?beeld=2d&tabel=gebouwen",
        "/?beeld=2d&kleur=gebouwen:bouwjaar&waar=gebouwen:bouwjaar:..1850&tabel=gebouwen",
    ):
        screen.go(path + taal)
        screen.ready()
        if "keuze" in path:
            screen.page.wait_for_selector("tw-fragment .card")
        if "tabel" in path:
            screen.page.wait_for_selector("tw-fragment table")
        assert violations(screen, axe_source) == [], path


@pytest.mark.parametrize("size", [Size.DESKTOP, Size.PHONE], ids=lambda size: size.name.lower())
def test_what_one_can_do_with_layers_has_no_violations(
    open_screen: OpenScreen, axe_source: str, size: Size
) -> None:
    looks = "&kleur=gebouwen:bouwjaar&waar=gebouwen:bouwjaar:..1900&lagen=gebouwen,water,riolering"
    screen = open_screen(f"/?beeld=2d&paneel=verken&ondergrond=contrast{looks}", size=size).ready()
    page = screen.page
    page.get_by_role("button", name="Aanpassen: Gebouwen", exact=True).click()
    page.locator(".base summary").click()
    for column in ("bouwjaar", "gebruiksdoel", "naam"):
        if page.locator(f"#filter-gebouwen option[value={column}]").count():
            page.select_option("#filter-gebouwen", column)
            page.locator(".filter-form button").wait_for()
            assert violations(screen, axe_source) == [], column
    page.get_by_role("button", name="Toon alleen deze").click()
    assert violations(screen, axe_source) == [], "a fault in the form"
    page.get_by_label("Zoek in de lagen").fill("qqqq")
    assert violations(screen, axe_source) == [], "no layer found"
    assert page.evaluate("document.documentElement.scrollWidth") <= size.width


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("size", [Size.DESKTOP, Size.PHONE], ids=lambda size: size.name.lower())
def test_the_pages_have_noviolations(
    open_screen: OpenScreen, axe_source: str, size: Size, language: str
) -> None:
    screen = open_screen("/lijst", size=size)
    feature_id, _, _ = screen.building()
    for path in (
        "/lijst",
        "/lijst/gebouwen",
        f"/lijst/gebouwen/{feature_id}",
        f"/object/{feature_id}",
        "/zoek?q=station",
        "/zoek?q=qqqq",
        "/bronnen",
        "/toegankelijkheid",
        "/api/v1/docs",
    ):
        separator = "&" if "?" in path else "?"
        screen.go(path + (f"{separator}taal=en" if language == "en" else ""))
        assert violations(screen, axe_source) == [], path
        width = screen.page.evaluate("document.documentElement.scrollWidth")
        assert width <= size.width, f"{path} is wider than the screen"


def test_a_missing_page_has_noviolations(open_screen: OpenScreen, axe_source: str) -> None:
    screen = open_screen("/lijst")
    screen.forgiven = ("404",)
    screen.go("/lijst/bestaat-niet")
    assert violations(screen, axe_source) == []
