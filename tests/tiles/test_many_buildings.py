"""Cities that are drawn by several processes: the same bytes as one makes, and told in one sentence."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.tiles.shapes import X, Y, gabled
from tweestad.formats.cityjson.reading import write_seq
from tweestad.tiles import cell, cutting
from tweestad.tiles.block import prepare
from tweestad.tiles.check import check_tileset
from tweestad.tiles.convert import convert_files


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Houses over four square kilometres, one of them across a border."""
    houses = [
        gabled(f"{n}", X + 97 * (n % 20), Y + 211 * (n // 20), attributes={"bouwjaar": 1900 + n})
        for n in range(100)
    ]
    path = tmp_path / "town.city.jsonl"
    path.write_bytes(write_seq([*houses, gabled("grens", 122_996.0, 486_995.0)]))
    return path


def contents(folder: Path) -> dict[str, str]:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_any_number_of_processes_gives_the_same_bytes(
    tmp_path: Path, town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cell, "WITHOUT_PROCESSES", 0)
    told: list[str] = []
    convert_files([town], tmp_path / "one", processes=1)
    report = convert_files([town], tmp_path / "three", processes=3, on_progress=told.append)
    assert report.objects_out == 101
    assert contents(tmp_path / "one") == contents(tmp_path / "three")
    drew = [line for line in told if line.startswith("drew ")]
    assert len(drew) == 4
    assert drew[-1] == "drew 101 of 101 objects"


def test_the_size_of_a_block_changes_no_byte(
    tmp_path: Path, town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tweestad.tiles.plan.FULL_TILE", 0)
    convert_files([town], tmp_path / "large")
    blocks = []

    def counted(*given: object) -> object:
        blocks.append(given)
        return prepare(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(cutting, "prepare", counted)
    monkeypatch.setattr(cutting, "BLOCK_CORNERS", 60)
    convert_files([town], tmp_path / "small")
    assert len(blocks) > 20
    assert contents(tmp_path / "large") == contents(tmp_path / "small")
    assert check_tileset(tmp_path / "small/gebouwen/tileset.json").faults == ()


KILLED = """
import os, signal, sys
from pathlib import Path
from tweestad.tiles import cell
from tweestad.cli import main

if __name__ == "__main__":
    cell.WITHOUT_PROCESSES = 0
    sys.exit(main(["tiles", sys.argv[1], "--out", sys.argv[2]]))
elif sys.argv[3:] == ["die"]:
    os.kill(os.getpid(), signal.SIGKILL)
else:
    Path(sys.argv[1] + f".{os.getpid()}.worker").touch()
    signal.pause()
"""


def run(tmp_path: Path, town: Path, *how: str) -> subprocess.Popen[str]:
    program = tmp_path / "program.py"
    program.write_text(KILLED, encoding="utf-8")
    return subprocess.Popen(
        [sys.executable, str(program), str(town), str(tmp_path / "out"), *how],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TWEESTAD_PROCESSES": "2"},
    )


def test_a_killed_worker_is_one_sentence_and_leaves_nothing(tmp_path: Path, town: Path) -> None:
    started = run(tmp_path, town, "die")
    _, errors = started.communicate(timeout=60)
    assert started.returncode == 1
    assert errors.count("\n") == 1
    assert "a worker process was killed by signal 9" in errors
    assert not (tmp_path / "out").exists()


def test_an_interrupt_ends_the_workers_and_leaves_nothing(tmp_path: Path, town: Path) -> None:
    started = run(tmp_path, town)
    until = time.monotonic() + 30
    while len(found := list(tmp_path.glob("*.worker"))) < 2:
        assert time.monotonic() < until
        time.sleep(0.02)
    started.send_signal(signal.SIGINT)
    _, errors = started.communicate(timeout=60)
    assert (started.returncode, errors) == (130, "")
    for worker in found:
        with pytest.raises(ProcessLookupError):
            os.kill(int(worker.name.split(".")[-2]), 0)
    assert not (tmp_path / "out").exists()
