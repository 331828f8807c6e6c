"""Tests of the 3D tiles: buildings, lines, folder and check."""
