"""Reads a file in a process of its own, with limits, that is thrown away afterwards.

Parsers in C++ have bugs that a file can be made to hit (docs/adr/0009). Whatever happens to the child, the
parent hears a design or one sentence: it never loads the parser itself.
"""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tweestad.errors import InputRejected, LimitExceeded
from tweestad.formats.design.model import Design, unpack_design

REFUSED = b"refused\n"
OUT_OF_MEMORY = 12
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """What reading one file may cost: its size, memory, seconds of computing and in all, and the result."""

    file_bytes: int = 200 * _MEGABYTE
    memory_bytes: int = 2_000 * _MEGABYTE
    cpu_s: int = 60
    wall_s: float = 120.0
    result_bytes: int = 200 * _MEGABYTE


DEFAULT_ALLOWANCE = Allowance()


def read_apart(parser: str, path: Path, allowance: Allowance = DEFAULT_ALLOWANCE) -> Design:
    """The design in a file; `parser` is `module:function`, which the child calls with the path.

    Raises InputRejected (LimitExceeded for what costs too much) with one sentence that names the file.
    """
    try:
        size = path.stat().st_size
    except OSError as exc:
        raise InputRejected(f"the file cannot be read ({exc.strerror})", where=path.name) from exc
    if size > allowance.file_bytes:
        raise LimitExceeded(f"larger than {allowance.file_bytes / 1e6:g} MB", where=path.name)
    with tempfile.TemporaryDirectory(prefix="tweestad-") as folder:
        result = Path(folder, "result")
        code = _run(parser, path.resolve(), result, allowance)
        if code is None:
            raise LimitExceeded(f"reading it took longer than {allowance.wall_s:g} seconds", where=path.name)
        if code:
            raise _stopped(code, path, allowance)
        try:
            data = _handed_back(result, allowance.result_bytes)
        except OSError as exc:
            raise InputRejected("its parser handed nothing back", where=path.name) from exc
        except InputRejected as exc:
            raise InputRejected(exc.reason, where=path.name) from exc
    if data.startswith(REFUSED):
        reason = data[len(REFUSED) :].decode(errors="replace")[:500]
        raise InputRejected(reason, where=path.name)
    try:
        return unpack_design(data)
    except InputRejected as exc:
        raise InputRejected(exc.reason, where=path.name) from exc


def _run(parser: str, path: Path, result: Path, allowance: Allowance) -> int | None:
    """The exit code of the child, None when it had to be stopped."""
    limits = (allowance.memory_bytes, allowance.cpu_s, allowance.result_bytes)
    command = [sys.executable, "-P", "-m", "tweestad.formats.design.isolated_child"]
    child = subprocess.Popen(  # noqa: S603 - our own program, no shell
        [*command, parser, str(path), str(result), *map(str, limits)],
        cwd=result.parent,
        env=_environment(result.parent),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # so that what it starts is stopped with it
    )
    try:
        return child.wait(allowance.wall_s)
    except subprocess.TimeoutExpired:
        return None
    finally:
        # Also when it has ended by itself: what it started may still run, and write.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _handed_back(result: Path, most_bytes: int) -> bytes:
    """What the child wrote; raises OSError and InputRejected when it put something else than a file there."""
    # A pipe would be waited for without end, and a link can lead to any file that we may read.
    number = os.open(result, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(number, "rb") as file:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise InputRejected("its parser handed nothing back")
        data = file.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise InputRejected("its parser handed too much back")
    return data


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of ours but where modules are: no settings, keys or addresses."""
    return {
        "PATH": os.defpath,
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join(part for part in sys.path if part),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _stopped(code: int, path: Path, allowance: Allowance) -> InputRejected:
    if code == -signal.SIGXCPU:
        return LimitExceeded(f"reading it took more than {allowance.cpu_s} s of computing", where=path.name)
    if code == OUT_OF_MEMORY:
        told = f"reading it took more than {allowance.memory_bytes / 1e6:g} MB of memory"
        return LimitExceeded(told, where=path.name)
    return InputRejected("the file is damaged: the program that reads it broke down on it", where=path.name)
