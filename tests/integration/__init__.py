"""Whole paths through the Python face on real databases."""
