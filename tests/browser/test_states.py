"""When something is not there: no script, no WebGL, no network, no access. Each with a sentence."""

from __future__ import annotations

import re

from playwright.sync_api import Route, expect

from tests.browser.conftest import OpenScreen
from tests.browser.screen import Size

NO_WEBGL = """
const ask = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return String(kind).startsWith('webgl') ? null : ask.call(this, kind, ...rest);
};
"""


def test_without_script_the_first_page_still_searches_and_lists(open_screen: OpenScreen) -> None:
    page = open_screen("/", script=False).page
    expect(page.get_by_role("heading", level=1)).to_have_text("Wat wilt u weten?")
    page.fill("#vraag", "stations")
    page.locator("#app form button").click()
    expect(page.locator(".results")).to_contain_text("Stationsweg")
    page.go_back()
    page.locator("#app .questions a").first.click()
    expect(page.locator("table.list tbody tr")).to_have_count(50)
    page.locator("table.list tbody a").first.click()
    expect(page.locator("article.card.on-page table.props").first).to_be_visible()


def test_without_webgl_a_desktop_gets_the_flat_map_and_a_sentence(open_screen: OpenScreen) -> None:
    screen = open_screen("/", before=lambda page: page.add_init_script(NO_WEBGL)).ready("2d")
    expect(screen.page.locator(".toast")).to_contain_text("Uw apparaat tekent geen 3D")
    expect(screen.page.get_by_role("button", name="Kaart in 3D")).to_have_count(0)
    assert screen.count("#a9c3cb") > 2000
    screen.page.get_by_role("button", name="Begrepen").click()
    expect(screen.page.locator(".toast")).to_have_count(0)


def test_a_link_to_an_object_that_is_gone_says_so(open_screen: OpenScreen) -> None:
    screen = open_screen("/lijst")
    screen.forgiven = ("404",)
    screen.go("/?beeld=2d&keuze=gebouwen/NL.IMBAG.Pand.0000000000000000")
    screen.ready()
    expect(screen.page.locator(".card-holder")).to_contain_text("Dit object is er niet")
    expect(screen.page.get_by_role("button", name="Deel")).to_have_count(0)
    screen.go("/?beeld=2d&tabel=nix")
    expect(screen.page.locator("#table-title")).to_have_text("Deze lijst is er niet")
    screen.page.get_by_role("button", name="Straten en paden").click()
    expect(screen.page.locator("#table-title")).to_have_text("Straten en paden")


def test_a_card_for_staff_says_that_it_is_for_staff(open_screen: OpenScreen) -> None:
    screen = open_screen("/lijst")
    screen.forgiven = ("403",)
    feature_id, _, _ = screen.building()
    screen.page.route("**/lijst/gebouwen/*deel=kaart*", lambda route: route.fulfill(status=403, body=""))
    screen.go(f"/?beeld=2d&keuze=gebouwen/{feature_id}")
    expect(screen.page.locator(".card-holder")).to_contain_text("Dit is alleen voor medewerkers")


def test_a_card_that_fails_can_be_tried_again(open_screen: OpenScreen) -> None:
    screen = open_screen("/lijst")
    screen.forgiven = ("503",)
    feature_id, _, _ = screen.building()
    answers = iter((503, 0))

    def answer(route: Route) -> None:
        status = next(answers)
        if status:
            route.fulfill(status=status, body="")
        else:
            route.continue_()

    screen.page.route("**/lijst/gebouwen/*deel=kaart*", answer)
    screen.go(f"/?beeld=2d&keuze=gebouwen/{feature_id}")
    expect(screen.page.locator(".card-holder [role=alert]")).to_contain_text("De server antwoordt niet")
    screen.page.get_by_role("button", name="Probeer nu").click()
    expect(screen.page.locator(".card-holder .card")).to_be_visible()


