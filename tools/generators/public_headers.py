"""Lists the headers a C++ program sees through engine/engine.h, so that a change of them is noticed."""

from __future__ import annotations

import re
from pathlib import Path

_ENTRANCE = "engine/engine.h"
_LIST = "tests/golden/public_headers.txt"
_INCLUDE = re.compile(r'^#include "([^"]+)"', re.MULTILINE)


def outputs() -> dict[str, str]:
    return {_LIST: "".join(f"{header}\n" for header in sorted(public_headers()))}


def public_headers() -> set[str]:
    """The entrance and everything it includes, through others too."""
    found: set[str] = set()
    waiting = [_ENTRANCE]
    while waiting:
        header = waiting.pop()
        if header not in found and Path(header).exists():
            found.add(header)
            waiting.extend(_INCLUDE.findall(Path(header).read_text(encoding="utf-8")))
    return found
