"""The parsers that are soaked: one line each. A sample is made anew by code, so that none is kept.

To add one: a function that makes the bytes of a small good file, and a function that reads a path wholly.
"""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np
import shapely
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from tests.formats.city_samples import document, feature, header, house, outline, seq, solid
from tests.formats.design_samples import gltf, ifc, obj
from tests.formats.terrain_samples import cloud, sloping_pixels, write_cloud, write_raster
from tests.formats.vector_samples import IMGEO, RD_NAME, X, Y, member
from tweestad.api.sensorthings.addresses import parse_path
from tweestad.api.sensorthings.narrowing import narrowed
from tweestad.api.sensorthings.options import parse_options
from tweestad.feeds.reading import read_payload
from tweestad.feeds.sources import get_source
from tweestad.formats.cityjson.polygons3d import read_polygons3d
from tweestad.formats.cityjson.reading import read_city
from tweestad.formats.design.model import Place
from tweestad.formats.design.placed import DesignFormat, read_placed
from tweestad.formats.terrain.heights import Thinning
from tweestad.formats.terrain.points import read_points
from tweestad.formats.terrain.raster import read_raster
from tweestad.formats.terrain.relief import read_relief
from tweestad.formats.vector.reading import CsvLayout, VectorQuery, read_vector
from tweestad.model.received import Facts


@dataclass(frozen=True, slots=True)
class Parser:
    """What to soak: `sample` makes a good file, `read` reads a path wholly.

    `suffix` is that of the file. With `pack` the breaking happens inside: a broken text in a sound zip.
    `slow` has a process of its own for every file, so that a test takes a few cases only.
    """

    name: str
    suffix: str
    sample: Callable[[], bytes]
    read: Callable[[Path], None]
    pack: Callable[[bytes], bytes] = bytes
    slow: bool = False


def read_all(query: VectorQuery, path: Path) -> None:
    """Read every batch of a vector file."""
    for batch in read_vector(path, query):
        assert len(batch.rows) == len(batch.geometries)
        assert batch.read == batch.left_out + len(batch.rejected) + len(batch.rows)


def read_every_object(path: Path) -> None:
    """Read every object of a city model."""
    for _ in read_city(path):
        pass


def _shapes() -> list[shapely.Geometry]:
    square = shapely.box(X, Y, X + 10, Y + 10)
    hole = shapely.Polygon(square.exterior, [shapely.box(X + 2, Y + 2, X + 4, Y + 4).exterior])
    return [square, hole, shapely.MultiPolygon([square, shapely.box(X + 20, Y, X + 30, Y + 9)])]


def geojson() -> bytes:
    features = ",".join(
        f'{{"type":"Feature","properties":{{"n":{n},"naam":"Café"}},"geometry":{shapely.to_geojson(shape)}}}'
        for n, shape in enumerate(_shapes())
    )
    crs = '{"type":"name","properties":{"name":"EPSG:28992"}}'
    return f'{{"type":"FeatureCollection","crs":{crs},"features":[{features}]}}'.encode()


def gml() -> bytes:
    ring = f"{X} {Y} {X + 9} {Y} {X + 9} {Y + 9} {X} {Y}"
    flat = f"<gml:LinearRing><gml:posList>{ring}</gml:posList></gml:LinearRing>"
    arc = f"<gml:Arc><gml:posList>{X + 9} {Y} {X + 12} {Y + 4} {X + 9} {Y + 9}</gml:posList></gml:Arc>"
    line = f"<gml:posList>{X + 9} {Y + 9} {X} {Y} {X + 9} {Y}</gml:posList>"
    segments = f"<gml:segments>{arc}<gml:LineStringSegment>{line}</gml:LineStringSegment></gml:segments>"
    bent = f"<gml:Ring><gml:curveMember><gml:Curve>{segments}</gml:Curve></gml:curveMember></gml:Ring>"
    shapes = [f"<gml:Polygon {RD_NAME}><gml:exterior>{r}</gml:exterior></gml:Polygon>" for r in (flat, bent)]
    return IMGEO.format(members="\n".join(member(n, each) for n, each in enumerate(shapes))).encode()


def csv() -> bytes:
    rows = "\n".join(f'{n};"straat; {n}";{X + n},5;{Y}' for n in range(6))
    return f"n;naam;x;y\n{rows}\n".encode()


def wkt() -> bytes:
    return (
        "n;vorm\n" + "\n".join(f"{n};{shapely.to_wkt(shape)}" for n, shape in enumerate(_shapes()))
    ).encode()


