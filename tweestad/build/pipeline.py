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
from tweestad.build.plan import TwinPlan
from tweestad.build.report import BuildReport, OnProgress, report_from_json, silent
from tweestad.build.twin import generated_folder, read_twin
from tweestad.config import Config
from tweestad.errors import Conflict
from tweestad.model.twin_document import TWIN_KEY, TWIN_KIND
from tweestad.synthetic.town import write_town
from tweestad.tiles.programs import check_drawing

# As `store/opening.py` and Config have it; importing it from there would load a database library.
SQLITE_NAME = "tweestad.sqlite"


def build(
    twin_path: Path,
    config: Config,
    on_progress: OnProgress | None = None,
    *,
    size: int | None = None,
) -> BuildReport:
    """Build the twin of a twin.toml (or of the folder that holds it) into `config.data_dir`.

    When nothing has changed since the last build, only says so. `size` overrides the number of
    buildings of an invented town. Raises TwinConfigInvalid and InputRejected for wrong input,
    Conflict when the data folder or the database holds another twin or is being built by somebody else,
    and TweestadError when there is nothing to draw with.
    """
    started = time.monotonic()
    tell = on_progress or silent
    plan = read_twin(twin_path, config, size=size)
    with _alone(config.data_dir):
        before = find_state(config.data_dir)
        if before is not None and before.twin != plan.twin.id:
            raise Conflict(
                f"{config.data_dir} holds the twin ‘{before.twin}’; give ‘{plan.twin.id}’ a folder of its own"
            )
        if plan.generate is not None:
            folder = generated_folder(config)
            write_town(folder, seed=plan.generate.seed, size=plan.generate.size)
        inputs = look_at(plan, before.inputs if before else {})
        key = build_key(plan, inputs, config.database_url)
        changes = lock_changes(plan, inputs)
        if before is not None and before.key == key and _is_there(plan, config):
            write_lock(plan, inputs)
            report = report_from_json(before.report)
            return replace(report, seconds=time.monotonic() - started)
        check_drawing()
        # The parts that read formats and draw tiles take two seconds to load: not when nothing changed.
        from tweestad.build.making import make  # noqa: PLC0415

        report = make(plan, config, tell, lambda: forget_state(config.data_dir))
        changes = (*changes, *write_lock(plan, inputs))
        report = replace(report, changed_inputs=changes, seconds=time.monotonic() - started)
        body = report.as_json(public_only=False)
        state = BuildState(plan.twin.id, key, {each.told: each for each in inputs}, body)
        write_state(config.data_dir, state)
        return report


def _is_there(plan: TwinPlan, config: Config) -> bool:
    """Are the things that a build made still there?"""
    if not (config.tiles_dir / "scene.json").is_file():
        return False
    if not config.database_url:
        return (config.data_dir / SQLITE_NAME).is_file()
    from tweestad.store.opening import open_store  # noqa: PLC0415

    store = open_store(config.database_url, config.data_dir)
    try:
        found = store.find_document(TWIN_KIND, TWIN_KEY)
        return found is not None and found["id"] == plan.twin.id
    finally:
        store.close()


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
