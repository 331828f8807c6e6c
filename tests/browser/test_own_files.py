"""A visitor's own file on the map: read in the browser, chosen, marked as not ours, and taken away."""

from __future__ import annotations

import json
import struct

import pytest
from playwright.sync_api import FilePayload, Page, Request, expect

from tests.browser.conftest import OpenScreen
from tests.browser.screen import Screen, Size
from tests.browser.test_accessibility import violations

BOX = "[data-box=own]"
BLUE = "#1f5fa8"
SELECTED = "#c0265f"
NAME = "Speeltuin <img src=x onerror=alert(1)>"


def _plan(lon: float, lat: float) -> FilePayload:
    """A square of about 40 m round a place, and a record without a shape."""
    ring = [[lon + x * 0.0003, lat + y * 0.00018] for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]
    features = [
        {
            "type": "Feature",
            "properties": {"naam": NAME, "open": True, "leeg": None},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        },
        {"type": "Feature", "properties": {}, "geometry": None},
    ]
    body = json.dumps({"type": "FeatureCollection", "features": features})
    return {"name": "plan.geojson", "mimeType": "application/geo+json", "buffer": body.encode()}


def _table(lon: float, lat: float) -> FilePayload:
    rows = "".join(f"Boom {n};{lat + n * 0.0001:.6f};{lon:.6f}\n" for n in range(3))
    return {"name": "bomen.csv", "mimeType": "text/csv", "buffer": f"naam;lat;lon\n{rows}".encode()}


def tower() -> FilePayload:
    """A GLB of one upright triangle, 40 m wide and 60 m high, that does not say where it stands."""
    corners = struct.pack("<9f", -20, 0, 0, 20, 0, 0, 0, 60, 0)
    accessor = {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3"}
    gltf = {
        "asset": {"version": "2.0"},
        "buffers": [{"byteLength": len(corners)}],
        "bufferViews": [{"buffer": 0, "byteLength": len(corners)}],
        "accessors": [{**accessor, "min": [-20, 0, 0], "max": [20, 60, 0]}],
        "materials": [{"doubleSided": True, "pbrMetallicRoughness": {"baseColorFactor": [0, 1, 0, 1]}}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "material": 0}]}],
        "nodes": [{"mesh": 0}],
        "scenes": [{"nodes": [0]}],
    }
    text = json.dumps(gltf).encode()
    text += b" " * (-len(text) % 4)
    body = struct.pack("<II", len(text), 0x4E4F534A) + text + struct.pack("<II", len(corners), 0x004E4942)
    data = struct.pack("<4sII", b"glTF", 2, 12 + len(body) + len(corners)) + body + corners
    return {"name": "toren.glb", "mimeType": "model/gltf-binary", "buffer": data}


def _near_the_town(open_screen: OpenScreen, size: Size = Size.DESKTOP) -> tuple[Screen, float, float]:
    screen = open_screen("/lijst", size=size)
    _, lon, lat = screen.building()
    screen.go(f"/?beeld=2d&paneel=dicht&camera={lon:.6f},{lat:.6f},0,-60,300")
    return screen.ready(), lon, lat


def _open(page: Page) -> None:
    page.click("[data-tool=more]")
    page.click("[data-tool=own]")
    expect(page.locator(f"{BOX} h2")).to_be_focused()


def test_a_geojson_is_drawn_and_its_object_chosen_as_text_and_not_as_ours(open_screen: OpenScreen) -> None:
    screen, lon, lat = _near_the_town(open_screen)
    page = screen.page
    _open(page)
    expect(page.locator(BOX)).to_contain_text("blijft in uw browser")
    sent: list[Request] = []
    # Not the method itself: Playwright hangs attributes on it.
    page.on("request", lambda each: sent.append(each))  # noqa: PLW0108
    page.set_input_files("#own-file", _plan(lon, lat))
    file = page.locator(f"{BOX} .own-file")
    expect(file).to_contain_text("Objecten op de kaart: 1")
    expect(file).to_contain_text("1 zonder vorm")
    assert {request.method for request in sent} <= {"GET"}
    assert all("/static/" in request.url or request.url.startswith("blob:") for request in sent)
    assert screen.count(BLUE, near=30) > 100
    middle = screen.map().bounding_box()
    assert middle is not None
    page.mouse.click(720, middle["y"] + middle["height"] / 2)
    chosen = page.locator(f"{BOX} .own-object")
    expect(chosen).to_contain_text("Niet van de gemeente")
    expect(chosen.locator("dd").first).to_have_text(NAME)
    assert chosen.locator("img").count() == 0
    assert screen.count(SELECTED, near=30) > 100
    query = screen.query()
    assert "keuze" not in query
    assert "plan" not in page.url
    page.get_by_role("button", name="Haal plan weg").click()
    expect(file).to_have_count(0)
    assert screen.count(BLUE, near=30) < 50