@cache
def written(driver: str, suffix: str) -> bytes:
    """A file that GDAL itself writes."""
    import pyogrio

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"v{suffix}"
        pyogrio.raw.write(
            path, geometry=shapely.to_wkb(np.array(_shapes(), dtype=object)), fields=["n"], driver=driver,
            field_data=[np.arange(3, dtype=np.int32)], geometry_type="MultiPolygon", crs="EPSG:28992",
            promote_to_multi=True,
        )  # fmt: skip
        if suffix != ".shp":
            return path.read_bytes()
        return _zip({each.name: each.read_bytes() for each in Path(folder).iterdir()})


def shapefile() -> bytes:
    with zipfile.ZipFile(io.BytesIO(written("ESRI Shapefile", ".shp"))) as archive:
        return archive.read("v.shp")


def with_shapefile_parts(data: bytes) -> bytes:
    """A zip with this as the geometry of an otherwise sound shapefile."""
    with zipfile.ZipFile(io.BytesIO(written("ESRI Shapefile", ".shp"))) as archive:
        return _zip({name: archive.read(name) for name in archive.namelist()} | {"v.shp": data})


def zip_of(name: str, data: bytes) -> bytes:
    return _zip({name: data})


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def cityjson() -> bytes:
    parts = {
        "pand": house(outline(), solid("1.2"), children=["deel"], attributes={"bouwjaar": 1900}),
        "deel": house(solid(), parents=["pand"], type="BuildingPart"),
    }
    return json.dumps(document(parts)).encode()


def cityjson_seq() -> bytes:
    return seq(header(), *(feature(f"huis{n}") for n in range(4)))


