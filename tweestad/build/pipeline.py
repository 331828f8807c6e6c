"""Builds a twin: inputs by hash, layers into the store, and from the store the public tiles.

Everything is read and checked before anything is written, so a wrong input leaves the twin that is
being served as it was. scene.json is written last: until then a visitor sees the old scene, whole.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tweestad.build.inputs import (
    BuildState,
    build_key,
    find_state,
    forget_state,
    lock_changes,
    look_at,
    write_lock,
    write_state,
)
from tweestad.build.layer_keys import layer_keys
from tweestad.build.presence import check_folder, fault_of_tiles, find_twin_id
from tweestad.build.report import BuildReport, OnProgress, report_from_json, silent
from tweestad.build.twin import generated_folder, read_twin
from tweestad.config import Config
from tweestad.errors import Conflict
from tweestad.scene.programs import check_drawing
from tweestad.synthetic.contents.making import write_contents
from tweestad.synthetic.town import write_town


def build(
    twin_path: Path,
    config: Config,
    on_progress: OnProgress | None = None,
    *,
    size: int | None = None,
    fresh: bool = False,
    allow_empty: bool = False,
) -> BuildReport:
    """Build the twin of a twin.toml (or of the folder that holds it) into `config.data_dir`.

    When nothing has changed since the last build and all that it made is there, only says so; else only the
    layers are read that have changed. With `fresh` everything is read and checked anew. `size` overrides the
    number of buildings of an invented town. `allow_empty` lets a layer that has objects become empty.
    Raises TwinConfigInvalid and InputRejected for wrong input, Conflict when the data folder or the
    database holds another twin or is being built by somebody else, StoreUnavailable when the database
    cannot be opened, and TweestadError when there is nothing to draw with.
    """
    started = time.monotonic()
    tell = on_progress or silent
    for folder in (config.data_dir, config.data_dir / "build", config.tiles_dir, config.blobs_dir):
        check_folder(folder)
    plan = read_twin(twin_path, config, size=size)
    with _alone(config.data_dir):
        before = find_state(config.data_dir)
        if before is not None and before.twin != plan.twin.id:
            raise Conflict(
                f"{config.data_dir} holds the twin ‘{before.twin}’; give ‘{plan.twin.id}’ a folder of its own"
            )
        if plan.generate is not None:
            write_town(generated_folder(config), seed=plan.generate.seed, size=plan.generate.size)
            write_contents(generated_folder(config), seed=plan.generate.seed)
        inputs = look_at(plan, before.inputs if before else {})
        key = build_key(plan, inputs, config.database_url)
        changes = lock_changes(plan, inputs)
        # Asked of every build: a damaged database must be told before a minute of reading.
        known = find_twin_id(config) == plan.twin.id
        there = known and not fault_of_tiles(config.tiles_dir)
        if before is not None and before.key == key and there and not fresh:
            write_lock(plan, inputs)
            report = report_from_json(before.report)
            return replace(report, seconds=time.monotonic() - started)
        check_drawing()
        # The parts that read formats and draw tiles take two seconds to load: not when nothing changed.
        from tweestad.build.making import Making, make  # noqa: PLC0415

        report = make(
            Making(plan, config, layer_keys(plan, inputs), tell, keep=known and not fresh),
            lambda: forget_state(config.data_dir),
            allow_empty=allow_empty,
        )
        changes = (*changes, *write_lock(plan, inputs))
        report = replace(report, changed_inputs=changes, seconds=time.monotonic() - started)
        body = report.as_json(public_only=False)
        state = BuildState(plan.twin.id, key, {each.told: each for each in inputs}, body)
        write_state(config.data_dir, state)
        return report


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    """Hold the data folder; raises Conflict when another build does."""
    folder = data_dir / "build"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            raise Conflict(f"{data_dir} is being built by another process") from exc
        yield
