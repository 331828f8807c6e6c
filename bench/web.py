"""What the screen costs a visitor: bytes, requests, seconds and work per task. `python bench/web.py`.

Serves the demo city on 127.0.0.1 and opens it in Chromium with an empty cache and software rendering, once
as a flat map on a phone and once in 3D at 1000 x 640. Bytes are as sent (compressed). Limits are those of
the design; a row above its limit says so. Another city: `CITY=voorbeeldstad`.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from tiles import machine

from tests.browser.conftest import FLAGS
from tweestad.app import create_app
from tweestad.build.pipeline import build
from tweestad.config import Config

ROOT = Path(__file__).resolve().parents[1]
CITY = os.environ.get("CITY") or "amsterdam"
OPEN_DATA = Path(os.environ.get("OPEN_DATA") or ROOT.parent / "shared" / "data")
RESULTS = ROOT / "bench/results/web.json"
RUNS = 3
IDLE_S = 10
KB, MB = 1000, 1_000_000

# What the page itself can tell: when it painted, how long our own work and whole tasks took.
WATCH = """
window.seen = { paint: 0, own: [], tasks: [] };
new PerformanceObserver((list) => {
  for (const one of list.getEntries())
    if (one.name === 'first-contentful-paint') seen.paint = one.startTime;
}).observe({ type: 'paint', buffered: true });
new PerformanceObserver((list) => {
  for (const one of list.getEntries())
    if (one.name.startsWith('tweestad:')) seen.own.push([one.name, one.duration]);
}).observe({ type: 'measure', buffered: true });
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) seen.tasks.push(one.duration);
}).observe({ type: 'longtask', buffered: true });
"""


@dataclass(slots=True)
class Traffic:
    """What went over the line of one page."""

    kinds: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def listen(self, session: CDPSession) -> None:
        session.send("Network.enable")
        # Not the method itself: Playwright hangs attributes on its owner, which has slots.
        session.on("Network.responseReceived", lambda e: self.kinds.update({e["requestId"]: e["type"]}))
        session.on("Network.loadingFinished", lambda event: self._finish(event))  # noqa: PLW0108

    def _finish(self, event: dict[str, Any]) -> None:
        key = event["requestId"]
        self.sizes[key] = self.sizes.get(key, 0) + int(event["encodedDataLength"])

    @property
    def bytes(self) -> int:
        return sum(self.sizes.values())

    @property
    def scripts(self) -> int:
        return sum(size for key, size in self.sizes.items() if self.kinds.get(key) == "Script")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure with its limit, both in the same unit."""

    what: str
    value: float
    unit: str
    limit: float | None = None

    def text(self) -> str:
        limit = "" if self.limit is None else f"{self.limit:>10g}"
        late = "  above the limit" if self.limit is not None and self.value > self.limit else ""
        return f"{self.what:<52}{self.value:>10.3g} {self.unit:<9}{limit}{late}"


def open_page(browser: Browser, address: str, path: str, size: tuple[int, int], view: str) -> dict[str, Any]:
    """The figures of one visit with an empty cache."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="nl-NL")
    page = context.new_page()
    traffic = Traffic()
    traffic.listen(context.new_cdp_session(page))
    page.add_init_script(WATCH)
    started = time.perf_counter()
    page.goto(address + path, wait_until="commit")
    page.wait_for_selector(f"tw-app[data-ready='{view}']", timeout=120_000)
    ready = time.perf_counter() - started
    page.wait_for_load_state("networkidle")
    found = {
        "ready_s": ready,
        "bytes": traffic.bytes,
        "scripts": traffic.scripts,
        "requests": len(traffic.sizes),
        **_of_page(page),
    }
    before = len(traffic.sizes)
    page.wait_for_timeout(IDLE_S * 1000)
    found["idle_requests"] = len(traffic.sizes) - before
    context.close()
    return found


def _of_page(page: Page) -> dict[str, Any]:
    seen = page.evaluate("window.seen")
    own = max(seen["own"], key=lambda one: one[1], default=["", 0.0])
    return {
        "text_s": seen["paint"] / 1000,
        "own_ms": own[1],
        "own_name": own[0],
        "longest_task_ms": max(seen["tasks"], default=0.0),
    }


def rows(flat: list[dict[str, Any]], scene: list[dict[str, Any]]) -> list[Row]:
    def mid(visits: list[dict[str, Any]], key: str) -> float:
        return float(statistics.median(visit[key] for visit in visits))

    return [
        Row("text on the screen (phone, flat)", mid(flat, "text_s"), "s", 1),
        Row("flat map (phone)", mid(flat, "ready_s"), "s", 2),
        Row("sent before 3D: all of the flat screen", mid(flat, "bytes") / KB, "kB"),
        Row("of which our script", mid(flat, "scripts") / KB, "kB", 150),
        Row("requests of the flat screen", mid(flat, "requests"), "", 60),
        Row("first whole 3D picture (1000 x 640)", mid(scene, "ready_s"), "s", 10),
        Row("script to the first 3D picture", mid(scene, "scripts") / MB, "MB", 1.4),
        Row("sent to the first 3D picture", mid(scene, "bytes") / MB, "MB", 4),
        Row("requests to the first 3D picture", mid(scene, "requests"), "", 60),
        Row("longest own work in one task (flat)", mid(flat, "own_ms"), "ms", 50),
        Row(f"longest own work in one task (3D) {scene[0]['own_name']}", mid(scene, "own_ms"), "ms", 50),
        Row("longest task of all, with the engine (3D)", mid(scene, "longest_task_ms"), "ms"),
        Row(f"requests in {IDLE_S} idle seconds", max(v["idle_requests"] for v in (*flat, *scene)), "", 0),
    ]


def main() -> None:
    chromium = shutil.which("chromium") or sys.exit("Chromium is missing. On Debian: apt install chromium")
    with tempfile.TemporaryDirectory() as folder:
        config = Config(data_dir=Path(folder), open_data=OPEN_DATA)
        print(f"building {CITY}")
        build(ROOT / "demo" / CITY, config)
        settings = uvicorn.Config(create_app(config), port=0, log_level="warning", ws="none")
        server = uvicorn.Server(settings)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
            flat = [open_page(browser, address, "/?beeld=2d", (390, 780), "2d") for _ in range(RUNS)]
            scene = [open_page(browser, address, "/?beeld=3d", (1000, 640), "3d") for _ in range(RUNS)]
            version = browser.version
            browser.close()
        server.should_exit = True
        thread.join(10)
    found = rows(flat, scene)
    print(f"\n{CITY}, Chromium {version}, software rendering, median of {RUNS}\n")
    print(f"{'':<52}{'measured':>10} {'':<9}{'limit':>10}")
    for row in found:
        print(row.text())
    RESULTS.write_text(
        json.dumps(
            {
                "city": CITY,
                "chromium": version,
                "machine": machine(),
                "date": time.strftime("%Y-%m-%d"),
                "commit": subprocess.run(
                    ["git", "rev-parse", "--short", "HEAD"],
                    cwd=ROOT,
                    capture_output=True,
                    text=True,
                    check=True,
                ).stdout.strip(),
                "rows": [[row.what, round(row.value, 3), row.unit, row.limit] for row in found],
            },
            indent=2,
        )
        + "\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
