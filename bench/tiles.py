"""CityJSON to 3D Tiles: time by stage, size and memory. `python bench/tiles.py` from the repository.

Each case runs in a process of its own; small cases are the best of three runs in it. On a machine with
other work only the processor time (`cpu`, of all processes together) says what a conversion costs. Memory
is the resident memory of all processes together, looked at ten times a second. Real files come from the
open-data folder (OPEN_DATA). bench/tiles_100k.py measures 100,000 buildings.
"""

from __future__ import annotations

import argparse
import gzip
import json
import multiprocessing
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from tweestad import __version__
from tweestad.tiles import block, triangulate
from tweestad.tiles.check import check_tileset
from tweestad.tiles.convert import ConvertReport, convert_files
from tweestad.tiles.surfaces import Numbers, Points, Surfaces

ROOT = Path(__file__).resolve().parents[1]
OPEN_DATA = Path(os.environ.get("OPEN_DATA") or ROOT.parent / "shared" / "data") / "buildings3d"
REPEATS = 3
PEER = ROOT / "var/bench-peer"
PEER_LIMIT_S = 300

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


def many(folder: Path, total: int) -> list[Path]:
    """So many buildings: shifted copies of the Amsterdam district beside each other, a file each."""
    header, *features = gzip.decompress((OPEN_DATA / AMSTERDAM).read_bytes()).splitlines()
    parsed = [(json.loads(line), np.array(json.loads(line)["vertices"])) for line in features]
    copies = -(-total // len(parsed))
    side = int(np.ceil(np.sqrt(copies)))
    files = []
    for copy in range(copies):
        column, row = copy % side - side // 2, copy // side - side // 2
        lines = [header]
        for feature, vertices in parsed[: total - copy * len(parsed)]:
            moved = (vertices + np.array([700_000 * column, -650_000 * row, 0])).tolist()
            text = json.dumps({**feature, "vertices": moved})
            lines.append(text.replace('"identificatie": "', f'"identificatie": "{copy}-').encode())
        files.append(folder / f"{copy}.city.jsonl")
        files[-1].write_bytes(b"\n".join(lines))
    return files


@dataclass(frozen=True, slots=True)
class Case:
    """What is converted, by how many processes."""

    sources: Callable[[Path], list[Path]]
    processes: int = 1
    repeats: int = 1


def cases_of(totals: Sequence[int]) -> dict[str, Case]:
    """So many buildings, by one process and by two."""
    return {
        f"{total:,} buildings, {processes} process{'es' * (processes > 1)}": Case(
            partial(many, total=total), processes
        )
        for total in totals
        for processes in (1, 2)
    }


CASES: dict[str, Case] = {
    "Amsterdam, LoD 2.2": Case(amsterdam, repeats=REPEATS),
    "Delft, LoD 2.2": Case(delft, repeats=REPEATS),
    "The Hague, LoD 2": Case(the_hague, repeats=REPEATS),
    **cases_of([1_000, 20_000]),
}
LARGEST = cases_of([100_000])


def run_case(name: str) -> dict[str, Any]:
    """Convert one case and describe the best run; for a process of its own."""
    case = {**CASES, **LARGEST}[name]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        sources = case.sources(folder)
        before = _resident_mb()
        memory = _Memory()
        memory.start()
        runs = [_timed(sources, folder / str(n), case.processes) for n in range(case.repeats)]
        best, cpu, pure = min(runs, key=lambda run: run[1])
        faults = [
            f for t in best.tilesets for f in check_tileset(folder / "0" / t.id / "tileset.json").faults
        ]
        facts = {
            "processes": case.processes,
            "faults": len(faults),
            "rss_mb": {"before": before, "peak": memory.peak_mb},
            "seconds_triangulation": round(pure, 3) if case.processes == 1 else None,
        }
    return _described(name, best, cpu, facts)


def _timed(sources: list[Path], out: Path, processes: int) -> tuple[ConvertReport, float, float]:
    """The report, the processor time of all processes and, with one, that of triangulation alone."""
    pure = 0.0
    original = triangulate.triangulate

    def watched(surfaces: Surfaces, local: Points, normals: Points) -> tuple[Numbers, Numbers]:
        nonlocal pure
        started = time.process_time()
        result = original(surfaces, local, normals)
        pure += time.process_time() - started
        return result

    started = _cpu_seconds()
    with mock.patch.object(block, "triangulate", watched):
        report = convert_files(sources, out, crs=28992, processes=processes)
    return report, _cpu_seconds() - started, pure


def _cpu_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


class _Memory(threading.Thread):
    """Looks ten times a second at the resident memory of this process and its workers."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak_mb = 0

    def run(self) -> None:
        while True:
            self.peak_mb = max(self.peak_mb, _resident_mb())
            time.sleep(0.1)


def _resident_mb() -> int:
    return sum(_pages(pid) for pid in (os.getpid(), *_children())) * os.sysconf("SC_PAGE_SIZE") // 2**20


def _children() -> list[int]:
    return [each.pid for each in multiprocessing.active_children() if each.pid is not None]


def _pages(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1])
    except OSError:
        return 0


def run_peer() -> dict[str, Any]:
    """cjio's export to glb of the same file of The Hague, in an environment of its own under var/."""
    fact: dict[str, Any] = {"case": "The Hague, cjio export glb", "limit_seconds": PEER_LIMIT_S}
    cjio = PEER / "bin" / "cjio"
    uv = Path(sys.executable).with_name("uv")
    if not cjio.exists():
        commands = [[str(uv), "venv", "-q", str(PEER)]]
        commands += [[str(uv), "pip", "install", "-q", "--python", str(PEER / "bin/python"), "cjio[export]"]]
        try:
            for command in commands:
                subprocess.run(command, check=True, capture_output=True, timeout=120)
        except (OSError, subprocess.SubprocessError) as exc:
            return {**fact, "told": f"cjio could not be installed ({type(exc).__name__})"}
    with tempfile.TemporaryDirectory() as temporary:
        (source,) = the_hague(Path(temporary))
        command = [str(cjio), str(source), "export", "glb", str(Path(temporary) / "peer.glb")]
        started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        try:
            done = subprocess.run(command, capture_output=True, timeout=PEER_LIMIT_S, check=False)
        except (OSError, subprocess.TimeoutExpired) as exc:
            return {**fact, "told": f"cjio was not done ({type(exc).__name__})"}
        seconds = round(time.perf_counter() - started, 1)
        cpu = round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before, 1)
        return {**fact, "told": f"exit code {done.returncode}", "seconds_total": seconds, "seconds_cpu": cpu}


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


