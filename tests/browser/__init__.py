"""Journeys of a visitor in a real browser, on a built Voorbeeldstad."""
