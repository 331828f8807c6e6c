"""The id of a feature: the source's own when it has a stable one, else made from what it is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.build.plan import LayerPlan
from tweestad.model.feature import Value, canonical_json


def feature_id(plan: LayerPlan, row: Mapping[str, Value], shape_key: bytes) -> str:
    """`id_template` filled in, else `h-` and 16 hexadecimal digits of BLAKE2.

    The hash covers the `id_from` columns and the geometry as `shape_keys` gives it, so that it does not
    depend on the row number or on where a ring starts. Raises InputRejected when a column that makes the
    id is empty.
    """
    if plan.id is not None:
        return plan.id.fill_id(row)
    digest = hashlib.blake2b(digest_size=8)
    digest.update(canonical_json([row.get(column) for column in plan.id_from]).encode())
    digest.update(shape_key)
    return f"h-{digest.hexdigest()}"


def shape_keys(geometries: NDArray[np.object_]) -> list[bytes]:
    """Bytes that are equal for equal shapes: WKB in normal form, 2D, on the mm grid, one byte order."""
    flat = shapely.transform(shapely.force_2d(geometries), lambda xy: xy.round(3))
    return [key or b"" for key in shapely.to_wkb(shapely.normalize(flat), byte_order=1).tolist()]
