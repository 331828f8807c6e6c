"""Taking back what one did, and giving the map to others: link, picture, paper, frame."""

from __future__ import annotations

import base64
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenScreen
from tests.browser.frame_site import frame_site
from tests.browser.screen import Size

MAP = "/?beeld=2d&kleur=gebouwen:bouwjaar"
_SIZE_AND_COLOUR = """
async ([png, colour]) => {
  const image = new Image();
  image.src = 'data:image/png;base64,' + png;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width; canvas.height = image.height;
  const pen = canvas.getContext('2d');
  pen.drawImage(image, 0, 0);
  const data = pen.getImageData(0, 0, image.width, image.height).data;
  let count = 0;
  for (let i = 0; i < data.length; i += 4)
    if (Math.max(...[0, 1, 2].map((n) => Math.abs(data[i + n] - colour[n]))) <= 4) count++;
  return [image.width, image.height, count];
}
"""

# Of a part of the map in a picture: how many pixels are dark, and how many as white as the plate of a label.
_INK_IN = """
async ([png, x, y, width, height]) => {
  const image = new Image();
  image.src = 'data:image/png;base64,' + png;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width; canvas.height = image.height;
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  // Above the map stand its title and date, on white.
  const edge = context.getImageData(0, 0, 1, image.height).data;
  let head = 0;
  while (Math.min(...edge.slice(head * 4, head * 4 + 3)) === 255) head++;
  const { data } = context.getImageData(x, y + head, Math.round(width), Math.round(height));
  let [ink, plate] = [0, 0];
  for (let i = 0; i < data.length; i += 4) {
    const light = Math.min(data[i], data[i + 1], data[i + 2]);
    if (light < 100) ink++; else if (light > 250) plate++;
  }
  return [ink, plate];
}
"""


def test_undo_and_redo_go_by_keys_and_by_the_menu(open_screen: OpenScreen) -> None:
    screen = open_screen("/?beeld=2d&paneel=verken").ready()
    page = screen.page
    page.locator("#layer-water").uncheck()
    assert "water" not in screen.query()["lagen"]
    page.locator(".map").focus()
    page.keyboard.press("Control+z")
    expect(page.locator("#layer-water")).to_be_checked()
    page.keyboard.press("Control+Shift+z")
    expect(page.locator("#layer-water")).not_to_be_checked()
    _open_tool(page, "undo")
    expect(page.locator("#layer-water")).to_be_checked()
    page.locator("[data-tool=more]").click()
    expect(page.locator("#tool-menu [data-tool=undo]")).to_be_disabled()
    page.keyboard.press("Escape")
    expect(page.locator("[data-tool=more]")).to_be_focused()


def test_the_drag_of_a_slider_is_one_step_to_take_back(open_screen: OpenScreen) -> None:
    screen = open_screen("/?beeld=2d&paneel=dicht&zon=2026-06-21T12:00").ready()
    page = screen.page
    slider = page.get_by_label("Tijd van de dag")
    box = slider.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    for share in (0.6, 0.7, 0.8):
        page.mouse.move(box["x"] + box["width"] * share, y)
    assert screen.query()["zon"] == "2026-06-21T12:00"
    page.mouse.up()
    page.wait_for_function("new URLSearchParams(location.search).get('zon') > '2026-06-21T17:00'")
    page.keyboard.press("Control+z")
    screen.wait_for_query("zon", "2026-06-21T12:00")


def test_the_lengths_of_a_drawing_stand_in_the_picture_too(open_screen: OpenScreen, tmp_path: Path) -> None:
    screen = open_screen("/lijst")
    _, lon, lat = screen.building()
    line = f"{lon - 0.001:.6f},{lat:.6f}|{lon + 0.001:.6f},{lat:.6f}"
    screen.go(f"/?beeld=2d&paneel=dicht&camera={lon:.6f},{lat:.6f},0,-60,300&meet=distance:{line}")
    page = screen.ready().page
    label = page.locator(".sketch-label span").first.bounding_box()
    map_box = page.locator(".map").bounding_box()
    assert label is not None
    assert map_box is not None
    _open_tool(page, "share")
    with page.expect_download() as kept:
        page.get_by_role("button", name="Bewaar als afbeelding").click()
    kept.value.save_as(tmp_path / "kaart.png")
    png = base64.b64encode((tmp_path / "kaart.png").read_bytes()).decode()
    at = [label["x"] - map_box["x"], label["y"] - map_box["y"], label["width"], label["height"]]
    inked, plate = page.evaluate(_INK_IN, [png, *at])
    assert plate > 0.4 * label["width"] * label["height"]
    assert inked > 40


