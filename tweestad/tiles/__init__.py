"""From city objects and surfaces to 3D Tiles 1.1 and PMTiles."""
