"""Sources: one folder each with facts, a pure parse, a small sample of its own and what comes out of it."""
