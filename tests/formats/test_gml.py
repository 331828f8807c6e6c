"""BGT as it is delivered: history is left out and counted, arcs become lines, nothing outside is opened."""

from __future__ import annotations

import gzip
import math
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from shapely.geometry.base import BaseGeometry

from tests.formats.vector_samples import IMGEO, POINT, RD_NAME, X, Y, gml, member, read, refusal
from tweestad.errors import InputRejected
from tweestad.formats.vector.gml import read_gml
from tweestad.formats.vector.gml_geometry import STROKE_TOLERANCE_M, read_geometry
from tweestad.formats.vector.query import VectorQuery

ENDED = "<imgeo:eindRegistratie>2019-01-01T00:00:00</imgeo:eindRegistratie>"
GONE = "<terminationDate>2019-01-01</terminationDate>"
NOT_ENDED = '<imgeo:eindRegistratie xsi:nil="true"/>'
COLUMNS = ("lokaalID", "namespace", "plus-type", "plus-type@codelist", "plus-status", "@type", "gml_id")


def shape(text: str) -> BaseGeometry:
    """The geometry of a GML element that is written without prefixes."""
    return read_geometry(etree.fromstring(text.replace(">", ' xmlns="http://www.opengis.net/gml">', 1)))


def curve(segments: str) -> str:
    return f"<Curve><segments>{segments}</segments></Curve>"


def test_an_object_has_its_id_its_codes_and_their_lists(tmp_path: Path) -> None:
    batch = read(gml(tmp_path, member(5)), columns=COLUMNS)
    assert batch.row(0) == {
        "lokaalID": "G9999.5", "namespace": "NL.IMGeo", "plus-type": "lichtmast",
        "plus-type@codelist": "TypePaalPlus", "plus-status": None, "@type": "Paal", "gml_id": "b5",
    }  # fmt: skip
    assert shapely.get_coordinates(batch.geometries).tolist() == [[X, Y]]


def test_only_current_versions_are_rows_and_the_others_are_counted(tmp_path: Path) -> None:
    path = gml(tmp_path, member(1), member(2, extra=ENDED), member(3, extra=GONE), member(4, extra=NOT_ENDED))
    batch = read(path, columns=("lokaalID",))
    assert batch.values["lokaalID"] == ["G9999.1", "G9999.4"]
    assert (batch.read, batch.left_out, batch.ended) == (4, 2, 2)
    assert batch.rows == ("object 1", "object 4")


def label(x: float, y: float, angle: float) -> str:
    point = f"<gml:Point><gml:pos>{x} {y}</gml:pos></gml:Point>"
    place = f"<imgeo:plaatsingspunt>{point}</imgeo:plaatsingspunt><imgeo:hoek>{angle}</imgeo:hoek>"
    return f"<imgeo:positie><imgeo:Labelpositie>{place}</imgeo:Labelpositie></imgeo:positie>"


def test_a_street_name_stands_where_its_labels_stand(tmp_path: Path) -> None:
    labels = f"<imgeo:tekst>Testlaan</imgeo:tekst>{label(X, Y, -66)}{label(X + 9, Y, -79.3)}"
    name = f"<imgeo:openbareRuimteNaam><imgeo:Label>{labels}</imgeo:Label></imgeo:openbareRuimteNaam>"
    text = member(1, "", kind="OpenbareRuimteLabel", extra=name)
    batch = read(gml(tmp_path, text), columns=("tekst", "hoek"))
    assert batch.row(0) == {"tekst": "Testlaan", "hoek": ("-66", "-79.3")}
    assert shapely.get_coordinates(batch.geometries).tolist() == [[X, Y], [X + 9, Y]]


