"""OGC SensorThings API 1.1, part 1 (Sensing), for reading: `/sta/v1.1`."""
