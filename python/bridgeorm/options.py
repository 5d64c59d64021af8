"""How a handle keeps connections and when it stops trying: the options of pool and circuit breaker."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolOptions:
    """How many connections a handle keeps and how long callers wait, in seconds:
    `Database(url, pool=PoolOptions(max_size=5))`.
    """

    min_size: int = 0
    max_size: int = 10
    max_waiters: int = 1_000
    """Callers allowed to queue; one more is refused at once."""
    acquire_timeout: float = 5.0
    connect_timeout: float = 10.0
    max_lifetime: float = 1_800.0
    """A connection older than this, less up to a tenth, is replaced."""
    idle_timeout: float = 600.0
    """A connection above `min_size` unused for this long is closed."""
    validate_after_idle: float = 1.0
    """A connection unused for this long is asked for a sign of life before it is lent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerOptions:
    """When a failing database is left alone: `Database(url, breaker=BreakerOptions(open_for=2))`. Times are
    seconds, rates are shares of 1.
    """

    is_enabled: bool = True
    failure_rate: float = 0.5
    slow_call_rate: float = 0.8
    slow_call_duration: float = 2.0
    window: float = 30.0
    minimum_calls: int = 20
    """Fewer completed calls in the window prove nothing."""
    consecutive_connect_failures: int = 5
    open_for: float = 5.0
    """Doubled with each opening in a row, up to `max_open_for`."""
    max_open_for: float = 60.0
    half_open_probes: int = 3


def engine_options(pool: PoolOptions, breaker: BreakerOptions) -> dict[str, float | int | bool]:
    """Both as the engine takes them: by name."""
    return {
        option.name: getattr(source, option.name) for source in (pool, breaker) for option in fields(source)
    }
