"""Tests of the ground, the flat map, the labels and the scene."""
