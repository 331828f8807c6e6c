"""Tells the person at the terminal how sources are doing, and how far a source folder is."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tweestad.config import Config
from tweestad.feeds.working import pull, run_worker
from tweestad.model.feed_health import FeedHealth


def pull_and_tell(config: Config, named: Sequence[str], base: str) -> bool:
    """Ask once, and print a line for each source; false when one of them failed."""
    found = pull(config, named, base=base)
    for health in found:
        for line in health_lines(health):
            print(line)
    return not any(each.failure for each in found)


def work_and_tell(config: Config, base: str) -> None:
    """Work until stopped, with one line on standard error when a source fails and one when it is back."""
    logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(message)s", level=logging.WARNING)
    run_worker(config, base=base)


def health_lines(health: FeedHealth) -> list[str]:
    """What happened to one source, and why records were rejected."""
    if health.failure:
        return [f"{health.source}: {health.state}: {health.failure}"]
    newest = "no values" if health.newest is None else f"newest {health.newest:%Y-%m-%d %H:%M} UTC"
    accepted = f"{health.accepted:,} accepted ({health.flagged:,} flagged)"
    reasons = [f"    {count:,} rejected: {reason}" for reason, count in sorted(health.rejected.items())]
    return [f"{health.source}: {accepted}, {health.skipped:,} left aside, {newest}", *reasons]


def record_and_tell(source_id: str, url: str, folder: Path) -> None:
    """Record a reply and write the skeleton of a source."""
    from tweestad.feeds.skeleton import new_source  # noqa: PLC0415

    for path in new_source(source_id, url, folder, datetime.now(UTC)):
        print(f"written: {path}")
    print(f"next: look at the recording, write the sample, and run: tweestad check {source_id}")


def check_and_tell(source_id: str, folder: Path | None, *, write: bool) -> bool:
    """Print what a source has and what it lacks for the next grade; false when it is not bronze."""
    from tweestad.feeds.grades import grade_of, write_expected  # noqa: PLC0415

    if write:
        print(f"written: {write_expected(source_id, folder)}: read it before you keep it")
    report = grade_of(source_id, folder)
    for each in report.checks:
        print(f"{'ok   ' if each.good else 'LACKS'}  {each.grade:<6}  {each.told}")
    print(f"{source_id}: {report.grade or 'not bronze yet'}")
    for told in report.lacking:
        print(f"  for {told.grade}: {told.told}")
    return bool(report.grade)
