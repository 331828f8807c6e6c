"""Whether an answer looks whole enough to be stored, next to the last one of the same request."""

from __future__ import annotations

from tweestad.errors import SourceChanged
from tweestad.feeds.state import PartState
from tweestad.quality.accept import Counts

_FEW = 10
_MOSTLY = 0.5
# In a national file a few records are wrong that are not ours.
_STRAY = 0.05


def total_of(counts: Counts) -> int:
    """All records of an answer, also those elsewhere: what tells a half file from a whole one."""
    return counts.accepted + counts.refused + counts.skipped


def check_readable(before: PartState, counts: Counts) -> None:
    """Raise SourceChanged when nothing in an answer could be taken over and it is not for being elsewhere."""
    if counts.accepted or not counts.refused:
        return
    if before.counts.accepted or counts.refused > counts.skipped * _STRAY:
        reason = max(counts.rejected, key=lambda each: counts.rejected[each])
        raise SourceChanged(f"none of its {counts.refused} records could be read: {reason}")


def check_plausible(before: PartState, counts: Counts) -> None:
    """Raise SourceChanged once for a snapshot that is much smaller, or much worse, than the last one.

    When it comes again it is believed: cities do grow quiet.
    """
    if before.good is None or before.held:
        return
    total = total_of(counts)
    if before.total >= _FEW and total < before.total * _MOSTLY:
        raise SourceChanged(
            f"it holds {total} records instead of {before.total}: held back once", code="shrunk"
        )
    was = _refused_share(before.counts)
    if _refused_share(counts) > _MOSTLY > 2 * was:
        raise SourceChanged(
            f"{counts.refused} of its records could not be read: held back once", code="shrunk"
        )


def _refused_share(counts: Counts) -> float:
    told = counts.accepted + counts.refused
    return counts.refused / told if told else 0.0
