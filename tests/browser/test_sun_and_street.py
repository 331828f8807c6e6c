"""Sun, street and underground in the 3D scene: few pages, since software draws them."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenScreen
from tests.browser.more_layers import MIDDLE
from tests.browser.screen import Screen, Size
from tests.browser.test_accessibility import violations
from tweestad.crs import to_lonlat

pytestmark = pytest.mark.scene3d


def _shaded(screen: Screen) -> None:
    """Wait until the shadows are made and drawn."""
    expect(screen.page.locator(".sun-busy")).to_have_text("", timeout=60_000)
    screen.page.wait_for_timeout(1500)


def _differs(screen: Screen, before: list[list[int]]) -> int:
    return sum(a != b for a, b in zip(before, _grid(screen), strict=True))


def _grid(screen: Screen) -> list[list[int]]:
    """Colours of the map at 40 by 25 places."""
    return screen.grid(40, 25)


def test_the_sun_of_another_hour_casts_other_shadows_and_the_words_say_where_it_is(
    open_screen: OpenScreen, axe_source: str
) -> None:
    screen = open_screen("/lijst", size=Size.SCENE)
    _, lon, lat = screen.building()
    camera = f"camera={lon:.6f},{lat:.6f},0,-55,300"
    screen.go(f"/?beeld=3d&paneel=dicht&zon=2026-06-21T09:00&{camera}")
    screen.ready("3d")
    says = screen.page.locator(".sun-says")
    expect(says).to_have_text(re.compile(r"^De zon staat 3\d graden hoog in het oosten\.$"))
    _shaded(screen)
    morning = _grid(screen)
    screen.page.get_by_label("Tijd", exact=True).fill("15:00")
    screen.page.get_by_label("Tijd", exact=True).blur()
    screen.wait_for_query("zon", "2026-06-21T15:00")
    expect(says).to_have_text(re.compile(r"^De zon staat 5\d graden hoog in het zuidwesten\.$"))
    _shaded(screen)
    assert _differs(screen, morning) > 60
    assert violations(screen, axe_source) == []
    screen.page.get_by_label("Tijd", exact=True).fill("23:30")
    screen.page.get_by_label("Tijd", exact=True).blur()
    expect(says).to_contain_text("Het is nacht")
    screen.page.wait_for_timeout(1500)
    assert screen.colours() > 30
    assert np.median(_grid(screen)) > 150


def test_a_sun_study_makes_twelve_pictures_that_differ_and_can_be_stopped(
    open_screen: OpenScreen, axe_source: str
) -> None:
    screen = open_screen("/?beeld=3d&paneel=dicht&zon=2026-03-20T12:00", size=Size.SCENE).ready("3d")
    page = screen.page
    page.locator("[data-action=study]").click()
    dialog = page.get_by_role("dialog", name="Zonnestudie")
    page.locator("[data-action=start]").click()
    expect(dialog).to_contain_text("1 van 12 plaatjes", timeout=60_000)
    # By key: a click waits for two quiet frames, and drawing a picture leaves none on a busy machine.
    page.locator("[data-action=stop]").press("Enter", timeout=60_000)
    expect(dialog.locator("figure")).to_have_count(0, timeout=60_000)
    page.get_by_label("Dit jaar, op de 21e van elke maand").check()
    page.locator("[data-action=start]").click()
    expect(page.locator("[data-action=download]")).to_be_visible(timeout=120_000)
    figures = dialog.locator("figure")
    expect(figures).to_have_count(12)
    expect(figures.first.locator("canvas")).to_have_attribute(
        "aria-label", re.compile(r"op 21 januari, 12:00 uur\. De zon staat 1\d graden hoog in het zuiden")
    )
    pictures = page.eval_on_selector_all(".study-grid canvas", "all => all.map((one) => one.toDataURL())")
    assert len(set(pictures)) >= 10
    assert violations(screen, axe_source) == []
    with page.expect_download() as download:
        page.locator("[data-action=download]").click()
    assert download.value.suggested_filename == "zonnestudie-2026-03-20.png"
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def _pose(page: Page) -> list[float]:
    camera: str = page.evaluate("new URLSearchParams(location.search).get('camera') ?? ''")
    return [float(part) for part in camera.split(",")]


def test_one_walks_by_keys_looks_up_and_comes_back_to_where_one_was(
    open_screen: OpenScreen, axe_source: str
) -> None:
    camera = "camera={:.6f},{:.6f},40,-31,500".format(*to_lonlat(np.array([MIDDLE]))[0])
    screen = open_screen(f"/?beeld=3d&paneel=dicht&{camera}", size=Size.SCENE).ready("3d")
    page = screen.page
    page.get_by_role("button", name="Meer gereedschap").click()
    page.get_by_role("button", name="Loop door de straat").click()
    screen.wait_for_query("lopen", "ja")
    expect(page.locator("#spoken")).to_contain_text("U staat in de straat")
    first = _pose(page)
    assert first[3:] == [0.0, 1.0]
    page.keyboard.press("w")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    after = _pose(page)
    metres = np.hypot((after[0] - first[0]) * 67_800, (after[1] - first[1]) * 111_300)
    assert metres == pytest.approx(3, abs=0.3)
    assert (after[2] - first[2]) % 360 == pytest.approx(15, abs=0.2)
    page.wait_for_timeout(1500)
    assert screen.colours() > 10
    assert violations(screen, axe_source) == []
    page.keyboard.press("Escape")
    page.wait_for_function("!new URLSearchParams(location.search).has('lopen')")
    assert _pose(page)[2:] == [40.0, -31.0, 500.0]


def test_below_the_ground_one_goes_deeper_by_keys_beside_a_scale_in_nap(
    open_screen: OpenScreen, axe_source: str
) -> None:
    camera = "camera={:.6f},{:.6f},40,-20,150".format(*to_lonlat(np.array([MIDDLE]))[0])
    screen = open_screen(f"/?beeld=3d&paneel=dicht&onder=ja&{camera}", size=Size.SCENE).ready("3d")
    page = screen.page
    scale = page.locator(".depth-scale")
    expect(scale).to_contain_text("straat")
    screen.map().focus()
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    screen.wait_for_query("diepte", "4")
    eye = float(page.locator(".depth-eye").inner_text().split()[-1].replace("−", "-").replace(",", "."))
    assert eye == pytest.approx(screen.json("/tiles/scene.json")["groundNapM"] - 4, abs=0.06)
    for _ in range(8):
        page.keyboard.press("Shift+ArrowDown")
    page.wait_for_timeout(600)
    assert 0 < _pose(page)[3] <= 60
    assert violations(screen, axe_source) == []
    thin = _grid(screen)
    page.get_by_label("Hoe goed u de grond ziet").fill("100")
    screen.wait_for_query("grond", "1")
    page.wait_for_timeout(2500)
    assert _differs(screen, thin) > 100
