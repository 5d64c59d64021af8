"""Text search: the same words find the same rows, whatever keeps the index."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridgeorm import (
    Column,
    Database,
    Expression,
    Model,
    ModelError,
    QueryError,
    SyncDatabase,
    UnsupportedFeatureError,
    aliased,
    column,
    delete,
    foreign_key,
    func,
    insert,
    optional,
    primary_key,
    select,
    text_index,
    update,
)


class Note(Model, table="exam_notes"):
    id: Column[int] = primary_key()
    title: Column[str] = column(default="")
    body: Column[str | None] = column(default=None)
    plain: Column[str] = column(default="")
    code: Column[str | None] = column(unique=True, default=None)
    constraints = [
        text_index(title, body),
        text_index(title, language="simple", name="exam_notes_exact"),
    ]


class Remark(Model, table="exam_remarks"):
    id: Column[int] = primary_key()
    note_id: Column[int] = foreign_key(Note.id, on_delete="cascade")
    text: Column[str] = column()
    constraints = [text_index(text)]


TEXTS = [
    ("Running a marathon", "forty kilometres in the rain, and no dogs"),
    ("Dogs", 'a "good" dog\'s life: running, eating'),
    ("Cats", "they sleep, they run; cats and dogs"),
    ("émile", None),
    ("Rain", "it rains in Spain"),
]
RUNS, DOGS, CATS, NAME, RAIN = range(1, 6)
GRAMMAR: list[tuple[str, set[int]]] = [
    ("run", {RUNS, DOGS, CATS}),
    ("RUNNING", {RUNS, DOGS, CATS}),
    ("run rain", {RUNS}),
    ("run -rain", {DOGS, CATS}),
    ("run -rain -cats", {DOGS}),
    ("cats or spain", {CATS, RAIN}),
    ("marathon OR spain or eating", {RUNS, DOGS, RAIN}),
    ("rain -run or cats", {CATS, RAIN}),
    ('"cats and dogs"', {CATS}),
    ('"dogs and cats"', set()),
    ('dogs -"cats and dogs"', {RUNS, DOGS}),
    ('"cats and dogs', {CATS}),
    ("-dogs", {NAME, RAIN}),
    ("-dogs or cats", {CATS, NAME, RAIN}),
    ("-dogs or -rain", {DOGS, CATS, NAME, RAIN}),
    ("-dogs -émile", {RAIN}),
    ("émile", {NAME}),
    ("emile", set()),
    ("title", set()),
    ("rai*", set()),
    ("", set()),
    ("!!! ???", set()),
    ("dogs & cats", {CATS}),
    ("(dogs) | !(cats)", {CATS}),
    ("good\x00life", {DOGS}),
    ("nothing", set()),
]


async def fill(db: Database) -> None:
    for title, body in TEXTS:
        await db.insert(Note(title=title, body=body))


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    async with Database(url) as db:
        if not db.engine.has_capability("text_search"):
            with pytest.raises(UnsupportedFeatureError, match="text"):
                await db.create_tables(Note)
            pytest.skip("this database searches no texts, and says so")
        await db.create_tables(Note, Remark)
        await fill(db)
        yield db


async def found(db: Database, query: str, *texts: Expression[str] | Expression[str | None]) -> set[int]:
    """The keys of the notes that a search finds."""
    return set(await db.all(select(Note.id).where(func.search(query, *(texts or (Note.title, Note.body))))))


async def test_the_grammar_is_the_same_everywhere(database_url: str) -> None:
    async with opened(database_url) as db:
        assert {query: await found(db, query) for query, _keys in GRAMMAR} == dict(GRAMMAR)


async def test_the_index_follows_every_change(database_url: str) -> None:
    async with opened(database_url) as db:
        note = await db.one(select(Note).where(Note.id == RAIN))
        note.body = "sunshine"
        await db.update(note)
        assert await found(db, "spain") == set()
        assert await found(db, "sunshine") == {RAIN}
        await db.execute(update(Note).where(Note.id == CATS).set(Note.title.to("Birds"), Note.body.to(None)))
        assert (await found(db, "cats"), await found(db, "bird")) == (set(), {CATS})
        assert (
            await db.execute(delete(Note).where(func.search("bird", Note.title, Note.body)))
        ).rowcount == 1
        assert await found(db, "birds") == set()
        await db.execute(update(Note).where(Note.id == RUNS).set(Note.code.to("a")))
        again = insert(Note).values(title="Upserted", code="a").on_conflict(Note.code)
        await db.execute(again.update(Note.title.to("Walking")))
        assert (await found(db, "marathon"), await found(db, "walk")) == (set(), {RUNS})
        await db.insert_many(Note, [{"title": f"bulk {number}", "body": None} for number in range(300)])
        assert len(await found(db, "bulk")) == 300
        with pytest.raises(KeyError):
            async with db.transaction() as transaction:
                await transaction.execute(delete(Note).everywhere())
                assert await found(db, "bulk") == set()
                raise KeyError
        assert len(await found(db, "bulk")) == 300


async def test_cascades_reach_the_index(database_url: str) -> None:
    async with opened(database_url) as db:
        await db.insert(Remark(note_id=DOGS, text="about dogs"))
        about = select(Remark.id).where(func.search("dog", Remark.text))
        assert len(await db.all(about)) == 1
        await db.execute(delete(Note).where(Note.id == DOGS))
        assert await db.all(about) == []


async def test_rows_that_were_there_before_the_index(database_url: str) -> None:
    class Early(Model, table="exam_early_notes"):
        id: Column[int] = primary_key()
        text: Column[str] = column()

    async with Database(database_url) as db:
        await db.create_tables(Early)
        await db.insert(Early(text="an early bird"))

        class Late(Model, table="exam_early_notes"):
            id: Column[int] = primary_key()
            text: Column[str] = column()
            constraints = [text_index(text)]

        for _time in range(2):
            await db.create_tables(Late)
            assert await db.all(select(Late.id).where(func.search("birds", Late.text))) == [1]


async def test_tables_are_dropped_with_their_words(database_url: str) -> None:
    async with opened(database_url) as db:
        await db.drop_tables(Remark, Note)
        await db.create_tables(Note, Remark)
        assert await found(db, "dogs") == set()
        await fill(db)
        assert await found(db, "dogs") != set()


async def test_ranks_order_what_is_found(database_url: str) -> None:
    async with opened(database_url) as db:
        await db.insert(Note(title="dogs", body="dogs, dogs, dogs"))
        rank = func.search_rank("dogs", Note.title, Note.body)
        ordered = (
            select(Note.id, rank).where(func.search("dogs", Note.title, Note.body)).order_by(rank.desc())
        )
        rows = await db.all(ordered)
        assert rows[0][0] == len(TEXTS) + 1
        assert all(value > 0 for _key, value in rows)
        absent = await db.one(select(rank).where(Note.id == RAIN))
        assert absent == 0
        assert isinstance(absent, float)


async def test_highlights_and_snippets(database_url: str) -> None:
    async with opened(database_url) as db:
        marked = func.search_highlight("dogs or rain", Note.body, marks=("[", "]"))
        by_key = dict(await db.all(select(Note.id, marked)))
        assert by_key[CATS] == "they sleep, they run; cats and [dogs]"
        assert by_key[RAIN] == "it [rains] in Spain"
        assert by_key[NAME] is None
        quoted = func.search_highlight("rain", Note.body, marks=('"', "'"))
        assert await db.one(select(quoted).where(Note.id == RAIN)) == "it \"rains' in Spain"
        long = " ".join(["before"] * 100 + ["needle"] + ["behind"] * 100)
        await db.insert(Note(title="hay", body=long))
        snippet = func.search_snippet("needle", Note.body, words=7, marks=("<", ">"))
        part = await db.one(select(snippet).where(func.search("needle", Note.title, Note.body)))
        assert part is not None
        assert "<needle>" in part
        assert len(part.split()) <= 7
        # a row that is not found keeps its text in a highlight
        assert (
            await db.one(select(func.search_highlight("zebra", Note.title)).where(Note.id == DOGS)) == "Dogs"
        )


async def test_search_stands_where_any_condition_does(database_url: str) -> None:
    async with opened(database_url) as db:
        await db.insert(Remark(note_id=DOGS, text="a remark about rain"))
        searched = func.search("run", Note.title, Note.body)
        assert set(await db.all(select(Note.id).where(~searched))) == {NAME, RAIN}
        assert set(await db.all(select(Note.id).where(searched | (Note.id == NAME)))) == {
            RUNS,
            DOGS,
            CATS,
            NAME,
        }
        other = aliased(Note)
        pairs = select(Note.id, other.id).join(other, on=Note.id < other.id)
        both = pairs.where(searched, func.search("rain", other.title, other.body))
        assert set(await db.all(both)) == {(RUNS, RAIN), (DOGS, RAIN), (CATS, RAIN)}
        joined = select(Remark.text).join(Note, on=Note.id == Remark.note_id)
        assert await db.all(joined.where(func.search("eating", Note.title, Note.body))) == [
            "a remark about rain"
        ]
        outer = select(Remark.text, optional(func.search_rank("x", Note.title, Note.body)))
        unmatched = outer.left_join(Note, on=Note.id == Remark.note_id + 1000)
        assert await db.all(unmatched.where(~searched)) == [("a remark about rain", 0.0)]
        assert await db.count(select(Note).where(searched)) == 3
        inside = select(Remark.id).where(Remark.note_id.in_(select(Note.id).where(searched)))
        assert len(await db.all(inside)) == 1


async def test_other_languages_and_missing_indexes(database_url: str) -> None:
    async with opened(database_url) as db:
        exact = select(Note.id).where(func.search("dogs", Note.title, language="simple"))
        assert await db.all(exact) == [DOGS]
        assert await db.all(select(Note.id).where(func.search("dog", Note.title, language="simple"))) == []
        without = select(Note.id).where(func.search("dogs", Note.plain))
        if "sqlite" in database_url:
            with pytest.raises(UnsupportedFeatureError, match=r'text_index\(plain, language="english"\)'):
                await db.all(without)
            with pytest.raises(UnsupportedFeatureError, match="text_index"):
                await db.all(select(Note.id).where(func.search("dogs", func.lower(Note.title))))
        else:
            assert await db.all(without) == []


async def test_tables_that_cannot_have_an_index(database_url: str) -> None:
    class Keyed(Model, table="exam_keyed_notes"):
        key: Column[str] = primary_key(generated=False)
        text: Column[str] = column()
        constraints = [text_index(text)]

    class Ranked(Model, table="exam_ranked_notes"):
        id: Column[int] = primary_key()
        rank: Column[str] = column()
        constraints = [text_index(rank)]

    class Counted(Model, table="exam_counted_notes"):
        id: Column[int] = primary_key()
        number: Column[int] = column()
        constraints = [text_index(number)]  # type: ignore[arg-type]  # what is refused

    async with opened(database_url) as db:
        with pytest.raises(ModelError, match="number, which is no text"):
            await db.create_tables(Counted)
        if "sqlite" not in database_url:
            await db.create_tables(Keyed, Ranked)
            return
        with pytest.raises(UnsupportedFeatureError, match="not one whole number"):
            await db.create_tables(Keyed)
        with pytest.raises(UnsupportedFeatureError, match="column named rank"):
            await db.create_tables(Ranked)


ANY_TEXT = st.text(max_size=60) | st.text(alphabet="ab \"-*:^+(){}[]!&|<>'\\,.;\x00\tORorNOTAND", max_size=60)


@pytest.fixture
def notes(database_url: str) -> Iterator[SyncDatabase]:
    with SyncDatabase(database_url) as db:
        if not db.engine.has_capability("text_search"):
            pytest.skip("this database searches no texts")
        db.create_tables(Note)
        db.insert(Note(title="a b or ab", body="not and or"))
        yield db


@settings(
    max_examples=150,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(typed=ANY_TEXT, mark=ANY_TEXT)
def test_whatever_is_typed_is_data(notes: SyncDatabase, typed: str, mark: str) -> None:
    marks = (mark.replace("\x00", ""), "]")
    texts = (Note.title, Note.body)
    query = select(
        func.search_rank(typed, *texts),
        func.search_highlight(typed, Note.title, marks=marks),
        func.search_snippet(typed, Note.body, words=3, marks=marks),
    )
    assert len(notes.all(query)) == 1
    matches = notes.count(select(Note).where(func.search(typed, *texts)))
    assert matches + notes.count(select(Note).where(~func.search(typed, *texts))) == 1


def test_hundreds_of_words_are_no_deep_query(notes: SyncDatabase) -> None:
    for word in ("a ", "-a ", "a or ", '"a b" -"b a" or '):
        typed = word * (9_000 // len(word))
        assert notes.count(select(Note).where(func.search(typed, Note.title, Note.body))) in {0, 1}
    with pytest.raises(QueryError, match="characters"):
        func.search("x" * 10_001, Note.title)


def test_wrong_searches_are_refused() -> None:
    with pytest.raises(QueryError, match="text"):
        func.search("x", Note.id)  # type: ignore[arg-type]  # what is refused
    with pytest.raises(QueryError, match="text"):
        func.search("x")
    with pytest.raises(QueryError, match="lower-case word"):
        func.search("x", Note.title, language="english'; --")
    with pytest.raises(QueryError, match="words"):
        func.search_snippet("x", Note.title, words=0)
    with pytest.raises(QueryError, match="marks"):
        func.search_highlight("x", Note.title, marks=("a", 5))  # type: ignore[arg-type]  # what is refused
    with pytest.raises(QueryError, match="texts"):
        func.search(b"x", Note.title)  # type: ignore[arg-type]  # what is refused
