"""The flat map: features as vector tiles in one PMTiles file per layer, made by tippecanoe."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson
import shapely

from tweestad import crs
from tweestad.errors import InputRejected, TweestadError
from tweestad.ground.cutting import Geometries
from tweestad.jobs.records import Records
from tweestad.model.feature import Value
from tweestad.scene.pmtiles_file import facts_of, with_plain_metadata
from tweestad.scene.programs import tippecanoe
from tweestad.tiles.folder import TileFolder

MIN_ZOOM: Final = 11
MAX_ZOOM: Final = 17

ALL_KEPT_ZOOM: Final = 14
"""From this zoom on every feature of half a square metre or more is in its tile; below it the smallest
surfaces are put together and a layer with many points is thinned out."""

_MANY_POINTS: Final = 5_000
_AT_ONCE: Final = 5_000
_TIMEOUT_S: Final = 1800


@dataclass(frozen=True, slots=True, eq=False)
class FlatSource:
    """Features of one kind: the "layer" inside the vector tiles is called `name`.

    Parallel: `geometries` (shapely, EPSG:28992), `ids` (feature ids, or empty when a feature is nobody's)
    and `attributes` (may be empty; None and "" are left out, several codes become one text with commas).
    """

    name: str
    geometries: Geometries
    ids: Sequence[str] = ()
    attributes: Sequence[Mapping[str, Value]] = ()

    def __post_init__(self) -> None:
        for beside in (self.ids, self.attributes):
            if len(beside) not in (0, len(self.geometries)):
                raise InputRejected(f"the arrays of {self.name} differ in length")

    def facts(self) -> Iterator[bytes]:
        """All that decides how it is drawn."""
        yield self.name.encode()
        packed = shapely.to_wkb(self.geometries)
        yield orjson.dumps([0 if each is None else len(each) for each in packed])
        yield b"".join(each for each in packed if each is not None)
        yield orjson.dumps([self.ids, self.attributes], option=orjson.OPT_SORT_KEYS)


@dataclass(frozen=True, slots=True)
class FlatFile:
    """A PMTiles file in the tile folder. `bounds`: west, south, east, north in degrees."""

    uri: str
    min_zoom: int
    max_zoom: int
    bounds: tuple[float, float, float, float]

    @classmethod
    def from_json(cls, body: Any) -> FlatFile:
        """Read what `asdict` gave; raises KeyError, TypeError or ValueError for anything else."""
        west, south, east, north = (float(v) for v in body["bounds"])
        zooms = int(body["min_zoom"]), int(body["max_zoom"])
        return cls(str(body["uri"]), *zooms, (west, south, east, north))


def remembered_pmtiles(
    name: str,
    sources: Callable[[], Iterable[FlatSource]],
    facts: Iterable[bytes],
    out: TileFolder,
    records: Records,
    *,
    max_zoom: int = MAX_ZOOM,
) -> FlatFile | None:
    """What `write_pmtiles` gives, made anew only when it is not there yet or `facts` have changed.

    `facts` are all that decides the sources, which are asked for only then.
    """
    program = f"{name} {MIN_ZOOM} {max_zoom} tippecanoe {version('tippecanoe')}"
    key = records.key((program.encode(), *facts))
    try:
        found = FlatFile.from_json(records.find(key))
        if (out.root / found.uri).is_file():
            return found
    except (KeyError, TypeError, ValueError):
        pass  # made again below
    made = write_pmtiles(name, sources(), out, max_zoom=max_zoom)
    if made is not None:
        records.put(key, asdict(made))
    return made


def write_pmtiles(
    name: str, sources: Iterable[FlatSource], out: TileFolder, *, max_zoom: int = MAX_ZOOM
) -> FlatFile | None:
    """Write the sources as one PMTiles file `c/{sha16}.pmtiles`; None when there is nothing to draw.

    Equal features give equal bytes: what tippecanoe notes about its command and machine is taken out.
    Raises TweestadError when tippecanoe is absent, fails or takes half an hour.
    """
    with tempfile.TemporaryDirectory(prefix="tweestad-flat-") as folder:
        given, made = Path(folder, "features.jsonl"), Path(folder, "flat.pmtiles")
        points = lines = 0
        with given.open("w", encoding="utf-8") as handle:
            for source in sources:
                points += int(np.isin(shapely.get_type_id(source.geometries), (0, 4)).sum())
                for line in _lines(source):
                    handle.write(line)
                    lines += 1
        if not lines:
            return None
        _run(_command(name, given, made, max_zoom, thin=points > _MANY_POINTS))
        data = with_plain_metadata(made.read_bytes())
    facts = facts_of(data)
    return FlatFile(out.put(data, "pmtiles"), facts.min_zoom, facts.max_zoom, facts.bounds)


def _lines(source: FlatSource) -> Iterator[str]:
    """The features of a source as GeoJSON texts, one per line, in the order given."""
    known = np.flatnonzero(~(shapely.is_missing(source.geometries) | shapely.is_empty(source.geometries)))
    layer = json.dumps({"layer": source.name})
    for start in range(0, len(known), _AT_ONCE):
        numbers = known[start : start + _AT_ONCE]
        flat = shapely.force_2d(source.geometries[numbers])
        texts = shapely.to_geojson(shapely.transform(flat, crs.to_lonlat))
        for number, text in zip(numbers.tolist(), texts, strict=True):
            properties: dict[str, Any] = {}
            if source.attributes:
                given = sorted(source.attributes[number].items())
                properties = {k: _plain(v) for k, v in given if v not in (None, "", ())}
            if source.ids:
                properties["id"] = source.ids[number]
            told = json.dumps(properties, ensure_ascii=False, allow_nan=False)
            yield f'{{"type":"Feature","tippecanoe":{layer},"properties":{told},"geometry":{text}}}\n'


def _plain(value: Value) -> str | int | float | bool | None:
    """A value as a vector tile can hold it."""
    return ",".join(value) if isinstance(value, tuple) else value


def _command(name: str, given: Path, made: Path, max_zoom: int, *, thin: bool) -> list[str]:
    return [
        str(tippecanoe()),
        f"--output={made}",
        f"--name={name}",
        f"--minimum-zoom={MIN_ZOOM}",
        f"--maximum-zoom={max_zoom}",
        f"--base-zoom={ALL_KEPT_ZOOM}",
        f"--drop-rate={2 if thin else 1}",
        # Nothing is dropped because a tile is full; the tiles of a town stay small enough.
        "--no-feature-limit",
        "--no-tile-size-limit",
        "--no-tiny-polygon-reduction-at-maximum-zoom",
        "--no-tile-stats",
        "--quiet",
        f"--temporary-directory={made.parent}",
        str(given),
    ]


def _run(command: list[str]) -> None:
    # The command holds our own words and paths only; features travel in the file.
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as exc:
        raise TweestadError(f"tippecanoe had not written the tiles after {_TIMEOUT_S} s") from exc
    except OSError as exc:
        raise TweestadError(f"tippecanoe could not be started ({exc.strerror})") from exc
    if ended.returncode:
        told = ended.stderr.strip().splitlines()
        raise TweestadError(
            f"tippecanoe could not write the tiles: {told[-1] if told else 'no reason given'}"
        )
