"""The drawn ground: land, streets, paths, parks and water cut against each other, at their height."""
