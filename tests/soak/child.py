"""The process that is allowed to die: reads broken files one after another and says which one it is at.

It writes a line before each case (`at SEED`), one for a broken contract (`broken SEED SENTENCE`) and `done`.
"""

from __future__ import annotations

import argparse
import random
import resource
import traceback
import warnings
from pathlib import Path

from tests.soak.mutation import mutated
from tests.soak.parsers import PARSERS, Parser
from tweestad.errors import TweestadError


def case_bytes(parser: Parser, sample: bytes, seed: int) -> bytes:
    """The broken file of this seed."""
    return parser.pack(mutated(sample, random.Random(f"{parser.name} {seed}")))  # noqa: S311 - not a secret


def broken_contract(parser: Parser, path: Path) -> str:
    """What went wrong that must not, or an empty text."""
    try:
        parser.read(path)
    except TweestadError as exc:
        return "the sentence has more than one line" if "\n" in str(exc) else ""
    except BaseException as exc:  # noqa: BLE001 - what it catches is what it looks for
        frames = traceback.extract_tb(exc.__traceback__)
        last = next((f for f in reversed(frames) if "tweestad" in f.filename), frames[-1])
        return f"{type(exc).__name__} in {Path(last.filename).name}:{last.lineno}: {str(exc)[:200]!r}"
    return ""


def limit_memory(extra_bytes: int) -> None:
    """Allow this much more than what is in use now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    resource.setrlimit(
        resource.RLIMIT_AS, (pages * resource.getpagesize() + extra_bytes, resource.RLIM_INFINITY)
    )
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("parser")
    options.add_argument("folder", type=Path)
    options.add_argument("first", type=int)
    options.add_argument("cases", type=int)
    options.add_argument("memory", type=int)
    told = options.parse_args()
    warnings.simplefilter("error")
    parser = find_parser(told.parser)
    sample = (told.folder / "sample").read_bytes()
    path = told.folder / f"case{parser.suffix}"
    # The good file first: it loads the libraries, and a sample that is not good would soak nothing.
    path.write_bytes(parser.pack(sample))
    parser.read(path)
    limit_memory(told.memory)
    for seed in range(told.first, told.first + told.cases):
        print(f"at {seed}", flush=True)
        path.write_bytes(case_bytes(parser, sample, seed))
        if said := broken_contract(parser, path):
            print(f"broken {seed} {' '.join(said.split())}", flush=True)
    print("done", flush=True)


def find_parser(name: str) -> Parser:
    """The parser called so; those that test the soak itself are found too."""
    return next(each for each in (*PARSERS, *_FAULTY) if each.name == name)


def _hang(path: Path) -> None:
    if path.read_bytes() != b"good":
        while True:
            pass


def _crash(path: Path) -> None:
    if path.read_bytes() != b"good":
        resource.prlimit(0, resource.RLIMIT_CPU, (0, 0))
        while True:
            pass


def _raise(path: Path) -> None:
    if path.read_bytes() != b"good":
        raise KeyError("x")


def _hoard(path: Path) -> None:
    if path.read_bytes() != b"good":
        bytearray(8_000_000_000)


_FAULTY = tuple(
    Parser(f"faulty-{name}", ".bin", lambda: b"good", read)
    for name, read in (("raise", _raise), ("hang", _hang), ("crash", _crash), ("hoard", _hoard))
)

if __name__ == "__main__":
    main()
