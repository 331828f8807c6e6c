"""A very small twin in real formats, made anew for each test: a few blocks, a street, a pond, a secret."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tweestad.config import Config

X, Y = 122_000.0, 486_000.0

TWIN = """
[twin]
id = "klein"
title = {nl = "Klein", en = "Small"}
municipality = "GM9999"
centre = [122000, 486000]

[ground]
water_nap_m = -0.4
water = "water"
samples = {layer = "gebouwen", column = "maaiveld_nap_m"}

[[ground.lines]]
layer = "straten"
column = "soort"
street_widths_m = {residential = 5}

[[layer]]
id = "gebouwen"
title = {nl = "Gebouwen", en = "Buildings"}
theme = "Gebouwen"
kind = "buildings"
source = "test"
licence = "CC0-1.0"
licence_class = "A"
date = "2026"
steward = "test"
read = {format = "cityjson", path = "gebouwen.city.jsonl"}
id_template = "NL.IMBAG.Pand.{identificatie}"
ref_template = "NL.IMBAG.Pand.{identificatie}"
title_template = "Gebouw"
title_near = [
  {layer = "straten", within_m = 40, title = {nl = "Gebouw bij {naam}", en = "Building near {naam}"}},
]
columns = [
  {name = "bouwjaar", term = "bouwjaar", missing = [1005]},
  {name = "maaiveld_nap_m", term = "maaiveld", from = "rf_h_ground"},
]

[[layer]]
id = "straten"
title = {nl = "Straten", en = "Streets"}
theme = "Straten"
kind = "lines"
source = "test"
licence = "CC0-1.0"
licence_class = "A"
date = "2026"
steward = "test"
read = {format = "vector", path = "straten.geojson", geometry = "line"}
id_from = ["naam"]
search = {column = "naam", kind = "street"}
columns = [{name = "naam", term = "naam"}, {name = "soort", term = "wegsoort"}]
style = {role = "street", label = "naam"}

[[layer]]
id = "water"
title = {nl = "Water", en = "Water"}
theme = "Water"
kind = "areas"
source = "test"
licence = "CC0-1.0"
licence_class = "A"
date = "2026"
steward = "test"
read = {format = "vector", path = "water.geojson"}
id_from = ["naam"]
columns = [{name = "naam", term = "naam"}]
style = {role = "water", label = "naam"}

[[layer]]
id = "kabels"
title = {nl = "Kabels", en = "Cables"}
theme = "Ondergrond"
kind = "lines"
audience = "staff"
source = "test"
licence = "CC0-1.0"
licence_class = "A"
date = "2026"
steward = "test"
read = {format = "vector", path = "kabels.geojson", geometry = "line"}
id_template = "GEHEIM-{nr}"
columns = [{name = "naam", term = "naam"}]
[layer.style]
label = "naam"
classes = {naam = [{colour = "#000000", value = "geheimekabel", label = {nl = "x"}}]}
"""


@dataclass(frozen=True, slots=True)
class TinyCity:
    """The folder of a tiny twin and the settings to build it with."""

    root: Path
    twin: str = TWIN
    houses: int = 12
    years: Mapping[int, int] = field(default_factory=dict)

    @property
    def config(self) -> Config:
        return Config(self.root / "data")

    @property
    def folder(self) -> Path:
        return self.root / "twin"

    def write(self) -> Path:
        """Write twin.toml and its input files; returns the folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "twin.toml").write_text(self.twin, encoding="utf-8")
        self.write_houses()
        street = [[X - 60, Y - 8], [X + 400, Y - 8]]
        properties = {"naam": "Testlaan", "soort": "residential"}
        self.write_geojson("straten", "LineString", [(properties, street)])
        pond = [[[X, Y - 60], [X + 40, Y - 60], [X + 40, Y - 30], [X, Y - 30], [X, Y - 60]]]
        self.write_geojson("water", "Polygon", [({"naam": "Testvijver"}, pond)])
        cable = [[X, Y + 3], [X + 90, Y + 3]]
        self.write_geojson("kabels", "LineString", [({"nr": 1, "naam": "geheimekabel"}, cable)])
        return self.folder

    def write_houses(self, *, tall: int | None = None) -> None:
        """Write the buildings over three square kilometres; `tall` makes one of them higher."""
        lines: list[dict[str, Any]] = [
            {
                "type": "CityJSON",
                "version": "2.0",
                "transform": {"scale": [0.001] * 3, "translate": [X, Y, 0.0]},
                "metadata": {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/7415"},
                "CityObjects": {},
                "vertices": [],
            }
        ]
        # 260 m apart: so few in a square kilometre are one tile.
        lines += [
            _block(n, n * 260.0, 12.0 if n == tall else 6.0, self.years.get(n, 1900 + n))
            for n in range(self.houses)
        ]
        text = "\n".join(json.dumps(line) for line in lines)
        (self.folder / "gebouwen.city.jsonl").write_text(text + "\n", encoding="utf-8")

    def write_geojson(
        self, name: str, kind: str, rows: Sequence[tuple[Mapping[str, Any], Any]], crs: str = "EPSG:28992"
    ) -> None:
        """Write rows of (properties, coordinates) as GeoJSON that says it is in RD."""
        features = [
            {"type": "Feature", "properties": dict(p), "geometry": {"type": kind, "coordinates": c}}
            for p, c in rows
        ]
        body = {
            "type": "FeatureCollection",
            "crs": {"type": "name", "properties": {"name": crs}},
            "features": features,
        }
        (self.folder / f"{name}.geojson").write_text(json.dumps(body), encoding="utf-8")


def _block(number: int, east: float, high: float, year: int) -> dict[str, Any]:
    low, top = 0.8, 0.8 + high
    plan = [(east, 0.0), (east + 8, 0.0), (east + 8, 10.0), (east, 10.0)]
    points = [(*xy, z) for z in (low, top) for xy in plan]
    vertices = [[round(v * 1000) for v in point] for point in points]
    walls = [[[n, (n + 1) % 4, (n + 1) % 4 + 4, n + 4]] for n in range(4)]
    shell = [[[3, 2, 1, 0]], [[4, 5, 6, 7]], *walls]
    semantics = {
        "surfaces": [{"type": "GroundSurface"}, {"type": "RoofSurface"}, {"type": "WallSurface"}],
        "values": [[0, 1, 2, 2, 2, 2]],
    }
    building = {
        "type": "Building",
        "attributes": {"identificatie": f"999910000000{number:04d}", "bouwjaar": year, "rf_h_ground": low},
        "geometry": [
            {"type": "MultiSurface", "lod": "0", "boundaries": [[[0, 1, 2, 3]]]},
            {"type": "Solid", "lod": "2.2", "boundaries": [shell], "semantics": semantics},
        ],
    }
    key = str(number + 1)
    return {"type": "CityJSONFeature", "id": key, "CityObjects": {key: building}, "vertices": vertices}