def test_another_geometry_property_can_be_asked_for(tmp_path: Path) -> None:
    line = f"<gml:LineString {RD_NAME}><gml:posList>{X} {Y} {X + 5} {Y}</gml:posList></gml:LineString>"
    ridge = f"<imgeo:kruinlijnWegdeel>{line}</imgeo:kruinlijnWegdeel>"
    path = gml(tmp_path, member(1, kind="Wegdeel", extra=ridge))
    assert shapely.length(read(path, geometry="line", prop="kruinlijnWegdeel").geometries).tolist() == [5.0]
    assert shapely.get_coordinates(read(path).geometries).tolist() == [[X, Y]]


@settings(max_examples=60, deadline=None)
@example(0.125, 0.0, 6.2731853071795864, False, 0.25)
@example(0.125, 0.0, 6.265625, False, 0.125)
@given(
    st.floats(0.05, 5_000),
    st.floats(0, math.tau),
    st.floats(0.01, math.tau - 0.01),
    st.booleans(),
    st.floats(0.1, 0.9),
)
def test_a_stroked_arc_is_nowhere_further_than_a_centimetre_from_the_arc(
    radius: float, start: float, turn: float, clockwise: bool, part: float
) -> None:
    turn = -turn if clockwise else turn
    angles = start + turn * np.array([0.0, part, 1.0])
    three = np.array([X, Y]) + radius * np.column_stack((np.cos(angles), np.sin(angles)))
    text = " ".join(f"{value:.9f}" for value in three.ravel())
    line = shape(curve(f"<Arc><posList>{text}</posList></Arc>"))
    points = shapely.get_coordinates(line)
    assert points[0] == pytest.approx(three[0], abs=1e-6)
    assert points[-1] == pytest.approx(three[2], abs=1e-6)
    middles = (points[1:] + points[:-1]) / 2
    for each in (points, middles):
        off = np.abs(np.hypot(*(each - [X, Y]).T) - radius)
        assert off.max() <= STROKE_TOLERANCE_M * 1.5 + 1e-4
    assert line.length == pytest.approx(abs(turn) * radius, rel=0.05, abs=0.05)


def segment(kind: str, numbers: str) -> str:
    return f"<{kind}><posList>{numbers}</posList></{kind}>"


def test_a_ring_of_segments_arcs_and_a_hole_becomes_a_polygon() -> None:
    parts = segment("LineStringSegment", "0 0 10 0") + segment("Arc", "10 0 15 5 10 10")
    parts += segment("LineStringSegment", "10 10 0 10 0 0")
    ring = f"<exterior><Ring><curveMember>{curve(parts)}</curveMember></Ring></exterior>"
    hole = f"<interior>{segment('Circle', '3 2 5 4 3 6')}</interior>"
    half, whole = math.pi * 25 / 2, math.pi * 4
    polygon = shape(f"<Polygon>{ring}{hole}</Polygon>")
    assert polygon.is_valid
    assert polygon.area == pytest.approx(100 + half - whole, abs=0.3)
    many = f"<MultiSurface><surfaceMember><Polygon>{ring}</Polygon></surfaceMember></MultiSurface>"
    assert shape(many).area == pytest.approx(100 + half, abs=0.3)


def test_an_arc_string_shares_its_points() -> None:
    line = shape(curve(segment("ArcString", "0 0 1 1 2 0 3 -1 4 0")))
    assert line.length == pytest.approx(math.tau, abs=0.05)
    assert shapely.get_coordinates(line)[-1].tolist() == [4, 0]


WRONG_SHAPES: list[tuple[str, str]] = [
    ("<gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>0 0 1 0 1 1 0 9</gml:posList></gml:LinearRing>"
     "</gml:exterior></gml:Polygon>", "a ring that is open"),
    ("<gml:Point><gml:pos>1 x</gml:pos></gml:Point>", "cannot be read"),
    ("<gml:Point><gml:pos/></gml:Point>", "cannot be read"),
    ("<gml:Point><gml:pos>nan 1</gml:pos></gml:Point>", "not a finite number"),
    ("<gml:Point><gml:pos>1e400 1</gml:pos></gml:Point>", "not a finite number"),
    ("<gml:Solid/>", "is a Solid, which is not read"),
    ("<gml:Curve><gml:segments><gml:Clothoid/></gml:segments></gml:Curve>", "has a Clothoid"),
    (POINT.replace("28992", "4326"), "'urn:ogc:def:crs:EPSG::4326' is not supported"),
    ("", "it has no geometry"),
    ("<gml:MultiSurface><gml:surfaceMember>" * 30 + "</gml:surfaceMember></gml:MultiSurface>" * 30,
     "nested deeper than 16 levels"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "reason"), WRONG_SHAPES)
