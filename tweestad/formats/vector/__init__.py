"""Rows with a flat geometry: GeoJSON, GeoPackage, SpatiaLite, FlatGeobuf, shapefile, GML and CSV."""
