"""The throw-away process that `isolated.py` starts: limits itself, parses one file, writes what it found."""

from __future__ import annotations

import ctypes
import importlib
import os
import resource
import sys
from pathlib import Path

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000


def main(arguments: list[str]) -> int:
    """`parser path result memory cpu bytes`; the exit code is 0 when the result says how it went."""
    parser, path, result, memory, cpu, size = arguments
    _leave_network()
    _limit(int(memory), int(cpu), int(size))
    # Only now, under the limits, and not before the network was left: numpy starts threads.
    from tweestad.errors import InputRejected  # noqa: PLC0415
    from tweestad.formats.design.isolated import OUT_OF_MEMORY, REFUSED  # noqa: PLC0415
    from tweestad.formats.design.model import pack_design  # noqa: PLC0415
    from tweestad.formats.design.outline import with_outlines  # noqa: PLC0415

    module, _, name = parser.partition(":")
    try:
        parse = getattr(importlib.import_module(module), name)
        answer = pack_design(with_outlines(parse(Path(path))))
    except InputRejected as exc:
        answer = REFUSED + exc.reason.encode()
    except MemoryError:
        return OUT_OF_MEMORY
    Path(result).write_bytes(answer)
    return 0


def _limit(memory_bytes: int, cpu_s: int, result_bytes: int) -> None:
    limits = (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_FSIZE, result_bytes),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, most in limits:
        hard = resource.getrlimit(kind)[1]
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # The soft limit on computing gives the signal that says so; the hard one follows.
        spare = 5 if kind == resource.RLIMIT_CPU and hard == resource.RLIM_INFINITY else 0
        resource.setrlimit(kind, (allowed, allowed + spare))


def _leave_network() -> None:
    """Give up the network where the system lets us; without it nothing here needs one anyway."""
    if sys.platform != "linux":
        return
    system = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() != 0 or system.unshare(_CLONE_NEWNET) != 0:
        system.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
