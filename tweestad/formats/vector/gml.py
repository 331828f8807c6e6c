"""Reads BGT (IMGeo 2.1) and other GML in which each member is one object with simple properties.

The file is streamed: one object at a time is in memory. Document types and entities are refused, nothing is
ever fetched. Of a register with history only the current versions are rows: one with `eindRegistratie` (the
version has been replaced) or `terminationDate` (the object is gone; IMGeo's objectEindTijd) is counted as
ended. Coordinates must be RD.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import numpy as np
import shapely
from lxml import etree
from shapely.geometry.base import BaseGeometry

from tweestad.crs import RD, RD_NAP
from tweestad.errors import InputRejected, LimitExceeded
from tweestad.formats.safe_json import Limits, open_chunks
from tweestad.formats.vector.gml_geometry import Element, is_gml, local_name, read_geometry
from tweestad.formats.vector.query import VectorQuery, agreed_crs, check_columns, listed
from tweestad.formats.vector.rows import BATCH_ROWS, RawRows
from tweestad.model.feature import Value

MAX_OBJECT_BYTES = 20_000_000
_LIMITS = Limits(unpacked_bytes=2_000_000_000)
_MEMBERS = frozenset({"cityObjectMember", "featureMember", "member"})
_ENDED = frozenset({"eindRegistratie", "terminationDate", "objectEindTijd"})
_VOID = "#VoidReasonValue"
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_MOST_VALUES = 1_000
_DOCUMENT_TYPE = "XML with a document type (DOCTYPE) is not read"
# Said before the parser meets it; in another encoding, or after a comment, the parser's own answer counts.
_FIRST = re.compile(rb"<(?:(!DOCTYPE)|[A-Za-z_])")


@dataclass(slots=True)
class _Gathered:
    """The rows of the batch that is being filled, and what has been seen of the file."""

    names: list[str] = field(default_factory=list)
    geometries: list[BaseGeometry | None] = field(default_factory=list)
    values: list[dict[str, Value]] = field(default_factory=list)
    faults: dict[int, str] = field(default_factory=dict)
    ended: int = 0
    count: int = 0
    kinds: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)


def read_gml(path: Path, name: str, query: VectorQuery) -> Iterator[RawRows]:
    """The current objects of a GML file, plain or gzipped, in batches; `name` stands for the file.

    Columns are called after the element that holds the value, wherever it stands in the object (`lokaalID`,
    `plus-type`, `tekst`); one that is there more than once is a list. `@type` is the kind of object and
    `{column}@codelist` the code list of a code. A code of the list of reasons why there is no value is no
    value. Raises InputRejected for XML that is damaged or has a document type, when another CRS than RD is
    declared, and for a column that no object has.
    """
    if query.crs not in (None, RD, RD_NAP):
        raise InputRejected(f"GML is read in RD, but twin.toml declares EPSG:{query.crs}", where=name)
    gathered = _Gathered()
    for element in _objects(path, name):
        gathered.count += 1
        kind = local_name(element)
        gathered.kinds.add(kind)
        if query.sublayer and kind != query.sublayer:
            continue
        if any(local_name(each) in _ENDED and not _is_nil(each) for each in element):
            gathered.ended += 1
        else:
            _add(gathered, element, kind, name, query)
        if len(gathered.names) + gathered.ended >= BATCH_ROWS:
            yield _rows(gathered, query)
            gathered = _Gathered(count=gathered.count, kinds=gathered.kinds, columns=gathered.columns)
    _check(gathered, name, query)
    yield _rows(gathered, query)


def _check(gathered: _Gathered, name: str, query: VectorQuery) -> None:
    kinds = sorted(gathered.kinds)
    if query.sublayer and kinds and query.sublayer not in gathered.kinds:
        there = listed(kinds)
        raise InputRejected(f"it has no objects of kind ‘{query.sublayer}’ (it has: {there})", where=name)
    if gathered.columns:
        known = {*gathered.columns, *(f"{each}@codelist" for each in gathered.columns), "@type"}
        check_columns(query.needs, sorted(known), name)


def _add(gathered: _Gathered, element: Element, kind: str, name: str, query: VectorQuery) -> None:
    row = len(gathered.names)
    gathered.names.append(f"object {gathered.count}")
    geometry: BaseGeometry | None = None
    try:
        values = _values(element)
        shapes = _shapes(element, query.prop)
        _check_crs(shapes, name)
        geometry = _together([read_geometry(each) for each in shapes])
    except InputRejected as exc:
        values = {}
        gathered.faults[row] = exc.reason
    gathered.geometries.append(geometry)
    gathered.values.append({**values, "@type": kind})
    gathered.columns |= values.keys()


def _rows(gathered: _Gathered, query: VectorQuery) -> RawRows:
    geometries = np.empty(len(gathered.geometries), dtype=object)
    geometries[:] = gathered.geometries
    return RawRows(
        names=tuple(gathered.names),
        geometries=geometries,
        empty=np.array([each is None for each in gathered.geometries], dtype=bool),
        values={column: [row.get(column) for row in gathered.values] for column in query.needs},
        crs=RD,
        faults=gathered.faults,
        ended=gathered.ended,
    )


def _objects(path: Path, name: str) -> Iterator[Element]:
    """Each object inside a member of the root; its memory is given back before the next."""
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root: Element | None = None
    held = 0
    try:
        for chunk in _pieces(path, name):
            if root is None and (first := _FIRST.search(chunk)) and first[1]:
                raise InputRejected(_DOCUMENT_TYPE, where=name)
            parser.feed(chunk)
            held += len(chunk)
            for event, found in parser.read_events():
                element = cast(Element, found)
                if root is None:
                    root = element
                    _check_root(root, name)
                elif event == "end" and element.getparent() is root:
                    if local_name(element) in _MEMBERS:
                        yield from (each for each in element if isinstance(each.tag, str))
                    _forget(element)
                    held = 0
            if held > MAX_OBJECT_BYTES:
                raise LimitExceeded(f"one object is larger than {MAX_OBJECT_BYTES:,} bytes", where=name)
        parser.close()
    except etree.XMLSyntaxError as exc:
        said = " ".join(str(exc.msg).split())[:200]
        raise InputRejected(f"the XML is damaged or not complete ({said})", where=name) from exc


def _pieces(path: Path, name: str) -> Iterator[bytes]:
    """The file in pieces of 64 kB, so that what hides before the first element is met early."""
    try:
        for chunk in open_chunks(path, _LIMITS):
            for start in range(0, len(chunk), 1 << 16):
                yield chunk[start : start + (1 << 16)]
    except InputRejected as exc:
        raise type(exc)(exc.reason, where=name) from exc


def _check_root(root: Element, name: str) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise InputRejected(_DOCUMENT_TYPE, where=name)
    kind = local_name(root)
    if kind != "CityModel" and "FeatureCollection" not in kind:
        raise InputRejected(f"this XML is not GML with objects: it is {kind[:40]}", where=name)


def _forget(element: Element) -> None:
    parent = element.getparent()
    element.clear()
    if parent is not None:
        while parent[0] is not element:
            del parent[0]


def _is_nil(element: Element) -> bool:
    return element.get(_NIL) in ("true", "1")


def _values(element: Element) -> dict[str, Value]:
    """Every text in the object, outside its geometries, by the name of its element."""
    found: dict[str, list[str]] = {}
    lists: dict[str, Value] = {}
    known: set[str] = set()
    for each in _leaves(element):
        column = local_name(each)
        known.add(column)
        text = (each.text or "").strip()
        space = each.get("codeSpace", "")
        if not text or _is_nil(each) or space.endswith(_VOID):
            continue
        found.setdefault(column, []).append(text)
        if space:
            lists[f"{column}@codelist"] = space.rpartition("#")[2]
        if len(found[column]) > _MOST_VALUES:
            raise InputRejected(f"it has more than {_MOST_VALUES} values of ‘{column}’")
    values: dict[str, Value] = dict.fromkeys(known)
    values |= {column: texts[0] if len(texts) == 1 else tuple(texts) for column, texts in found.items()}
    for key, value in element.attrib.items():
        if str(key).endswith("}id"):
            values["gml_id"] = str(value)
    return {**values, **lists}


def _leaves(element: Element) -> Iterator[Element]:
    """The elements without elements inside, not going into geometries."""
    waiting = [iter(element)]
    while waiting:
        each = next(waiting[-1], None)
        if each is None:
            waiting.pop()
        elif isinstance(each.tag, str) and not is_gml(each):
            if len(each):
                waiting.append(iter(each))
            else:
                yield each


def _shapes(element: Element, prop: str) -> list[Element]:
    """The GML geometries of the wanted property: the named one, else the object's own, else its labels'."""
    holders = [each for each in element.iter() if len(each) and is_gml(each[0]) and not is_gml(each)]
    if prop:
        chosen = [each for each in holders if local_name(each) == prop]
    else:
        own = [each for each in holders if each.getparent() is element]
        plain = [each for each in own if local_name(each).startswith("geometrie")]
        # An object without a shape of its own, such as a street name, stands where its labels stand.
        chosen = (plain or own)[:1] or [each for each in holders if local_name(each) == "plaatsingspunt"]
    return [each[0] for each in chosen]


def _check_crs(shapes: list[Element], name: str) -> None:
    """GML writes the axes in the order of the register, which only for RD is x first."""
    for shape in shapes:
        for each in shape.iter():
            if told := each.get("srsName"):
                agreed_crs(told, None, name, None, (RD, RD_NAP))


def _together(shapes: list[BaseGeometry]) -> BaseGeometry | None:
    if len(shapes) <= 1:
        return shapes[0] if shapes else None
    if all(shape.geom_type == "Point" for shape in shapes):
        return shapely.MultiPoint([shape.coords[0] for shape in shapes])
    raise InputRejected("it has more than one geometry of that name")
