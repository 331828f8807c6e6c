"""Legends that nobody wrote: where the classes of a column break, and in which colours."""
