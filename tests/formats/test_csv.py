"""CSV: what is not clear is asked for, and a row without a place costs itself or is kept, as declared."""

from __future__ import annotations

import gzip
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import shapely

from tests.formats.vector_samples import X, Y, read, refusal, zipped
from tweestad.errors import LimitExceeded
from tweestad.formats.vector import csv_points
from tweestad.formats.vector.reading import CsvLayout, VectorQuery, read_vector
from tweestad.model.feature import BBox

RD_POINTS = CsvLayout(x="x", y="y")
QUERY = VectorQuery("point", ("naam",), crs=28992, csv=RD_POINTS)
TEXT = f"naam,x,y\nEén,{X},{Y}\n\nTwee,{X + 5},{Y}\n"


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "punten.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_told_from_the_file(tmp_path: Path, separator: str) -> None:
    batch = read(write(tmp_path, TEXT.replace(",", separator)), QUERY)
    assert batch.values["naam"] == ["Eén", "Twee"]
    assert batch.rows == ("line 2", "line 4")
    assert shapely.get_coordinates(batch.geometries).tolist() == [[X, Y], [X + 5, Y]]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "windows-1252", "utf-16"])
def test_another_encoding_than_utf_8_has_to_be_declared(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, TEXT, encoding)
    if encoding != "utf-8-sig":
        assert "the text is not UTF-8" in refusal(path, QUERY)
        assert "name its own with encoding" in refusal(path, QUERY)
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    batch = read(path, QUERY, csv=CsvLayout(x="x", y="y", encoding=declared))
    assert batch.values["naam"] == ["Eén", "Twee"]


def test_decimal_commas_become_points_and_codes_stay_text(tmp_path: Path) -> None:
    path = write(tmp_path, "code;waarde;x;y\n0363;1.234,5;122000,25;486.000,5\n")
    layout = CsvLayout(x="x", y="y", decimal=",")
    batch = read(path, QUERY, columns=("code", "waarde"), csv=layout)
    assert batch.row(0) == {"code": "0363", "waarde": 1234.5}
    assert shapely.get_coordinates(batch.geometries).tolist() == [[122_000.25, 486_000.5]]


def test_a_place_can_be_well_known_text(tmp_path: Path) -> None:
    text = f'naam;vorm\na;"POLYGON(({X} {Y},{X + 9} {Y},{X} {Y + 9},{X} {Y}))"\nb;SRID=4326;POINT(5 52)\n'
    text += "c;GEOMETRYCOLLECTION(POINT(1 1))\nd;POINT(nan 1)\n"
    path = write(tmp_path, text.replace("b;SRID=4326;", 'b;"SRID=4326;').replace("(5 52)", '(5 52)"'))
    batch = read(path, QUERY, geometry="polygon", csv=CsvLayout(wkt="vorm"))
    assert batch.values["naam"] == ["a"]
    assert [each.reason for each in batch.rejected] == [
        "it says EPSG:4326, but EPSG:28992 is declared",
        "its WKT is not a point, line or polygon",
        "its WKT is not a point, line or polygon",
    ]


def test_a_wrong_row_is_rejected_with_its_line(tmp_path: Path) -> None:
    rows = [f"goed,{X},{Y}", f"half,{X},", "kort,1", f"woord,hier,{Y}", "leeg,,", f"nan,nan,{Y}"]
    batch = read(write(tmp_path, "naam,x,y\n" + "\n".join(rows) + "\n"), QUERY)
    assert batch.values["naam"] == ["goed"]
    assert {each.object_id: each.reason for each in batch.rejected} == {
        "line 3": "it has half a place",
        "line 4": "it has 2 cells, but there are 3 columns",
        "line 5": "‘hier’ is not a coordinate",
        "line 6": "it has no geometry",
        "line 7": "‘nan’ is not a coordinate",
    }
    assert batch.read == 6


def test_rows_without_a_place_are_kept_when_that_is_declared(tmp_path: Path) -> None:
    path = write(tmp_path, f"naam,x,y\na,{X},{Y}\nb,,\nc,{X},\n")
    batch = read(path, QUERY, placeless=True)
    assert batch.values["naam"] == ["a", "b"]
    assert batch.geometries[1] is None
    assert [each.reason for each in batch.rejected] == ["it has half a place"]
    clipped = read(path, QUERY, placeless=True, clip=BBox(X - 1, Y - 1, X + 1, Y + 1))
    assert clipped.values["naam"] == ["a"]
    table = read(path, QUERY, crs=None, csv=CsvLayout(), placeless=True)
    assert table.values["naam"] == ["a", "b", "c"]
    assert "its rows have no place" in refusal(path, QUERY, csv=CsvLayout())


def test_a_file_without_names_gets_them_from_the_plan(tmp_path: Path) -> None:
    path = tmp_path / "bbga.csv.gz"
    path.write_bytes(gzip.compress(b"2015 STAD BEVTOTAAL 821752\n2015 A BEVTOTAAL 86422\n"))
    layout = CsvLayout(separator=" ", header=("jaar", "gebied", "variabele", "waarde"))
    query = VectorQuery(columns=("gebied", "waarde"), csv=layout, placeless=True, keep={"gebied": ("A",)})
    assert read(path, query).row(0) == {"gebied": "A", "waarde": "86422"}


