"""Makes a twin: reads and checks every layer, then stores them, then draws what a visitor may see."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from tweestad.access.actor import VISITOR
from tweestad.access.reader import Reader
from tweestad.build.building_tiles import Workshop
from tweestad.build.city_tiles import check_plans, draw_city
from tweestad.build.kept_layers import Kept, KeptLayers
from tweestad.build.near_titles import with_near_titles
from tweestad.build.places import places_of
from tweestad.build.plan import LayerPlan, TwinPlan
from tweestad.build.presence import find_scene
from tweestad.build.report import BuildReport, LayerReport, OnProgress, Progress, empty_because
from tweestad.build.shown import find_shown, withdraw, write_shown
from tweestad.build.sweeping import sweep, tilesets_of, version_of
from tweestad.build.taking import Taken, account_for, storable, take_layer
from tweestad.build.terrain_layer import take_terrain
from tweestad.config import Config
from tweestad.errors import Conflict, InputRejected
from tweestad.legend.facts import count_columns
from tweestad.model.column_facts import FACTS_KIND, facts_body
from tweestad.model.feed_plan import FEEDS_KEY, FEEDS_KIND, feeds_body
from tweestad.model.layer import Audience, Layer, Place
from tweestad.model.twin_document import REPORT_KEY, REPORT_KIND, TWIN_KEY, TWIN_KIND, twin_body
from tweestad.scene.manifest import SCENE_FILE
from tweestad.store.blobs import BlobFolder
from tweestad.store.intake import check_layer, place_rows
from tweestad.store.opening import held_for_build, open_store
from tweestad.store.protocol import Cell, Store
from tweestad.tiles.folder import TileFolder
from tweestad.tiles.spool import Spool

_EVERYONE: frozenset[Audience] = frozenset({"public", "staff"})


@dataclass(frozen=True, slots=True, eq=False)
class _Ready:
    """A layer that the store will take: all that could be refused has been looked at."""

    taken: Taken
    places: tuple[Place, ...]
    cells: tuple[Cell, ...]
    report: LayerReport

    @property
    def layer(self) -> Layer:
        return self.taken.plan.layer


@dataclass(frozen=True, slots=True, eq=False)
class Making:
    """What to make, and where. `keys` say what each layer is read from (see `layer_keys`); with `keep` a
    layer that has the key of before is not read again: there is a store of this twin."""

    plan: TwinPlan
    config: Config
    keys: Mapping[str, str]
    tell: OnProgress
    keep: bool = False


def make(making: Making, before_writing: Callable[[], None], *, allow_empty: bool = False) -> BuildReport:
    """Take all layers over and draw them; nothing is written before every layer has been read and checked.

    `before_writing` is called right before the first write. Raises InputRejected when a layer cannot be
    read or kept, or would become empty without `allow_empty`, and Conflict when the database holds another
    twin or is being built; then nothing has changed.
    """
    plan, config = making.plan, making.config
    check_plans(plan, TileFolder(config.tiles_dir))
    blobs = BlobFolder(config.blobs_dir)
    shop = Workshop.below(config.data_dir / "build", blobs, config.tiles_dir, config.processes)
    memory = KeptLayers(config, shop, making.keys)
    with held_for_build(config.database_url, config.data_dir), _cleared(shop):
        kept = memory.find(plan) if making.keep else {}
        read = _take_all(plan, kept, shop, making.tell)
        ready = [_made_ready(taken, seconds, shop) for taken, seconds in read]
        del read
        store = open_store(config.database_url, config.data_dir)
        try:
            _check_twin(plan, config, store)
            if not allow_empty:
                _check_emptied(store, ready)
            before_writing()
            layers = _store(making, store, ready, kept, memory)
            # All features are in the store now, and drawing needs the memory.
            ready.clear()
            report = _draw(making, store, layers, shop)
            memory.forget_others()
            store.put_document(TWIN_KIND, TWIN_KEY, twin_body(plan.twin))
            store.put_document(FEEDS_KIND, FEEDS_KEY, feeds_body(plan.feeds, str(plan.path.parent.resolve())))
            store.put_document(REPORT_KIND, REPORT_KEY, report.as_json(public_only=True))
            return report
        finally:
            store.close()


@contextmanager
def _cleared(shop: Workshop) -> Iterator[None]:
    """Without the leavings of a build that was killed, and leaving none, however this one ends."""
    shop.clear()
    try:
        yield
    finally:
        shop.clear()


def _take_all(
    plan: TwinPlan, kept: Mapping[str, Kept], shop: Workshop, tell: OnProgress
) -> list[tuple[Taken, float]]:
    """Every layer that is not kept, in the order of the twin, with the seconds it took to read."""
    wanted = [each for each in plan.layers if each.layer.id not in kept]
    # A kept layer that a title comes from is read for its names alone.
    needed = {each.layer.id for each in wanted}.union(
        near.layer for each in wanted for near in each.title_near
    )
    taken: dict[str, Taken] = {}
    seconds: dict[str, float] = {}
    for layer in plan.layers:
        if layer.layer.id in needed:
            started = time.monotonic()
            taken[layer.layer.id] = _take(layer, Spool(shop.work / layer.layer.id), tell)
            seconds[layer.layer.id] = time.monotonic() - started
    titled = [storable(with_near_titles(taken[each.layer.id], taken)) for each in wanted]
    return [(each, seconds[each.plan.layer.id]) for each in titled]


def _take(layer: LayerPlan, spool: Spool, tell: OnProgress) -> Taken:
    name = layer.layer.id
    try:
        if layer.layer.kind == "terrain":
            found = take_terrain(layer, lambda read: tell(Progress(name, read)))
        else:
            found = take_layer(layer, lambda read: tell(Progress(name, read)), spool)
    except InputRejected as exc:
        raise type(exc)(f"layer ‘{name}’: {exc.reason}", where=exc.where) from exc
    tell(Progress(name, len(found.features), len(found.features) + len(found.rejected)))
    return found


def _made_ready(taken: Taken, seconds: float, shop: Workshop) -> _Ready:
    layer = taken.plan.layer
    check_layer(layer)
    places = tuple(places_of(taken))
    for _ in place_rows(layer.id, places):
        pass  # only to hear now what the store would refuse later
    # A blob that no row names is seen by nobody, so these may be there before anything else.
    cells = tuple(shop.solids.put(layer.id, taken.solids, {each.id for each in taken.features}))
    taken.solids.remove()
    report = account_for(taken, public=layer.audience == "public", seconds=seconds)
    return _Ready(taken, places, cells, report)


def _check_twin(plan: TwinPlan, config: Config, store: Store) -> None:
    """Raise Conflict when the store is another twin's; a store without a twin becomes this one's."""
    found = store.find_document(TWIN_KIND, TWIN_KEY)
    if found is None:
        store.put_document(TWIN_KIND, TWIN_KEY, twin_body(plan.twin))
    elif found["id"] != plan.twin.id:
        place, other = ("the database", "database") if config.database_url else (config.data_dir, "folder")
        raise Conflict(f"{place} holds the twin ‘{found['id']}’; give ‘{plan.twin.id}’ a {other} of its own")


def _check_emptied(store: Store, ready: Sequence[_Ready]) -> None:
    """Raise InputRejected when a layer that has features now would have none."""
    counts = {stored.layer.id: stored.count for stored in store.layers(_EVERYONE)}
    for each in ready:
        there = counts.get(each.layer.id, 0)
        if there and not each.taken.features:
            raise InputRejected(
                f"layer ‘{each.layer.id}’: {empty_because(each.report)}, but the twin has {there} of them:"
                " give --allow-empty when they must go",
                where=each.taken.plan.read.file.path.name,
            )


def _store(
    making: Making, store: Store, ready: Sequence[_Ready], kept: Mapping[str, Kept], memory: KeptLayers
) -> dict[str, Kept]:
    """Put the layers in the store, first of all taking back what may no longer be seen."""
    plan, config = making.plan, making.config
    public = frozenset(each.layer.id for each in plan.layers if each.layer.audience == "public")
    withdraw(config.tiles_dir, find_shown(config.data_dir), public)
    described = {each.layer.id: n for n, each in enumerate(plan.layers)}
    gone = [each.layer.id for each in store.layers(_EVERYONE) if each.layer.id not in described]
    memory.forget(store, [*gone, *(each.layer.id for each in ready)])
    for layer in gone:
        store.remove_layer(layer)
    made: dict[str, Kept] = {}
    # Layers for staff first, so that one that was public until now is so no longer whatever comes next.
    for each in sorted(ready, key=lambda each: each.layer.audience == "public"):
        change = store.put_layer(
            each.layer,
            each.taken.features,
            places=each.places,
            cells=each.cells,
            position=described[each.layer.id],
        )
        published = (row.attributes for row in each.taken.features if row.state == "published")
        facts = count_columns(each.layer, published)
        store.put_document(FACTS_KIND, each.layer.id, facts_body(change.n, facts))
        report = replace(each.report, added=change.added, changed=change.changed, removed=change.removed)
        made[each.layer.id] = Kept(report, each.taken.terrain)
    memory.put(store, made)
    return {layer: made[layer] if layer in made else kept[layer] for layer in described}


def _draw(making: Making, store: Store, layers: Mapping[str, Kept], shop: Workshop) -> BuildReport:
    """Draw what a visitor may see, and remove what nobody points to any more."""
    plan, config = making.plan, making.config
    terrain = {layer: each.terrain for layer, each in layers.items() if each.terrain is not None}
    old = find_scene(config.tiles_dir)
    before = find_shown(config.data_dir)
    # Addresses with a number never change their bytes, so tiles drawn anew get a number of their own.
    # The record of what was shown remembers the number when the scene itself is lost.
    last = max(version_of(old) if old else 0, before.version if before else 0)
    version = max(store.clock("city"), last + 1)
    tiles, shown = draw_city(
        plan,
        store,
        Reader(store, VISITOR),
        shop,
        TileFolder(config.tiles_dir),
        version=version,
        terrain=terrain,
        on_progress=making.tell,
    )
    scenes = [(config.tiles_dir / SCENE_FILE).read_text(encoding="utf-8")]
    # The scene before stays for whoever has it open, unless it shows something that has gone since:
    # that must go now and not at the next build.
    if old and before and before.version == version_of(old) and shown.covers(before):
        scenes.append(old)
    sweep(
        config.tiles_dir,
        [version_of(scene) for scene in scenes],
        frozenset().union(*(tilesets_of(scene) for scene in scenes)),
        scenes,
    )
    write_shown(config.data_dir, shown)
    return BuildReport(plan.twin.id, version, tuple(each.report for each in layers.values()), tiles)
