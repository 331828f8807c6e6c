"""Reads twin.toml (the description of one city) strictly into a TwinPlan.

Top level: `[twin]` who it is, `[view]` the opening view, `[ground]` the drawn ground, `[people]` staff,
`[generate]` an invented town, `[feeds]` the live sources, and a `[[layer]]` per layer (see
`layer_fields.py`). `[people]` is checked but has no effect yet: nobody can sign in.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from tweestad.access.actor import ROLES
from tweestad.build.base_fields import read_bases
from tweestad.build.feed_fields import read_feeds
from tweestad.build.layer_fields import Places, read_layer
from tweestad.build.plan import GeneratePlan, GroundLines, GroundPlan, LayerPlan, TwinPlan, ViewPlan
from tweestad.config import Config
from tweestad.errors import TwinConfigInvalid
from tweestad.formats.toml.fields import Faults, Fields, suggestion
from tweestad.formats.toml.lines import key_lines
from tweestad.model.feature import LAYER_ID, BBox
from tweestad.model.layer import Twin

_MUNICIPALITY = re.compile(r"GM\d{4}\Z")
_MAX_BYTES = 1_000_000
_MAX_TOWN = 1_000_000
LANGUAGES = ("nl", "en")
CREASES_SUFFIX = "-lijnen"
"""The tileset of the lines on the buildings of a layer is called after it, with this behind it."""


def read_twin(path: Path, config: Config, *, size: int | None = None) -> TwinPlan:
    """The plan in a twin.toml (or in the folder that holds one); `size` overrides `[generate] size`.

    `[people] staff` is read and checked, and has no effect before people can sign in.

    Raises TwinConfigInvalid that names every fault with file and line.
    """
    file = path / "twin.toml" if path.is_dir() else path
    text = _text_of(file)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise TwinConfigInvalid(f"{file}: this is not valid TOML: {exc}") from exc
    faults = Faults(file, key_lines(text))
    plan = _read(Fields(values, (), faults), Places.of(file, config), size)
    faults.check()
    return plan


def generated_folder(config: Config) -> Path:
    """What `{generated}` in twin.toml stands for."""
    return config.data_dir / "inputs"


def _text_of(file: Path) -> str:
    try:
        if file.stat().st_size > _MAX_BYTES:
            raise TwinConfigInvalid(f"{file}: larger than {_MAX_BYTES} bytes, so not a twin.toml")
        return file.read_text(encoding="utf-8")
    except FileNotFoundError as exc:
        raise TwinConfigInvalid(f"{file}: there is no such file") from exc
    except (OSError, UnicodeDecodeError) as exc:
        raise TwinConfigInvalid(f"{file}: cannot be read as UTF-8 text ({exc})") from exc


def _read(top: Fields, places: Places, size: int | None) -> TwinPlan:
    generate = _generate(top, size)
    invented = generate is not None
    twin = _twin(top, invented=invented)
    layers = tuple(read_layer(fields, places, invented=invented) for fields in top.tables("layer"))
    if not layers:
        top.fault("layer", "a twin needs at least one [[layer]]")
    ground, area_labels = _ground(top), _area_labels(top)
    plan = TwinPlan(
        path=places.file,
        twin=twin,
        layers=layers,
        view=_view(top, twin),
        ground=ground,
        generate=generate,
        area_labels=area_labels,
        staff=_staff(top),
        feeds=read_feeds(top, places.file.parent, area_labels),
    )
    top.finish()
    _check_references(top, plan)
    return plan


def _twin(top: Fields, *, invented: bool) -> Twin:
    fields = top.table("twin")
    if fields is None:
        top.fault("twin", "the table [twin] is missing")
        return Twin("twin", top.words("title"), "", (0.0, 0.0))
    twin_id = fields.text("id")
    if twin_id and not LAYER_ID.match(twin_id):
        fields.fault("id", f"id ‘{twin_id}’ may only have small letters, digits and hyphens")
    municipality = fields.text("municipality")
    if municipality and not _MUNICIPALITY.match(municipality):
        fields.fault("municipality", f"municipality ‘{municipality}’ must be GM and four digits")
    languages = fields.texts("languages") or LANGUAGES
    for language in languages:
        if language not in LANGUAGES:
            fields.fault("languages", f"language ‘{language}’ is not there{suggestion(language, LANGUAGES)}")
    centre = fields.numbers("centre", 2)
    if centre is None and not fields.has("centre"):
        fields.fault("centre", "centre is missing in twin")
    twin = Twin(
        id=twin_id,
        title=fields.words("title", required=True),
        municipality=municipality,
        centre=(centre[0], centre[1]) if centre else (0.0, 0.0),
        languages=languages,
        invented=invented,
        notice=fields.words("notice"),
        bases=read_bases(top),
        contact=fields.text("contact", ""),
    )
    if invented and not twin.notice.nl:
        fields.fault("notice", "an invented town must say so in `notice`")
    fields.finish()
    return twin


def _view(top: Fields, twin: Twin) -> ViewPlan:
    fields = top.table("view")
    if fields is None:
        return ViewPlan(*twin.centre)
    at = fields.numbers("at", 2) or twin.centre
    view = ViewPlan(
        at[0],
        at[1],
        heading_deg=fields.number("heading_deg", 28.0),
        pitch_deg=fields.number("pitch_deg", -31.0),
        distance_m=fields.number("distance_m", 1180.0),
    )
    if not -90 <= view.pitch_deg < 0:
        fields.fault("pitch_deg", "pitch_deg must be between -90 (straight down) and 0 (the horizon)")
    if not 10 <= view.distance_m <= 50_000:
        fields.fault("distance_m", "distance_m must be between 10 and 50000")
    fields.finish()
    return view


def _ground(top: Fields) -> GroundPlan | None:
    fields = top.table("ground")
    if fields is None:
        return None
    box, near = fields.box("box"), fields.box("near")
    if near is not None and (box is None or not _inside(near, box)):
        fields.fault("near", "near must lie inside box")
    several = isinstance(fields.raw("samples"), list)
    samples = fields.tables("samples") if several else [fields.table("samples")]
    ground = GroundPlan(
        water_nap_m=fields.number("water_nap_m"),
        box=box,
        near=near,
        water=fields.text("water", ""),
        parks=fields.text("parks", ""),
        lines=tuple(_ground_lines(each) for each in fields.tables("lines")),
        samples=tuple((each.text("layer"), each.text("column")) for each in samples if each),
        terrain=fields.text("terrain", ""),
    )
    for each in samples:
        if each:
            each.finish()
    fields.finish()
    return ground


def _inside(inner: BBox, outer: BBox) -> bool:
    return (
        outer.min_x <= inner.min_x
        and outer.min_y <= inner.min_y
        and inner.max_x <= outer.max_x
        and inner.max_y <= outer.max_y
    )


def _ground_lines(fields: Fields) -> GroundLines:
    lines = GroundLines(
        layer=fields.text("layer"),
        column=fields.text("column"),
        street_widths_m=_widths(fields, "street_widths_m"),
        path_widths_m=_widths(fields, "path_widths_m"),
    )
    fields.finish()
    return lines


def _widths(fields: Fields, key: str) -> dict[str, float]:
    table = fields.table(key)
    if table is None:
        return {}
    widths = {name: table.number(name) for name in table.keys()}  # noqa: SIM118 - a Fields, not a dict
    for name, width in widths.items():
        if not 0 < width <= 200:
            table.fault(name, f"the width of {name} must be between 0 and 200 metres")
    return widths


def _generate(top: Fields, size: int | None) -> GeneratePlan | None:
    fields = top.table("generate")
    if fields is None:
        return None
    plan = GeneratePlan(fields.whole("seed", 1), fields.whole("size", 200) if size is None else size)
    fields.has("size")
    if not 1 <= plan.size <= _MAX_TOWN:
        fields.fault("size", f"size must be between 1 and {_MAX_TOWN} buildings")
    fields.finish()
    return plan


def _area_labels(top: Fields) -> str:
    fields = top.table("labels")
    if fields is None:
        return ""
    layer = fields.text("areas", "")
    fields.finish()
    return layer


def _staff(top: Fields) -> tuple[str, ...]:
    fields = top.table("people")
    if fields is None:
        return ()
    staff = fields.texts("staff")
    for line in staff:
        address, _, role = line.partition("=")
        if "@" not in address or role not in ROLES:
            fields.fault("staff", f"‘{line}’ must be address=role{suggestion(role, ROLES)}")
    fields.finish()
    return staff


def _check_references(top: Fields, plan: TwinPlan) -> None:
    """Layers and columns that one part of the file names in another."""
    ids = [layer.layer.id for layer in plan.layers]
    for n, layer in enumerate(plan.layers):
        if layer.layer.id in ids[:n]:
            top.faults.add(("layer", n, "id"), f"there are two layers called ‘{layer.layer.id}’")
        lines = layer.layer.id.removesuffix(CREASES_SUFFIX)
        if lines != layer.layer.id and any(
            each.layer.id == lines and each.layer.kind == "buildings" for each in plan.layers
        ):
            taken = f"‘{layer.layer.id}’ is what the lines on the buildings of ‘{lines}’ are called"
            top.faults.add(("layer", n, "id"), f"{taken}: choose another id")
        for m, near in enumerate(layer.title_near):
            where: tuple[str | int, ...] = ("layer", n, "title_near", m)
            found = _check_layer(top, plan, where, near.layer, near.title.columns)
            if found and found.layer.audience == "staff" and layer.layer.audience == "public":
                top.faults.add(where, "a public layer may not take titles from a layer for staff")
    if plan.area_labels:
        _check_layer(top, plan, ("labels", "areas"), plan.area_labels, ())
    if plan.ground is not None:
        _check_ground(top, plan, plan.ground)


def _check_ground(top: Fields, plan: TwinPlan, ground: GroundPlan) -> None:
    for role, layer_id in (("water", ground.water), ("parks", ground.parks)):
        if layer_id:
            _check_layer(top, plan, ("ground", role), layer_id, ())
    for n, lines in enumerate(ground.lines):
        _check_layer(top, plan, ("ground", "lines", n), lines.layer, (lines.column,))
    if ground.terrain:
        found = _check_layer(top, plan, ("ground", "terrain"), ground.terrain, ())
        if found and found.layer.kind != "terrain":
            top.faults.add(("ground", "terrain"), f"the layer ‘{ground.terrain}’ is not of kind terrain")
        if found and found.layer.audience == "staff":
            top.faults.add(
                ("ground", "terrain"), "everybody sees the ground, so its terrain may not be for staff"
            )
    for layer_id, column in ground.samples:
        _check_layer(top, plan, ("ground", "samples"), layer_id, (column,))


def _check_layer(
    top: Fields, plan: TwinPlan, path: tuple[str | int, ...], layer_id: str, columns: tuple[str, ...]
) -> LayerPlan | None:
    found: LayerPlan | None = next((each for each in plan.layers if each.layer.id == layer_id), None)
    if found is None:
        ids = [each.layer.id for each in plan.layers]
        top.faults.add(path, f"there is no layer ‘{layer_id}’{suggestion(layer_id, ids)}")
        return None
    names = [each.column.name for each in found.columns]
    for column in columns:
        if column not in names:
            hint = suggestion(column, names)
            top.faults.add(path, f"the layer ‘{layer_id}’ has no column ‘{column}’{hint}")
    return found