def test_a_csv_in_a_zip_is_read_by_its_name(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"map/punten.csv": TEXT.encode(), "lees.md": b"#"})
    assert read(path, QUERY).values["naam"] == ["Eén", "Twee"]
    assert "holds no file called ‘p.csv’" in refusal(path, QUERY, member="p.csv")


BAD: list[tuple[str, bytes, str]] = [
    ("one-column", b"naam\na\nb\n", "none of , ; tab | separates its columns clearly"),
    ("two-ways", b"naam,x;y\n1,2;3\n", "more than one of , ; tab | separates its columns"),
    ("quotes", b'naam,x,y\n"a,1,2\nb,1,2\n', "is not good CSV"),
    ("nul", b"naam,x,y\na\x00,1,2\n", "holds the NUL character"),
    ("twice", b"naam,x,y,naam\na,1,2,3\n", "there are two columns called ‘naam’"),
    ("absent", b"name,x,y\na,1,2\n", "there is no column ‘naam’ (did you mean ‘name’?)"),
    ("name", b'x,y,"na\nme\x1b"\n1,2,3\n', "(did you mean ‘na\ufffdme\ufffd’?)"),
    ("empty", b"\n\n", "none of , ; tab | separates its columns clearly"),
    ("gzip", gzip.compress(TEXT.encode())[:-9], "the gzip file is truncated"),
]


@pytest.mark.parametrize(("name", "data", "said"), BAD, ids=[each[0] for each in BAD])
def test_a_csv_that_is_not_clear_is_refused_in_one_sentence(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    path = tmp_path / f"{name}.csv"
    path.write_bytes(data)
    assert said in refusal(path, QUERY)


def test_lines_and_columns_have_caps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = write(tmp_path, ",".join(f"k{n}" for n in range(2001)) + "\n")
    with pytest.raises(LimitExceeded, match="more than 2,000 columns"):
        list(read_vector(wide, QUERY))
    monkeypatch.setattr(csv_points, "MAX_LINE", 1000)
    with pytest.raises(LimitExceeded, match="a line is longer than 1,000 characters"):
        list(read_vector(write(tmp_path, TEXT + "a" * 2000), QUERY))
    assert "is not good CSV" in refusal(write(tmp_path, TEXT + '"' + "a\n" * 900), QUERY)


def test_a_csv_needs_its_coordinate_system(tmp_path: Path) -> None:
    assert "does not say its coordinate system" in refusal(write(tmp_path, TEXT), QUERY, crs=None)


@contextmanager
def seconds_of_work(most: int) -> Iterator[None]:
    """Stops what does not end: the test then fails instead of taking minutes."""

    def stop(_signal: int, _frame: object) -> None:
        pytest.fail(f"more than {most} s of work")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, most)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def test_a_long_cell_costs_no_more_than_its_length(tmp_path: Path) -> None:
    digits = write(tmp_path, f"naam,x,y\na,{X}{'0' * 50},{Y}\nb,{'1' * 400_000}x,{Y}\n")
    with seconds_of_work(20):
        batch = read(digits, QUERY)
    assert batch.rows == ()
    assert [each.reason[-22:] for each in batch.rejected] == [
        "0’ is not a coordinate",
        "1’ is not a coordinate",
    ]
    spaces = write(tmp_path, f"naam;vorm\na;POINT{' ' * 400_000}x\nb;POINT Z ({X} {Y} 1)\n")
    with seconds_of_work(20):
        batch = read(spaces, QUERY, csv=CsvLayout(wkt="vorm"))
    assert batch.values["naam"] == ["b"]
    assert [each.reason for each in batch.rejected] == ["its WKT is not a point, line or polygon"]


def test_only_line_ends_end_a_row(tmp_path: Path) -> None:
    inside = "a\u2028b\u2029c\x0bd\x0ce\x85f\x1cg"
    path = write(tmp_path, f"naam,x,y\r\n{inside},{X},{Y}\rTwee,{X},{Y}\nDrie,{X},{Y}\r\nVier,{X},{Y}")
    batch = read(path, QUERY)
    assert batch.values["naam"] == [inside, "Twee", "Drie", "Vier"]
    assert batch.rows == ("line 2", "line 3", "line 4", "line 5")


def test_whole_numbers_between_decimal_commas_are_numbers_too(tmp_path: Path) -> None:
    cells = ["12,5", "12", "1.234", "-7", "0", "0363", "007", "1.2345", "9" * 50, "12a"]
    path = write(tmp_path, "waarde;x;y\n" + "".join(f"{each};122000;486.000\n" for each in cells))
    layout = CsvLayout(x="x", y="y", decimal=",")
    batch = read(path, QUERY, columns=("waarde",), csv=layout)
    assert batch.values["waarde"] == [12.5, 12, 1234, -7, 0, "0363", "007", "1.2345", "9" * 50, "12a"]
    assert shapely.get_coordinates(batch.geometries[:1]).tolist() == [[122_000, 486_000]]
    assert read(path, QUERY, columns=("waarde",), csv=layout, keep={"waarde": ("12",)}).values["waarde"] == [
        12
    ]
