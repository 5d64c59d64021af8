"""The one exam: the same tests on every database, asking for capabilities, never for names."""