def test_without_scene_the_server_page_stays_and_says_why(open_screen: OpenScreen) -> None:
    screen = open_screen("/lijst")
    screen.forgiven = ("503",)
    screen.page.route("**/tiles/scene.json", lambda route: route.fulfill(status=503, body=""))
    screen.go("/")
    expect(screen.page.get_by_role("alert")).to_contain_text("Zoeken en de lijsten werken wel")
    expect(screen.page.locator("#vraag")).to_be_visible()
    screen.faults.clear()


def test_a_lost_connection_is_told_and_told_to_be_over(open_screen: OpenScreen) -> None:
    screen = open_screen("/?beeld=2d").ready()
    screen.forgiven = ("ERR_INTERNET_DISCONNECTED",)
    screen.page.context.set_offline(True)
    expect(screen.page.locator(".toast")).to_contain_text("U bent niet verbonden")
    screen.map().click(position={"x": 900, "y": 600})
    screen.page.fill("#ask", "station")
    expect(screen.page.locator(".suggestions .nothing")).to_contain_text("Zoeken lukt nu niet")
    expect(screen.page.locator(".toast")).to_contain_text("U bent niet verbonden")
    expect(screen.page.get_by_text("Dit ligt niet aan u")).to_have_count(0)
    screen.page.context.set_offline(False)
    expect(screen.page.locator(".toast")).to_have_count(0)


def test_the_sheet_of_a_phone_has_three_heights(open_screen: OpenScreen) -> None:
    screen = open_screen("/", size=Size.PHONE).ready("2d")
    page = screen.page
    grip = page.locator(".grip")
    heights = []
    for key, name in (("ArrowDown", "peek"), ("ArrowUp", "half"), ("ArrowUp", "full")):
        grip.press(key)
        sheet = page.locator(f".sheet[data-height={name}]")
        heights.append(sheet.evaluate("sheet => parseInt(sheet.style.getPropertyValue('--sheet-height'))"))
    assert heights[0] < heights[1] < heights[2]
    for name, label in (("peek", "groter"), ("half", "zo groot mogelijk"), ("full", "klein")):
        grip.click()
        expect(page.locator(".sheet")).to_have_attribute("data-height", name)
        expect(grip).to_have_accessible_name(re.compile(label))


def test_on_a_phone_every_tool_lies_above_the_sheet(open_screen: OpenScreen) -> None:
    page = open_screen("/", size=Size.PHONE).ready("2d").page
    for width, height in ((390, 780), (320, 640), (320, 256)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(300)
        top = page.locator(".sheet").evaluate("sheet => sheet.getBoundingClientRect().top")
        for button in page.locator(".tools > button:visible").all():
            box = button.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["y"] + box["height"] <= top


def test_the_sheet_follows_a_finger(open_screen: OpenScreen) -> None:
    page = open_screen("/", size=Size.PHONE).ready("2d").page
    box = page.locator(".grip").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 14
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 120, steps=4)
    page.mouse.move(x, y + 220, steps=4)
    page.wait_for_timeout(400)
    page.mouse.move(x, y + 221)
    page.mouse.up()
    expect(page.locator(".sheet")).to_have_attribute("data-height", "peek")


def test_on_a_phone_a_question_and_a_tap_fill_the_sheet(open_screen: OpenScreen) -> None:
    screen = open_screen("/lijst", size=Size.PHONE)
    feature_id, lon, lat = screen.building()
    screen.go(f"/?camera={lon:.6f},{lat:.6f},0,-60,300")
    screen.ready("2d")
    page = screen.page
    page.get_by_role("link", name="Hoe oud zijn de gebouwen?").tap()
    expect(page.locator(".sheet .legend")).to_be_visible()
    screen.go(f"/?camera={lon:.6f},{lat:.6f},0,-60,300&kleur=gebouwen:bouwjaar")
    screen.ready("2d")
    box = screen.map().bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.22)
    screen.wait_for_query("keuze", f"gebouwen/{feature_id}")
    expect(page.locator(".sheet .card")).to_have_attribute("data-id", feature_id)
    page.get_by_role("button", name="Sluit de kaart van dit object").tap()
    expect(page.locator(".sheet .legend")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= Size.PHONE.width
