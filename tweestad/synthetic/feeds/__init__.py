"""What the feeds of Voorbeeldstad answer at any moment: invented, in the exact shape of the real services.

The same seed and the same moment give the same bytes. Places and ids are those of the files that the town was
written to, so that a feed never speaks of a gauge or a stop that is not there.
"""
