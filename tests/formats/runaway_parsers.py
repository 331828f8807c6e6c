"""Parsers that misbehave in every way a broken one can, for the process that has to survive them."""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import numpy as np

from tweestad.formats.design.model import Design, Part, pack_design
from tweestad.model.feature import Value


def good(path: Path) -> Design:
    """One triangle; its part says what this process may see."""
    seen = {name: value for name, value in os.environ.items() if name.startswith("TWEESTAD")}
    return one_triangle({"cwd": str(Path.cwd()), "settings": str(seen), "file": path.name})


def one_triangle(facts: Mapping[str, Value]) -> Design:
    return Design(
        parts=(Part("a", "Mesh", facts),),
        vertices=np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0]]),
        triangles=np.array([[0, 1, 2]], np.int32),
        owners=np.array([0], np.int32),
    )


def sleeps(path: Path) -> Design:
    time.sleep(600)
    raise AssertionError


def sleeps_with_a_child(path: Path) -> Design:
    """Leaves its child's number where the test can find it."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    path.with_suffix(".pid").write_text(str(child.pid))
    child.wait()
    raise AssertionError


def crosses_itself(path: Path) -> Design:
    """Slivers that all cross: hundreds of kilobytes of outline, and minutes to find it."""
    count = 2_000
    angles = np.linspace(0, np.pi, count, endpoint=False)
    along = np.column_stack((np.cos(angles), np.sin(angles), np.zeros(count))) * 100
    aside = np.column_stack((np.sin(angles * 7), np.cos(angles * 5), np.zeros(count))) * 9
    vertices = np.stack((aside - along, aside + along, aside + along * 0.99 + 0.05), axis=1)
    return Design(
        parts=(Part("a", "Mesh"),),
        vertices=vertices.reshape(-1, 3),
        triangles=np.arange(3 * count, dtype=np.int32).reshape(-1, 3),
        owners=np.zeros(count, np.int32),
    )


def computes_for_ever(path: Path) -> Design:
    while True:
        pass


def eats_memory(path: Path) -> Design:
    np.ones(10**9)
    raise AssertionError


def crashes(path: Path) -> Design:
    ctypes.string_at(0)
    raise AssertionError


def raises(path: Path) -> Design:
    raise RuntimeError("secret details")


def writes_too_much(path: Path) -> Design:
    Path("vol").write_bytes(b"x" * 50_000_000)
    raise AssertionError


def points_nowhere(path: Path) -> Design:
    """Hands back, as a parser that was taken over could, a vertex that is not there."""
    _hand_back(
        Design((Part("a", "Mesh"),), np.zeros((3, 3)), np.array([[0, 1, 9]], np.int32), np.zeros(1, np.int32))
    )


def owned_by_nobody(path: Path) -> Design:
    _hand_back(
        Design((Part("a", "Mesh"),), np.zeros((3, 3)), np.zeros((1, 3), np.int32), np.ones(1, np.int32))
    )


def _hand_back(design: Design) -> NoReturn:
    Path("result").write_bytes(pack_design(replace(design, outlines=(b"",))))
    os._exit(0)


def writes_rubbish(path: Path) -> Design:
    """Goes round the way a result is handed back."""
    Path("result").write_bytes(b'{"parts": 3}\nrubbish')
    os._exit(0)


def tells_a_list_as_facts(path: Path) -> Design:
    Path("result").write_bytes(pack_design(one_triangle({})).replace(b'"Mesh",{}', b'"Mesh",[]'))
    os._exit(0)


def tells_a_text_as_facts(path: Path) -> Design:
    Path("result").write_bytes(pack_design(one_triangle({})).replace(b'"Mesh",{}', b'"Mesh","x"'))
    os._exit(0)


def leaves_a_pipe(path: Path) -> Design:
    os.mkfifo("result")
    os._exit(0)


def leaves_a_link(path: Path) -> Design:
    """Points to what this process could not send away, but the other may tell."""
    Path("elsewhere").write_bytes(b"refused\nsecret")
    Path("result").symlink_to("elsewhere")
    os._exit(0)


def leaves_a_large_file(path: Path) -> Design:
    """A file of before, larger than this process may write."""
    os.link(path.with_suffix(".groot"), "result")
    os._exit(0)


def leaves_a_child(path: Path) -> Design:
    """Ends well, but not alone; leaves its child's number where the test can find it."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)"])
    path.with_suffix(".pid").write_text(str(child.pid))
    return good(path)


def writes_nothing(path: Path) -> Design:
    os._exit(0)


def calls_home(path: Path) -> Design:
    """Tries to reach a port that the test listens on."""
    with socket.create_connection(("127.0.0.1", int(path.read_text())), timeout=2):
        pass
    return good(path)
