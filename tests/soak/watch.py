"""Watches the child of one parser, and keeps the file that made it break its contract."""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.soak.child import case_bytes, find_parser

ROOT = Path(__file__).resolve().parents[2]
START_TIMEOUT_S = 120.0
_ENOUGH = 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What one case may cost: seconds, and bytes above what the parser's libraries take."""

    seconds: float = 20.0
    memory_bytes: int = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """A case in which the contract was broken, and the file that shows it."""

    parser: str
    seed: int
    said: str
    file: Path


@dataclass(frozen=True, slots=True)
class Soaked:
    """How many cases a parser has had, and what came of them."""

    parser: str
    cases: int
    findings: tuple[Finding, ...]


def soak(
    name: str, folder: Path, keep: Path, first: int, cases: int, until: float, limits: Limits = Limits()
) -> Soaked:
    """Run `cases` seeds from `first`, or as many as there is time for until `until` (time.monotonic).

    A child that hangs or dies is followed by another, from the next seed on. Raises RuntimeError when the
    parser does not even read its own sample.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sample = find_parser(name).sample()
    (folder / "sample").write_bytes(sample)
    findings: list[Finding] = []
    at, done = first, 0

    def found(seed: int, said: str) -> None:
        findings.append(_kept(name, sample, keep, seed, said))

    while done < cases and time.monotonic() < until and len(findings) < _ENOUGH:
        last = None
        for line in _lines(name, folder, at, cases - done, until, limits):
            word, _, rest = line.partition(" ")
            if word == "at":
                last = int(rest)
                done += 1
            elif word == "broken":
                seed, _, said = rest.partition(" ")
                found(int(seed), said)
            elif word in ("hung", "died"):
                if last is None:
                    raise RuntimeError(f"{name}: the sample itself is not read: {rest}")
                found(last, rest)
            if len(findings) >= _ENOUGH:
                break
        at = first + done
    return Soaked(name, done, tuple(findings))


def _kept(name: str, sample: bytes, keep: Path, seed: int, said: str) -> Finding:
    parser = find_parser(name)
    keep.mkdir(parents=True, exist_ok=True)
    path = keep / f"{name}-{seed}{parser.suffix}"
    path.write_bytes(case_bytes(parser, sample, seed))
    return Finding(name, seed, said, path)


def _lines(name: str, folder: Path, first: int, cases: int, until: float, limits: Limits) -> Iterator[str]:
    """What the child says, and at the end what became of it, when that is not well."""
    command = [sys.executable, "-m", "tests.soak.child", name, str(folder)]
    command += [str(first), str(cases), str(limits.memory_bytes)]
    with (
        (folder / "errors").open("wb") as errors,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True) as child,
    ):
        said: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=_listen, args=(child, said), daemon=True).start()
        patience = START_TIMEOUT_S
        try:
            while (line := said.get(timeout=patience)) is not None:
                yield line
                patience = limits.seconds
                if line == "done" or time.monotonic() > until:
                    return
            code = child.wait()
        except queue.Empty:
            yield f"hung it took longer than {patience:.0f} s"
            return
        finally:
            child.kill()
    tail = (folder / "errors").read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
    yield f"died it ended with code {code} {' '.join(tail)[:300]}"


def _listen(child: subprocess.Popen[str], said: queue.Queue[str | None]) -> None:
    assert child.stdout is not None
    for line in child.stdout:
        said.put(line.rstrip("\n"))
    said.put(None)
