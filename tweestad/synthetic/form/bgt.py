"""The ground of a quarter as the BGT has it (IMGeo 2.1): surfaces that do not overlap, as CityGML members.

Element names, code lists and their order follow deliveries of the national register. Only surfaces at
ground level do not overlap: a bridge deck lies over its water, as in the register.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
import shapely

from tweestad.synthetic.form.city_file import Placed
from tweestad.synthetic.form.model import Quarter, Way

_GML = 'xmlns:gml="http://www.opengis.net/gml"'
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<CityModel {_GML} xmlns:imgeo="http://www.geostandaarden.nl/imgeo/2.1" '
    'xmlns="http://www.opengis.net/citygml/2.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
).encode()
TAIL = b"</CityModel>\n"
_CITYGML = "http://www.opengis.net/citygml/"
_LIST = "http://www.geostandaarden.nl/imgeo/def/2.1#"
_PAVEMENT_M = 2.0
_DRIVEN = {"secondary": "rijbaan regionale weg", "tertiary": "rijbaan lokale weg"}
_WALKED = {"footway": "voetpad", "cycleway": "fietspad", "pedestrian": "voetgangersgebied"}
_WATER = {"ditch": ("waterloop", "sloot"), "canal": ("waterloop", "gracht"), "river": ("waterloop", "rivier")}


@dataclass(frozen=True, slots=True)
class _Kind:
    """How one kind of BGT object is written: its element, the name of its shape, and its codes."""

    element: str
    space: str
    shape: str
    codes: tuple[tuple[str, str], ...]
    many: bool = False


_KINDS: dict[str, _Kind] = {
    "wegdeel": _Kind(
        "TrafficArea", "transportation/2.0", "geometrie2dWegdeel",
        (("function", "FunctieWeg"), ("surfaceMaterial", "FysiekVoorkomenWeg")),
    ),
    "ondersteunendwegdeel": _Kind(
        "AuxiliaryTrafficArea", "transportation/2.0", "geometrie2dOndersteunendWegdeel",
        (
            ("function", "FunctieOndersteunendWegdeel"),
            ("surfaceMaterial", "FysiekVoorkomenOndersteunendWegdeel"),
        ),
    ),
    "waterdeel": _Kind(
        "imgeo:Waterdeel", "waterbody/2.0", "geometrie2dWaterdeel",
        (("class", "TypeWater"), ("imgeo:plus-type", "TypeWaterPlus")),
    ),
    "begroeidterreindeel": _Kind(
        "PlantCover", "vegetation/2.0", "geometrie2dBegroeidTerreindeel",
        (("class", "FysiekVoorkomenBegroeidTerrein"),),
    ),
    "onbegroeidterreindeel": _Kind(
        "imgeo:OnbegroeidTerreindeel", "", "geometrie2dOnbegroeidTerreindeel",
        (("imgeo:bgt-fysiekVoorkomen", "FysiekVoorkomenOnbegroeidTerrein"),),
    ),
    "overbruggingsdeel": _Kind(
        "BridgeConstructionElement", "bridge/2.0", "geometrie2dOverbruggingsdeel",
        (("class", "TypeOverbruggingsdeel"),),
    ),
    "pand": _Kind("BuildingPart", "building/2.0", "geometrie2dGrondvlak", (), many=True),
}  # fmt: skip
BGT_FILES: dict[str, str] = {f"bgt_{kind}.gml": f"BGT IMGeo 2.1: every {kind} of the town" for kind in _KINDS}


def surfaces(quarter: Quarter, standing: Iterable[Placed]) -> Iterator[tuple[str, bytes]]:
    """The kind and the XML of every BGT object of a quarter; `standing` are its buildings that exist."""
    standing = list(standing)
    built = [each for each in standing if each.house.status == "Pand in gebruik"]
    free = shapely.union_all([quarter.outline])
    panden = [shapely.Polygon(each.house.outline, each.house.courtyards) for each in built]
    for each, foot in zip(built, panden, strict=True):
        yield "pand", _member("pand", foot, (), each.identification)
    if panden:
        free = shapely.difference(free, shapely.union_all(panden))
    water = shapely.union_all([area.polygon for area in quarter.waters])
    for kind, shape, codes in chain(_roads(quarter, water), _grounds(quarter, water)):
        taken = shape if kind == "overbruggingsdeel" else shapely.intersection(shape, free)
        for part in _polygons(taken):
            yield kind, _member(kind, part, codes, "")
        if kind not in ("overbruggingsdeel", "pand"):
            free = shapely.difference(free, shape)
    ground = "grasland agrarisch" if quarter.cell.kind == "farm" else ""
    kind = "begroeidterreindeel" if ground else "onbegroeidterreindeel"
    for part in _polygons(free):
        yield kind, _member(kind, part, (ground or "erf",), "")


_Surface = tuple[str, shapely.Geometry, tuple[str, ...]]


def _roads(quarter: Quarter, water: shapely.Geometry) -> Iterator[_Surface]:
    """Bridge decks, carriageways and squares in order of rank, then pavements and verges beside them."""
    ranked = sorted((*quarter.ways, *quarter.edges), key=lambda way: -way.width_m)
    strips = [(way, way.line.line().buffer(way.width_m / 2, quad_segs=4)) for way in ranked]
    for way, strip in strips:
        for deck in _polygons(shapely.intersection(shapely.intersection(strip, water), quarter.outline)):
            yield "overbruggingsdeel", deck, ("dek",)
        yield "wegdeel", strip, (_function(way), _surface(way))
    for square in quarter.squares:
        yield "wegdeel", square.polygon, ("voetgangersgebied", "open verharding")
    for rail in quarter.rails:
        strip = rail.line.line().buffer(2.2, cap_style="flat")
        yield "ondersteunendwegdeel", strip, ("berm", "half verhard")
    for way, strip in strips:
        if way.highway in ("footway", "cycleway", "service"):
            continue
        beside = shapely.difference(strip.buffer(_PAVEMENT_M, quad_segs=4), water)
        if way.highway in ("secondary", "unclassified"):
            yield "ondersteunendwegdeel", beside, ("berm", "groenvoorziening")
        else:
            yield "wegdeel", beside, ("voetpad", "open verharding")


def _grounds(quarter: Quarter, water: shapely.Geometry) -> Iterator[_Surface]:
    for area in quarter.waters:
        kind = _WATER.get(area.kind, ("watervlakte", "meer, plas, ven, vijver"))
        yield "waterdeel", area.polygon, kind
    for area in quarter.parks:
        grass = area.kind == "pitch"
        shape = shapely.difference(area.polygon, water)
        yield "begroeidterreindeel", shape, ("grasland overig" if grass else "groenvoorziening",)
    for area in quarter.sites:
        yield "onbegroeidterreindeel", area.polygon, ("zand",)


def _function(way: Way) -> str:
    return (
        _DRIVEN.get(way.highway)
        or _WALKED.get(way.highway)
        or ("woonerf" if way.highway == "living_street" else "rijbaan lokale weg")
    )


def _surface(way: Way) -> str:
    return (
        "gesloten verharding" if way.highway in ("secondary", "tertiary", "cycleway") else "open verharding"
    )


def _polygons(shape: shapely.Geometry) -> list[shapely.Polygon]:
    """The polygons in a shape, without slivers, on whole millimetres."""
    parts = shapely.get_parts(shapely.set_precision(shape, 0.001)).tolist()
    return [each for each in parts if isinstance(each, shapely.Polygon) and each.area > 0.2]


def _member(kind: str, shape: shapely.Polygon, codes: tuple[str, ...], pand: str) -> bytes:
    """One object as a cityObjectMember; its id follows from its shape, so that equal towns are equal."""
    how = _KINDS[kind]
    rings = "".join(
        f"<gml:{side}><gml:LinearRing>{_positions(ring)}</gml:LinearRing></gml:{side}>"
        for side, ring in (("exterior", shape.exterior), *(("interior", r) for r in shape.interiors))
    )
    local = hashlib.blake2b((kind + rings).encode(), digest_size=16).hexdigest()
    srs = "" if how.many else ' srsName="urn:ogc:def:crs:EPSG::28992"'
    gml = f"<gml:Polygon{srs}>{rings}</gml:Polygon>"
    if how.many:
        gml = f"<gml:MultiSurface><gml:surfaceMember>{gml}</gml:surfaceMember></gml:MultiSurface>"
    own = f' xmlns="{_CITYGML}{how.space}"' if how.space and not how.element.startswith("imgeo:") else ""
    told = "".join(
        _code(name, text, named, how) for (name, named), text in zip(how.codes, codes, strict=True)
    )
    bag = f"<imgeo:identificatieBAGPND>{pand}</imgeo:identificatieBAGPND>" if pand else ""
    return (
        f'<cityObjectMember><{how.element}{own} gml:id="b{local}">'
        f'<creationDate xmlns="{_CITYGML}2.0">2026-01-01</creationDate>'
        "<imgeo:LV-publicatiedatum>2026-01-01T12:00:00</imgeo:LV-publicatiedatum>"
        "<imgeo:relatieveHoogteligging>0</imgeo:relatieveHoogteligging>"
        "<imgeo:inOnderzoek>false</imgeo:inOnderzoek>"
        "<imgeo:tijdstipRegistratie>2026-01-01T12:00:00.000</imgeo:tijdstipRegistratie>"
        "<imgeo:identificatie><imgeo:NEN3610ID><imgeo:namespace>NL.IMGeo</imgeo:namespace>"
        f"<imgeo:lokaalID>G9999.{local}</imgeo:lokaalID></imgeo:NEN3610ID></imgeo:identificatie>"
        "<imgeo:bronhouder>G9999</imgeo:bronhouder>"
        f'<imgeo:bgt-status codeSpace="{_LIST}Status">bestaand</imgeo:bgt-status>'
        f'<imgeo:plus-status codeSpace="{_LIST}VoidReasonValue">geenWaarde</imgeo:plus-status>'
        f"{told}{bag}<imgeo:{how.shape}>{gml}</imgeo:{how.shape}></{how.element}></cityObjectMember>\n"
    ).encode()


def _code(name: str, text: str, code_list: str, how: _Kind) -> str:
    # In an element of IMGeo itself, what comes from CityGML names its own space.
    space = how.element.startswith("imgeo:") and not name.startswith("imgeo:")
    own = f' xmlns="{_CITYGML}{how.space}"' if space else ""
    return f'<{name}{own} codeSpace="{_LIST}{code_list}">{text}</{name}>'


def _positions(ring: shapely.LinearRing) -> str:
    flat = np.asarray(shapely.get_coordinates(ring)).ravel().tolist()
    return f'<gml:posList srsDimension="2">{" ".join(f"{value:.3f}" for value in flat)}</gml:posList>'
