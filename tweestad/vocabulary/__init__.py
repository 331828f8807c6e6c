"""The words of the twin: what an attribute means, its unit, codes and missing values."""
