"""Takes the rows of one layer over from its file: features, solids, and what was rejected and why."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import shapely

from tweestad.build.attributes import Attributes
from tweestad.build.city_rows import choice_of, city_values, geometry_of, with_own_measures
from tweestad.build.feature_id import feature_id, shape_keys
from tweestad.build.joining import Joined
from tweestad.build.object_values import object_values
from tweestad.build.plan import InputFile, LayerPlan
from tweestad.build.report import LayerReport
from tweestad.errors import InputRejected, TweestadError
from tweestad.formats.cityjson.choice import counted
from tweestad.formats.cityjson.polygons3d import read_polygons3d
from tweestad.formats.cityjson.reading import Passed, read_chosen
from tweestad.formats.design.placed import read_placed
from tweestad.formats.terrain.heights import HeightSamples
from tweestad.formats.vector.reading import VectorQuery, read_vector
from tweestad.model.city_object import CityObject
from tweestad.model.feature import Feature, Value
from tweestad.model.layer import Rejected
from tweestad.store.intake import faults_of
from tweestad.tiles.spool import Spool

_MAX_REPORT_BYTES = 200_000_000
_ROWS_PER_WORD = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """The features of one layer, in order of id, with every row of the file accounted for.

    `read` = `left_out` (by keep, drop, clip and types) + rejected + features. `solids` are the city
    objects that have a shape or a footprint; their key is the feature id and they carry no attributes.
    They lie on disk, and some may belong to features that were rejected later. `terrain` are the heights
    of a layer of that kind, whose features are what each file covers.
    """

    plan: LayerPlan
    features: tuple[Feature, ...]
    solids: Spool
    rejected: tuple[Rejected, ...]
    read: int
    left_out: int
    mended: int
    notes: tuple[str, ...]
    terrain: HeightSamples | None = None
    left_types: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    name: str
    values: Mapping[str, Value]
    wkb: bytes | None
    shape_key: bytes = b""
    solid: CityObject | None = None


@dataclass(slots=True)
class _Tally:
    read: int = 0
    left_out: int = 0
    mended: int = 0
    ended: int = 0
    joined: tuple[str, ...] = ()
    left_types: Counter[str] = field(default_factory=Counter)
    assumed: list[str] = field(default_factory=list)

    def notes(self) -> tuple[str, ...]:
        """What there is to say about the file as a whole."""
        if not self.ended:
            return (*self.assumed, *self.joined)
        return (
            f"{self.ended} of those left out are history: the file says that they have ended",
            *self.assumed,
            *self.joined,
        )


def take_layer(
    plan: LayerPlan, on_rows: Callable[[int], None] = lambda _: None, spool: Spool | None = None
) -> Taken:
    """Read the whole file of a layer; `on_rows` hears how many rows have been read so far.

    Solids go to `spool`, or stay in memory without one.

    Raises InputRejected when the file cannot be read, or when not one of its rows can be used.
    """
    tally = _Tally()
    source = _vector_rows(plan, tally) if plan.read.format in ("vector", "csv") else _city_rows(plan, tally)
    attributes = Attributes(plan.columns)
    features: dict[str, Feature] = {}
    solids = Spool() if spool is None else spool
    rejected: list[Rejected] = []
    told = 0
    file = plan.read.file.path.name
    for row in source:
        if isinstance(row, Rejected):
            rejected.append(row)
        else:
            try:
                feature = _feature(plan, attributes, row)
                if feature.id in features:
                    raise InputRejected(f"there is already a feature with id {feature.id}")
            except InputRejected as exc:
                rejected.append(Rejected(file, row.name, exc.reason))
                continue
            features[feature.id] = feature
            if row.solid is not None and (row.solid.shape is not None or row.solid.footprint is not None):
                solids.add(replace(row.solid, key=feature.id, attributes={}))
        if tally.read >= told + _ROWS_PER_WORD:
            told = tally.read
            on_rows(told)
    if rejected and not features:
        raise InputRejected(
            f"none of its {len(rejected)} rows can be used; {rejected[0].object_id}: {rejected[0].reason}",
            where=file,
        )
    return Taken(
        plan=plan,
        features=tuple(features[key] for key in sorted(features)),
        solids=solids,
        rejected=tuple(rejected),
        read=tally.read,
        left_out=tally.left_out,
        mended=tally.mended,
        notes=(*tally.notes(), *attributes.notes()),
        left_types=counted(tally.left_types),
    )


def storable(taken: Taken) -> Taken:
    """The layer without the features that the store would refuse: these are rejected, each with its reason.

    Raises InputRejected when that leaves nothing.
    """
    layer = taken.plan.layer
    faults = faults_of(layer.id, taken.features)
    if not faults:
        return taken
    file = taken.plan.read.file.path.name
    rejected = tuple(Rejected(file, key, reason) for key, reason in sorted(faults.items()))
    if len(faults) == len(taken.features):
        first = rejected[0]
        raise InputRejected(
            f"layer ‘{layer.id}’: none of its rows can be kept; {first.object_id}: {first.reason}", where=file
        )
    return replace(
        taken,
        features=tuple(each for each in taken.features if each.id not in faults),
        rejected=(*taken.rejected, *rejected),
    )


def _feature(plan: LayerPlan, attributes: Attributes, row: _Row) -> Feature:
    values = attributes.of(row.values)
    title = plan.title.fill(row.values) if plan.title else None
    if title is None and plan.layer.style.label_column:
        title = plan.layer.name_in(plan.layer.style.label_column, values)
    return Feature(
        layer=plan.layer.id,
        id=feature_id(plan, row.values, row.shape_key),
        geometry=row.wkb,
        attributes=values,
        ref=plan.ref.fill(row.values) if plan.ref else None,
        title=title or "",
    )


def _vector_rows(plan: LayerPlan, tally: _Tally) -> Iterator[_Row | Rejected]:
    read = plan.read
    joined = Joined(plan)
    query = VectorQuery(
        geometry=read.shape,
        columns=plan.own_columns,
        crs=read.crs,
        sublayer=read.sublayer,
        keep=read.keep,
        drop=read.drop,
        clip=read.clip,
        member=read.member,
        prop=read.prop,
        csv=read.csv,
        placeless=read.placeless,
        keep_z=plan.tube is not None and plan.tube.z,
    )
    solids = plan.layer.kind == "buildings"
    for batch in read_vector(read.file.path, query):
        tally.read += batch.read
        tally.left_out += batch.left_out
        tally.mended += batch.mended
        tally.ended += batch.ended
        yield from batch.rejected
        wkb = shapely.to_wkb(batch.geometries, byte_order=1).tolist()
        keys = [b""] * len(wkb) if plan.id else shape_keys(batch.geometries)
        for n, name in enumerate(batch.rows):
            values = joined.of(batch.row(n))
            shape = batch.geometries[n]
            drawn = {} if shape is None else object_values(plan, values, shape)
            # A footprint is drawn up by its height, when the layer has one.
            solid = CityObject(name, "Building", {}, wkb[n], None) if solids and shape is not None else None
            yield _Row(name, {**values, **drawn}, wkb[n], keys[n], solid)
    tally.joined = joined.notes()


def _city_rows(plan: LayerPlan, tally: _Tally) -> Iterator[_Row | Rejected]:
    faults = read_validity(plan.read.validity) if plan.read.validity else {}
    kind = plan.layer.kind
    plan = with_own_measures(plan)
    for found in _city_objects(plan, tally):
        tally.read += 1
        if isinstance(found, Passed):
            tally.left_out += 1
            tally.left_types[found.type] += 1
            continue
        if isinstance(found, Rejected):
            yield found
            continue
        try:
            wkb = geometry_of(found, kind)
        except InputRejected as exc:
            yield Rejected(plan.read.file.path.name, found.key, exc.reason)
            continue
        geometry = None if wkb is None else shapely.from_wkb(wkb)
        values = city_values(found, faults)
        drawn = {} if geometry is None else object_values(plan, values, geometry)
        keys = [b""] if plan.id or geometry is None else shape_keys(np.array([geometry]))
        solid = found if kind == "buildings" else None
        yield _Row(found.key, {**values, **drawn}, wkb, keys[0], solid)


def _city_objects(plan: LayerPlan, tally: _Tally) -> Iterator[CityObject | Rejected | Passed]:
    read = plan.read
    if read.format in ("ifc", "gltf", "obj"):
        return read_placed(read.file.path, read.format, read.place, notes=tally.assumed)
    if read.format == "polygons3d":
        return read_polygons3d(read.file.path, crs=read.crs, sublayer=read.sublayer)
    return read_chosen(read.file.path, choice_of(plan), crs=read.crs)


def read_validity(file: InputFile) -> dict[str, tuple[str, ...]]:
    """The error codes of each object in a val3dity report, by the object's key; no codes is valid.

    Raises InputRejected when the file is not such a report.
    """
    name = file.path.name
    try:
        if file.path.stat().st_size > _MAX_REPORT_BYTES:
            raise InputRejected("the report is too large", where=name)
        body = json.loads(file.path.read_bytes())
        return {
            str(entry["id"]): tuple(sorted({str(error["code"]) for error in entry["errors"]}))
            for entry in body["features"]
        }
    except (ValueError, KeyError, TypeError, RecursionError) as exc:
        raise InputRejected("this is not a val3dity report", where=name) from exc


def account_for(taken: Taken, *, public: bool, seconds: float) -> LayerReport:
    """The report of a layer; raises TweestadError when a row has vanished without a reason."""
    out, rejected = len(taken.features), len(taken.rejected)
    if taken.read != taken.left_out + out + rejected:
        raise TweestadError(
            f"{taken.plan.layer.id}: {taken.read} rows were read, but {taken.left_out} left out,"
            f" {out} kept and {rejected} rejected do not add up"
        )
    return LayerReport(
        id=taken.plan.layer.id,
        public=public,
        read=taken.read,
        left_out=taken.left_out,
        out=out,
        rejected=taken.rejected,
        mended=taken.mended,
        notes=taken.notes,
        left_types=taken.left_types,
        seconds=seconds,
    )
