"""Designs of buildings, placed on the map: IFC, glTF and OBJ, read in a process of their own."""
