"""The golden lists say what the source says, and what the running package says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tools.closed_lists import rows_of
from tools.generators import error_tree, public_api, public_headers, telemetry_lists

import bridgeorm
from bridgeorm import _engine, errors, telemetry

GOLDEN = Path(__file__).parent
PROJECT = GOLDEN.parents[1]
GENERATORS = {
    "error_tree": error_tree,
    "public_api": public_api,
    "public_headers": public_headers,
    "telemetry_lists": telemetry_lists,
}


def lines_of(name: str) -> list[str]:
    return (GOLDEN / name).read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", GENERATORS)
def test_nothing_changed_unnoticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    for path, text in GENERATORS[name].outputs().items():
        written = (PROJECT / path).read_text(encoding="utf-8")
        assert written == text, f"{path} is out of date; if the change is meant, run tools/generate"


def test_the_package_exports_what_is_listed() -> None:
    heads = [line for line in lines_of("public_api.txt") if not line.startswith(" ")]
    names = {re.sub(r"^(class|async def|def) ", "", head) for head in heads}
    listed = {re.split(r"[ :=(]", name)[0] for name in names}
    assert {name for name in listed if "." not in name} == set(bridgeorm.__all__)
    for name in bridgeorm.__all__:
        assert hasattr(bridgeorm, name), name


def test_each_code_raises_the_class_that_is_listed() -> None:
    listing = lines_of("error_tree.txt")
    codes = listing[listing.index("") + 2 :]
    classes = errors.classes_by_code()
    listed = {line.split()[0]: line.split()[2] == "retryable=true" for line in codes}
    assert listed == dict(_engine.error_codes())
    for line in codes:
        code, _, _, name = line.split()
        assert classes[code].__name__ == name


def test_the_tree_is_the_one_that_is_listed() -> None:
    listing = lines_of("error_tree.txt")
    above: list[str] = []
    for line in listing[1 : listing.index("")]:
        name, code, retryable, sent = line.split()[:4]
        depth = (len(line) - len(line.lstrip())) // 2
        cls = getattr(errors, name)
        assert (f"({cls.code})", f"retryable={cls.is_retryable}", f"sent={cls.was_sent}") == (
            code,
            retryable,
            sent,
        )
        above[depth:] = [name]
        assert depth == 0 or cls.__bases__[0].__name__ == above[depth - 1]


def test_events_have_the_fields_that_are_listed() -> None:
    listing = lines_of("events.txt")
    start = next(index for index, line in enumerate(listing) if line.startswith("QueryEvent"))
    listed = [line.split(":")[0].strip() for line in listing[start + 1 :]]
    assert listed == list(telemetry.QueryEvent.__dataclass_fields__)


def test_a_missing_list_is_no_empty_list(tmp_path: Path) -> None:
    header = tmp_path / "list.h"
    header.write_text('#define BRIDGE_EMPTY(X) \\\n\n#define BRIDGE_FULL(X) \\\n  X(kOne, "one")\n')
    assert rows_of(str(header), "BRIDGE_FULL") == [["kOne", "one"]]
    with pytest.raises(ValueError, match="BRIDGE_NOWHERE"):
        rows_of(str(header), "BRIDGE_NOWHERE")
    with pytest.raises(ValueError, match="no rows"):
        rows_of(str(header), "BRIDGE_EMPTY")
