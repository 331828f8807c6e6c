"""The colours of classes that the server makes, safe for people who see fewer colours.

Amounts: the ramp `--tweestad-ramp-amount-*` of `web/src/styles/tokens.css`, after cividis (Nuñez, Anderton
and Renslow 2018), which grows darker from class to class in grey print too.
Categories: the scheme “muted” of Paul Tol (Colour Schemes, SRON/EPS/TN/09-002, issue 3.2), which stays
apart in deuteranopia and protanopia, toned towards the paper of the city by a tenth; without its wine, which
comes close to the colour of what is chosen. `tests/legend/test_colours.py` looks as colour-blind people do.
"""

from __future__ import annotations

AMOUNT = ("#f6e27a", "#d9c97f", "#b1aa90", "#8d909a", "#66759c", "#41568c")
CATEGORIES = (
    "#463691",
    "#92cfed",
    "#55b1a0",
    "#a2a145",
    "#d07382",
    "#278345",
    "#dfcf82",
    "#b155a0",
)
OTHER = "#cdc3b4"


def ramp(classes: int, *, dark_first: bool = False) -> tuple[str, ...]:
    """`classes` colours from light to dark, spread over the ramp; at most as many as it has."""
    if classes < 2:
        return AMOUNT[-1:] * classes
    last = len(AMOUNT) - 1
    chosen = tuple(AMOUNT[round(n * last / (classes - 1))] for n in range(classes))
    return chosen[::-1] if dark_first else chosen
