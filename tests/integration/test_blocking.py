"""The blocking face: the same verbs, and relations loaded by reading them."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest

from bridgeorm import ConfigurationError, NotLoadedError, PoolClosedError, SyncDatabase, select
from bridgeorm.testing import count_queries

from .models import MODELS, Novel, Writer


def _fill(db: SyncDatabase) -> None:
    db.create_tables(*MODELS)
    for name in ("Ann", "Bob"):
        writer = db.insert(Writer(name=name))
        db.insert_many([Novel(writer=writer, title=f"{name} {number}") for number in range(3)])


def test_verbs(database_url: str) -> None:
    with SyncDatabase(database_url) as db:
        _fill(db)
        assert db.count(select(Novel)) == 6
        ann = db.get(Writer, name="Ann")
        ann.name = "Anna"
        db.update(ann)
        assert db.scalar(select(Writer.name).where(Writer.id == ann.id)) == "Anna"
        with db.transaction():
            db.delete(ann)
        assert db.count(select(Novel)) == 3
        with db.session() as session:
            session.add(Novel(writer=Writer(name="Cid"), title="new", price=Decimal("1.50")))
        wanted = select(Novel).where(Novel.title == "new")
        assert [novel.price for novel in db.stream(wanted)] == [Decimal("1.50")]


def test_reading_a_relation_loads_it_for_all_siblings(database_url: str) -> None:
    with SyncDatabase(database_url) as db:
        _fill(db)
    with SyncDatabase(database_url) as db:
        novels = db.all(select(Novel))
        with count_queries(db) as queries:
            assert {novel.writer.name for novel in novels} == {"Ann", "Bob"}
        assert queries.count == 1
        writers = db.all(select(Writer))
        with count_queries(db) as queries:
            assert [len(writer.novels) for writer in writers] == [3, 3]
        assert queries.count == 1


def test_strict_loading_raises_instead(database_url: str) -> None:
    with SyncDatabase(database_url) as db:
        _fill(db)
    with SyncDatabase(database_url, strict_loading=True) as db:
        novel = db.all(select(Novel))[0]
        assert novel.writer.id == novel.writer_id
        with pytest.raises(NotLoadedError):
            _ = novel.writer.name
        with pytest.raises(NotLoadedError):
            len(db.all(select(Writer))[0].novels)


def test_a_handle_belongs_to_its_thread(database_url: str) -> None:
    caught: list[BaseException] = []
    with SyncDatabase(database_url) as db:

        def elsewhere() -> None:
            try:
                db.count(select(Writer))
            except ConfigurationError as error:
                caught.append(error)

        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
    assert len(caught) == 1
    with pytest.raises(PoolClosedError):
        db.count(select(Writer))
