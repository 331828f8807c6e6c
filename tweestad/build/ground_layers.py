"""Which public features the drawn ground is cut from, and where its heights come from."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.build.plan import GroundLines, GroundPlan, TwinPlan
from tweestad.build.public_rows import PublicRows
from tweestad.formats.terrain.heights import HeightSamples
from tweestad.ground.cutting import polygons_of
from tweestad.ground.height import GroundHeight, Measured
from tweestad.ground.parts import GroundInput, GroundRole
from tweestad.model.feature import BBox

Floats = NDArray[np.float64]
_MARGIN_M = 460.0
_NEAR_M = 120.0
STREET_WITHOUT_SAMPLES_M = 0.75


def ground_height(
    ground: GroundPlan | None, rows: Mapping[str, PublicRows], terrain: Mapping[str, HeightSamples]
) -> GroundHeight:
    """The height of the ground: the terrain of [ground] where it was measured, elsewhere the sample column.

    Only a public terrain counts, for everybody sees the ground.
    """
    xy, z = samples(ground, rows)
    water_nap_m = ground.water_nap_m if ground else None
    found = terrain.get(ground.terrain) if ground and ground.terrain in rows else None
    if ground is None or found is None:
        return GroundHeight.from_samples(
            xy, z, water_nap_m=water_nap_m, default_nap_m=STREET_WITHOUT_SAMPLES_M
        )
    measured = Measured(found.xy, found.z_nap, polygons_of(_shapes(rows, ground.water)))
    return GroundHeight.from_terrain(
        measured, xy, z, water_nap_m=water_nap_m, default_nap_m=STREET_WITHOUT_SAMPLES_M
    )


def samples(ground: GroundPlan | None, rows: Mapping[str, PublicRows]) -> tuple[Floats, Floats]:
    """Places (n, 2) in EPSG:28992 and street heights (n,) in metres NAP, from the sample columns."""
    wanted = ground.samples if ground else ()
    found = [_samples(rows[layer], column) for layer, column in wanted if layer in rows]
    places = np.concatenate([np.empty((0, 2)), *(xy for xy, _ in found)])
    return places, np.concatenate([np.empty(0), *(z for _, z in found)])


def _samples(public: PublicRows, name: str) -> tuple[Floats, Floats]:
    column = public.layer.column(name)
    unknown = column.missing if column else ()
    found = [row.get(name) for row in public.attributes]
    known = [v if isinstance(v, int | float) and v not in unknown else np.nan for v in found]
    z = np.array(known, dtype=np.float64)
    there = np.isfinite(z) & ~shapely.is_missing(public.geometries)
    return shapely.get_coordinates(shapely.centroid(public.geometries[there])), z[there]


def ground_roles(ground: GroundPlan | None, rows: Mapping[str, PublicRows]) -> dict[GroundRole, str]:
    """The public layer behind each role of the ground."""
    if ground is None:
        return {}
    lines = ground.lines[0].layer if ground.lines else ""
    wanted: dict[GroundRole, str] = {
        "street": lines,
        "path": lines,
        "park": ground.parks,
        "water": ground.water,
    }
    return {role: layer for role, layer in wanted.items() if layer in rows}


def ground_input(plan: TwinPlan, rows: Mapping[str, PublicRows]) -> GroundInput:
    """The surfaces to cut; without a [ground] table bare land around the buildings."""
    ground = plan.ground
    if ground is None:
        return GroundInput(box=_around(plan, rows, _MARGIN_M), near=_around(plan, rows, _NEAR_M))
    box = ground.box or _around(plan, rows, _MARGIN_M)
    streets = [_wide(lines, lines.street_widths_m, rows) for lines in ground.lines]
    paths = [_wide(lines, lines.path_widths_m, rows) for lines in ground.lines]
    footprints = [public.geometries for public in rows.values() if public.layer.kind == "buildings"]
    return GroundInput(
        box=box,
        near=ground.near or (box if ground.box else _around(plan, rows, _NEAR_M)),
        water=_shapes(rows, ground.water),
        streets=_joined([shapes for shapes, _ in streets]),
        street_widths_m=np.concatenate([np.empty(0), *(widths for _, widths in streets)]),
        paths=_joined([shapes for shapes, _ in paths]),
        path_widths_m=np.concatenate([np.empty(0), *(widths for _, widths in paths)]),
        parks=_shapes(rows, ground.parks),
        footprints=_joined([shapes[~shapely.is_missing(shapes)] for shapes in footprints]),
    )


def _around(plan: TwinPlan, rows: Mapping[str, PublicRows], margin_m: float) -> BBox:
    """The box of the public buildings (else the centre of the twin) and a margin around it."""
    shapes = _joined([each.geometries for each in rows.values() if each.layer.kind == "buildings"])
    shapes = shapes[~shapely.is_missing(shapes)]
    if len(shapes):
        west, south, east, north = shapely.total_bounds(shapes).tolist()
    else:
        (west, south), (east, north) = plan.twin.centre, plan.twin.centre
    return BBox(west - margin_m, south - margin_m, east + margin_m, north + margin_m)


def _wide(
    lines: GroundLines, widths: Mapping[str, float], rows: Mapping[str, PublicRows]
) -> tuple[NDArray[np.object_], Floats]:
    public = rows.get(lines.layer)
    if public is None:
        return np.empty(0, dtype=object), np.empty(0)
    width = np.array([widths.get(kind, np.nan) for kind in public.texts(lines.column)], dtype=np.float64)
    there = np.isfinite(width) & ~shapely.is_missing(public.geometries)
    return public.geometries[there], width[there]


def _shapes(rows: Mapping[str, PublicRows], layer_id: str) -> NDArray[np.object_]:
    public = rows.get(layer_id)
    if public is None:
        return np.empty(0, dtype=object)
    return public.geometries[~shapely.is_missing(public.geometries)]


def _joined(arrays: list[NDArray[np.object_]]) -> NDArray[np.object_]:
    return np.concatenate([np.empty(0, dtype=object), *arrays])
