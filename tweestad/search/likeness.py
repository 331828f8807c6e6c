"""Words that look like a word with a typing error."""

from __future__ import annotations

from collections.abc import Iterable
from string import ascii_lowercase

# A word of fewer letters is too near to too many others.
LETTERS_MIN = 4
_TWO_ERRORS_FROM = 8


def alike(word: str, others: Iterable[str], *, limit: int) -> list[str]:
    """Of the other words those that start like this one with one error, or two from eight letters on.

    An error is a letter too many, too few, wrong, or two that changed places (Damerau 1964, in the
    restricted form of optimal string alignment). Best first, then the shortest. A word with a digit, or
    of fewer than four letters, is like nothing but itself.
    """
    if len(word) < LETTERS_MIN or any(c.isdigit() for c in word):
        return [other for other in others if other.startswith(word)][:limit]
    most = 2 if len(word) >= _TWO_ERRORS_FROM else 1
    found = [(errors(word, other, most), len(other), other) for other in others]
    return [other for count, _, other in sorted(found) if count <= most][:limit]


def slips_after_first(word: str) -> list[str]:
    """The first three letters of all words that are this one but for an error in its second letter.

    With an error further on, a word shares the first two letters. None for words that `alike` takes as
    they are.
    """
    if len(word) < LETTERS_MIN or any(c.isdigit() for c in word):
        return []
    starts = {word[0] + word[2:4]}
    starts.update(word[0] + c + following for c in ascii_lowercase for following in word[1:3])
    return sorted(starts)


def errors(word: str, other: str, most: int) -> int:
    """The fewest errors by which a beginning of `other` becomes `word`; more than `most` is `most` + 1."""
    if other.startswith(word):
        return 0
    start = other[: len(word) + most]
    before, row = [0] * (len(start) + 1), list(range(len(start) + 1))
    for i, letter in enumerate(word, 1):
        earlier, before, row = before, row, [i, *([0] * len(start))]
        for j, against in enumerate(start, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            swapped = i > 1 and j > 1 and letter == start[j - 2] and word[i - 2] == against
            if swapped:
                row[j] = min(row[j], earlier[j - 2] + 1)
        if min(row) > most:
            return most + 1
    return min(*row, most + 1)
