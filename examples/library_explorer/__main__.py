"""Starts the explorer, as `python examples/library_explorer` or `python -m library_explorer`."""

import sys
from pathlib import Path

if not __package__:
    # Started by its folder: make the package importable by its name, as an installed one would be.
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from library_explorer.application import main

if __name__ == "__main__":
    sys.exit(main())
