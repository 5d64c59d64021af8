"""Attacks on the promise that values never become SQL text, and that no text runs that was not written."""
