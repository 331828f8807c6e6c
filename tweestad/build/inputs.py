"""Which bytes a build was made from, so that an unchanged twin is not built again."""

from __future__ import annotations

import errno
import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from tweestad.build.libraries import library_versions
from tweestad.build.plan import InputFile, TwinPlan
from tweestad.errors import InputRejected
from tweestad.files import remove_durably, write_atomically

LOCK_NAME = "inputs.lock"
# What serves and tells; all the rest of the program can change a feature or a tile.
_MAKES_NOTHING = frozenset({"api", "app.py", "cli.py", "diagnosis.py", "i18n", "serving.py"})
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class InputState:
    """One input as it was found: `told` as in twin.toml, `mtime_ns` of the file that was hashed."""

    told: str
    bytes: int
    mtime_ns: int
    sha256: str


def look_at(plan: TwinPlan, known: Mapping[str, InputState]) -> tuple[InputState, ...]:
    """The state of every input, in order of path; a file with the size and time of before is not read again.

    Raises InputRejected for a file that is not there.
    """
    wanted = {each.told: each for layer in plan.layers for each in layer.inputs}
    return tuple(_state(wanted[told], known.get(told)) for told in sorted(wanted))


def _state(file: InputFile, known: InputState | None) -> InputState:
    try:
        found = file.path.stat()
        if known and (known.bytes, known.mtime_ns) == (found.st_size, found.st_mtime_ns):
            return known
        digest = hashlib.sha256()
        with file.path.open("rb") as handle:
            while chunk := handle.read(_CHUNK):
                digest.update(chunk)
    except OSError as exc:
        raise InputRejected(f"the file cannot be read ({exc.strerror})", where=file.told) from exc
    return InputState(file.told, found.st_size, found.st_mtime_ns, digest.hexdigest())


def build_key(plan: TwinPlan, inputs: Sequence[InputState], database: str) -> str:
    """A hash of all that decides what a build makes: twin.toml, inputs, program, generator, database."""
    digest = hashlib.sha256(plan.path.read_bytes())
    digest.update(repr((plan.generate, code_key(), database)).encode())
    for each in inputs:
        digest.update(f"\n{each.told} {each.sha256}".encode())
    return digest.hexdigest()


@cache
def code_key() -> str:
    """A hash of the program text that makes features and tiles, and of the libraries that it uses."""
    digest = hashlib.sha256("\n".join(library_versions()).encode())
    for source in code_sources():
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def code_sources() -> tuple[Path, ...]:
    """The files of the program that decide what a build makes, in order of path."""
    root = Path(str(files("tweestad")))
    return tuple(
        path
        for path in sorted(root.rglob("*"))
        if path.suffix in (".py", ".toml") and path.relative_to(root).parts[0] not in _MAKES_NOTHING
    )


def lock_changes(plan: TwinPlan, inputs: Sequence[InputState]) -> tuple[str, ...]:
    """In words, how the inputs differ from those in the inputs.lock beside twin.toml."""
    listed = _listed(inputs)
    if not listed:
        return ()
    before = _read_lock(plan.path.with_name(LOCK_NAME))
    return _changes(before, {each.told: each.sha256 for each in listed})


def write_lock(plan: TwinPlan, inputs: Sequence[InputState]) -> tuple[str, ...]:
    """Write inputs.lock beside twin.toml for a build that succeeded.

    A folder that may not be written keeps its old lock, and then that is what this returns.
    """
    path = plan.path.with_name(LOCK_NAME)
    listed = _listed(inputs)
    if not listed:
        return ()
    text = _lock_text(plan, listed)
    try:
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            write_atomically(path, text.encode(), durable=True)
    except OSError as exc:
        if exc.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        return (f"{LOCK_NAME} could not be written and is now out of date",)
    return ()


def _listed(inputs: Sequence[InputState]) -> list[InputState]:
    """All but the files of the generator: these follow from the program, the seed and the size."""
    return [each for each in inputs if not each.told.startswith("{generated}")]


def _lock_text(plan: TwinPlan, inputs: Sequence[InputState]) -> str:
    classes = {file.told: layer.layer.licence_class for layer in plan.layers for file in layer.inputs}
    blocks = [
        f'\n[[input]]\npath = "{each.told}"\nbytes = {each.bytes}\nsha256 = "{each.sha256}"\n'
        f'licence_class = "{classes[each.told]}"\n'
        for each in inputs
    ]
    return (
        "# The inputs of the last build. Written by `tweestad build`; keep it in version control.\n"
        + "".join(blocks)
    )


def _read_lock(path: Path) -> dict[str, str]:
    try:
        body = tomllib.loads(path.read_text(encoding="utf-8"))
        return {str(each["path"]): str(each["sha256"]) for each in body.get("input", [])}
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, KeyError, TypeError, UnicodeDecodeError) as exc:
        raise InputRejected(
            "this is not an inputs.lock; remove it to have it written anew", where=path.name
        ) from exc


def _changes(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    if not before:
        return ()
    told = [f"{path} is new" for path in now if path not in before]
    told += [f"{path} is no longer used" for path in before if path not in now]
    told += [
        f"{path} has changed ({before[path][:12]} → {now[path][:12]})"
        for path in now
        if path in before and before[path] != now[path]
    ]
    return tuple(sorted(told))


@dataclass(frozen=True, slots=True)
class BuildState:
    """What the data folder remembers of its last build that succeeded."""

    twin: str
    key: str
    inputs: Mapping[str, InputState]
    report: Mapping[str, Any]


def find_state(data_dir: Path) -> BuildState | None:
    """The last build, or None when there was none or its record cannot be read."""
    try:
        body = json.loads(state_path(data_dir).read_text(encoding="utf-8"))
        inputs = {each[0]: InputState(*each) for each in body["inputs"]}
        return BuildState(body["twin"], body["key"], inputs, body["report"])
    except (OSError, ValueError, KeyError, TypeError):
        return None  # worth a new build, nothing more


def forget_state(data_dir: Path) -> None:
    """Forget the last build, before anything that it made is touched.

    Otherwise a build that fails half-way, followed by the old twin.toml, would count as unchanged.
    """
    remove_durably(state_path(data_dir))


def write_state(data_dir: Path, state: BuildState) -> None:
    """Remember a build that succeeded."""
    path = state_path(data_dir)
    path.parent.mkdir(parents=True, exist_ok=True)
    body = {
        "twin": state.twin,
        "key": state.key,
        "inputs": [[i.told, i.bytes, i.mtime_ns, i.sha256] for i in state.inputs.values()],
        "report": state.report,
    }
    write_atomically(path, json.dumps(body, ensure_ascii=False).encode(), durable=True)


def state_path(data_dir: Path) -> Path:
    """The file that remembers the last build and its whole report."""
    return data_dir / "build" / "state.json"
