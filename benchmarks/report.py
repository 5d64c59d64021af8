"""Turns series into JSON, one object a line of the table, and into Markdown."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from benchmarks.contestants.contract import Operation
from benchmarks.harness import Series
from benchmarks.tree import ROWS as TREE_ROWS
from benchmarks.workload import SEED, Sizes

MILLISECONDS = 1_000
PERCENTILES = 100
REFERENCE = "BridgeORM"
TITLES = {
    Operation.BULK_INSERT: "Bulk insert of {rows:,} rows",
    Operation.BULK_FETCH: "Bulk fetch of {rows:,} rows x 8 columns",
    Operation.BULK_FETCH_READ: "Bulk fetch of {rows:,} rows, then every column read once",
    Operation.KEY_READ_ALONE: "{reads_alone:,} reads by primary key, one task",
    Operation.PREFETCH_TREE: "Loading three levels: 1,000 authors, 5,000 books, 15,000 chapters",
    Operation.KEY_READ_TOGETHER: "{reads_together:,} reads by primary key, {tasks} tasks",
}


@dataclass(frozen=True)
class Setting:
    """Where and how it was measured."""

    dialect: str
    database: str
    server_settings: tuple[tuple[str, str], ...]
    runs: int
    sizes: Sizes


def work_of(operation: str, sizes: Sizes) -> tuple[int, int]:
    """Rows moved and operations made in one run."""
    if operation == Operation.KEY_READ_ALONE:
        return sizes.reads_alone, sizes.reads_alone
    if operation == Operation.KEY_READ_TOGETHER:
        return sizes.reads_together, sizes.reads_together
    if operation == Operation.PREFETCH_TREE:
        return TREE_ROWS, 1
    return sizes.rows, 1


def to_record(series: Series, setting: Setting) -> dict[str, object]:
    """One series in the format of the results file; seconds, megabytes."""
    rows, operations = work_of(series.operation, setting.sizes)
    record: dict[str, object] = {
        "suite": "core",
        "op": series.operation,
        "dialect": setting.database,
        "contestant": series.contestant,
        "group": series.group,
        "version": series.version,
        "n": rows,
        "tasks": setting.sizes.tasks if series.operation == Operation.KEY_READ_TOGETHER else 1,
        "seed": SEED,
        "runs": len(series.samples),
        "equal": series.is_equal,
    }
    if series.failure or not series.samples:
        return record | {"failure": series.failure or "no run"}
    seconds = [sample.seconds for sample in series.samples]
    middle = median(seconds)
    record |= {
        "median_s": middle,
        "min_s": min(seconds),
        "max_s": max(seconds),
        "rows_per_s": round(rows / middle),
        "ops_per_s": round(operations / middle, 1),
        "cpu_client_s": median(sample.cpu_seconds for sample in series.samples),
        "cpu_server_s": median(series.server_seconds) if series.server_seconds else None,
        "peak_rss_mb": round(max(sample.peak_megabytes for sample in series.samples), 1),
        "statements": operations if operations > 1 else None,
    }
    latencies = sorted(latency for sample in series.samples for latency in sample.latencies)
    if latencies:
        cuts = quantiles(latencies, n=PERCENTILES)
        record |= {f"p{percent}_ms": cuts[percent - 1] * MILLISECONDS for percent in (50, 95, 99)}
    return record


def to_markdown(all_series: Sequence[Series], setting: Setting) -> str:
    """All tables of one dialect; times in milliseconds."""
    parts = [f"## {setting.database}", "", describe_machine(setting), ""]
    for operation in dict.fromkeys(series.operation for series in all_series):
        parts += [f"### {TITLES[operation].format(**vars(setting.sizes))}", ""]
        parts += _table([series for series in all_series if series.operation == operation])
        parts.append("")
    parts += ["Versions: " + "; ".join(_versions(all_series)) + ".", ""]
    return "\n".join(parts)


def describe_machine(setting: Setting) -> str:
    """One paragraph that lets others judge the numbers."""
    settings = ", ".join(f"`{name} = {value}`" for name, value in setting.server_settings)
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{_core_model()}, {os.cpu_count()} processors; {platform.system()} {platform.release()}; "
        f"Python {platform.python_version()}; load while measuring {load}. {settings or 'No server'}. "
        f"Seed {SEED}; up to {setting.runs} interleaved runs after two warm-ups."
    )


def _table(all_series: Sequence[Series]) -> list[str]:
    reference = next((each for each in all_series if each.contestant == REFERENCE and each.samples), None)
    lines = [
        "| contestant | group | median ms | min to max | / BridgeORM | client CPU | server CPU | peak MB |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    ordered = sorted(all_series, key=lambda series: (series.group, _median(series)))
    return lines + [_line(series, reference) for series in ordered]


def _line(series: Series, reference: Series | None) -> str:
    if series.failure or not series.samples:
        return f"| {series.contestant} | {series.group} | failed: {series.failure or 'no run'} | | | | | |"
    seconds = sorted(sample.seconds for sample in series.samples)
    cpu = median(sample.cpu_seconds for sample in series.samples)
    server = f"{median(series.server_seconds) * MILLISECONDS:,.0f}" if series.server_seconds else "-"
    peak = max(sample.peak_megabytes for sample in series.samples)
    spread = f"{seconds[0] * MILLISECONDS:,.1f} to {seconds[-1] * MILLISECONDS:,.1f}"
    return (
        f"| {series.contestant} | {series.group} | {median(seconds) * MILLISECONDS:,.1f} | {spread} "
        f"| {_ratio(series, reference)} | {cpu * MILLISECONDS:,.0f} | {server} | {peak:,.0f} |"
    )


def _ratio(series: Series, reference: Series | None) -> str:
    """How many times BridgeORM's time; `equal` where the two ranges overlap."""
    if reference is None:
        return "-"
    ratio = _median(series) / _median(reference)
    if series is reference:
        return "1"
    mine = [sample.seconds for sample in series.samples]
    theirs = [sample.seconds for sample in reference.samples]
    overlap = min(mine) <= max(theirs) and min(theirs) <= max(mine)
    return f"{ratio:.2f}" + (" (equal)" if overlap else "")


def _median(series: Series) -> float:
    return median(sample.seconds for sample in series.samples) if series.samples else float("inf")


def _versions(all_series: Sequence[Series]) -> list[str]:
    return list(
        dict.fromkeys(f"{series.contestant} {series.version}" for series in all_series if series.version)
    )


def _core_model() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
