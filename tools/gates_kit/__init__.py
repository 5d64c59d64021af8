"""Counts what an operation costs the processor, not the clock: the same on a quiet and on a busy machine."""
