"""Small vector files in the exact shape of their sources, and a short way to read one."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tweestad.errors import InputRejected
from tweestad.formats.vector.reading import Batch, VectorQuery, read_vector

X, Y = 122_000.0, 486_000.0

IMGEO = """<?xml version="1.0" encoding="UTF-8"?>
<CityModel xmlns="http://www.opengis.net/citygml/2.0" xmlns:gml="http://www.opengis.net/gml"
 xmlns:imgeo="http://www.geostandaarden.nl/imgeo/2.1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
{members}
</CityModel>"""
MEMBER = """ <cityObjectMember>
  <imgeo:{kind} gml:id="b{number}">
   <creationDate>2014-11-21</creationDate>
   {extra}
   <imgeo:identificatie><imgeo:NEN3610ID>
    <imgeo:namespace>NL.IMGeo</imgeo:namespace>
    <imgeo:lokaalID>G9999.{number}</imgeo:lokaalID>
   </imgeo:NEN3610ID></imgeo:identificatie>
   <imgeo:plus-status codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#VoidReasonValue">geenWaarde</imgeo:plus-status>
   <imgeo:plus-type codeSpace="http://www.geostandaarden.nl/imgeo/def/2.1#TypePaalPlus">lichtmast</imgeo:plus-type>
   <imgeo:kruinlijn xsi:nil="true" nilReason="waardeOnbekend"/>
   <imgeo:geometrie2d{kind}>{shape}</imgeo:geometrie2d{kind}>
  </imgeo:{kind}>
 </cityObjectMember>"""
RD_NAME = 'srsName="urn:ogc:def:crs:EPSG::28992"'
POINT = f'<gml:Point {RD_NAME}><gml:pos srsDimension="2">{X} {Y}</gml:pos></gml:Point>'


def member(number: int = 1, shape: str = POINT, *, kind: str = "Paal", extra: str = "") -> str:
    """One object of a BGT delivery."""
    return MEMBER.format(number=number, shape=shape, kind=kind, extra=extra)


def gml(folder: Path, *members: str, name: str = "bgt_paal.gml") -> Path:
    """A BGT delivery with these objects."""
    path = folder / name
    path.write_text(IMGEO.format(members="\n".join(members)), encoding="utf-8")
    return path


def zipped(path: Path, files: Mapping[str, bytes]) -> Path:
    """A zip with these files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def read(path: Path, query: VectorQuery | None = None, **changes: Any) -> Batch:
    """The only batch of a small file."""
    (batch,) = read_vector(path, replace(query or VectorQuery("point"), **changes))
    return batch


def refusal(path: Path, query: VectorQuery | None = None, **changes: Any) -> str:
    """The one sentence with which a file is refused."""
    with pytest.raises(InputRejected) as caught:
        list(read_vector(path, replace(query or VectorQuery("point"), **changes)))
    assert str(caught.value).startswith(f"{path.name}: ")
    assert "\n" not in str(caught.value)
    return caught.value.reason
