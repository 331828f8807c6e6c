"""`make soak`: every parser (or NAME) for its share of SECONDS; prints the seed, keeps what breaks one."""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
import time
from pathlib import Path

from tests.soak.child import broken_contract, find_parser
from tests.soak.parsers import PARSERS
from tests.soak.watch import ROOT, soak

KEPT = ROOT / "var/soak"
_MANY = 10**9


def main() -> int:
    options = argparse.ArgumentParser(prog="make soak")
    options.add_argument("names", nargs="*", metavar="parser")
    options.add_argument("--seconds", type=float, default=600.0, help="for all parsers together")
    options.add_argument("--seed", type=int, help="the first seed; each case has the next one")
    options.add_argument("--replay", type=Path, help="a kept file, to be read once by the one parser named")
    told = options.parse_args()
    names = told.names or [parser.name for parser in PARSERS]
    if told.replay:
        said = broken_contract(find_parser(names[0]), told.replay)
        print(said or f"{told.replay.name}: {names[0]} keeps its contract")
        return 1 if said else 0
    seed = secrets.randbelow(10**9) if told.seed is None else told.seed
    print(f"soak: {len(names)} parsers, {told.seconds:.0f} s, seed {seed}", flush=True)
    found = 0
    for name in names:
        with tempfile.TemporaryDirectory(prefix="tweestad-soak-") as folder:
            until = time.monotonic() + told.seconds / len(names)
            result = soak(name, Path(folder), KEPT, seed, _MANY, until)
        print(f"{name:<16} {result.cases:>8} cases, {len(result.findings)} broken", flush=True)
        for each in result.findings:
            print(f"  seed {each.seed}: {each.said}\n    {each.file.relative_to(ROOT)}", flush=True)
        found += len(result.findings)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
