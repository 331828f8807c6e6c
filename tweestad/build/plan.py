"""What a twin.toml says, as values: the twin, its layers with how to read them, its ground and view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tweestad.build.object_plans import MADE, TreePlan, TubePlan
from tweestad.build.template import Template
from tweestad.formats.design.model import Place
from tweestad.formats.vector.query import CsvLayout
from tweestad.model.feature import BBox
from tweestad.model.feed_plan import FeedPlan
from tweestad.model.layer import Column, Layer, Twin
from tweestad.model.text import Text

ReadFormat = Literal["cityjson", "vector", "csv", "polygons3d", "pointcloud", "raster", "ifc", "gltf", "obj"]
Shape = Literal["polygon", "line", "point"]


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that a layer reads: `told` as in twin.toml (`{open_data}/…`), `path` where it is here."""

    told: str
    path: Path

    @property
    def generated(self) -> bool:
        """Made by the generator, so not part of inputs.lock."""
        return self.told.startswith("{generated}")


@dataclass(frozen=True, slots=True)
class JoinPlan:
    """A CSV table whose columns are added to the rows of a layer, under `{name}.{column}`.

    A row of the layer gets the row of the table whose column `on` is `key` filled in. `keep` chooses rows
    of the table, so that a table with one figure per row can be joined figure by figure.
    """

    file: InputFile
    on: str
    key: Template
    name: str
    csv: CsvLayout = field(default_factory=CsvLayout)
    keep: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """How to read a layer's file.

    `crs` is an EPSG number for a file that does not say its own. `keep` and `drop` choose rows by the
    text of a column; `clip` keeps rows that touch a box (EPSG:28992). `validity` is a val3dity report
    on a city model, which fills the columns `@valid` and `@faults`. `more` are further files of a
    terrain, and `classes` the kinds of points that are ground in it. `member` is the file inside a zip,
    `prop` the geometry property of a GML, `csv` how a CSV is written; `placeless` keeps rows without a place.
    `types` and `lod` choose objects of a city model and their level of detail; without them what the layer's
    kind is made of, at its finest. `place` is where a design stands, for a file that does not say it right.
    """

    format: ReadFormat
    file: InputFile
    crs: int | None = None
    shape: Shape = "polygon"
    sublayer: str = ""
    keep: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    drop: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    clip: BBox | None = None
    validity: InputFile | None = None
    more: tuple[InputFile, ...] = ()
    classes: tuple[int, ...] = (2,)
    member: str = ""
    prop: str = ""
    csv: CsvLayout | None = None
    placeless: bool = False
    joins: tuple[JoinPlan, ...] = ()
    types: tuple[str, ...] = ()
    lod: str = ""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """A column and where its values come from.

    `source` is the column at the source. `split` cuts a text into a list. `difference` names two
    number columns: the first minus the second; what falls outside `low`…`high` becomes empty. `phases`
    are columns with a year, in order: the value is the year of the first of them that is above zero.
    """

    column: Column
    source: str
    split: str = ""
    difference: tuple[str, str] | None = None
    decimals: int | None = None
    low: float | None = None
    high: float | None = None
    phases: tuple[tuple[str, int], ...] = ()

    @property
    def needs(self) -> tuple[str, ...]:
        """The columns at the source that it reads."""
        return self.difference or tuple(name for name, _ in self.phases) or (self.source,)


@dataclass(frozen=True, slots=True)
class NearTitle:
    """A title from the nearest named feature of another layer, at most `within_m` metres away."""

    layer: str
    within_m: float
    title: Template
    words: Text = field(default_factory=lambda: Text(""))


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """Which names of a layer can be searched for (without a column: titles); equal names are one place."""

    column: str
    kind: str


@dataclass(frozen=True, slots=True)
class LayerPlan:
    """One layer of twin.toml: what it is and how its features are made."""

    layer: Layer
    read: ReadPlan
    id: Template | None = None
    id_from: tuple[str, ...] = ()
    ref: Template | None = None
    title: Template | None = None
    title_near: tuple[NearTitle, ...] = ()
    columns: tuple[ColumnPlan, ...] = ()
    search: SearchPlan | None = None
    tree: TreePlan | None = None
    tube: TubePlan | None = None

    @property
    def inputs(self) -> tuple[InputFile, ...]:
        also = (self.read.validity,) if self.read.validity else ()
        return (self.read.file, *self.read.more, *also, *(join.file for join in self.read.joins))

    @property
    def source_columns(self) -> tuple[str, ...]:
        """Every column at the source that something of this layer needs."""
        templates = [t for t in (self.id, self.ref, self.title) if t is not None]
        wanted = [name for plan in self.columns for name in plan.needs]
        wanted += [name for template in templates for name in template.columns]
        wanted += [name for drawn in (self.tree, self.tube) if drawn for name in drawn.columns]
        return tuple(dict.fromkeys(n for n in [*wanted, *self.id_from] if not n.startswith(MADE)))

    @property
    def own_columns(self) -> tuple[str, ...]:
        """Those of `source_columns` that the layer's own file must have, and those that its joins need."""
        joined = tuple(f"{join.name}." for join in self.read.joins)
        own = [name for name in self.source_columns if not joined or not name.startswith(joined)]
        keys = [name for join in self.read.joins for name in join.key.columns]
        return tuple(dict.fromkeys([*own, *keys]))


@dataclass(frozen=True, slots=True)
class GroundLines:
    """Lines that become streets and paths: full widths in metres by the value of one column."""

    layer: str
    column: str
    street_widths_m: Mapping[str, float]
    path_widths_m: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class GroundPlan:
    """The drawn ground: where, and which layers it is cut from.

    Heights come from the layer `terrain` where it has them, elsewhere from number columns of layers
    (`samples`: pairs of layer and column), metres NAP, spread smoothly. Without a
    `box` the ground reaches to a margin around the buildings; `near` is where it is drawn in full.
    """

    water_nap_m: float
    box: BBox | None = None
    near: BBox | None = None
    water: str = ""
    parks: str = ""
    lines: tuple[GroundLines, ...] = ()
    samples: tuple[tuple[str, str], ...] = ()
    terrain: str = ""


@dataclass(frozen=True, slots=True)
class ViewPlan:
    """The opening view: looks at (x, y) in EPSG:28992."""

    x: float
    y: float
    heading_deg: float = 28.0
    pitch_deg: float = -31.0
    distance_m: float = 1180.0


@dataclass(frozen=True, slots=True)
class GeneratePlan:
    """The invented town that fills `{generated}`: the same seed and size give the same bytes."""

    seed: int
    size: int


@dataclass(frozen=True, slots=True)
class TwinPlan:
    """A whole twin.toml. `staff` are lines `address=role`; they have no effect yet."""

    path: Path
    twin: Twin
    layers: tuple[LayerPlan, ...]
    view: ViewPlan
    ground: GroundPlan | None = None
    generate: GeneratePlan | None = None
    area_labels: str = ""
    staff: tuple[str, ...] = ()
    feeds: FeedPlan = field(default_factory=FeedPlan)

    def layer(self, layer_id: str) -> LayerPlan:
        """The plan of a layer that is known to exist."""
        return next(plan for plan in self.layers if plan.layer.id == layer_id)
