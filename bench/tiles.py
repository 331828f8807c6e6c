"""CityJSON to 3D Tiles: time by stage, size and memory. `python bench/tiles.py` from the repository.

Each case runs in a process of its own; times are the best of three runs in it, so that other work on
the machine counts as little as possible. Real files come from the open-data folder (OPEN_DATA).
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tweestad import __version__
from tweestad.tiles.check import check_tileset
from tweestad.tiles.convert import ConvertReport, convert_files

ROOT = Path(__file__).resolve().parents[1]
OPEN_DATA = Path(os.environ.get("OPEN_DATA") or ROOT.parent / "shared" / "data") / "buildings3d"
RESULTS = ROOT / "bench/results/tiles.json"
REPEATS = 3
COPIES = 20

AMSTERDAM = "amsterdam-weesperbuurt_roofer-lod22_2026.city.jsonl.gz"
DELFT = "delft-wippolder_3dbag-v210908-tile5907-subset.city.json.gz"
THE_HAGUE = "denhaag-scheveningen_tile01-lod2-terrain_cityjson10+citygml.zip"


def amsterdam(_: Path) -> list[Path]:
    """LoD 2.2 of a canal district, about 90 triangles per building."""
    return [OPEN_DATA / AMSTERDAM]


def delft(_: Path) -> list[Path]:
    """LoD 2.2 of the 3DBAG, about 105 triangles per building."""
    return [OPEN_DATA / DELFT]


def the_hague(folder: Path) -> list[Path]:
    """LoD 2 of a seaside district, about 35 triangles per building; its version 0.8 reads as 1.0."""
    with zipfile.ZipFile(OPEN_DATA / THE_HAGUE) as archive:
        (name,) = [n for n in archive.namelist() if n == "DenHaag/DenHaag_01.json"]
        body = json.loads(archive.read(name))
    body["version"] = "1.0"
    target = folder / "denhaag.city.json"
    target.write_text(json.dumps(body), encoding="utf-8")
    return [target]


def many(folder: Path) -> list[Path]:
    """Twenty shifted copies of the Amsterdam district beside each other, a file each."""
    header, *features = gzip.decompress((OPEN_DATA / AMSTERDAM).read_bytes()).splitlines()
    parsed = [json.loads(line) for line in features]
    files = []
    for copy in range(COPIES):
        shift = np.array([700_000 * (copy % 5), -650_000 * (copy // 5), 0])
        lines = [header]
        for feature in parsed:
            vertices = (np.array(feature["vertices"]) + shift).tolist()
            text = json.dumps({**feature, "vertices": vertices})
            lines.append(text.replace('"identificatie": "', f'"identificatie": "{copy}-').encode())
        files.append(folder / f"{copy}.city.jsonl")
        files[-1].write_bytes(b"\n".join(lines))
    return files


CASES: dict[str, Callable[[Path], list[Path]]] = {
    "Amsterdam, LoD 2.2": amsterdam,
    "Delft, LoD 2.2": delft,
    "The Hague, LoD 2": the_hague,
    f"Amsterdam {COPIES} times": many,
}


def run_case(name: str) -> dict[str, Any]:
    """Convert one case and describe the best run; for a process of its own."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        sources = CASES[name](folder)
        before = _peak_mb()
        repeats = 1 if name.endswith("times") else REPEATS
        runs = [_timed(sources, folder / str(n)) for n in range(repeats)]
        best, cpu = min(runs, key=lambda run: sum(s for _, s in run[0].seconds))
        peak = _peak_mb()
        faults = [
            f for t in best.tilesets for f in check_tileset(folder / "0" / t.id / "tileset.json").faults
        ]
    return _described(name, best, cpu, {"faults": len(faults), "rss_mb": {"before": before, "peak": peak}})


def _timed(sources: list[Path], out: Path) -> tuple[ConvertReport, float]:
    started = time.process_time()
    return convert_files(sources, out, crs=28992), time.process_time() - started


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _described(name: str, report: ConvertReport, cpu: float, facts: dict[str, Any]) -> dict[str, Any]:
    seconds = {stage: round(s, 3) for stage, s in report.seconds}
    total = sum(s for _, s in report.seconds)
    thousands = report.objects_out / 1000
    return {
        "case": name,
        "objects_in": report.objects_in,
        "objects_out": report.objects_out,
        "rejected": len(report.rejected),
        "shapeless": len(report.shapeless),
        "triangles": report.triangles,
        "lines": sum(t.lines for t in report.tilesets),
        "tiles": sum(t.tiles for t in report.tilesets),
        "seconds": seconds,
        "seconds_total": round(total, 3),
        "seconds_cpu": round(cpu, 3),
        "seconds_per_1000": round(total / thousands, 3),
        "seconds_cpu_per_1000": round(cpu / thousands, 3),
        "objects_per_second": round(report.objects_out / total),
        "mb": {t.id: round(t.bytes / 1e6, 3) for t in report.tilesets},
        "gzip_mb_per_1000": {t.id: round(t.gzip_bytes / 1e6 / thousands, 3) for t in report.tilesets},
        **facts,
    }


def machine() -> dict[str, Any]:
    """What the figures were measured on, without its name."""
    cpuinfo = Path("/proc/cpuinfo")
    models = re.findall(r"model name\s*:\s*(.+)", cpuinfo.read_text()) if cpuinfo.exists() else []
    return {
        "cpu": models[0] if models else platform.machine(),
        "cores": os.cpu_count(),
        "busy_with_other_work": round(os.getloadavg()[0], 1),
        "system": platform.system(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "tweestad": __version__,
    }


def print_table(rows: list[dict[str, Any]]) -> None:
    """One line per case; `gz` is MB per 1,000 objects, of the buildings and of the lines on them."""
    names = ("case", "in", "out", "rej", "read", "plan", "draw", "write", "s/1000", "cpu/1000", "obj/s")
    lines = [(*names, "MB", "gz", "gz lines", "RSS MB", "faults")]
    for row in rows:
        stages = [f"{row['seconds'][s]:.2f}" for s in ("read", "plan", "draw", "write")]
        rates = [f"{row[n]:.2f}" for n in ("seconds_per_1000", "seconds_cpu_per_1000")]
        sizes = [f"{sum(row['mb'].values()):.2f}", *(f"{v:.3f}" for v in row["gzip_mb_per_1000"].values())]
        counts = [str(row[n]) for n in ("objects_in", "objects_out", "rejected")]
        end = [str(row["rss_mb"]["peak"]), str(row["faults"])]
        lines.append((row["case"], *counts, *stages, *rates, str(row["objects_per_second"]), *sizes, *end))
    widths = [max(len(line[n]) for line in lines) for n in range(len(lines[0]))]
    for first, *rest in lines:
        print(first.ljust(widths[0]), *(v.rjust(w) for v, w in zip(rest, widths[1:], strict=True)), sep="  ")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case", choices=list(CASES), help="run one case here and print it as JSON")
    chosen = parser.parse_args().case
    if chosen:
        print(json.dumps(run_case(chosen)))
        return 0
    if not OPEN_DATA.is_dir():
        print("the open-data folder is not there (OPEN_DATA)", file=sys.stderr)
        return 2
    rows = []
    for name in CASES:
        command = [sys.executable, str(Path(__file__)), "--case", name]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        rows.append(json.loads(done.stdout))
    print_table(rows)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    result = {"bench": "tiles", "machine": machine(), "cases": rows}
    RESULTS.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