def test_a_table_with_places_is_opened_with_the_keyboard_alone(open_screen: OpenScreen) -> None:
    screen, lon, lat = _near_the_town(open_screen)
    page = screen.page
    page.locator("[data-tool=more]").focus()
    page.keyboard.press("Enter")
    for _ in range(8):
        if page.evaluate("document.activeElement.dataset.tool") == "own":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(f"{BOX} h2")).to_be_focused()
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "own-file":
            break
    expect(page.locator("#own-file")).to_be_focused()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(_table(lon, lat))
    expect(page.locator(f"{BOX} .own-file")).to_contain_text("Objecten op de kaart: 3")
    expect(page.locator("#spoken")).to_have_text("bomen is geopend. Objecten: 3.")
    expect(page.locator("#own-file")).to_be_focused()


@pytest.mark.parametrize("size", [Size.DESKTOP, Size.PHONE], ids=lambda size: size.name.lower())
def test_the_answer_stands_in_sight_below_the_field_until_the_file_is_gone(
    open_screen: OpenScreen, size: Size
) -> None:
    screen, lon, lat = _near_the_town(open_screen, size)
    page = screen.page
    _open(page)
    expect(page.locator(f"{BOX} label[for=own-file]")).to_be_visible()
    page.set_input_files("#own-file", _table(lon, lat))
    answer = page.locator(f"{BOX} .own-answers p")
    expect(answer).to_have_text("bomen is geopend. Objecten: 3.")
    expect(answer).to_be_in_viewport(ratio=1)
    broken: FilePayload = {"name": "stuk.geojson", "mimeType": "", "buffer": b'{"type": "FeatureColl'}
    page.locator(f"{BOX} .own-file").scroll_into_view_if_needed()
    page.set_input_files("#own-file", [broken, _plan(lon, lat)])
    expect(answer).to_have_count(2)
    expect(answer.first).to_contain_text("stuk.geojson: Dit is geen geldige JSON")
    expect(answer.first).to_be_in_viewport(ratio=1)
    expect(answer.last).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Haal plan weg").click()
    expect(answer).to_have_count(1)


def test_a_dropped_file_is_opened_and_a_broken_one_refused_with_a_reason(open_screen: OpenScreen) -> None:
    screen, lon, lat = _near_the_town(open_screen)
    page = screen.page
    drop = """
    ([name, text]) => {
      const data = new DataTransfer();
      data.items.add(new File([text], name));
      for (const kind of ['dragover', 'drop'])
        document.querySelector('.map').dispatchEvent(
          new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
    }
    """
    page.evaluate(drop, ["plan.geojson", _plan(lon, lat)["buffer"].decode()])
    expect(page.locator(f"{BOX} .own-file")).to_have_count(1)
    page.evaluate(drop, ["stuk.geojson", '{"type": "FeatureColl'])
    expect(page.locator(f"{BOX} .caution")).to_contain_text("stuk.geojson: Dit is geen geldige JSON")
    expect(page.locator(f"{BOX} .own-file")).to_have_count(1)


def test_measuring_goes_before_choosing_from_an_own_file(open_screen: OpenScreen) -> None:
    screen, lon, lat = _near_the_town(open_screen)
    page = screen.page
    _open(page)
    page.set_input_files("#own-file", _plan(lon, lat))
    expect(page.locator(f"{BOX} .own-file")).to_have_count(1)
    page.click("[data-tool=more]")
    page.click("[data-tool=measure]")
    page.mouse.click(720, 450)
    expect(page.locator("[data-box=measure] .points summary")).to_have_text("1 punt")
    expect(page.locator(f"{BOX} .own-object")).to_have_count(0)


@pytest.mark.parametrize("size", [Size.DESKTOP, Size.PHONE], ids=lambda size: size.name.lower())
def test_own_files_have_no_violations(open_screen: OpenScreen, axe_source: str, size: Size) -> None:
    screen, lon, lat = _near_the_town(open_screen, size)
    page = screen.page
    _open(page)
    assert violations(screen, axe_source) == []
    page.set_input_files("#own-file", [_plan(lon, lat), _table(lon, lat)])
    expect(page.locator(f"{BOX} .own-file")).to_have_count(2)
    page.set_input_files("#own-file", tower())
    expect(page.locator(f"{BOX} .placing")).to_be_visible()
    map_box = screen.map().bounding_box()
    assert map_box is not None
    share = 0.5 if size is Size.DESKTOP else 0.22
    page.mouse.click(size.width / 2, map_box["y"] + map_box["height"] * share)
    expect(page.locator(f"{BOX} .own-object")).to_be_visible()
    assert violations(screen, axe_source) == []
