"""Heights of the ground: point clouds, rasters and the relief of a city model."""
