"""What a visitor draws and opens, in the 3D scene: seen in its pixels and in its heights."""

from __future__ import annotations

import json
import struct

import numpy as np
from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import OpenScreen
from tests.browser.screen import Size
from tests.browser.test_own_files import tower
from tweestad.crs import from_lonlat

SKETCH = "#4a2f8f"


def _block(lon: float, lat: float) -> FilePayload:
    """A CityJSON block of 20 by 20 by 60 m."""
    x, y = (int(value * 1000) for value in from_lonlat(np.array([[lon, lat]]))[0])
    corners = [(0, 0), (20_000, 0), (20_000, 20_000), (0, 20_000)]
    vertices = [[x + dx, y + dy, z] for z in (0, 60_000) for dx, dy in corners]
    faces = [[0, 3, 2, 1], [4, 5, 6, 7], [0, 1, 5, 4], [1, 2, 6, 5], [2, 3, 7, 6], [3, 0, 4, 7]]
    solid = {"type": "Solid", "lod": "2", "boundaries": [[[face] for face in faces]]}
    city = {
        "type": "CityJSON",
        "version": "2.0",
        "transform": {"scale": [0.001] * 3, "translate": [0, 0, 0]},
        "metadata": {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/7415"},
        "CityObjects": {"blok": {"type": "Building", "geometry": [solid]}},
        "vertices": vertices,
    }
    return {"name": "blok.city.json", "mimeType": "application/json", "buffer": json.dumps(city).encode()}


def _without_its_points() -> FilePayload:
    """The tower with its corners said to be compressed, which they are not."""
    whole = tower()
    data = whole["buffer"]
    length = int.from_bytes(data[12:16], "little")
    gltf = json.loads(data[20 : 20 + length])
    gltf["extensionsUsed"] = gltf["extensionsRequired"] = ["EXT_meshopt_compression"]
    view = {"buffer": 0, "byteLength": 36, "byteStride": 12, "count": 3, "mode": "ATTRIBUTES"}
    gltf["bufferViews"][0]["extensions"] = {"EXT_meshopt_compression": view}
    text = json.dumps(gltf).encode()
    text += b" " * (-len(text) % 4)
    rest = data[20 + length :]
    head = b"glTF" + struct.pack("<II", 2, 20 + len(text) + len(rest))
    body = head + struct.pack("<II", len(text), 0x4E4F534A) + text + rest
    return {"name": "stuk.glb", "mimeType": "model/gltf-binary", "buffer": body}


def test_a_height_is_measured_on_the_model_and_own_models_stand_in_the_scene(open_screen: OpenScreen) -> None:
    screen = open_screen("/lijst", size=Size.SCENE)
    feature_id, lon, lat = screen.building()
    row = screen.json(f"/api/v1/layers/gebouwen/features/{feature_id}")["properties"]
    # From straight above the largest building: its roof is in the middle of the map.
    screen.go(
        f"/?beeld=3d&paneel=dicht&camera={lon:.6f},{lat:.6f},0,-89,250&meet=height:{lon:.7f},{lat:.7f},0"
    )
    page = screen.ready("3d").page
    # A link with one point of two goes on where it was.
    screen.map().focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-box=measure] .measured .main dt")).to_have_text("Verschil")
    _, _, top = (float(part) for part in screen.query()["meet"].split("|")[1].split(","))
    ground, height = row["maaiveld_nap_m"], row["hoogte_m"]
    # Within the roof: below its ridge, and well above the street.
    assert ground + height / 3 < top < ground + height + 1
    screen.go(f"/?beeld=3d&paneel=dicht&camera={lon:.6f},{lat:.6f},0,-45,400")
    screen.ready("3d")
    page.click("[data-tool=more]")
    page.click("[data-tool=own]")
    page.set_input_files("#own-file", [_block(lon - 0.0006, lat), tower()])
    expect(page.locator("[data-box=own] .own-file")).to_have_count(2)
    page.get_by_role("button", name="Sluit: Eigen bestand bekijken").click()
    page.wait_for_timeout(1500)
    assert screen.count("#2a63a0", near=40) > 200
    assert screen.count("#00c000", near=90) > 200
    # What can be read and not be drawn is said where it was opened.
    screen.forgiven = ("",)
    page.click("[data-tool=more]")
    page.click("[data-tool=own]")
    page.set_input_files("#own-file", _without_its_points())
    caution = page.locator("[data-box=own] .own-file .caution")
    expect(caution).to_contain_text("kan dit model niet tekenen", timeout=30_000)
    expect(caution).to_have_count(1)
    # And it takes nothing else with it: the scene and the other models stand.
    page.wait_for_timeout(1000)
    expect(page.locator(".toast")).to_have_count(0)
    assert screen.query()["beeld"] == "3d"
    assert page.locator("tw-app").get_attribute("data-ready") == "3d"


def test_a_drawn_line_is_seen_through_the_buildings(open_screen: OpenScreen) -> None:
    screen = open_screen("/lijst", size=Size.SCENE)
    _, lon, lat = screen.building()
    line = f"{lon - 0.001:.6f},{lat:.6f}|{lon + 0.001:.6f},{lat:.6f}"
    screen.go(f"/?beeld=3d&paneel=dicht&camera={lon:.6f},{lat:.6f},0,-30,400&meet=distance:{line}")
    screen.ready("3d")
    assert screen.count(SKETCH, near=30) > 60
