"""The tree that loading three levels is measured on: authors, their books, the chapters of those."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

AUTHORS = 1_000
BOOKS_EACH = 5
CHAPTERS_EACH = 3
ROWS = AUTHORS * (1 + BOOKS_EACH * (1 + CHAPTERS_EACH))

Chapter = tuple[int, str, int]
Book = tuple[int, str, tuple[Chapter, ...]]
Author = tuple[int, str, tuple[Book, ...]]

CREATE_TREE = f"""
CREATE TABLE tree_author (id bigint PRIMARY KEY, name varchar(100) NOT NULL);
CREATE TABLE tree_book (id bigint PRIMARY KEY, author_id bigint NOT NULL, title varchar(100) NOT NULL);
CREATE TABLE tree_chapter (id bigint PRIMARY KEY, book_id bigint NOT NULL, title varchar(100) NOT NULL,
  pages bigint NOT NULL);
INSERT INTO tree_author SELECT n, 'author ' || n FROM generate_series(0, {AUTHORS - 1}) AS t(n);
INSERT INTO tree_book SELECT n, n % {AUTHORS}, 'book ' || n
  FROM generate_series(0, {AUTHORS * BOOKS_EACH - 1}) AS t(n);
INSERT INTO tree_chapter SELECT n, n % {AUTHORS * BOOKS_EACH}, 'chapter ' || n, n % 97
  FROM generate_series(0, {AUTHORS * BOOKS_EACH * CHAPTERS_EACH - 1}) AS t(n);
CREATE INDEX ON tree_book (author_id);
CREATE INDEX ON tree_chapter (book_id);
ANALYZE tree_author, tree_book, tree_chapter
"""
"""For PostgreSQL, run once before anybody is measured."""


def expected_tree() -> list[Author]:
    """What everybody must have loaded, in the order of keys at every level."""
    return [
        (author, f"author {author}", tuple(_book(author + place * AUTHORS) for place in range(BOOKS_EACH)))
        for author in range(AUTHORS)
    ]


def _book(number: int) -> Book:
    chapters = (number + place * AUTHORS * BOOKS_EACH for place in range(CHAPTERS_EACH))
    return (number, f"book {number}", tuple((each, f"chapter {each}", each % 97) for each in chapters))


def tree_digest(tree: Iterable[Author]) -> str:
    """A fingerprint of a whole tree."""
    hasher = hashlib.sha256()
    for author in tree:
        hasher.update(repr(author).encode())
    return hasher.hexdigest()
