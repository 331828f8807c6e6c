"""The screen as a visitor meets it, and its pixels."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import ConsoleMessage, Locator, Page, Request

READY_MS = 120_000

# The browser decodes its own picture: no image library is needed.
_COUNT = """
async ([png, colour, near]) => {
  const image = new Image();
  image.src = 'data:image/png;base64,' + png;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width; canvas.height = image.height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  const data = context.getImageData(0, 0, image.width, image.height).data;
  let count = 0, x = 0, y = 0;
  const seen = new Set();
  for (let i = 0; i < data.length; i += 4) {
    const [r, g, b] = [data[i], data[i + 1], data[i + 2]];
    seen.add((r >> 3) * 1024 + (g >> 3) * 32 + (b >> 3));
    if (!colour) continue;
    const off = [r - colour[0], g - colour[1], b - colour[2]].map(Math.abs);
    if (Math.max(...off) > near) continue;
    count++;
    x += (i / 4) % image.width;
    y += Math.floor(i / 4 / image.width);
  }
  return { count, colours: seen.size, x: x / count, y: y / count };
}
"""


_GRID = """
async ([png, across, down]) => {
  const image = new Image();
  image.src = 'data:image/png;base64,' + png;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width; canvas.height = image.height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  const places = Array.from({ length: across * down }, (_, n) => [n % across, Math.floor(n / across)]);
  return places.map(([x, y]) => [...context.getImageData(
    Math.floor((x + 0.5) * image.width / across), Math.floor((y + 0.5) * image.height / down), 1, 1,
  ).data].slice(0, 3));
}
"""


class Size(Enum):
    """Widths at which the screen is designed; SCENE is small because software draws it."""

    DESKTOP = (1440, 900)
    SMALL = (1024, 768)
    PHONE = (390, 780)
    SCENE = (640, 400)

    @property
    def width(self) -> int:
        return self.value[0]

    @property
    def height(self) -> int:
        return self.value[1]


@dataclass(slots=True)
class Screen:
    """One page with what went wrong on it. `elsewhere` are requests to another host."""

    page: Page
    address: str
    elsewhere: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    forgiven: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        # Not the methods themselves: Playwright hangs attributes on their owner, which has slots.
        self.page.on("request", lambda each: self._note_request(each))  # noqa: PLW0108
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda each: self._note_message(each))  # noqa: PLW0108

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)

    def ready(self, view: str = "2d") -> Screen:
        """Wait until the first whole picture of this view is on the screen."""
        self.page.wait_for_selector(f"tw-app[data-ready='{view}']", timeout=READY_MS)
        return self

    def query(self) -> dict[str, str]:
        """What the address says now, by key."""
        return {key: values[0] for key, values in parse_qs(urlsplit(self.page.url).query).items()}

    def wait_for_query(self, key: str, value: str) -> None:
        self.page.wait_for_function(
            "([key, value]) => new URLSearchParams(location.search).get(key) === value", arg=[key, value]
        )

    def json(self, path: str) -> Any:
        """An answer of the twin's API."""
        return self.page.request.get(self.address + path).json()

    def building(self, number: int = 0) -> tuple[str, float, float]:
        """Id, lon and lat of a building with its own middle inside it (no courtyard); the largest first."""
        features = self.json("/api/v1/layers/gebouwen/features?limit=100")["features"]
        boxes = [(each["id"], *_box(each["geometry"])) for each in features]
        boxes.sort(key=lambda box: (box[1] - box[3]) * (box[4] - box[2]))
        for feature_id, west, south, east, north in boxes:
            lon, lat = (west + east) / 2, (south + north) / 2
            found = self.json(f"/api/v1/pick?lon={lon}&lat={lat}&radius=1&layers=gebouwen")["objects"]
            if any(each["id"] == feature_id and each["distanceM"] == 0 for each in found):
                number -= 1
            if number < 0:
                return cast(str, feature_id), lon, lat
        raise AssertionError("no such building")

    def map(self) -> Locator:
        return self.page.locator(".map")

    def count(self, colour: str = "", *, near: int = 6, of: str = ".map") -> int:
        """How many pixels of the map have (nearly) this colour."""
        return int(self._pixels(colour, near, of)["count"])

    def where(self, colour: str, *, near: int = 6, of: str = ".map") -> tuple[float, float]:
        """The middle of all that has (nearly) this colour, in pixels of the page."""
        found = self._pixels(colour, near, of)
        assert found["count"], f"nothing is {colour}"
        box = self.page.locator(of).first.bounding_box()
        assert box is not None
        return box["x"] + found["x"], box["y"] + found["y"]

    def grid(self, across: int, down: int, of: str = ".map") -> list[list[int]]:
        """The colours of the map at so many places across and down, row by row."""
        png = base64.b64encode(self.page.locator(of).first.screenshot()).decode()
        return cast(list[list[int]], self.page.evaluate(_GRID, [png, across, down]))

    def colours(self, of: str = ".map") -> int:
        """How many clearly different colours the map shows; a blank canvas has one."""
        return int(self._pixels("", 0, of)["colours"])

    def _pixels(self, colour: str, near: int, of: str) -> dict[str, int]:
        png = base64.b64encode(self.page.locator(of).first.screenshot()).decode()
        rgb = [int(colour[i : i + 2], 16) for i in (1, 3, 5)] if colour else None
        return cast(dict[str, int], self.page.evaluate(_COUNT, [png, rgb, near]))

    def _note_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
            self.elsewhere.append(request.url)

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(part in message.text for part in self.forgiven):
            self.faults.append(message.text)


def _box(geometry: dict[str, Any]) -> tuple[float, float, float, float]:
    points: list[list[float]] = []

    def gather(value: Any) -> None:
        if isinstance(value[0], int | float):
            points.append(value)
        else:
            for each in value:
                gather(each)

    gather(geometry["coordinates"])
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    return min(lons), min(lats), max(lons), max(lats)
