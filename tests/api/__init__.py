"""Tests of the web edge, through its front door."""
