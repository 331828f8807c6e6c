"""Quality: the one gate for everything that comes in. Checks add flags and never delete."""
