"""BridgeORM's model of the benchmark's table."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from benchmarks.workload import TABLE, TITLE_LENGTH
from bridgeorm import Column, Model, column, primary_key


class Record(Model, table=TABLE):
    """One row."""

    id: Column[int] = primary_key(generated=False)
    quantity: Column[int] = column(bits=32)
    ratio: Column[float] = column()
    is_active: Column[bool] = column()
    title: Column[str] = column(max_length=TITLE_LENGTH)
    created_at: Column[datetime] = column()
    code: Column[UUID] = column()
    price: Column[Decimal] = column(precision=12, scale=2)
