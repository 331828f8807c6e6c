"""From inputs by hash to layers and tiles."""
