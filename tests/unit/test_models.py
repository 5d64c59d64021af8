"""Class bodies and constructors: what is refused, and how clearly."""

from __future__ import annotations

import copy
import pickle
from enum import Enum
from typing import Any

import pytest

from bridgeorm import (
    Column,
    FieldType,
    Many,
    Model,
    ModelError,
    NotLoadedError,
    One,
    QueryError,
    ValidationError,
    check,
    column,
    foreign_key,
    many,
    one,
    primary_key,
    select,
)
from bridgeorm.naming import snake_case


class Colour(Enum):
    """A closed list of texts."""

    RED = "red"
    BLUE = "blue"


class Hexadecimal(FieldType[int]):
    """A number kept as text."""

    storage = str

    def to_storage(self, value: int) -> str:
        if type(value) is not int:
            raise TypeError("no number")
        return hex(value)

    def from_storage(self, stored: Any) -> int:
        return int(stored, 16)


class Stamped(Model, abstract=True):
    note: Column[str] = column(default="")
    constraints = [check(note != "forbidden")]


class Shelf(Stamped, table="unit_shelves"):
    id: Column[int] = primary_key()
    colour: Column[Colour] = column(default=Colour.RED)
    size: Column[int] = column(default=0, bits=16)
    code: Column[int] = column(type=Hexadecimal(), default=255)
    items: Many[Item] = many(back="shelf")


class Item(Stamped, table="unit_items"):
    id: Column[int] = primary_key()
    shelf_id: Column[int] = foreign_key(Shelf.id)
    extra: Column[list[int] | None] = column(default=None)
    shelf: One[Shelf] = one(shelf_id)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Author", "author"), ("OrderLine", "order_line"), ("HTTPServer", "http_server"), ("A", "a")],
)
def test_table_names(name: str, expected: str) -> None:
    assert snake_case(name) == expected


def test_mixins_share_columns_and_constraints() -> None:
    shelf = Shelf(note="here")
    assert shelf.note == "here"
    assert Item(shelf_id=1).note == ""
    assert Shelf.note is not Item.note
    with pytest.raises(ModelError, match="abstract"):
        Stamped()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, r"missing 1 required keyword-only argument: 'shelf' \(or 'shelf_id'\)"),
        ({"shelf_id": 1, "colour": 1}, "unexpected keyword argument 'colour'"),
        ({"shelf_id": 1, "id": 5}, "'id', which is filled by itself"),
        ({"shelf_id": 1, "shelf": None}, "both 'shelf' and 'shelf_id'"),
    ],
)
def test_constructors_complain_like_dataclasses(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        Item(**arguments)


def test_constructors_take_no_positional_arguments_and_no_reverse_sides() -> None:
    make: Any = Shelf
    with pytest.raises(TypeError, match="takes 1 positional argument but 2 were given"):
        make("red")
    with pytest.raises(TypeError, match="no reverse relation"):
        make(items=[])


@pytest.mark.parametrize(
    "arguments",
    [
        {"size": "5"},
        {"size": True},
        {"size": 1.0},
        {"size": 70_000},
        {"colour": "red"},
        {"note": None},
        {"code": "ff"},
    ],
)
def test_wrong_values_are_refused_by_name_without_telling_them(arguments: dict[str, Any]) -> None:
    make: Any = Shelf
    with pytest.raises(ValidationError) as caught:
        make(**arguments)
    assert "ff" not in str(caught.value)
    shelf: Any = Shelf()
    (name, value), *_ = arguments.items()
    before = getattr(shelf, name)
    with pytest.raises(ValidationError):
        setattr(shelf, name, value)
    assert getattr(shelf, name) == before


def test_enums_and_custom_types_keep_their_python_side() -> None:
    shelf = Shelf(colour=Colour.BLUE, code=4_096)
    assert shelf.colour is Colour.BLUE
    assert shelf.code == 4_096


def test_unsaved_keys_raise_and_repr_does_not() -> None:
    shelf = Shelf()
    with pytest.raises(NotLoadedError) as caught:
        _ = shelf.id
    assert not isinstance(caught.value, AttributeError)
    assert repr(shelf) == "Shelf(id=unsaved)"
    assert shelf != Shelf()
    assert len({shelf, shelf}) == 1


def test_setting_a_relation_and_its_key_reset_each_other() -> None:
    shelf, other = Shelf(), Shelf()
    item = Item(shelf=shelf)
    assert item.shelf is shelf
    item.shelf = other
    assert item.shelf is other
    item.shelf_id = 5
    assert item.shelf_id == 5
    assert item.shelf is not other
    assert item.shelf.id == 5
    wrong: Any = item
    with pytest.raises(ValidationError, match="expected Shelf, got Item"):
        wrong.shelf = item
    with pytest.raises(ValidationError, match="expected Shelf, got NoneType"):
        wrong.shelf = None


def test_pickle_and_copy_keep_columns_and_loaded_relations() -> None:
    item = Item(shelf=Shelf(note="top"), extra=[1, 2])
    for twin in (pickle.loads(pickle.dumps(item)), copy.copy(item)):  # noqa: S301 - our own bytes
        assert twin is not item
        assert twin.extra == [1, 2]
        assert twin.shelf.note == "top"


def test_bodies_that_cannot_be_models() -> None:
    class NoKey(Model):
        name: Column[str]

    with pytest.raises(ModelError, match="no primary key"):
        NoKey(name="x")
    with pytest.raises(ModelError, match="needs an annotation"):

        class Bare(Model):
            id = primary_key()

    with pytest.raises(ModelError, match="reserved"):

        class Reserved(Model):
            id: Column[int] = primary_key()
            where: Column[str] = column()  # type: ignore[assignment]  # the mistake under test

    with pytest.raises(ModelError, match="table of its own"):

        class Heir(Shelf):
            pass

    class Lost(Model):
        id: Column[int] = primary_key()
        friend_id: Column[int] = foreign_key("Nobody.id")

    with pytest.raises(ModelError, match="Nobody, which does not exist"):
        Lost(friend_id=1)


def test_conditions_refuse_what_python_would_answer_itself() -> None:
    with pytest.raises(QueryError, match="write `&` for `and`"):
        bool(Shelf.size == 1)
    with pytest.raises(QueryError, match=r"\.between\(\)"):
        _ = 1 < Shelf.size < 5
    with pytest.raises(QueryError, match=r"\.in_\(\)"):
        _ = Shelf.note in ["a", "b"]
    wrong: Any = select(Shelf)
    with pytest.raises(QueryError, match="not a bool"):
        wrong.where(True)
    with pytest.raises(QueryError, match="iterated"):
        list(Shelf.note)
    with pytest.raises(QueryError, match="truth value"):
        bool(select(Shelf))
