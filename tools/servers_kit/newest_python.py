"""Python 3.14, whose template strings the tests try, unpacked beside the machine's own. Prints its path."""

from __future__ import annotations

import sys

from .debian_tree import DebianTree
from .instance import ServerError

TREE = DebianTree("python314", "sid", "python3.14", "usr/bin")


def main() -> int:
    """Unpacks it where it is not there yet; answers the exit code."""
    try:
        print(TREE.ensure() / "python3.14")
    except ServerError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
