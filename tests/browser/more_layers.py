"""Layers that browser tests add to Voorbeeldstad, so that they know what stands and lies where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

MIDDLE = (150_000.0, 528_000.0)
"""EPSG:28992; where the trees and pipes of the tests are."""
TREE = "proefboom-1"

_LAYERS = """

[[layer]]
id = "proefbomen"
title = {nl = "Proefbomen", en = "Trial trees"}
theme = {nl = "Proef", en = "Trial"}
kind = "trees"
source = "bedacht voor een test"
licence = "CC0-1.0"
licence_class = "A"
date = "2026"
steward = "test"
read = {format = "vector", path = "proefbomen.geojson"}
id_template = "proefboom-{nr}"
title_template = "Boom {nr}"
tree = {crown_m = "kroon"}
style = {role = "park", visible = false}

[[layer]]
id = "proefleidingen"
title = {nl = "Proefleidingen", en = "Trial pipes"}
theme = {nl = "Proef", en = "Trial"}
kind = "tubes"
source = "bedacht voor een test"
licence = "CC0-1.0"
licence_class = "A"
date = "2026"
steward = "test"
read = {format = "vector", path = "proefleidingen.geojson"}
id_template = "proefleiding-{nr}"
title_template = "Leiding {nr}"
tube = {diameter_m = 4, unknown = true, carries_column = "soort", carried = {gas = "gas", metro = "metro"}}
style = {visible = false}
"""


def write_twin(folder: Path, twin: str) -> Path:
    """Write a twin folder: the text of a twin.toml with the layers of the tests after it."""
    (folder / "twin.toml").write_text(twin + _LAYERS, encoding="utf-8")
    x, y = MIDDLE
    trees = [({"nr": 1, "kroon": 22.0}, "Point", [x, y])]
    trees += [({"nr": n, "kroon": 8.0}, "Point", [x - 60 + 12 * n, y + 26]) for n in range(2, 9)]
    pipes = [
        ({"nr": 1, "soort": "gas"}, "LineString", [[x - 200, y - 14], [x + 200, y - 14]]),
        ({"nr": 2, "soort": "metro"}, "LineString", [[x - 200, y - 26], [x + 200, y - 26]]),
    ]
    _write_geojson(folder / "proefbomen.geojson", trees)
    _write_geojson(folder / "proefleidingen.geojson", pipes)
    return folder / "twin.toml"


def _write_geojson(path: Path, rows: list[tuple[dict[str, Any], str, Any]]) -> None:
    features = [
        {"type": "Feature", "properties": row, "geometry": {"type": kind, "coordinates": place}}
        for row, kind, place in rows
    ]
    crs = {"type": "name", "properties": {"name": "EPSG:28992"}}
    body = {"type": "FeatureCollection", "crs": crs, "features": features}
    path.write_text(json.dumps(body), encoding="utf-8")
