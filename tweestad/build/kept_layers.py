"""Remembers what each layer was read from: one that has not changed is neither read nor stored again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from tweestad.build.building_tiles import Workshop
from tweestad.build.plan import LayerPlan, TwinPlan
from tweestad.build.report import LayerReport, layer_from_json, layer_json
from tweestad.config import Config
from tweestad.errors import NotFound
from tweestad.formats.terrain.heights import HeightSamples
from tweestad.ground.packed import packed, unpacked
from tweestad.jobs.records import Records
from tweestad.model.layer import Audience
from tweestad.store.opening import look_into_store
from tweestad.store.protocol import Store

KEPT_KIND: Final = "layer-read"
_EVERYONE: frozenset[Audience] = frozenset({"public", "staff"})


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A layer that is in the store as it would be read now; `terrain` of a layer of that kind."""

    report: LayerReport
    terrain: HeightSamples | None = None


class KeptLayers:
    """A record per layer with its key (see `layer_keys`), its report, and its version in the store.

    Records are documents in the store itself: a database that is put back from a copy, or that another
    folder has built into, brings its own. One counts only while the layer still has the version that it
    got then, and while its solids and heights are in the data folder. Heights lie in `build/heights`.
    """

    def __init__(self, config: Config, shop: Workshop, keys: Mapping[str, str]) -> None:
        self._config = config
        self._shop = shop
        self._keys = keys
        self._heights = Records(config.data_dir / "build" / "heights")

    def find(self, plan: TwinPlan) -> dict[str, Kept]:
        """The layers of the plan that need not be read, by id. There must be a store of this twin."""
        store = look_into_store(self._config.database_url, self._config.data_dir)
        try:
            records = {each.layer.id: self._record(store, each) for each in plan.layers}
            if not any(records.values()):
                return {}
            versions = _versions(store)
            return {
                each.layer.id: kept
                for each in plan.layers
                if (body := records[each.layer.id])
                and body["version"] == versions.get(each.layer.id)
                and (kept := self._whole(store, each, body))
            }
        finally:
            store.close()

    def forget(self, store: Store, layers: Sequence[str]) -> None:
        """Forget layers before they are put: a build may stop between the layer and its record."""
        for layer in layers:
            if store.find_document(KEPT_KIND, layer):
                store.put_document(KEPT_KIND, layer, {})

    def put(self, store: Store, layers: Mapping[str, Kept]) -> None:
        """Remember layers that are in the store now."""
        versions = _versions(store)
        for layer, kept in layers.items():
            if kept.terrain is not None:
                blocks = [kept.terrain.xy.tobytes(), kept.terrain.z_nap.tobytes()]
                self._heights.put_bytes(self._heights_name(layer), packed({}, blocks))
            body = {
                "key": self._keys[layer],
                "version": versions[layer],
                "report": layer_json(kept.report, None),
            }
            store.put_document(KEPT_KIND, layer, body)

    def forget_others(self) -> None:
        """Remove the heights that this build neither found nor made."""
        self._heights.forget_others()

    def _record(self, store: Store, plan: LayerPlan) -> Mapping[str, Any]:
        body = store.find_document(KEPT_KIND, plan.layer.id) or {}
        return body if body.get("key") == self._keys[plan.layer.id] else {}

    def _whole(self, store: Store, plan: LayerPlan, body: Mapping[str, Any]) -> Kept | None:
        """The layer, or None when something of it is no longer in the data folder."""
        try:
            report = replace(layer_from_json(body["report"]), seconds=0.0, kept=True)
            for cell in store.cells(plan.layer.id):
                self._shop.solids.path(cell)
            terrain = self._terrain(plan.layer.id) if plan.layer.kind == "terrain" else None
        except (NotFound, OSError, ValueError, KeyError, TypeError):
            return None  # then it is read again, nothing more
        return Kept(report, terrain)

    def _terrain(self, layer: str) -> HeightSamples:
        _, (xy, z_nap) = unpacked(self._heights.path(self._heights_name(layer)).read_bytes())
        return HeightSamples(np.frombuffer(xy).reshape(-1, 2), np.frombuffer(z_nap))

    def _heights_name(self, layer: str) -> str:
        return f"{self._keys[layer]}.heights"


def _versions(store: Store) -> dict[str, int]:
    return {stored.layer.id: stored.version for stored in store.layers(_EVERYONE)}
