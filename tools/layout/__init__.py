"""Lays out what a new database or storage type begins as, from the templates beside this file."""
