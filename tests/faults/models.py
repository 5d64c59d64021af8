"""The one table the faults happen to."""

from __future__ import annotations

from bridgeorm import Column, Model, column, primary_key


class Note(Model, table="fault_notes"):
    id: Column[int] = primary_key(generated=False)
    text: Column[str] = column()