def point_cloud(suffix: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return write_cloud(Path(folder) / f"cloud{suffix}", cloud(8), crs="EPSG:28992").read_bytes()


def raster() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return write_raster(Path(folder) / "heights.tif", sloping_pixels(30)).read_bytes()


def read_cloud(path: Path) -> None:
    """Read all points of a cloud, and thin them."""
    into = Thinning()
    counts = read_points(path, into, crs=28992)
    assert counts.read == counts.used + sum(counts.left_out.values())
    assert np.isfinite(into.samples().z_nap).all()


def read_heights(path: Path) -> None:
    """Read all pixels of a raster, and thin them."""
    into = Thinning()
    counts = read_raster(path, into, crs=28992)
    assert counts.read == counts.used + sum(counts.left_out.values())
    assert np.isfinite(into.samples().z_nap).all()


def polygons_3d() -> bytes:
    """Buildings as polygons that stand upright, as the 3DBAG gives them."""
    import pyogrio

    wall = shapely.Polygon([(X, Y, 0), (X + 8, Y, 0), (X + 8, Y, 6), (X, Y, 6)])
    roof = shapely.Polygon([(X, Y, 6), (X + 8, Y, 6), (X + 8, Y + 8, 6), (X, Y + 8, 6)])
    faces = np.array([shapely.MultiPolygon([wall, roof])], dtype=object)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "v.gpkg"
        pyogrio.raw.write(
            path, geometry=shapely.to_wkb(faces, output_dimension=3), fields=["n"], driver="GPKG",
            field_data=[np.arange(1, dtype=np.int32)], geometry_type="MultiPolygon Z", crs="EPSG:7415",
        )  # fmt: skip
        return path.read_bytes()


def relief() -> bytes:
    tin = {"type": "CompositeSurface", "lod": "1", "boundaries": [[[0, 1, 2]], [[0, 2, 3]]]}
    return json.dumps(document({"tin": house(tin, type="TINRelief")})).encode()


def read_ground(path: Path) -> None:
    """Read the terrain of a city model, and thin it."""
    into = Thinning()
    counts = read_relief(path, into)
    assert counts.read == counts.used + sum(counts.left_out.values())
    assert np.isfinite(into.samples().z_nap).all()


def read_design(kind: DesignFormat, path: Path) -> None:
    """Read every part of a design, in the process that is made for it."""
    for _ in read_placed(path, kind, Place(x=X, y=Y, nap=0.0)):
        pass


def read_faces(path: Path) -> None:
    """Read every building of a file of 3D polygons."""
    for _ in read_polygons3d(path, crs=7415):
        pass


def feed_sample(source_id: str, part: str) -> bytes:
    """The sample of a source, which is written by hand."""
    (path,) = get_source(source_id).folder.glob(f"sample.{part}.*")
    return path.read_bytes()


def read_feed(source_id: str, part: str, path: Path) -> None:
    """Read a whole payload through the one door."""
    source = get_source(source_id)
    facts = Facts(
        source_id, dt.datetime(2026, 4, 16, 9, 5, tzinfo=dt.UTC), part, settings=source.manifest.settings
    )
    with path.open("rb") as payload:
        for _ in read_payload(source, payload, facts):
            pass


def feed(source_id: str, part: str, suffix: str) -> Parser:
    """One part of one source, as a parser to soak."""
    return Parser(
        f"feed-{source_id}-{part}",
        suffix,
        partial(feed_sample, source_id, part),
        partial(read_feed, source_id, part),
    )


def question() -> bytes:
    """A question to SensorThings with something of everything in it."""
    condition = (
        "not (result mul 2 ge -1.5e1) and startswith(tolower(Datastream/Thing/name),'kerk''straat') or "
        "st_within(FeatureOfInterest/feature,geography'POLYGON((4 52,5 52,5 53,4 52))') and "
        "phenomenonTime gt 2026-04-16T12:00:00+02:00 sub duration'P1DT2H' and resultTime ne null"
    )
    expand = "Datastream($expand=Thing/Locations;$select=name),FeatureOfInterest"
    options = {
        "$filter": condition, "$orderby": "phenomenonTime desc,result", "$expand": expand, "$top": "5",
        "$select": "id,result", "$count": "true", "$skiptoken": "lucht:a:no2@2026-04-16T12:00:00Z",
    }  # fmt: skip
    path = "Datastreams('lucht:b/c''d:no2')/Observations"
    return f"{path}?{'&'.join(f'{name}={text}' for name, text in options.items())}".encode()


def read_question(path: Path) -> None:
    """Read a question wholly: its path, its options, and what the store would be asked."""
    place, _, query = path.read_bytes().decode(errors="surrogateescape").partition("?")
    given = dict(part.partition("=")[::2] for part in query.split("&"))
    # What is wrong with a question is told as faults of its parameters, or as a part that is not there.
    with suppress(RequestValidationError, HTTPException):
        parse_path(place)
        options = parse_options(given, "Observation")
        narrowed(options.filter, "Observation")


AREAS = partial(read_all, VectorQuery("polygon", ("n",), crs=28992))
OBJECTS = partial(read_all, VectorQuery("polygon", ("lokaalID",)))
ROWS = partial(
    read_all, VectorQuery("point", ("n",), crs=28992, csv=CsvLayout(x="x", y="y", decimal=",", separator=";"))
)
SHAPES = partial(
    read_all, VectorQuery("polygon", ("n",), crs=28992, csv=CsvLayout(wkt="vorm", separator=";"))
)

PARSERS: tuple[Parser, ...] = (
    Parser("geojson", ".geojson", geojson, AREAS),
    Parser("geojson-gz", ".geojson.gz", geojson, AREAS, partial(gzip.compress, compresslevel=1)),
    Parser("gzip", ".geojson.gz", lambda: gzip.compress(geojson()), AREAS),
    Parser("zip", ".zip", lambda: zip_of("v.geojson", geojson()), AREAS),
    Parser("gml", ".gml", gml, OBJECTS),
    Parser("gml-zip", ".zip", gml, OBJECTS, partial(zip_of, "v.gml")),
    Parser("csv", ".csv", csv, ROWS),
    Parser("csv-wkt", ".csv", wkt, SHAPES),
    Parser("geopackage", ".gpkg", lambda: written("GPKG", ".gpkg"), AREAS),
    Parser("spatialite", ".sqlite", lambda: written("SQLite", ".sqlite"), AREAS),
    Parser("flatgeobuf", ".fgb", lambda: written("FlatGeobuf", ".fgb"), AREAS),
    Parser("shapefile", ".zip", shapefile, AREAS, with_shapefile_parts),
    Parser("las", ".las", lambda: point_cloud(".las"), read_cloud),
    Parser("laz", ".laz", lambda: point_cloud(".laz"), read_cloud),
    Parser("geotiff", ".tif", raster, read_heights),
    Parser("ifc", ".ifc", lambda: ifc().encode(), partial(read_design, "ifc"), slow=True),
    Parser("gltf", ".glb", gltf, partial(read_design, "gltf"), slow=True),
    Parser("obj", ".obj", lambda: obj().encode(), partial(read_design, "obj"), slow=True),
    Parser("relief", ".city.json", relief, read_ground),
    Parser("polygons-3d", ".gpkg", polygons_3d, read_faces),
    Parser("cityjson", ".city.json", cityjson, read_every_object),
    Parser("cityjson-seq", ".city.jsonl", cityjson_seq, read_every_object),
    feed("sensor-community", "values", ".json"),
    feed("laadpunten", "locations", ".json"),
    feed("ndw-verkeer", "sites", ".xml"),
    feed("ndw-situaties", "situations", ".xml"),
    feed("bro-grondwater", "levels", ".csv"),
    Parser("sensorthings", ".txt", question, read_question),
    feed("instelbaar", "features", ".json"),
)