def test_the_picture_has_the_map_its_legend_and_its_sources(open_screen: OpenScreen, tmp_path: Path) -> None:
    screen = open_screen(MAP).ready()
    page = screen.page
    _open_tool(page, "share")
    with page.expect_download() as kept:
        page.get_by_role("button", name="Bewaar als afbeelding").click()
    kept.value.save_as(tmp_path / "kaart.png")
    expect(page.locator(".outcome")).to_contain_text("Bewaard als voorbeeldstad.png")
    box = page.locator(".map").bounding_box()
    assert box is not None
    png = base64.b64encode((tmp_path / "kaart.png").read_bytes()).decode()
    # Water on the map, and the key of the newest houses in the legend.
    for colour, least in (([0xA9, 0xC3, 0xCB], 2000), ([0xF6, 0xE2, 0x7A], 150)):
        width, height, pixels = page.evaluate(_SIZE_AND_COLOUR, [png, colour])
        assert pixels > least
    assert width == round(box["width"])
    assert height > box["height"] + 100


def test_the_link_and_the_frame_say_what_is_on_the_screen(open_screen: OpenScreen, host_site: str) -> None:
    screen = open_screen(MAP, permissions=["clipboard-read", "clipboard-write"]).ready()
    page = screen.page
    _open_tool(page, "share")
    assert "kleur=gebouwen:bouwjaar" in page.get_by_label("Link naar deze kaart").input_value()
    page.locator("[data-action=copy-link]").click()
    expect(page.locator(".outcome")).to_contain_text("Gekopieerd")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    page.get_by_text("Op een andere website").click()
    expect(page.locator(".tool-box")).to_contain_text(host_site.removeprefix("http://"))
    code = page.get_by_label("Code voor uw website").input_value()
    assert code.startswith(f'<iframe src="{screen.address}/inbedden?beeld=2d&amp;')


def test_an_allowed_website_frames_the_map_and_talks_with_it(open_screen: OpenScreen, host_site: str) -> None:
    screen = open_screen("/lijst")
    page = screen.page
    feature_id, _, _ = screen.building()
    page.goto(_framed(host_site, screen.address, "/inbedden?beeld=2d"))
    frame = page.frame_locator("iframe")
    frame.locator("tw-app[data-ready='2d']").wait_for()
    page.evaluate("say({ tweestad: 1, type: 'hello' })")
    page.wait_for_function("heard.some((one) => one.type === 'ready' && one.twin === 'voorbeeldstad')")
    page.evaluate("(id) => say({ tweestad: 1, type: 'choose', layer: 'gebouwen', id })", feature_id)
    expect(frame.locator(".card-holder h2").first).to_be_visible()
    page.wait_for_function(
        "(id) => heard.some((one) => one.type === 'chosen' && one.id === id)", arg=feature_id
    )
    page.evaluate("say({ tweestad: 1, type: 'look', camera: 'ergens' })")
    page.wait_for_function("heard.some((one) => one.type === 'refused' && one.reason === 'camera')")


def test_another_website_gets_no_frame_and_no_other_page_is_framed(
    open_screen: OpenScreen, host_site: str
) -> None:
    screen = open_screen("/lijst")
    screen.forgiven = ("frame-ancestors", "X-Frame-Options")
    with frame_site() as other:
        for site, path in ((other, "/inbedden?beeld=2d"), (host_site, "/?beeld=2d"), (host_site, "/lijst")):
            screen.page.goto(_framed(site, screen.address, path))
            screen.page.wait_for_load_state("networkidle")
            assert "chrome-error" in screen.page.frames[1].url


def test_the_box_to_share_has_no_barriers(open_screen: OpenScreen, axe_source: str) -> None:
    for size in (Size.DESKTOP, Size.PHONE):
        page = open_screen(MAP, size=size).ready().page
        _open_tool(page, "share")
        page.get_by_text("Op een andere website").click()
        page.evaluate(axe_source)
        found = page.evaluate("async () => (await axe.run()).violations.map((one) => one.id)")
        assert found == []


def _open_tool(page: Page, tool: str) -> None:
    page.locator("[data-tool=more]").click()
    page.locator(f"#tool-menu [data-tool={tool}]").click()


def _framed(site: str, twin: str, path: str) -> str:
    return f"{site}/wijk?{quote(twin + path, safe='')}"
