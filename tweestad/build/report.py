"""What a build did: every row of every input accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tweestad.model import twin_document
from tweestad.model.layer import Rejected

REPORT_KIND = twin_document.REPORT_KIND
REPORT_KEY = twin_document.REPORT_KEY
_REJECTED_TOLD = 1000


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step is; `total` is 0 while nobody knows."""

    step: str
    done: int
    total: int = 0


OnProgress = Callable[[Progress], None]


def silent(progress: Progress) -> None:
    """The progress of a build that nobody watches."""
    del progress


@dataclass(frozen=True, slots=True)
class LayerReport:
    """One layer: `read` = `left_out` + `out` + the number of `rejected`.

    `left_out` are rows that twin.toml does not ask for, `left_types` how many of each type among them;
    `mended` are invalid polygons made valid.
    `added`, `changed` and `removed` compare with what was in the store before; `kept`: nothing that decides
    the layer had changed, so it was not read again, and this is what was said when it was.
    """

    id: str
    public: bool
    read: int
    left_out: int
    out: int
    rejected: tuple[Rejected, ...]
    mended: int
    notes: tuple[str, ...] = ()
    added: int = 0
    changed: int = 0
    removed: int = 0
    seconds: float = 0.0
    left_types: tuple[tuple[str, int], ...] = ()
    kept: bool = False

    @property
    def reasons(self) -> tuple[tuple[str, int], ...]:
        """How often each reason for rejection occurs, most frequent first."""
        return tuple(Counter(each.reason for each in self.rejected).most_common())


@dataclass(frozen=True, slots=True)
class TilesReport:
    """One tileset: how many objects are drawn, in how many triangles and bytes, and how many are not.

    `flat`: how many of those drawn are plates on the street, because their height is not known.
    """

    id: str
    objects: int
    triangles: int
    bytes: int
    undrawn: int = 0
    flat: int = 0


@dataclass(frozen=True, slots=True)
class BuildReport:
    """A whole build. `skipped`: nothing had changed, and this is the report of the build before."""

    twin: str
    version: int
    layers: tuple[LayerReport, ...]
    tiles: tuple[TilesReport, ...] = ()
    changed_inputs: tuple[str, ...] = ()
    seconds: float = 0.0
    skipped: bool = field(default=False)

    def as_json(self, *, public_only: bool) -> dict[str, Any]:
        """The report as a document; `public_only` leaves out what is about layers for staff."""
        shown = [layer for layer in self.layers if layer.public or not public_only]
        return {
            "twin": self.twin,
            "version": self.version,
            "seconds": round(self.seconds, 2),
            "changedInputs": [] if public_only else list(self.changed_inputs),
            "layers": [layer_json(layer, _REJECTED_TOLD if public_only else None) for layer in shown],
            "tiles": [
                {
                    "id": t.id,
                    "objects": t.objects,
                    "triangles": t.triangles,
                    "bytes": t.bytes,
                    "undrawn": t.undrawn,
                    "flat": t.flat,
                }
                for t in self.tiles
            ],
        }


def empty_because(layer: LayerReport) -> str:
    """Why a layer came out empty."""
    if layer.read:
        return f"none of the {layer.read} objects in the file is kept by keep, drop, clip and types"
    return "the file has no objects"


def report_from_json(body: Mapping[str, Any]) -> BuildReport:
    """A kept report, marked as skipped: the answer of a build that had nothing to do."""
    layers = tuple(layer_from_json(layer) for layer in body["layers"])
    tiles = tuple(
        TilesReport(t["id"], t["objects"], t["triangles"], t["bytes"], t["undrawn"], t["flat"])
        for t in body["tiles"]
    )
    report = BuildReport(body["twin"], body["version"], layers, tiles)
    return replace(report, skipped=True)


def layer_from_json(layer: Mapping[str, Any]) -> LayerReport:
    """What `layer_json` gave; raises KeyError or TypeError for anything else."""
    return LayerReport(
        id=layer["id"],
        public=layer["public"],
        read=layer["read"],
        left_out=layer["leftOut"],
        out=layer["out"],
        rejected=tuple(Rejected(r["file"], r["object"], r["reason"]) for r in layer["rejectedRows"]),
        mended=layer["mended"],
        notes=tuple(layer["notes"]),
        seconds=layer["seconds"],
        left_types=tuple((each["type"], each["count"]) for each in layer.get("leftTypes", ())),
    )


def layer_json(layer: LayerReport, rejected_told: int | None) -> dict[str, Any]:
    """The report of a layer, with at most `rejected_told` of its rejected rows; None is all."""
    return {
        "id": layer.id,
        "public": layer.public,
        "read": layer.read,
        "leftOut": layer.left_out,
        "leftTypes": [{"type": kind, "count": count} for kind, count in layer.left_types],
        "out": layer.out,
        "rejected": len(layer.rejected),
        "reasons": [{"reason": reason, "count": count} for reason, count in layer.reasons[:50]],
        "rejectedRows": [
            {"file": r.file, "object": r.object_id, "reason": r.reason}
            for r in layer.rejected[:rejected_told]
        ],
        "mended": layer.mended,
        "notes": list(layer.notes),
        "seconds": round(layer.seconds, 2),
    }
