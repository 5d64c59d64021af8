"""Streams and pages on the real databases."""
