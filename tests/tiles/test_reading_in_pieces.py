"""A CityJSONSeq is read in pieces by several processes: what comes in is what one process reads at once."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pytest

from tests.tiles.shapes import X, Y, gabled, only_footprint
from tweestad.errors import InputRejected, LimitExceeded
from tweestad.formats.cityjson import pieces
from tweestad.formats.cityjson.reading import read_city, write_seq
from tweestad.formats.safe_json import DEFAULT_LIMITS
from tweestad.model.layer import Rejected
from tweestad.tiles import intake
from tweestad.tiles.convert import ConvertReport, convert_files


def town(path: Path, count: int = 40) -> Path:
    """Houses and a few lines that are no good: broken, cut off, given before, blank, without a shape."""
    houses = [
        gabled(f"{n}", X + 97 * (n % 20), Y + 711 * (n // 20), attributes={"bouwjaar": 1900 + n})
        for n in range(count)
    ]
    lines = write_seq([*houses, only_footprint("plat", {})]).rstrip(b"\n").split(b"\n")
    lines[9:9] = [b"", b'{"type": NaN}']
    lines[11:11] = [b"   ", lines[5].replace(b'"4"', b'"anders"').replace(b"1904", b'"vier"')]
    lines[-1:-1] = [lines[3], lines[4][:60]]
    path.write_bytes(b"\n" + b"\n".join(lines) + b"\n")
    return path


def contents(folder: Path) -> dict[str, str]:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def told(report: ConvertReport) -> tuple[object, ...]:
    return report.objects_in, report.objects_out, report.rejected, report.shapeless, report.tilesets


@pytest.fixture
def in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut after every few lines, and start a process for however little."""
    monkeypatch.setattr(pieces, "PIECE_BYTES", 2_000)
    monkeypatch.setattr(intake, "WITHOUT_PROCESSES_BYTES", 0)


@pytest.mark.parametrize("packed", [False, True])
def test_pieces_and_processes_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packed: bool
) -> None:
    path = town(tmp_path / "town.city.jsonl")
    if packed:
        data = gzip.compress(path.read_bytes(), mtime=0)
        path = tmp_path / "town.city.jsonl.gz"
        path.write_bytes(data)
    whole = convert_files([path], tmp_path / "whole", processes=1)
    monkeypatch.setattr(pieces, "PIECE_BYTES", 2_000)
    monkeypatch.setattr(intake, "WITHOUT_PROCESSES_BYTES", 0)
    assert len(pieces.cut_seq(path, tmp_path / "unpacked", DEFAULT_LIMITS)) > 10
    one = convert_files([path], tmp_path / "one", processes=1)
    two = convert_files([path], tmp_path / "two", processes=2)
    assert contents(tmp_path / "whole") == contents(tmp_path / "one") == contents(tmp_path / "two")
    assert told(whole) == told(one) == told(two)
    assert whole.objects_out == 41


@pytest.mark.usefixtures("in_pieces")
def test_what_is_wrong_with_lines_is_what_reading_the_file_at_once_says(tmp_path: Path) -> None:
    path = town(tmp_path / "town.city.jsonl")
    rejected = [each for each in read_city(path) if isinstance(each, Rejected)]
    assert len(rejected) == 3
    assert convert_files([path], tmp_path / "out", processes=2).rejected == tuple(rejected)


@pytest.mark.usefixtures("in_pieces")
def test_a_file_that_is_cut_off_is_refused_whole(tmp_path: Path) -> None:
    path = town(tmp_path / "town.city.jsonl")
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(InputRejected) as at_once:
        list(read_city(path))
    with pytest.raises(InputRejected) as cut:
        convert_files([path], tmp_path / "out", processes=2)
    assert str(cut.value) == str(at_once.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("in_pieces")
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file is empty"),
        (b"\n \n", "the file is empty"),
        (b"PK\x03\x04", "this is a zip"),
        (b"<a/>", "this is XML"),
        (b"{}", "this is not CityJSON"),
        (b"\x1f\x8b\x00", "gzip file is"),
        (gzip.compress(b" " * 30_000_000), "unpacks to more than 100 times its size"),
    ],
    ids=["nothing", "blank", "zip", "xml", "object", "cut gzip", "bomb"],
)
def test_a_file_that_is_no_seq_is_one_sentence(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "a.city.jsonl"
    path.write_bytes(data)
    with pytest.raises((InputRejected, LimitExceeded), match=said):
        convert_files([path], tmp_path / "out", processes=2)


@pytest.mark.usefixtures("in_pieces")
def test_of_several_files_each_object_counts_once_in_the_order_of_the_files(tmp_path: Path) -> None:
    first = town(tmp_path / "a.city.jsonl", 12)
    second = tmp_path / "b.city.jsonl"
    second.write_bytes(write_seq([gabled("b", X + 500, Y + 40)]))
    report = convert_files([first, second, first], tmp_path / "out", processes=2)
    again = {each.object_id for each in report.rejected if "already given to another" in each.reason}
    assert report.objects_out == 14
    assert again == {*(f"{n}" for n in range(12)), "anders", "plat"}
