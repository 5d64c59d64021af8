"""Texts searched for words: functions over a text index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from bridgeorm import _engine
from bridgeorm._engine import Node
from bridgeorm.errors import QueryError
from bridgeorm.expressions import Built, Expression
from bridgeorm.narrowing import is_a
from bridgeorm.texts import Text

# What people type is far shorter; beyond it the time to read a search grows faster than its length.
_LONGEST_SEARCH = 10_000
# The bounds that both kinds of text index have in common.
_LEAST_WORDS = 2
_MOST_WORDS = 64


class Searches:
    """The part of `func` that searches texts for words, as `text_index` makes them searchable."""

    __slots__ = ()

    def search(
        self, query: str, *texts: Expression[str | None], language: str = "english"
    ) -> Expression[bool]:
        """Whether the words of a search, as people type them, are found in the texts: all words, a
        "phrase", `or` between two choices, `-` before what must be absent. On some databases the columns
        need a `text_index`.
        """
        return _search("text_matches", query, texts, language)

    def search_rank(
        self, query: str, *texts: Expression[str | None], language: str = "english"
    ) -> Expression[float]:
        """How well the texts fit a search; more is better, and the scale is the database's own."""
        return _search("text_rank", query, texts, language)

    def search_highlight(
        self,
        query: str,
        text: Expression[Text],
        *,
        marks: tuple[str, str] = ("<b>", "</b>"),
        language: str = "english",
    ) -> Expression[Text]:
        """The text with each word found between two marks. The text itself is not escaped for HTML."""
        return _search("text_highlight", query, [text], language, _mark_nodes(marks))

    def search_snippet(
        self,
        query: str,
        text: Expression[Text],
        *,
        words: int = 20,
        marks: tuple[str, str] = ("<b>", "</b>"),
        language: str = "english",
    ) -> Expression[Text]:
        """The part of the text that fits a search best, about so many words long, with marks as in a
        highlight.
        """
        if type(words) is not int or not _LEAST_WORDS <= words <= _MOST_WORDS:
            raise QueryError(f"a snippet has {_LEAST_WORDS} to {_MOST_WORDS} words, not {words!r}")
        return _search(
            "text_snippet", query, [text], language, [*_mark_nodes(marks), _engine.infer_parameter(words)]
        )


def _search(
    function: Literal["text_matches", "text_rank", "text_highlight", "text_snippet"],
    query: str,
    texts: Sequence[Expression[Any]],
    language: str,
    more: Sequence[Node] = (),
) -> Expression[Any]:
    if not texts or any(text.node.type.storage != "text" for text in texts):
        raise QueryError("a search needs the texts to look in: columns and other expressions of text")
    if type(query) is not str or type(language) is not str:
        raise QueryError("a search and its language are texts")
    if len(query) > _LONGEST_SEARCH:
        raise QueryError(f"a search has at most {_LONGEST_SEARCH} characters, this one has {len(query)}")
    # NUL is no part of any word, and no text a server takes
    typed = _engine.infer_parameter(query.replace("\0", " "))
    node = _engine.text_search(function, language, [typed, *(text.node for text in texts), *more])
    return Built(node, None, "search", texts[0].origin)


def _mark_nodes(marks: tuple[str, str]) -> list[Node]:
    is_pair = is_a(marks, tuple) and [type(mark) for mark in marks] == [str, str]
    if not is_pair or "\0" in "".join(marks):
        raise QueryError("marks are two texts: the one before a word and the one behind it")
    return [_engine.infer_parameter(mark) for mark in marks]
