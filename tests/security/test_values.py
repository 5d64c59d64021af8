"""Values that attack: on every way into the database each arrives as the data it is, or is refused whole."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bridgeorm import Database, DataError, ValidationError, delete, excluded, insert, select, sql, update

from .conftest import OpenTarget
from .corpus import read
from .models import Target, Unique

CLASSES: list[dict[str, Any]] = read("values")["class"]
FEWEST_ATTEMPTS = 500


def test_the_corpus_is_as_large_as_promised() -> None:
    payloads = [payload for entry in CLASSES for payload in entry["payloads"]]
    assert len(set(payloads)) == len(payloads) >= FEWEST_ATTEMPTS


@pytest.mark.parametrize("entry", CLASSES, ids=lambda entry: f"{entry['name']}-{entry['dialect']}")
async def test_values_arrive_as_data(open_target: OpenTarget, entry: dict[str, Any]) -> None:
    async with open_target() as db:
        for payload in entry["payloads"]:
            if "\0" in payload:
                await _refuses(db, payload)
            else:
                await _writes_and_reads(db, payload)
                await _finds(db, payload)
                await _takes_in_raw_sql(db, payload)
                await _upserts(db, payload)
        texts = [payload for payload in entry["payloads"] if "\0" not in payload]
        await _loads_in_bulk(db, texts)


async def _refuses(db: Database, payload: str) -> None:
    """No database of text takes NUL: nothing is cut off, nothing is sent."""
    with pytest.raises(ValidationError):
        await db.insert(Target(name=payload))
    with pytest.raises(ValidationError):
        await db.all(Target.where(Target.name == payload))
    with pytest.raises(ValidationError):
        await db.execute_raw("SELECT {x}", x=payload)
    assert await db.count(Target.where()) == 0


async def _writes_and_reads(db: Database, payload: str) -> None:
    made = await db.insert(Target(name=payload, document={payload: payload}))
    assert await db.one(select(Target.name).where(Target.id == made.id)) == payload
    assert await db.one(select(Target.document).where(Target.id == made.id)) == {payload: payload}
    made.note = payload
    await db.update(made)
    assert await db.scalar(select(Target.note)) == payload


# Keys that no path of MariaDB can name: said so, where the server would find nothing.
_UNNAMED_ON_MARIADB = re.compile(r"^-|[\x01-\x07\x0b\x0e-\x1f]")


async def _finds(db: Database, payload: str) -> None:
    """One row holds it; a second one that does not is never found."""
    other = await db.insert(Target(name=f"{payload}?", note="other", document={"other": "x"}))
    conditions = [
        Target.name == payload,
        Target.name.in_([payload, "nobody"]),
        Target.note.is_not_null() & (Target.note == payload),
        Target.name.between(payload, payload),
        ~(Target.name != payload),
    ]
    is_member = Target.document[payload].as_str() == payload
    if "mariadb" in repr(db) and _UNNAMED_ON_MARIADB.search(payload):
        with pytest.raises(DataError):
            await db.count(Target.where(is_member))
    else:
        conditions.append(is_member)
    if payload:  # every text contains an empty one
        conditions += [
            Target.note.contains(payload),
            Target.note.startswith(payload),
            Target.note.endswith(payload),
        ]
    for place, condition in enumerate(conditions):
        assert await db.count(Target.where(condition)) == 1, (place, payload)
    await db.delete(other)
    changed = await db.execute(update(Target).where(Target.name == payload).set(note=payload + payload))
    assert changed.rowcount == 1
    removed = await db.execute(delete(Target).where(Target.note == payload + payload))
    assert removed.rowcount == 1
    assert await db.count(Target.where()) == 0


async def _takes_in_raw_sql(db: Database, payload: str) -> None:
    asked = sql("SELECT {x} AS given, 'end' AS ending", x=payload)
    assert await db.one(asked) == (payload, "end")
    listed = sql("SELECT 1 AS found WHERE {x} IN {members}", x=payload, members=[payload, "no"])
    assert await db.all(listed) == [(1,)]
    await db.execute_raw(
        "INSERT INTO {target} (name, document) VALUES ({x}, '{{}}')", target=Target, x=payload
    )
    found = await db.all(Target.where(sql("{name} = {x}", name=Target.name, x=payload)))
    assert [one.name for one in found] == [payload]
    assert (await db.execute_raw("DELETE FROM {target}", target=Target)).rowcount == 1


async def _upserts(db: Database, payload: str) -> None:
    for count in (1, 2):
        await db.execute(
            insert(Unique)
            .values(name=payload, count=count)
            .on_conflict(Unique.name)
            .update(Unique.count.to(excluded(Unique.count)))
        )
    assert await db.one(select(Unique.count).where(Unique.name == payload)) == 2
    await db.execute(delete(Unique).everywhere())


async def _loads_in_bulk(db: Database, payloads: list[str]) -> None:
    """By the database's fastest path, whose format has signs of its own."""
    await db.insert_many(Target, [{"name": one, "note": one, "document": {one: one}} for one in payloads])
    rows = await db.all(select(Target.name, Target.note, Target.document).order_by(Target.id))
    assert rows == [(one, one, {one: one}) for one in payloads]
