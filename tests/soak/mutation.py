"""Breaks bytes in the ways that find faults in parsers; the same seed always breaks them the same way."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_NUMBERS = (
    b"0", b"-0", b"-1", b"1e308", b"-1e308", b"1e-320", b"1e999", b"NaN", b"nan", b"Infinity", b"inf",
    b"null",
    b"2147483648", b"4294967295", b"9223372036854775808", b"18446744073709551616", b"0.1", b"1.", b"1e5",
    b"52.3", b"4.9", b"99999999999999999999999999999999999999", b'""', b"[]", b"{}", b"true",
)  # fmt: skip
_PIECES = (
    b"\x00", b"\xff\xff\xff\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3\x28", b"\xed\xa0\x80", b"\\u0000",
    b"\\ud800", b'"', b"'", b"[[[[", b"]]]]", b"{", b"}", b"<", b">", b"<a>", b"</a>", b"&a;", b"<!--",
    b"]]>", b"<![CDATA[", b"<!DOCTYPE a>", b"\r", b"\n", b";", b",", b"EMPTY", b"((((", b"PK\x03\x04",
    b"\x1f\x8b\x08",
)  # fmt: skip
_LONGEST = 4_000_000


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes after one to six changes."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        chance.choice(_CHANGES)(out, chance)
        del out[_LONGEST:]
    return bytes(out)


def _place(out: bytearray, chance: random.Random) -> int:
    return chance.randrange(len(out) + 1)


def _flip(out: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 1, 4, 16))):
        if out:
            out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)


def _overwrite(out: bytearray, chance: random.Random) -> None:
    at = _place(out, chance)
    piece = chance.choice(_PIECES)
    out[at : at + len(piece)] = piece


def _insert(out: bytearray, chance: random.Random) -> None:
    at = _place(out, chance)
    out[at:at] = chance.choice(_PIECES) * chance.choice((1, 1, 1, 40, 5000))


def _cut(out: bytearray, chance: random.Random) -> None:
    at = _place(out, chance)
    del out[at : at + chance.choice((1, 4, 50, len(out)))]


def _repeat(out: bytearray, chance: random.Random) -> None:
    at = _place(out, chance)
    piece = bytes(out[at : at + chance.choice((1, 20, 300))])
    out[at:at] = piece * chance.choice((1, 2, 200))


def _swap(out: bytearray, chance: random.Random) -> None:
    first, second = sorted((_place(out, chance), _place(out, chance)))
    size = min(chance.choice((1, 8, 60)), second - first)
    one, other = out[first : first + size], out[second : second + size]
    out[first : first + size], out[second : second + len(other)] = other, one


def _number(out: bytearray, chance: random.Random) -> None:
    found = [match.span() for match in _NUMBER.finditer(out)]
    for start, end in sorted(chance.sample(found, min(len(found), chance.choice((1, 1, 3)))), reverse=True):
        out[start:end] = chance.choice(_NUMBERS)


def _integer(out: bytearray, chance: random.Random) -> None:
    """A length or an offset in a binary file."""
    size = chance.choice((2, 4, 8))
    at = _place(out, chance)
    value = chance.choice((0, 1, 127, 2**15, 2**31 - 1, 2**31, 2**32 - 1, 2**63, len(out))) % (1 << 8 * size)
    out[at : at + size] = value.to_bytes(size, chance.choice(("little", "big")))


_CHANGES: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _flip, _flip, _overwrite, _insert, _cut, _repeat, _swap, _number, _number, _integer,
)  # fmt: skip
