"""Records of a live feed, whatever they are written in: JSON, XML or CSV, each read under stated limits."""
