"""What the public tiles show, and taking it back at once when it may no longer be shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tweestad.build.presence import find_scene
from tweestad.build.sweeping import sweep, tilesets_of, version_of
from tweestad.files import remove_durably, write_atomically
from tweestad.ground.tiles import QUAY_ID, TILESET_IDS
from tweestad.scene.manifest import FLAT_GROUND_ID, SCENE_FILE

_GROUND = frozenset({*TILESET_IDS.values(), QUAY_ID, FLAT_GROUND_ID})


@dataclass(frozen=True, slots=True)
class Shown:
    """The public features that the scene of this version was drawn from: ids by layer."""

    version: int
    layers: Mapping[str, frozenset[str]]

    def covers(self, other: Shown) -> bool:
        """Whether all that `other` shows is still shown."""
        return all(ids <= self.layers.get(layer, frozenset()) for layer, ids in other.layers.items())


def find_shown(data_dir: Path) -> Shown | None:
    """What was drawn last, or None when there is no record of it, or none that can be read."""
    try:
        body = json.loads(_path(data_dir).read_text(encoding="utf-8"))
        return Shown(int(body["version"]), {key: frozenset(ids) for key, ids in body["layers"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # then the scene before is not kept


def write_shown(data_dir: Path, shown: Shown) -> None:
    """Remember, outside the public folder, what was drawn."""
    body = {"version": shown.version, "layers": {key: sorted(ids) for key, ids in shown.layers.items()}}
    write_atomically(_path(data_dir), json.dumps(body, ensure_ascii=False).encode(), durable=True)


def withdraw(tiles: Path, shown: Shown | None, public: frozenset[str]) -> bool:
    """Remove from the public folder whatever shows a layer that is not `public`; says whether there was any.

    The scene that is left lacks the whole ground, which is cut from several layers: in the land alone one
    still sees where the water was. The next drawing brings back what may be seen.
    """
    path = tiles / SCENE_FILE
    if not path.exists():
        return False
    found = find_scene(tiles)
    if found is None:
        # Nobody can say what a damaged scene shows, so nothing of it stays but the plans of public layers.
        remove_durably(path)
        sweep(tiles, [], public, [])
        return True
    scene = json.loads(found)
    before = _layers_of(scene) | frozenset(shown.layers if shown else ())
    if before <= public:
        return False
    scene["tilesets"] = [each for each in scene["tilesets"] if _may_stay(each, {each["layer"]}, public)]
    scene["flat"] = [
        each
        for each in scene["flat"]
        if _may_stay(each, {source["layer"] for source in each["sources"]}, public)
    ]
    scene.pop("terrain", None)
    scene["labels"] = [each for each in scene["labels"] if each["layer"] in public]
    text = json.dumps(scene, ensure_ascii=False, separators=(",", ":"))
    write_atomically(path, text.encode(), durable=True)
    sweep(tiles, [version_of(text)], tilesets_of(text), [text])
    return True


def _may_stay(entry: Mapping[str, Any], layers: set[str | None], public: frozenset[str]) -> bool:
    return entry["id"] not in _GROUND and layers <= public


def _layers_of(scene: Mapping[str, Any]) -> frozenset[str]:
    """The layers that a scene names."""
    named = [each["layer"] for each in (*scene["tilesets"], *scene["labels"])]
    named += [source["layer"] for each in scene["flat"] for source in each["sources"]]
    named += [scene["terrain"]["layer"]] if "terrain" in scene else []
    return frozenset(name for name in named if name is not None)


def _path(data_dir: Path) -> Path:
    return data_dir / "build" / "shown.json"
