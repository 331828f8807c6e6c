"""Tells the person at the terminal how a build goes and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn
from rich.progress import Progress as Bar

from tweestad.build.pipeline import build
from tweestad.build.report import BuildReport, OnProgress, Progress
from tweestad.config import Config
from tweestad.crs import parse_crs
from tweestad.tiles.programs import check_drawing

_REASONS_TOLD = 10


def build_and_tell(twin: Path, config: Config, *, size: int | None = None) -> BuildReport:
    """Build with a moving bar in a terminal, or plain lines elsewhere, and print the report."""
    console = Console(highlight=False)
    if not console.is_terminal:
        report = build(twin, config, lambda progress: _line(console, progress), size=size)
    else:
        with _bar(console) as bar:
            report = build(twin, config, moving(bar), size=size)
    for line in report_lines(report):
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


def report_lines(report: BuildReport) -> list[str]:
    """The report in lines: objects in = out + left out + rejected, with the reasons."""
    if report.skipped:
        return [f"{report.twin}: nothing changed, version {report.version} ({report.seconds:.1f} s)"]
    lines = [f"input: {change}" for change in report.changed_inputs]
    for layer in report.layers:
        parts = [f"{layer.read} in", f"{layer.out} out"]
        parts += [f"{layer.left_out} left out"] if layer.left_out else []
        parts += [f"{len(layer.rejected)} rejected"]
        parts += [f"{layer.mended} mended"] if layer.mended else []
        changes = f"+{layer.added} ~{layer.changed} -{layer.removed}"
        lines.append(f"{layer.id}: {', '.join(parts)} ({changes}, {layer.seconds:.1f} s)")
        lines += [f"  rejected {count}: {reason}" for reason, count in layer.reasons[:_REASONS_TOLD]]
        lines += [f"  note: {note}" for note in layer.notes]
    for tiles in report.tiles:
        lines.append(f"{tiles.id}: {tiles.objects} objects, {tiles.triangles} triangles, {tiles.bytes} bytes")
    lines.append(f"{report.twin}: built as version {report.version} in {report.seconds:.1f} s")
    return lines


def tiles_and_tell(files: Sequence[Path], out: Path, crs: str | None) -> None:
    """Convert CityJSON to tiles and print what went in, came out and was rejected.

    Raises InputRejected for a file that cannot be read at all, and TweestadError without the extra `tiles`.
    """
    check_drawing(flat=False)
    from tweestad.tiles.convert import convert_files  # noqa: PLC0415 - a build that has nothing to do

    console = Console(highlight=False)
    epsg = None if crs is None else parse_crs(crs)
    report = convert_files(files, out, crs=epsg, on_progress=lambda text: console.print(text, markup=False))
    console.print(
        f"{report.objects_in} objects in, {report.objects_out} out, {len(report.rejected)} rejected,"
        f" {len(report.shapeless)} without a shape, {sum(n for _, n in report.other_types)} of other types"
    )
    for each in report.rejected:
        console.print(f"  {each.file}, {each.object_id}: {each.reason}", markup=False, soft_wrap=True)
    size = f"{report.bytes} bytes, {report.gzip_bytes} gzipped"
    console.print(f"{report.triangles} triangles, {size}, in {out}", markup=False, soft_wrap=True)


def _line(console: Console, progress: Progress) -> None:
    if progress.total and progress.done == progress.total:
        console.print(f"{progress.step} {progress.done} of {progress.total}", markup=False)


def _bar(console: Console) -> Bar:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(separator=" of "))
    return Bar(*columns, console=console, transient=True)
