"""The nouns of the twin: frozen values without input or output."""
