"""The colours of classes, seen as people see them who lack one kind of cone."""

from __future__ import annotations

import math
import re
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tweestad.legend.colours import AMOUNT, CATEGORIES, OTHER, ramp

TOKENS = Path(__file__).parents[2] / "web" / "src" / "styles" / "tokens.css"

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
VISION = {
    "all cones": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1.0, 1.089])


def linear(colour: str) -> NDArray[np.float64]:
    values = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lab(colour: str, vision: NDArray[np.float64]) -> tuple[float, float, float]:
    share = np.maximum(TO_XYZ @ (vision @ linear(colour)), 0) / WHITE
    x, y, z = np.where(share > 0.008856, np.cbrt(share), 7.787 * share + 16 / 116)
    return float(116 * y - 16), float(500 * (x - y)), float(200 * (y - z))


@pytest.mark.parametrize("vision", VISION)
def test_no_two_categories_look_alike_for_the_colour_blind(vision: str) -> None:
    seen = {colour: lab(colour, VISION[vision]) for colour in (*CATEGORIES, OTHER)}
    # CIE 1976: 2.3 is the least that anybody sees; on a map of small things take four times that.
    alike = [(a, b) for a, b in combinations(seen, 2) if math.dist(seen[a], seen[b]) < 9.2]
    assert alike == []


@pytest.mark.parametrize("vision", VISION)
def test_amounts_grow_darker_for_everybody(vision: str) -> None:
    light = [lab(colour, VISION[vision])[0] for colour in AMOUNT]
    assert all(before - after > 5 for before, after in pairwise(light))


def test_the_ramp_is_that_of_the_screen() -> None:
    found = re.findall(r"--tweestad-ramp-amount-\d: (#[0-9a-f]{6})", TOKENS.read_text(encoding="utf-8"))
    assert tuple(found) == AMOUNT


def test_a_ramp_starts_light_and_ends_dark_or_the_other_way_round() -> None:
    for classes in range(2, 7):
        colours = ramp(classes)
        assert len(set(colours)) == classes
        assert (colours[0], colours[-1]) == (AMOUNT[0], AMOUNT[-1])
        assert ramp(classes, dark_first=True) == colours[::-1]
