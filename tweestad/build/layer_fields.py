"""Reads one `[[layer]]` of twin.toml.

`read` says where the rows come from, `columns` which attributes are kept and under which name, `style`
how it is drawn. Paths may start with `{open_data}` (the open-data folder) or `{generated}` (files of the
generator); other paths are relative to twin.toml and stay inside its folder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from tweestad.build.column_fields import read_column
from tweestad.build.csv_fields import check_joined, read_joins, read_layout
from tweestad.build.model_fields import check_read_keys, read_lod, read_place, read_types
from tweestad.build.object_fields import drawn_columns, read_tree, read_tube, with_tube_legend
from tweestad.build.plan import (
    ColumnPlan,
    InputFile,
    LayerPlan,
    NearTitle,
    ReadFormat,
    ReadPlan,
    SearchPlan,
    Shape,
)
from tweestad.build.style_fields import read_style
from tweestad.build.template import Template
from tweestad.build.time_fields import read_time
from tweestad.config import Config
from tweestad.crs import parse_crs
from tweestad.errors import InputRejected
from tweestad.formats.design.placed import DESIGN_FORMATS
from tweestad.formats.toml.fields import Fields, suggestion
from tweestad.model.feature import LAYER_ID
from tweestad.model.layer import (
    KINDS,
    PLACE_KINDS,
    QUALITIES,
    QUESTIONS,
    Audience,
    Kind,
    Layer,
    Noun,
    Quality,
    Style,
)
from tweestad.model.text import Text

_DATE = re.compile(r"\d{4}(-\d{2}){0,2}\Z")
FORMATS = ("cityjson", "vector", "csv", "polygons3d", "pointcloud", "raster", *DESIGN_FORMATS)
TERRAIN_FORMATS = ("pointcloud", "raster")
SHAPES = ("polygon", "line", "point")
RESERVED_IDS = frozenset(
    {
        "c",
        "terrain",
        "kades",
        "grond",
        *("grond-land", "grond-straten", "grond-paden", "grond-parken", "grond-water"),
    }
)
"""Names of folders and maps that every twin has; a layer of that name would write over them. Named once more
here, because to import them loads all that draws."""
_SHAPE_OF_KIND: Mapping[str, Shape] = {"points": "point", "trees": "point", "lines": "line", "tubes": "line"}


@dataclass(frozen=True, slots=True)
class Places:
    """Where a path of this twin.toml may lead."""

    file: Path
    open_data: Path | None
    generated: Path

    @classmethod
    def of(cls, file: Path, config: Config) -> Places:
        """The places of a twin.toml under these settings."""
        return cls(file, config.open_data, config.data_dir / "inputs")

    def find(self, told: str) -> Path | str:
        """The path, or a sentence on what is wrong with it."""
        for mark, root in (("{open_data}", self.open_data), ("{generated}", self.generated)):
            if told.startswith(mark + "/"):
                if root is None:
                    return f"{mark} is not set: give the folder with OPEN_DATA or --open-data"
                return _inside(root, told[len(mark) + 1 :])
        if "{" in told or "}" in told:
            return "a path may start with {open_data}/ or {generated}/, nothing else in braces"
        return _inside(self.file.parent, told)


def _inside(root: Path, rest: str) -> Path | str:
    path = root / rest
    if not path.resolve().is_relative_to(root.resolve()):
        return f"‘{rest}’ leads out of its folder"
    return path


def read_layer(fields: Fields, places: Places, *, invented: bool) -> LayerPlan:
    """The plan of one layer; faults are collected in `fields.faults`."""
    layer_id = fields.text("id")
    if layer_id and not LAYER_ID.match(layer_id):
        fields.fault("id", f"layer id ‘{layer_id}’ must be small letters, digits and hyphens, at most 63")
    if layer_id in RESERVED_IDS:
        fields.fault(
            "id", f"layer id ‘{layer_id}’ is the name of a folder of the drawn ground: choose another"
        )
    read = _read(fields, places, _SHAPE_OF_KIND.get(str(fields.raw("kind")), "polygon"))
    _check_terrain(fields, read)
    kind = str(fields.raw("kind"))
    tree, tube = read_tree(fields, kind), read_tube(fields, kind)
    columns = (*(read_column(each) for each in fields.tables("columns")), *drawn_columns(tree, tube))
    time, phase_columns = read_time(fields, columns)
    columns += phase_columns
    _check_names(fields, columns)
    search = _search(fields, columns)
    layer = _layer(fields, layer_id, columns, invented=invented, place_kind=search.kind if search else "")
    layer = replace(layer, style=with_tube_legend(layer.style, tube), time=time)
    title, title_words = _title(fields, "title_template")
    near = tuple(_near(each) for each in fields.tables("title_near"))
    titles = (*(each.words for each in near), title_words)
    layer = replace(layer, titles=tuple(words for words in titles if words.en))
    plan = LayerPlan(
        layer=layer,
        read=read,
        id=_template(fields, "id_template"),
        id_from=fields.texts("id_from"),
        ref=_template(fields, "ref_template"),
        title=title,
        title_near=near,
        columns=columns,
        search=search,
        tree=tree,
        tube=tube,
    )
    check_joined(fields, plan)
    if plan.id and plan.id_from:
        fields.fault("id_from", "give id_template or id_from, not both")
    fields.finish()
    return plan


def _layer(
    fields: Fields, layer_id: str, columns: tuple[ColumnPlan, ...], *, invented: bool, place_kind: str
) -> Layer:
    date = fields.text("date")
    if date and not _DATE.match(date):
        fields.fault("date", f"date ‘{date}’ must be a year, a month or a day, such as 2026-04-01")
    style_fields = fields.table("style")
    style = Style() if style_fields is None else read_style(style_fields, columns)
    return Layer(
        id=layer_id,
        title=fields.words("title", required=True),
        theme=fields.words("theme", required=True),
        kind=cast(Kind, fields.choice("kind", KINDS)),
        source=fields.text("source"),
        licence=fields.text("licence"),
        licence_class="B" if fields.choice("licence_class", ("A", "B")) == "B" else "A",
        date=date,
        steward=fields.text("steward"),
        audience=cast(Audience, fields.choice("audience", ("public", "staff"), "public")),
        description=fields.words("description"),
        missing=fields.words("missing"),
        columns=tuple(plan.column for plan in columns),
        style=style,
        invented=invented,
        quality=cast(Quality, fields.choice("quality", QUALITIES, "")),
        noun=_noun(fields),
        place_kind=place_kind,
        questions=_questions(fields),
    )


def _questions(fields: Fields) -> tuple[str, ...]:
    told = fields.texts("questions")
    for question in told:
        if question not in QUESTIONS:
            fields.fault("questions", f"there is no question ‘{question}’{suggestion(question, QUESTIONS)}")
    return told


def _noun(fields: Fields) -> Noun | None:
    table = fields.table("noun")
    if table is None:
        return None
    noun = Noun(table.words("one", required=True), table.words("many", required=True))
    table.finish()
    return noun


def _read(fields: Fields, places: Places, usual: Shape) -> ReadPlan:
    table = fields.table("read")
    if table is None:
        if not fields.has("read"):
            fields.fault("read", "read is missing in layer")
        return ReadPlan("vector", InputFile("", places.file))
    file, *more = _inputs(table, places)
    plan = ReadPlan(
        format=cast(ReadFormat, table.choice("format", FORMATS)),
        file=file or InputFile("", places.file),
        crs=_crs(table),
        shape=cast(Shape, table.choice("geometry", SHAPES, usual)),
        sublayer=table.text("sublayer", ""),
        keep=_choices(table, "keep"),
        drop=_choices(table, "drop"),
        clip=table.box("clip"),
        validity=_input(table, "validity", places) if table.has("validity") else None,
        more=tuple(each for each in more if each is not None),
        classes=_classes(table),
        member=table.text("member", ""),
        prop=table.text("property", ""),
        csv=read_layout(table, needs_place=True) if table.raw("format") == "csv" else None,
        placeless=table.choice("without_place", ("reject", "keep"), "reject") == "keep",
        joins=read_joins(table, lambda fields: _input(fields, "path", places)),
        types=read_types(table),
        lod=read_lod(table),
        place=read_place(table),
    )
    check_read_keys(table, plan.format)
    table.finish()
    return plan


def _inputs(table: Fields, places: Places) -> list[InputFile | None]:
    """The file under `path`, or the files under `paths` (several tiles of one terrain)."""
    if not table.has("paths"):
        return [_input(table, "path", places)]
    if table.raw("format") not in TERRAIN_FORMATS:
        table.fault("paths", "paths is for terrain; give one path")
    told = table.texts("paths")
    if table.has("path") or not told:
        table.fault("paths", "give path, or paths with at least one file in it")
    if len(set(told)) < len(told):
        table.fault("paths", "paths names a file twice")
    return [_found(table, "paths", each, places) for each in told] or [None]


def _classes(table: Fields) -> tuple[int, ...]:
    """Which classes of points are ground (LAS 1.4, table 17)."""
    if not table.has("classes"):
        return (2,)
    told = table.raw("classes")
    if not isinstance(told, list) or not told or not all(type(c) is int and 0 <= c <= 255 for c in told):
        table.fault("classes", "classes must be a list of whole numbers from 0 to 255")
        return (2,)
    if table.raw("format") != "pointcloud":
        table.fault("classes", 'classes is for format = "pointcloud"')
    return tuple(told)


def _check_terrain(fields: Fields, read: ReadPlan) -> None:
    """A terrain is read from points, pixels or a city model; points and pixels are never anything else."""
    terrain = fields.raw("kind") == "terrain"
    if read.format in TERRAIN_FORMATS and not terrain:
        fields.fault("kind", f'format = "{read.format}" is for kind = "terrain"')
    if terrain and read.format not in (*TERRAIN_FORMATS, "cityjson"):
        fields.fault("kind", 'kind = "terrain" goes with format = "pointcloud", "raster" or "cityjson"')
    if terrain and (read.types or read.lod or read.validity):
        fields.fault("read", "types, lod and validity are not for a terrain, which is all TINRelief")


def _input(table: Fields, key: str, places: Places) -> InputFile | None:
    told = table.text(key)
    return _found(table, key, told, places) if told else None


def _found(table: Fields, key: str, told: str, places: Places) -> InputFile | None:
    found = places.find(told)
    if isinstance(found, str):
        table.fault(key, found)
        return None
    if not found.is_file() and not told.startswith("{generated}"):
        there = found.exists()
        table.fault(key, f"{told} is not an ordinary file" if there else f"there is no file {told}")
    return InputFile(told, found)


def _crs(table: Fields) -> int | None:
    if not table.has("crs"):
        return None
    try:
        return parse_crs(table.text("crs"))
    except InputRejected as exc:
        table.fault("crs", exc.reason)
        return None


def _choices(table: Fields, key: str) -> dict[str, tuple[str, ...]]:
    chosen = table.table(key)
    if chosen is None:
        return {}
    return {column: chosen.texts(column) for column in chosen.keys()}  # noqa: SIM118 - a Fields, not a dict


def _template(fields: Fields, key: str) -> Template | None:
    if not fields.has(key):
        return None
    template = Template(fields.text(key))
    if fault := template.fault():
        fields.fault(key, fault)
    return template


def _title(fields: Fields, key: str) -> tuple[Template | None, Text]:
    """A template, and the same in English beside it where it is given: `{nl = "…", en = "…"}`."""
    words = fields.words(key)
    if not fields.has(key):
        return None, words
    dutch, english = Template(words.nl), Template(words.en)
    for template in (dutch, english):
        if fault := template.fault():
            fields.fault(key, fault)
    if words.en and not set(english.columns) <= set(dutch.columns):
        fields.fault(key, f"‘{words.en}’ has a column that ‘{words.nl}’ does not have")
    return dutch, words


def _near(fields: Fields) -> NearTitle:
    title, words = _title(fields, "title")
    near = NearTitle(
        layer=fields.text("layer"),
        within_m=fields.number("within_m", 0.0),
        title=title or Template(""),
        words=words,
    )
    if not 0 <= near.within_m <= 1000:
        fields.fault("within_m", "within_m must be between 0 and 1000 metres")
    fields.finish()
    return near


def _search(fields: Fields, columns: tuple[ColumnPlan, ...]) -> SearchPlan | None:
    table = fields.table("search")
    if table is None:
        return None
    plan = SearchPlan(table.text("column", ""), table.choice("kind", PLACE_KINDS))
    if plan.column and plan.column not in [each.column.name for each in columns]:
        table.fault("column", f"there is no column ‘{plan.column}’ in this layer")
    table.finish()
    return plan


def _check_names(fields: Fields, columns: tuple[ColumnPlan, ...]) -> None:
    names = [plan.column.name for plan in columns]
    for n, name in enumerate(names):
        if name in names[:n]:
            fields.faults.add((*fields.path, "columns", n), f"there are two columns called ‘{name}’")
