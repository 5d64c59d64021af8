"""The house checks: a module per rule, standard library only; `python -m tools.checks` runs them all."""
