"""What was loaded through the library is what the published files hold, to the last cent and byte."""

from __future__ import annotations

import pytest

from bridgeorm import Database, Model, func, select

from .conftest import MODELS, Loaded
from .northwind import Employee
from .sakila import Film, Payment
from .sources import parsers_of, rows_of, table_of

# As the publishers count them.
PUBLISHED = {"film": 1000, "rental": 16044, "payment": 16049, "customer": 599, "order_details": 2155}


@pytest.mark.parametrize("model", MODELS, ids=table_of)
async def test_rows_come_back_as_they_were_published(loaded: Loaded, model: type[Model]) -> None:
    published = rows_of(model)
    assert published
    attributes = list(parsers_of(model))
    async with Database(loaded.url) as db:
        objects = await db.all(select(model))
    read = [tuple(getattr(each, name) for name in attributes) for each in objects]
    wanted = [tuple(row[name] for name in attributes) for row in published]
    assert sorted(map(repr, read)) == sorted(map(repr, wanted))


@pytest.mark.parametrize("model", MODELS, ids=table_of)
def test_other_drivers_count_the_same(loaded: Loaded, model: type[Model]) -> None:
    text = f"SELECT COUNT(*) FROM {table_of(model)}"  # noqa: S608 - a table of the test's own
    rows = loaded.by_hand((text,), (int,))
    assert rows == [(len(rows_of(model)),)]
    assert PUBLISHED.get(table_of(model), rows[0][0]) == rows[0][0]


async def test_sums_agree_with_the_files(loaded: Loaded) -> None:
    paid = [row["amount"] for row in rows_of(Payment)]
    async with Database(loaded.url) as db:
        assert await db.scalar(select(func.sum(Payment.amount))) == sum(paid)  # type: ignore[arg-type]  # all are decimals
        titles = select(Film.title).order_by(Film.title)
        assert await db.all(titles) == sorted(str(row["title"]) for row in rows_of(Film))


async def test_a_tree_of_employees_is_an_object_graph(loaded: Loaded) -> None:
    async with Database(loaded.url) as db:
        people = await db.all(
            Employee.where().order_by(Employee.employee_id).prefetch(Employee.manager, Employee.territories)
        )
        chief = next(each for each in people if each.manager is None)
        assert chief.last_name == "Fuller"
        reports = {each.last_name for each in people if each.manager is chief}
        assert reports == {"Davolio", "Leverling", "Peacock", "Buchanan", "Callahan"}
        assert sum(len(each.territories) for each in people) == 49
