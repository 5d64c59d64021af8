"""Refuses what must never be committed: paths of one machine, merge marks and private keys."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.checks.source_tree import Finding, SourceTree

RULE = "leftovers"
_MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|root|home/[a-z]+)/(?!\.\.\.)\w")
_MERGE_MARK = re.compile(r"^(?:<{7}|>{7}|\|{7}) ", re.MULTILINE)
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY" + "-----")


def check(tree: SourceTree) -> Iterator[Finding]:
    for file in tree:
        for pattern, message in (
            (_MACHINE_PATH, "a path of one machine"),
            (_MERGE_MARK, "a merge left unfinished"),
            (_PRIVATE_KEY, "a private key"),
        ):
            for match in pattern.finditer(file.text):
                line = file.text.count("\n", 0, match.start()) + 1
                yield Finding(file.path, line, RULE, f"{message}: {match.group()[:40]!r}")
