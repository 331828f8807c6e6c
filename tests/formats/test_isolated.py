"""A file is read in a process of its own: whatever happens there, here it is a design or one sentence."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.design_samples import written
from tests.formats.runaway_parsers import one_triangle
from tweestad.errors import InputRejected, LimitExceeded
from tweestad.formats.design.isolated import Allowance, read_apart
from tweestad.formats.design.model import Design, pack_design, unpack_design
from tweestad.formats.design.outline import with_outlines

TIGHT = Allowance(file_bytes=1000, memory_bytes=1_000_000_000, cpu_s=1, wall_s=20, result_bytes=1_000_000)
SIMPLE = with_outlines(one_triangle({"naam": "a", "hoogte": 2.5, "nr": 1, "leeg": None, "goed": True}))
PACKED = pack_design(SIMPLE)


def read(parser: str, path: Path, allowance: Allowance = TIGHT) -> Design:
    return read_apart(f"tests.formats.runaway_parsers:{parser}", path, allowance)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return written(tmp_path, "ontwerp.ifc", "x")


def test_a_parser_sees_the_file_and_a_folder_of_its_own_and_no_settings(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWEESTAD_SECRET", "geheim")
    facts = read("good", path).parts[0].attributes
    assert facts["file"] == "ontwerp.ifc"
    assert facts["settings"] == "{}"
    assert str(facts["cwd"]) != str(Path.cwd())
    assert not Path(str(facts["cwd"])).exists()


@pytest.mark.parametrize(
    ("parser", "kind", "sentence"),
    [
        ("computes_for_ever", LimitExceeded, "took more than 1 s of computing"),
        ("crosses_itself", LimitExceeded, "took more than 1 s of computing"),
        ("eats_memory", LimitExceeded, "took more than 1000 MB of memory"),
        ("crashes", InputRejected, "the program that reads it broke down"),
        ("raises", InputRejected, "the program that reads it broke down"),
        ("writes_too_much", InputRejected, "the program that reads it broke down"),
        ("points_nowhere", InputRejected, "handed back is damaged"),
        ("owned_by_nobody", InputRejected, "handed back is damaged"),
        ("writes_rubbish", InputRejected, "handed back is damaged"),
        ("tells_a_list_as_facts", InputRejected, "handed back is damaged"),
        ("tells_a_text_as_facts", InputRejected, "handed back is damaged"),
        ("writes_nothing", InputRejected, "handed nothing back"),
        ("leaves_a_pipe", InputRejected, "handed nothing back"),
        ("leaves_a_link", InputRejected, "handed nothing back"),
    ],
)
def test_whatever_a_parser_does_is_one_sentence(
    path: Path, parser: str, kind: type[InputRejected], sentence: str
) -> None:
    with pytest.raises(kind, match=sentence) as caught:
        read(parser, path)
    assert str(caught.value).startswith("ontwerp.ifc: ")
    assert "secret" not in str(caught.value)


def test_a_parser_that_never_ends_is_stopped_with_what_it_started(path: Path) -> None:
    patient = Allowance(wall_s=1.5)
    with pytest.raises(LimitExceeded, match=r"longer than 1\.5 seconds"):
        read("sleeps_with_a_child", path, patient)
    started = int(path.with_suffix(".pid").read_text())
    with pytest.raises(ProcessLookupError):
        _look_until_gone(started)


def test_what_a_parser_started_is_stopped_when_it_ends_well(path: Path) -> None:
    assert read("leaves_a_child", path, Allowance()).parts
    started = int(path.with_suffix(".pid").read_text())
    with pytest.raises(ProcessLookupError):
        _look_until_gone(started)


def test_no_more_is_taken_back_than_is_allowed(tmp_path: Path) -> None:
    # Both in one folder: a file cannot be linked from one file system to another.
    path = written(tmp_path, "ontwerp.ifc", "x")
    path.with_suffix(".groot").write_bytes(b"x" * (TIGHT.result_bytes + 1))
    with pytest.raises(InputRejected, match="handed too much back"):
        read("leaves_a_large_file", path)


def _look_until_gone(process: int) -> None:
    """Whoever adopts an orphan may take a moment to bury it."""
    for _ in range(2000):
        os.kill(process, 0)
        stat = Path(f"/proc/{process}/stat")
        if stat.is_file() and stat.read_text().rpartition(")")[2].split()[0] == "Z":
            raise ProcessLookupError
        os.sched_yield()


def test_a_file_that_is_too_large_or_absent_is_never_handed_to_a_parser(path: Path) -> None:
    path.write_bytes(b"x" * 1001)
    with pytest.raises(LimitExceeded, match=r"larger than 0\.001 MB"):
        read("crashes", path)
    path.unlink()
    with pytest.raises(InputRejected, match="cannot be read"):
        read("crashes", path)


def test_a_parser_cannot_reach_the_network(path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        path.write_text(str(server.getsockname()[1]))
        try:
            read("calls_home", path)
        except InputRejected:
            with pytest.raises(TimeoutError):
                server.accept()
            return
    pytest.skip("this system does not let a process give up its network")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(PACKED)), st.integers(0, 20))
def test_bytes_handed_back_are_a_design_or_refused(noise: bytes, at: int, gone: int) -> None:
    for data in (noise, PACKED[:at] + noise + PACKED[at + gone :]):
        try:
            design = unpack_design(data)
        except InputRejected:
            continue
        assert all(0 <= owner < len(design.parts) for owner in design.owners.tolist())
        assert all(0 <= v < len(design.vertices) for v in design.triangles.ravel().tolist())


def test_a_design_is_handed_back_whole() -> None:
    found = unpack_design(PACKED)
    assert found.parts == SIMPLE.parts
    assert (found.vertices == SIMPLE.vertices).all()
    assert (found.triangles == SIMPLE.triangles).all()
    assert found.outlines == SIMPLE.outlines
    assert shapely.area(shapely.from_wkb(found.outlines[0])) == 0.5