def test_an_object_with_a_wrong_shape_is_rejected_and_the_next_is_kept(
    tmp_path: Path, text: str, reason: str
) -> None:
    batch = read(gml(tmp_path, member(1, text), member(2)), columns=("lokaalID",))
    assert batch.values["lokaalID"] == ["G9999.2"]
    assert [each.object_id for each in batch.rejected] == ["object 1"]
    assert reason in batch.rejected[0].reason


LAUGHS = '<!DOCTYPE a [<!ENTITY l0 "ha">' + "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12)
) + "]>"  # fmt: skip
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
REMOTE = '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">'


@pytest.mark.parametrize("document_type", [LAUGHS, OUTSIDE, REMOTE], ids=["laughs", "outside", "remote"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_with_all_that_comes_with_it(
    tmp_path: Path, document_type: str, encoding: str
) -> None:
    body = IMGEO.format(members=member(1).replace("lichtmast", "&l11;" if "l11" in document_type else "a"))
    body = body.replace('"UTF-8"?>', f'"{encoding}"?>{document_type}')
    path = tmp_path / "x.gml"
    path.write_bytes(body.encode(encoding))
    with pytest.raises(InputRejected, match=r"\(DOCTYPE\) is not read|amplification"):
        list(read_gml(path, path.name, VectorQuery("point")))
    assert refusal(path)


BAD_XML: list[tuple[str, bytes, str]] = [
    ("cut", IMGEO.format(members=member(1)).encode()[:900], "the XML is damaged or not complete"),
    ("latin", IMGEO.format(members=member(1).replace("lichtmast", "café")).encode("latin-1"), "damaged"),
    ("other", b"<html><body/></html>", "this XML is not GML with objects: it is html"),
    ("deep", IMGEO.format(members="<a>" * 5000).encode(), "the XML is damaged or not complete"),
    ("kind", b"<CityModel/>", ""),
]


@pytest.mark.parametrize(("name", "data", "said"), BAD_XML)
def test_xml_that_is_damaged_or_something_else_is_refused(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    path = tmp_path / f"{name}.gml"
    path.write_bytes(data)
    if said:
        assert said in refusal(path)
    else:
        assert read(path).read == 0


def test_the_kind_of_object_and_the_column_must_be_there(tmp_path: Path) -> None:
    path = gml(tmp_path, member(1), member(2, kind="Mast"))
    assert read(path, columns=("lokaalID",), sublayer="Mast").values["lokaalID"] == ["G9999.2"]
    assert "no objects of kind ‘Boom’ (it has: Mast, Paal)" in refusal(path, sublayer="Boom")
    assert "no column ‘lokaalId’ (did you mean ‘lokaalID’?)" in refusal(path, columns=("lokaalId",))
    assert "GML is read in RD" in refusal(path, crs=4326)


def test_a_gml_without_end_is_refused_and_a_gzipped_one_is_read(tmp_path: Path) -> None:
    path = gml(tmp_path, member(1))
    packed = tmp_path / "x.gml.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert read(packed, columns=("lokaalID",)).values["lokaalID"] == ["G9999.1"]
    big = IMGEO.partition("{")[0] + "<cityObjectMember>" + f"<a>{'1' * 6_000_000}</a>" * 4
    path.write_text(big, encoding="utf-8")
    assert "one object is larger than 20,000,000 bytes" in refusal(path)
