"""The one store behind a narrow seam: a SQLite file or PostGIS."""