def measure(name: str, cases: Sequence[str], *, peer: bool = False) -> int:
    """Run these cases one after another and keep what they say in bench/results."""
    if not OPEN_DATA.is_dir():
        print("the open-data folder is not there (OPEN_DATA)", file=sys.stderr)
        return 2
    rows = []
    for case in cases:
        command = [sys.executable, str(ROOT / "bench/tiles.py"), "--case", case]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        rows.append(json.loads(done.stdout))
        print(f"{case}: {rows[-1]['seconds_total']} s, {rows[-1]['seconds_cpu']} s cpu", flush=True)
    print_table(rows)
    result: dict[str, Any] = {"bench": name, "machine": machine(), "cases": rows}
    if peer:
        result["peer"] = _with_ratio(run_peer(), rows)
        print(result["peer"])
    (ROOT / "bench/results").mkdir(parents=True, exist_ok=True)
    text = json.dumps(result, indent=2, ensure_ascii=False) + "\n"
    (ROOT / f"bench/results/{name}.json").write_text(text, encoding="utf-8")
    return 0


def _with_ratio(peer: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
    ours = next((row for row in rows if row["case"].startswith("The Hague")), None)
    if ours is None or "seconds_cpu" not in peer:
        return peer
    return {**peer, "times_ours_cpu": round(peer["seconds_cpu"] / ours["seconds_cpu"], 1)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case", choices=[*CASES, *LARGEST], help="run one case here and print it as JSON")
    chosen = parser.parse_args().case
    if chosen:
        print(json.dumps(run_case(chosen)))
        return 0
    return measure("tiles", list(CASES), peer=True)


if __name__ == "__main__":
    sys.exit(main())
