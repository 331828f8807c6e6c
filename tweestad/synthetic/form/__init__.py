"""The form of Voorbeeldstad: its quarters, streets, water and houses, one cell of 300 m at a time."""
