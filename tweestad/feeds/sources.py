"""Finds sources by looking: a folder with a `manifest.toml` is one. There is no list to keep up to date."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import tweestad.sources
from tweestad.errors import NotFound, TwinConfigInvalid
from tweestad.feeds.manifest import Manifest, read_manifest
from tweestad.model.feature import LAYER_ID
from tweestad.model.received import Facts, Parsed

MANIFEST = "manifest.toml"
Parse = Callable[[BinaryIO, Facts], Iterator[Parsed]]


@dataclass(frozen=True, slots=True)
class Source:
    """A source with its folder. `module` is the module of its `parse`, imported only when it is needed."""

    manifest: Manifest
    folder: Path
    module: str

    @property
    def id(self) -> str:
        return self.manifest.id

    def load_parse(self) -> Parse:
        """Its `parse`; raises TwinConfigInvalid when the module has none."""
        module = importlib.import_module(self.module)
        parse = getattr(module, "parse", None)
        if not callable(parse):
            raise TwinConfigInvalid(f"{self.module} has no function parse")
        return cast(Parse, parse)


def shipped_sources() -> tuple[Source, ...]:
    """The sources that come with Tweestad, by id."""
    home = Path(next(iter(tweestad.sources.__path__)))
    found = []
    for folder in sorted(each.parent for each in home.glob(f"*/{MANIFEST}")):
        manifest = read_manifest(folder / MANIFEST, folder.name.replace("_", "-"))
        found.append(Source(manifest, folder, f"tweestad.sources.{folder.name}.parse"))
    return tuple(found)


def twin_sources(twin: Path) -> tuple[Source, ...]:
    """The sources that a twin adds by configuration alone, in `sources/<id>/manifest.toml` of its folder.

    Each names in `parse` whose reader it uses. Raises TwinConfigInvalid for an id that is no layer id or that
    a shipped source has.
    """
    shipped = {source.id: source for source in shipped_sources()}
    found = []
    for path in sorted(twin.glob(f"sources/*/{MANIFEST}")):
        source_id = path.parent.name
        if not LAYER_ID.match(source_id):
            raise TwinConfigInvalid(f"{path}: the folder's name is no id: small letters, digits and dashes")
        if source_id in shipped:
            raise TwinConfigInvalid(f"{path}: ‘{source_id}’ is the id of a source that comes with Tweestad")
        manifest = read_manifest(path, source_id, readers=frozenset(shipped))
        if not manifest.parse:
            raise TwinConfigInvalid(f"{path}: parse must name the source that reads it")
        found.append(Source(manifest, path.parent, shipped[manifest.parse].module))
    return tuple(found)


def get_source(source_id: str) -> Source:
    """The shipped source of that id; raises NotFound."""
    for source in shipped_sources():
        if source.id == source_id:
            return source
    raise NotFound(f"there is no source ‘{source_id[:80]}’")
