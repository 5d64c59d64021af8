"""Dates, times, moments and spans of time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bridgeorm._engine import ColumnType
from bridgeorm.fields.field import Field, FieldMaker, FieldOptions, plain


def _moment(options: FieldOptions, nullable: bool) -> Field:  # noqa: FBT001 - the shape of every maker
    options.refuse_all_but("timezone", of="datetime")
    return Field(ColumnType("timestamp" if options.timezone is False else "timestamp_utc", nullable=nullable))


MAKERS: dict[type, FieldMaker] = {
    date: plain("date", "date"),
    time: plain("time", "time"),
    datetime: _moment,
    timedelta: plain("interval", "timedelta"),
}
