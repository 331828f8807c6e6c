"""What a map needs to start: flat maps, labels, and scene.json that names every tileset."""
