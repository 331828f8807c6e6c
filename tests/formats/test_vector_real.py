"""Every real vector file of the open-data folder is read, and gives what its description says it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import shapely

from tests.formats.vector_samples import refusal
from tweestad.crs import to_lonlat
from tweestad.formats.vector.reading import CsvLayout, VectorQuery, read_vector

pytestmark = pytest.mark.open_data

NO_SHAPE = "it has no geometry"
ONE_POINT = "its geometry cannot be read (such as a line of one point)"
NO_AREA = "the polygon has no area"


@dataclass(frozen=True, slots=True)
class Real:
    """A file with its number of rows, those rejected by reason, mended shapes, and versions that ended."""

    path: str
    rows: int
    geometry: str = "polygon"
    rejected: Mapping[str, int] = field(default_factory=dict)
    mended: int = 0
    ended: int = 0
    query: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.path} {self.query.get('member', '')} {self.geometry}".strip()


def wrong_kind(shape: str, kind: str) -> str:
    return f"it is a {shape}, but this layer has {kind}s"


BGT = "bgt/otterlo_bgt-imgeo-gml_2020-08.zip"
SPATIALITE = "bgt/delft-centrum_bgt_spatialite.zip"
IMRO = "planning/nijkerk-binnenstad_bestemmingsplan-imro2012.gml.gz"


def bgt(name: str, rows: int, ended: int, kind: str = "polygon", **rejected: int) -> Real:
    reasons = {wrong_kind(shape, kind): count for shape, count in rejected.items()}
    query = {"member": f"bgt_{name}.gml", "columns": ("lokaalID", "namespace", "relatieveHoogteligging")}
    return Real(BGT, rows, kind, reasons, ended=ended, query=query)


FILES: list[Real] = [
    Real("boundaries/alkmaar_gemeentegrens.geojson", 1),
    Real("boundaries/alkmaar_gemeentelijke-wijken-buurten_rd.geojson", 77),
    Real("boundaries/alkmaar_cbs-wijken-2024.geojson", 8),
    Real("boundaries/amsterdam_buurten-2019.geojson", 481),
    Real("boundaries/amsterdam_buurten-2022.gpkg", 518),
    Real("boundaries/amsterdam_gebieden22_2018.geojson", 23),
    Real("boundaries/amsterdam_stadsdelen-2019.geojson", 8),
    Real("boundaries/nl_gemeenten-2022.geojson.gz", 345),
    Real("boundaries/voorburg-bezuidenhout_cbs-buurten-2022.geojson", 14),
    Real("network/amsterdam_osm-roads.fgb", 21_648, "line"),
    Real("network/amsterdam-nieuwmarkt_walk-bike-accessibility.gpkg", 8_383, "line"),
    Real("network/amsterdam-centrum_osm-lijnen_2023.gpkg", 3_899, "line"),
    # Six lines have one point: GDAL gives two of them as they are, and four as nothing.
    Real("network/amsterdam_tram-hartlijnen_2018.zip", 4_211, "line",
         {NO_SHAPE: 4, ONE_POINT: 2, "the line has no length": 1}),
    Real("network/amsterdam_haltes-tram-metro_2022.geojson", 231, "point"),
    Real("population/alkmaar_cbs-buurten-kerncijfers-2022.geojson", 66),
    Real("population/nl_cbs-wijken_bevolking-leeftijd_2022.gpkg", 3_340),
    Real("population/amsterdam_bbga-22gebieden_2005-2018.csv.gz", 125_395,
         query={"csv": CsvLayout(separator=" ", header=("jaar", "gebied", "naam", "waarde")),
                "placeless": True}),
    Real("energy/alkmaar_wijken-energie-wonen_cbs.csv", 12, query={"csv": CsvLayout(), "placeless": True}),
    Real("energy/amsterdam_wijken-energie-wonen_cbs.csv", 108, query={"csv": CsvLayout(), "placeless": True}),
    Real("facilities/alkmaar_scholen-duo_2026.geojson", 47, "point"),
    Real("facilities/amsterdam-noord_osm-voorzieningen_2019.geojson", 257, "point"),
    Real("facilities/amsterdam_osm-toerisme-cultuur_2026.geojson", 786, "point",
         {wrong_kind("Polygon", "point"): 82, wrong_kind("MultiPolygon", "point"): 2,
          wrong_kind("LineString", "point"): 16}),
    Real("facilities/amsterdam_winkelgebieden_2018_rd.geojson", 132, mended=17),
    # 145 are invalid in degrees; what is a sliver on the millimetre grid of RD has no area there.
    Real("water/alkmaar_top10nl-waterdeel.geojson.gz", 6_887,
         rejected={NO_AREA: 23, wrong_kind("GeometryCollection", "polygon"): 11,
                   wrong_kind("Point", "polygon"): 2}, mended=110),
    Real("water/amsterdam_osm-water_2015.geojson.gz", 1_677),
    Real("green/amsterdam_parken-plantsoenen_2023.gpkg", 123),
    Real("green/amsterdam-oostelijke-eilanden_boomkronen_2023.gpkg", 274),
    Real("climate/amsterdam_koele-plekken_20240701-1200.zip", 633, rejected={NO_SHAPE: 45}, mended=524),
    Real("climate/amsterdam_koele-plekken_20240701-1600.zip", 633, rejected={NO_SHAPE: 34}, mended=522),
    Real("planning/nl_eib-woningbouwlocaties_2021.zip", 4_348),
    Real("planning/amsterdam_grootstedelijke-projecten.zip", 65),
    Real("planning/amsterdam_unesco-werelderfgoed.geojson", 2),
    Real("planning/alkmaar_omgevingsvergunningen_2026-09.csv", 21, "point", {NO_SHAPE: 1},
         query={"csv": CsvLayout(x="lon", y="lat"), "crs": 4326}),
    Real(IMRO, 260, query={"sublayer": "Bouwvlak"}),
    Real(IMRO, 235, query={"sublayer": "Enkelbestemming"}),
    Real(IMRO, 200, query={"sublayer": "Maatvoering"}),
    Real(IMRO, 172, query={"sublayer": "Bouwaanduiding"}),
    Real(IMRO, 141, query={"sublayer": "Functieaanduiding"}),
    Real("underground/amsterdam_metro-hartlijnen_2017.zip", 719, "line", {ONE_POINT: 1}),
    Real("underground/amsterdam_perscontainers-vulgraad_2018.geojson", 241, "point", {NO_SHAPE: 2}),
    Real("bag/voorburg-bezuidenhout_bag-panden.fgb", 15_380),
    Real("bag/voorburg-bezuidenhout_bag-verblijfsobjecten.fgb", 31_293, "point"),
    Real("bag/delft-tudcampus_bag-panden.geojson.gz", 1_529),
    Real("bag/otterlo_bag-adressen.gpkg", 2_481, "point"),
    Real("buildings3d/denhaag-binnenhof_3dbag-lod22.gpkg", 10, mended=10),
    *(
        Real(SPATIALITE, rows, query={"member": f"bgt_{name}.sqlite", "sublayer": table,
                                      "columns": ("lokaalid",)})
        for name, table, rows in (
            ("pand", "buildingpart", 160), ("wegdeel", "trafficarea", 151), ("waterdeel", "waterdeel", 3),
            ("begroeidterreindeel", "plantcover", 126), ("scheiding", "scheiding", 57),
            ("onbegroeidterreindeel", "onbegroeidterreindeel", 81),
            ("overbruggingsdeel", "bridgeconstructionelement", 3),
        )
    ),
    bgt("vegetatieobject", 2308, 204, "point", LineString=16),
    bgt("vegetatieobject", 2308, 204, "line", Point=2088),
    bgt("wegdeel", 2444, 1192),
    bgt("pand", 2273, 562),
    bgt("paal", 410, 12, "point"),
    bgt("put", 1045, 36, "point"),
    bgt("waterdeel", 1163, 867),
    bgt("scheiding", 396, 93, "line", Polygon=5),
    bgt("begroeidterreindeel", 1168, 530),
    bgt("onbegroeidterreindeel", 830, 403),
    bgt("ondersteunendwegdeel", 1512, 885),
    bgt("openbareruimtelabel", 62, 4, "point"),
]  # fmt: skip


@pytest.mark.parametrize("real", FILES, ids=str)
def test_a_real_file_gives_what_its_description_says(open_data: Path, real: Real) -> None:
    reasons: Counter[str] = Counter()
    read = out = mended = ended = 0
    for batch in read_vector(open_data / real.path, VectorQuery(real.geometry, **real.query)):  # type: ignore[arg-type]
        read, out = read + batch.read, out + len(batch.rows)
        mended, ended = mended + batch.mended, ended + batch.ended
        reasons.update(each.reason for each in batch.rejected)
        with_place = batch.geometries[~shapely.is_missing(batch.geometries)]
        assert not len(with_place) or shapely.total_bounds(with_place)[0] > 13_000
        assert real.geometry != "polygon" or shapely.is_valid(with_place).all()
    assert read == real.rows
    assert dict(reasons) == dict(real.rejected)
    assert (mended, ended) == (real.mended, real.ended)
    assert out == real.rows - real.ended - sum(real.rejected.values())


def test_all_versions_of_trees_paths_and_streets_of_otterlo_are_there(open_data: Path) -> None:
    """The description counts versions: 2,292 trees, 217 and 426 stretches of cycle path and footpath."""
    path = open_data / BGT
    trees = next(iter(read_vector(path, VectorQuery("point", member="bgt_vegetatieobject.gml"))))
    assert len(trees.rows) + trees.ended == 2_292
    roads = VectorQuery(columns=("function", "lokaalID"), member="bgt_wegdeel.gml")
    (current,) = read_vector(path, roads)
    functions = Counter(current.values["function"])
    assert len(set(current.values["lokaalID"])) == len(current.rows)
    assert (functions["fietspad"], functions["voetpad"]) == (106, 219)


def test_the_container_that_lies_far_off_is_still_in_the_netherlands_and_kept(open_data: Path) -> None:
    query = VectorQuery("point")
    (batch,) = read_vector(open_data / "underground/amsterdam_perscontainers-vulgraad_2018.geojson", query)
    lonlat = to_lonlat(shapely.get_coordinates(batch.geometries))
    assert lonlat[:, 1].max() == pytest.approx(53.3454, abs=1e-4)


def test_what_is_json_but_not_geojson_says_so(open_data: Path) -> None:
    for name in (
        "planning/amsterdam_milieuzones_2019.json",
        "facilities/eindhoven_gehandicaptenparkeren_sample.json",
        "population/nl_gemeenten_cbs-profiel.json",
    ):
        assert "not a GeoJSON FeatureCollection" in refusal(open_data / name)


def test_a_permit_notice_with_its_axes_exchanged_says_so(open_data: Path) -> None:
    query = VectorQuery("point", crs=4326, csv=CsvLayout(x="lat", y="lon"))
    (batch,) = read_vector(open_data / "planning/alkmaar_omgevingsvergunningen_2026-09.csv", query)
    reasons = Counter(each.reason for each in batch.rejected)
    assert reasons["its coordinates look like latitude and longitude exchanged"] == 20
