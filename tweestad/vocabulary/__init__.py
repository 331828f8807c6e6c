"""The words of the twin: one small file per attribute, with names, unit, plausible range and standard."""
