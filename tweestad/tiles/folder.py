"""The folder of public tiles: contents named after their bytes, tilesets written last."""

from __future__ import annotations

import gzip
import hashlib
import json
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tweestad.errors import InputRejected
from tweestad.files import write_atomically
from tweestad.model.feature import check_layer_id

COMPRESSED = frozenset({"glb", "json"})
GZIP_LEVEL = 6
"""Level 9 takes twice the time and saves three bytes in a thousand: tiles are packed already."""


class TileFolder:
    """Writes tiles so that a reader never sees half a file or a tileset without its tiles.

    `c/{sha16}.{extension}` and what is in `c/{sha16}/` never change; `{id}/{n}/tileset.json` belongs to
    change number n; `{id}/tileset.json` is the newest. Links are relative, so the folder works from disk too.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, data: bytes, extension: str) -> str:
        """Keep the bytes (and a compressed twin of a GLB) and return their name, `c/….{extension}`."""
        if not extension.isalnum():
            raise InputRejected(f"{extension!r} is not a file extension")
        name = f"c/{hashlib.sha256(data).hexdigest()[:16]}.{extension}"
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if extension in COMPRESSED:
            twin = path.with_name(path.name + ".gz")
            if not twin.exists():
                # No time stamp inside, or equal tiles would differ from build to build.
                write_atomically(twin, gzip.compress(data, compresslevel=GZIP_LEVEL, mtime=0))
        if not path.exists():
            write_atomically(path, data)
        return name

    def put_together(self, files: Iterable[tuple[str, bytes]]) -> str:
        """Keep files that one address template names as one content, and return its name, `c/{sha16}`.

        `files` are their names below that, in an order of their own, and their bytes.
        """
        contents = self.root / "c"
        contents.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with tempfile.TemporaryDirectory(dir=contents, prefix=".part-") as temporary:
            made = TileFolder(Path(temporary) / "made")
            for name, data in files:
                digest.update(name.encode() + b"\0" + hashlib.sha256(data).digest())
                made.put_file(name, data)
            name = f"c/{digest.hexdigest()[:16]}"
            if not (self.root / name).is_dir() and made.root.is_dir():
                made.root.rename(self.root / name)
        return name

    def put_tileset(self, tileset_id: str, n: int, body: Mapping[str, Any]) -> str:
        """Write a tileset whose contents are named `c/…` (as `put` returned them), and return
        `{id}/{n}/tileset.json`. Write its contents first."""
        check_layer_id(tileset_id)
        numbered = f"{tileset_id}/{n}/tileset.json"
        self.put_json(numbered, _with_links(body, "../../"))
        self.put_json(f"{tileset_id}/tileset.json", _with_links(body, "../"))
        return numbered

    def put_json(self, name: str, body: Mapping[str, Any]) -> None:
        """Write `name` under the folder; raises InputRejected when the name leads out of it."""
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        self.put_file(name, text.encode())

    def put_file(self, name: str, data: bytes) -> None:
        """Write `name` under the folder; raises InputRejected when the name leads out of it."""
        path = self.root / name
        if not path.resolve().is_relative_to(self.root.resolve()):
            raise InputRejected(f"{name!r} lies outside the tiles folder")
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, data)


def _with_links(node: Any, prefix: str) -> Any:
    """The same JSON with every `c/…` under `uri` reached from another folder."""
    if isinstance(node, Mapping):
        return {
            key: prefix + value
            if key == "uri" and isinstance(value, str) and value.startswith("c/")
            else _with_links(value, prefix)
            for key, value in node.items()
        }
    if isinstance(node, list | tuple):
        return [_with_links(item, prefix) for item in node]
    return node
