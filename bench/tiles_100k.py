"""100,000 buildings to 3D Tiles, by one process and by two: `python bench/tiles_100k.py`, some minutes."""

from __future__ import annotations

import sys

from tiles import LARGEST, measure

if __name__ == "__main__":
    sys.exit(measure("tiles_100k", list(LARGEST)))
