"""Voorbeeldstad: an invented Dutch town, written as input files in the formats that real sources use."""
