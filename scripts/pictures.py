"""Take the pictures of the documentation from the running product: `make pictures` (`NAME="zon tijd"`: some).

Serves the demo city on a free port, opens each screen in Chromium, waits until the map says that it
is drawn, and writes PNGs to docs/pictures/.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "pictures"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its file name, the address, and the size of the window in CSS pixels."""

    name: str
    path: str
    width: int = 1440
    height: int = 900
    map: bool = True


SHOTS = (
    Shot("thuis", "/?beeld=3d"),
    Shot("verken", "/?beeld=3d&kleur=gebouwen:bouwjaar&keuze={building}"),
    Shot("plat", "/?beeld=2d&kleur=gebouwen:bouwjaar"),
    Shot("zon", "/?beeld=3d&paneel=dicht&zon=2026-06-21T19:00"),
    Shot("tijd", "/?beeld=2d&kleur=gebouwen:bouwjaar&jaar=1930"),
    Shot("schuif", "/?beeld=2d&paneel=dicht&kleur=gebouwen:bouwjaar&schuif=0.5:jaar:1900"),
    Shot("doorsnede", "/stad/delft?beeld=2d&paneel=dicht&meet=profile:4.3651,52.0119|4.3680,52.0123"),
    Shot("lopen", "/stad/voorbeeldstad?beeld=3d&lopen=ja&paneel=dicht"),
    Shot("lijst", "/lijst/gebouwen", map=False),
    Shot("voorbeeldstad", "/stad/voorbeeldstad?beeld=3d&paneel=dicht"),
    Shot(
        "onder-de-grond",
        "/stad/voorbeeldstad?beeld=3d&paneel=dicht&onder=ja&camera=5.3131,52.7392,30,-35,260"
        "&lagen=gebouwen,water,straten,parken,bomen,riolering,leidingen",
    ),
    Shot("delft", "/stad/delft?beeld=3d&paneel=dicht"),
    Shot("telefoon-thuis", "/", 390, 780),
    Shot("telefoon-kaart", "/?keuze={building}", 390, 780),
)


def main() -> None:
    """Serve, take every picture or those that are named, stop the server."""
    chosen = [shot for shot in SHOTS if not sys.argv[1:] or shot.name in sys.argv[1:]]
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("Chromium is missing. On Debian: apt install chromium")
    OUT.mkdir(parents=True, exist_ok=True)
    port = free_port()
    server = subprocess.Popen(  # noqa: S603
        [ROOT / ".venv/bin/tweestad", "demo"],
        cwd=ROOT,
        env={**os.environ, "PORT": str(port)},
        start_new_session=True,
    )
    try:
        base = f"http://127.0.0.1:{port}"
        wait_until_served(base)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
            for shot in chosen:
                page = browser.new_page(viewport={"width": shot.width, "height": shot.height})
                take(page, base, shot)
                page.close()
            browser.close()
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=20)


def take(page: Page, base: str, shot: Shot) -> None:
    """Open the address, wait for the map, and write the picture."""
    if shot.path.startswith("/stad/"):
        wait_until_served(base + shot.path.partition("?")[0])
    page.goto(base + shot.path.format(building=showcase_building(base)))
    if shot.map:
        view = "[data-ready='3d']" if "beeld=3d" in shot.path else "[data-ready]"
        page.wait_for_selector(view, timeout=180_000)
        page.wait_for_timeout(1500)
    page.screenshot(path=OUT / f"{shot.name}.png")
    print(f"docs/pictures/{shot.name}.png  {shot.width} × {shot.height}", flush=True)


def showcase_building(base: str) -> str:
    """A large building of the demo city: the first of the list by height."""
    url = f"{base}/api/v1/layers/gebouwen/features?limit=1000"
    with urllib.request.urlopen(url) as answer:  # noqa: S310
        features = json.load(answer)["features"]
    tallest = max(features, key=lambda f: f["properties"].get("hoogte_m") or 0)
    return f"gebouwen/{tallest['id']}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_served(base: str, seconds: float = 600) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{base}/readyz").close()  # noqa: S310
        except OSError:
            time.sleep(0.5)
        else:
            return
    sys.exit("the demo did not start")


if __name__ == "__main__":
    main()
