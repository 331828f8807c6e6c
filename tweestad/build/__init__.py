"""From a twin.toml and its input files to a store and a folder of tiles."""
