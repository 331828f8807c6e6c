"""Tells the person at the terminal how a build goes and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn
from rich.progress import Progress as Bar

from tweestad.build.inputs import state_path
from tweestad.build.pipeline import build
from tweestad.build.plain_text import ID_SHOWN, SENTENCE_SHOWN, printable
from tweestad.build.presence import check_folder
from tweestad.build.report import BuildReport, LayerReport, OnProgress, Progress, empty_because
from tweestad.config import Config
from tweestad.crs import RD, RD_NAP, parse_crs
from tweestad.errors import InputRejected
from tweestad.formats.cityjson.choice import KNOWN_TYPES, LOD, Choice, left_out_sentence
from tweestad.formats.toml.fields import suggestion
from tweestad.model.layer import Rejected
from tweestad.scene.programs import check_drawing

_REASONS_TOLD = 10
_REJECTED_TOLD = 10


def build_and_tell(
    twin: Path,
    config: Config,
    *,
    size: int | None = None,
    fresh: bool = False,
    allow_empty: bool = False,
) -> BuildReport:
    """Build with a moving bar in a terminal, or plain lines elsewhere, and print the report."""
    console = Console(highlight=False)

    def run(tell: OnProgress) -> BuildReport:
        return build(twin, config, tell, size=size, fresh=fresh, allow_empty=allow_empty)

    if not console.is_terminal:
        report = run(lambda progress: _line(console, progress))
    else:
        with _bar(console) as bar:
            report = run(moving(bar))
    for line in report_lines(report, state_path(config.data_dir)):
        console.print(line, markup=False, soft_wrap=True)
    return report


def moving(bar: Bar) -> OnProgress:
    """Shows each step as one line of the bar."""
    tasks: dict[str, TaskID] = {}

    def move(progress: Progress) -> None:
        if progress.step not in tasks:
            tasks[progress.step] = bar.add_task(progress.step, total=None)
        bar.update(tasks[progress.step], completed=progress.done, total=progress.total or None)

    return move


def report_lines(report: BuildReport, kept: Path) -> list[str]:
    """The report in lines: objects in = out + left out + rejected, with the reasons.

    `kept` is the file that holds all of the report, also what is too much for a terminal.
    """
    if report.skipped:
        return [f"{report.twin}: nothing changed, version {report.version} ({report.seconds:.1f} s)"]
    lines = [f"input: {change}" for change in report.changed_inputs]
    for layer in report.layers:
        lines += _layer_lines(layer, kept)
    for tiles in report.tiles:
        lines.append(f"{tiles.id}: {tiles.objects} objects, {tiles.triangles} triangles, {tiles.bytes} bytes")
        if tiles.undrawn:
            lines.append(f"  {tiles.undrawn} without a shape: not in 3D")
        if tiles.flat:
            lines.append(f"  {tiles.flat} without a height: drawn as their footprint on the street")
    lines.append(f"{report.twin}: built as version {report.version} in {report.seconds:.1f} s")
    return [printable(line) for line in lines]


def _layer_lines(layer: LayerReport, kept: Path) -> list[str]:
    parts = [f"{layer.read} in", f"{layer.out} out"]
    parts += [f"{layer.left_out} left out"] if layer.left_out else []
    parts += [f"{len(layer.rejected)} rejected"]
    parts += [f"{layer.mended} mended"] if layer.mended else []
    changes = f"+{layer.added} ~{layer.changed} -{layer.removed}, {layer.seconds:.1f} s"
    lines = [f"{layer.id}: {', '.join(parts)} ({'unchanged, not read again' if layer.kept else changes})"]
    lines += [f"  left out: {left_out_sentence(layer.left_types)}"] if layer.left_types else []
    lines += [f"{layer.id}: {empty_because(layer)}"] if not layer.out else []
    lines += [f"  rejected {count}: {_cut(reason)}" for reason, count in layer.reasons[:_REASONS_TOLD]]
    lines += [f"    {_rejected_line(each)}" for each in layer.rejected[:_REJECTED_TOLD]]
    rest = len(layer.rejected) - _REJECTED_TOLD
    lines += [f"    and {rest} more: all of them are in {kept}"] if rest > 0 else []
    lines += [f"  note: {_cut(note)}" for note in layer.notes]
    return lines


def _rejected_line(each: Rejected) -> str:
    return f"{printable(each.file, ID_SHOWN)}, {printable(each.object_id, ID_SHOWN)}: {_cut(each.reason)}"


def _cut(sentence: str) -> str:
    return printable(sentence, SENTENCE_SHOWN)


def tiles_and_tell(
    files: Sequence[Path],
    out: Path,
    crs: str | None,
    *,
    types: str | None = None,
    lod: str = "",
    processes: int = 0,
) -> None:
    """Convert CityJSON to tiles and print what went in, came out and was rejected.

    `types` are names of object types with commas between them, by default those of constructions.
    Raises InputRejected for a file that cannot be read at all and when nothing comes out, and
    TweestadError without the extra `tiles`.
    """
    check_drawing(flat=False)
    from tweestad.tiles.convert import DRAWN, convert_files  # noqa: PLC0415 - a build that has nothing to do

    console = Console(highlight=False)
    check_folder(out)
    epsg = None if crs is None else parse_crs(crs, (RD, RD_NAP))
    choice = Choice(DRAWN.types if types is None else _types(types), _lod(lod))
    report = convert_files(
        files,
        out,
        crs=epsg,
        choice=choice,
        on_progress=lambda text: console.print(printable(text), markup=False),
        processes=processes,
    )
    console.print(
        f"{report.objects_in} objects in, {report.objects_out} out, {len(report.rejected)} rejected,"
        f" {len(report.shapeless)} without a shape, {sum(n for _, n in report.other_types)} of other types"
    )
    if report.other_types:
        console.print(f"  {left_out_sentence(report.other_types)}", markup=False, soft_wrap=True)
    for each in report.rejected:
        console.print(f"  {_rejected_line(each)}", markup=False, soft_wrap=True)
    size = f"{report.bytes} bytes, {report.gzip_bytes} gzipped"
    console.print(f"{report.triangles} triangles, {size}, in {out}", markup=False, soft_wrap=True)


def _types(told: str) -> frozenset[str]:
    types = frozenset(each.strip() for each in told.split(",") if each.strip())
    for kind in sorted(types):
        if kind not in KNOWN_TYPES and not kind.startswith("+"):
            raise InputRejected(f"CityJSON has no type ‘{kind}’{suggestion(kind, KNOWN_TYPES)}")
    if not types:
        raise InputRejected("--types names no type of object")
    return types


def _lod(told: str) -> str:
    if told and not LOD.match(told):
        raise InputRejected(f"--lod ‘{told}’ must be 0 to 4, or 0.0 to 3.3")
    return told


def _line(console: Console, progress: Progress) -> None:
    if progress.total and progress.done == progress.total:
        console.print(f"{progress.step} {progress.done} of {progress.total}", markup=False)


def _bar(console: Console) -> Bar:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(separator=" of "))
    return Bar(*columns, console=console, transient=True)
