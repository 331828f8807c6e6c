"""Reads `[layer.tree]` and `[layer.tube]` of twin.toml, and the columns and legend that come with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tweestad.build.object_plans import MADE, TreePlan, TubePlan
from tweestad.build.plan import ColumnPlan
from tweestad.formats.toml.fields import Fields, suggestion
from tweestad.model.layer import Column, Style, StyleClass
from tweestad.model.text import Text
from tweestad.tiles.colour import TUBES
from tweestad.vocabulary.terms import get_term

_PER_METRE = {"mm": 1000.0, "cm": 100.0, "m": 1.0}
_DEPTHS = ("level", "z", "depth", "depth_m", "unknown")
FORM = "boomvorm"
CROWN, CROWN_FROM, HEIGHT, HEIGHT_FROM = "kroon_m", "kroon_herkomst", "boomhoogte_m", "hoogte_herkomst"
CARRIES, DIAMETER, DEPTH_KNOWN = "leiding", "diameter_m", "diepte_bekend"
START, END, DEPTH = "begin_nap_m", "eind_nap_m", "diepte_m"

_TREE_COLUMNS = {
    HEIGHT: ("boomhoogte", Text("Hoogte van de boom", "Height of the tree")),
    HEIGHT_FROM: ("maat-herkomst", Text("Herkomst van de hoogte", "Origin of the height")),
    CROWN: ("kroondiameter", Text("Breedte van de kroon", "Width of the crown")),
    CROWN_FROM: ("maat-herkomst", Text("Herkomst van de kroon", "Origin of the crown")),
}
_SPECIES_COLUMNS = {FORM: ("boomvorm", Text("Vorm van de boom", "Form of the tree"))}
_TUBE_COLUMNS = {
    CARRIES: ("leidingsoort", Text("Soort leiding", "Kind of tube")),
    DIAMETER: ("buisdiameter", Text("Diameter", "Diameter")),
    DEPTH_KNOWN: ("diepte-bekend", Text("Diepte bekend", "Depth known")),
}
_LEVEL_COLUMNS = {
    START: ("buisniveau", Text("Onderkant van de buis, begin", "Invert level, start")),
    END: ("buisniveau", Text("Onderkant van de buis, eind", "Invert level, end")),
}
_DEPTH_COLUMNS = {DEPTH: ("diepte-onder-maaiveld", Text("Diepte onder de grond", "Depth below the ground"))}


def read_tree(fields: Fields, kind: str) -> TreePlan | None:
    """The tree table; every layer of trees has a plan, also without one."""
    table = _table_for(fields, "tree", kind, "trees")
    if table is None:
        return TreePlan() if kind == "trees" else None
    plan = TreePlan(
        height=table.text("height_m", ""),
        crown=table.text("crown_m", ""),
        crown_area=table.text("crown_area_m2", ""),
        species=table.text("species", ""),
    )
    if plan.crown and plan.crown_area:
        table.fault("crown_area_m2", "give crown_m or crown_area_m2, not both")
    table.finish()
    return plan


def read_tube(fields: Fields, kind: str) -> TubePlan | None:
    """The tube table; every layer of tubes needs one, because it says how deep they lie."""
    table = _table_for(fields, "tube", kind, "tubes")
    if table is None:
        if kind == "tubes":
            fields.fault("kind", "a layer of tubes needs [layer.tube] that says how deep they lie")
        return None
    unit = table.choice("diameter_unit", tuple(_PER_METRE), "m")
    level = table.texts("level")
    said = [key for key in _DEPTHS if table.has(key)]
    carries = _carries(table, "carries", table.text("carries", "overig"))
    values = table.table("carried")
    plan = TubePlan(
        diameter=table.text("diameter", ""),
        per_metre=_PER_METRE[unit],
        diameter_m=table.number("diameter_m", 0.3),
        level=(level[0], level[1]) if len(level) == 2 else None,
        z=table.flag("z", False),
        depth=table.text("depth", ""),
        depth_m=table.number("depth_m") if table.has("depth_m") else None,
        assumed_nap_m=table.number("assumed_nap_m") if table.has("assumed_nap_m") else None,
        carries=carries,
        carries_column=table.text("carries_column", ""),
        carried=_carried(values),
    )
    if len(said) != 1:
        table.fault(
            said[-1] if said else "unknown", "say how deep: level, z, depth, depth_m or unknown = true"
        )
    if table.has("level") and plan.level is None:
        table.fault("level", "level must name two columns: the start and the end of the line")
    if not 0.01 <= plan.diameter_m <= 20:
        table.fault("diameter_m", "diameter_m must be between 0.01 and 20 metres")
    table.flag("unknown", False)
    table.finish()
    return plan


def drawn_columns(tree: TreePlan | None, tube: TubePlan | None) -> tuple[ColumnPlan, ...]:
    """The columns that say how large and how deep a feature is drawn, and whether that was measured."""
    wanted: dict[str, tuple[str, Text]] = {}
    if tree is not None:
        wanted |= _TREE_COLUMNS | (_SPECIES_COLUMNS if tree.species else {})
    if tube is not None:
        wanted |= _TUBE_COLUMNS
        wanted |= _LEVEL_COLUMNS if tube.level else {}
        wanted |= _DEPTH_COLUMNS if tube.depth or tube.depth_m is not None else {}
    return tuple(_column(name, term_id, title) for name, (term_id, title) in wanted.items())


def with_tube_legend(style: Style, tube: TubePlan | None) -> Style:
    """The style with a legend of what the tubes carry, unless it has one; it says when no depth is known."""
    if tube is None or CARRIES in style.classes:
        return style
    words = get_term("leidingsoort").codes or {}
    known = tube.level or tube.z or tube.depth or tube.depth_m is not None
    classes = tuple(
        StyleClass(TUBES[kind], words[kind] if known else _unknown(words[kind]), value=kind)
        for kind in tube.kinds
    )
    return replace(style, classes={**style.classes, CARRIES: classes})


def _unknown(words: Text) -> Text:
    return Text(f"{words.nl} (diepte onbekend)", f"{words.en} (depth unknown)")


def _column(name: str, term_id: str, title: Text) -> ColumnPlan:
    term = get_term(term_id)
    column = Column(name, title, term.type, term=term.id, unit=term.unit, codes=term.codes or {})
    return ColumnPlan(column, source=f"{MADE}{name}", decimals=2 if term.type == "number" else None)


def _table_for(fields: Fields, key: str, kind: str, wanted: str) -> Fields | None:
    table = fields.table(key)
    if table is not None and kind != wanted:
        fields.fault(key, f'{key} is for kind = "{wanted}"')
        table.keys()
    return table if kind == wanted else None


def _carried(values: Fields | None) -> Mapping[str, str]:
    if values is None:
        return {}
    return {told: _carries(values, told, values.text(told)) for told in values.keys()}  # noqa: SIM118


def _carries(table: Fields, key: str, kind: str) -> str:
    if kind in TUBES:
        return kind
    if kind:
        table.fault(key, f"a tube cannot carry ‘{kind}’{suggestion(kind, TUBES)}")
    return "overig"
