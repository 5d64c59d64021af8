"""The statements of contestants that are given their SQL."""

from __future__ import annotations

from benchmarks.workload import COLUMNS, TABLE, TITLE_LENGTH

_LIST = ", ".join(COLUMNS)
SELECT_ALL = f"SELECT {_LIST} FROM {TABLE} ORDER BY id"
SELECT_BY_KEY = f"SELECT {_LIST} FROM {TABLE} WHERE id = {{}}"
CLEAR = f"DELETE FROM {TABLE}"
COPY = f"COPY {TABLE} ({_LIST}) FROM STDIN (FORMAT BINARY)"
INSERT = f"INSERT INTO {TABLE} ({_LIST}) VALUES ({', '.join('?' * len(COLUMNS))})"

CREATE_POSTGRES = f"""CREATE TABLE {TABLE} (
    id bigint PRIMARY KEY, quantity integer NOT NULL, ratio double precision NOT NULL,
    is_active boolean NOT NULL, title varchar({TITLE_LENGTH}) NOT NULL, created_at timestamptz NOT NULL,
    code uuid NOT NULL, price numeric(12, 2) NOT NULL)"""
CREATE_SQLITE = f"""CREATE TABLE IF NOT EXISTS {TABLE} (
    id integer PRIMARY KEY, quantity integer NOT NULL, ratio real NOT NULL, is_active integer NOT NULL,
    title text NOT NULL, created_at text NOT NULL, code blob NOT NULL, price text NOT NULL)"""
PRAGMAS = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL")
