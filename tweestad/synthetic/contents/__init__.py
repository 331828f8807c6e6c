"""What stands in Voorbeeldstad beside its form: registers, figures, pipes, feeds, plans, in real formats.

One module per subject; each turns a `Setting` (the form of the town, as far as the contents need it) into
files. `listing.py` names every file, `making.py` writes them all.
"""
