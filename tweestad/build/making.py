"""Makes a twin: reads and checks every layer, then stores them, then draws what a visitor may see."""

from __future__ import annotations

import time
from dataclasses import replace

from tweestad.access.actor import VISITOR
from tweestad.access.reader import Reader
from tweestad.build.cells import put_cells
from tweestad.build.city_tiles import draw_city
from tweestad.build.near_titles import with_near_titles
from tweestad.build.places import places_of
from tweestad.build.plan import LayerPlan, TwinPlan
from tweestad.build.report import (
    REPORT_KEY,
    REPORT_KIND,
    BuildReport,
    LayerReport,
    OnProgress,
    Progress,
)
from tweestad.build.sweeping import sweep, tilesets_of, version_of
from tweestad.build.taking import Taken, account_for, take_layer
from tweestad.config import Config
from tweestad.errors import InputRejected
from tweestad.model.layer import Audience
from tweestad.model.twin_document import TWIN_KEY, TWIN_KIND, twin_body
from tweestad.store.blobs import BlobFolder
from tweestad.store.opening import open_store
from tweestad.store.protocol import Store
from tweestad.tiles.folder import TileFolder

_EVERYONE: frozenset[Audience] = frozenset({"public", "staff"})


def make(plan: TwinPlan, config: Config, tell: OnProgress) -> BuildReport:
    """Take all layers over and draw them; nothing is written before every layer has been read.

    Raises InputRejected when a layer cannot be read, and then nothing has changed.
    """
    taken, seconds = _take_all(plan, tell)
    store = open_store(config.database_url, config.data_dir)
    try:
        blobs = BlobFolder(config.blobs_dir)
        layers = tuple(
            _put(store, blobs, taken[each.layer.id], seconds[each.layer.id]) for each in plan.layers
        )
        for stored in store.layers(_EVERYONE):
            if stored.layer.id not in taken:
                store.remove_layer(stored.layer.id)
        report = _draw(plan, config, store, layers, tell)
        store.put_document(TWIN_KIND, TWIN_KEY, twin_body(plan.twin))
        store.put_document(REPORT_KIND, REPORT_KEY, report.as_json(public_only=True))
        return report
    finally:
        store.close()


def _take_all(plan: TwinPlan, tell: OnProgress) -> tuple[dict[str, Taken], dict[str, float]]:
    taken: dict[str, Taken] = {}
    seconds: dict[str, float] = {}
    for layer in plan.layers:
        started = time.monotonic()
        taken[layer.layer.id] = _take(layer, tell)
        seconds[layer.layer.id] = time.monotonic() - started
    return {key: with_near_titles(each, taken) for key, each in taken.items()}, seconds


def _take(layer: LayerPlan, tell: OnProgress) -> Taken:
    name = layer.layer.id

    try:
        found = take_layer(layer, lambda read: tell(Progress(name, read)))
    except InputRejected as exc:
        raise type(exc)(f"layer ‘{name}’: {exc.reason}", where=exc.where) from exc
    tell(Progress(name, len(found.features), len(found.features) + len(found.rejected)))
    return found


def _put(store: Store, blobs: BlobFolder, taken: Taken, seconds: float) -> LayerReport:
    layer = taken.plan.layer
    report = account_for(taken, public=layer.audience == "public", seconds=seconds)
    cells = put_cells(layer.id, taken.solids, blobs)
    change = store.put_layer(layer, taken.features, places=places_of(taken), cells=cells)
    return replace(report, added=change.added, changed=change.changed, removed=change.removed)


def _draw(
    plan: TwinPlan, config: Config, store: Store, layers: tuple[LayerReport, ...], tell: OnProgress
) -> BuildReport:
    """Draw what a visitor may see, and remove what nobody points to any more."""
    reader = Reader(store, VISITOR)
    folder = TileFolder(config.tiles_dir)
    scene_path = config.tiles_dir / "scene.json"
    old = scene_path.read_text(encoding="utf-8") if scene_path.exists() else None
    shown = store.find_document(REPORT_KIND, "shown") or {}
    public = sorted(stored.layer.id for stored in reader.layers())
    # Addresses with a number never change their bytes, so tiles drawn anew get a number of their own.
    version = max(store.clock("city"), version_of(old) + 1 if old else 1)
    tiles = draw_city(
        plan,
        store,
        reader,
        BlobFolder(config.blobs_dir),
        folder,
        version=version,
        on_progress=tell,
    )
    new = scene_path.read_text(encoding="utf-8")
    # When something has stopped being public, its tiles must go now and not at the next build.
    kept_old = old if old and set(shown.get("layers", ())) <= set(public) else None
    scenes = [new] if kept_old is None else [new, kept_old]
    sweep(
        config.tiles_dir,
        [version_of(scene) for scene in scenes],
        frozenset().union(*(tilesets_of(scene) for scene in scenes)),
        scenes,
    )
    store.put_document(REPORT_KIND, "shown", {"layers": public})
    return BuildReport(plan.twin.id, version, layers, tiles)
