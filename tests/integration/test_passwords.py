"""Passwords outside ASCII: what a real PostgreSQL has stored must be what is proved, however it was typed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
import pytest

from bridgeorm import AuthenticationError, Database

USER = "bridge_changing"

SPELLINGS = [  # as it was set on the server, as it is typed now
    ("Пароль", "Пароль"),
    ("\ufb01le", "file"),  # a ligature
    ("ab", "a\u00adb"),  # a hyphen that does not show
    ("\u2168", "IX"),  # one sign
    ("a\u00a0b", "a b"),  # a space that does not break
    ("a b", "a\u200bb"),  # in the standard both a space and nothing
    ("\u00e9", "e\u0301"),  # composed, decomposed
    ("\ud55c\uae00", "\u1112\u1161\u11ab\u1100\u1173\u11af"),  # Hangul by arithmetic
    ("\u05d0\u05d1", "\u05d0\u05d1"),  # right to left
    # What the profile refuses is used as it is.
    ("\u05d0\u2168", "\u05d0\u2168"),  # both directions
    ("\u2168\U0001f600", "\u2168\U0001f600"),  # younger than Unicode 3.2
    ("\u00ad", "\u00ad"),  # nothing is left
]


def _set_password(server_url: str, password: str) -> None:
    with psycopg.connect(server_url, autocommit=True, client_encoding="utf8") as connection:
        connection.execute("set password_encryption = 'scram-sha-256'")
        statement = psycopg.sql.SQL("alter role {} password {}")
        connection.execute(statement.format(psycopg.sql.Identifier(USER), psycopg.sql.Literal(password)))


def _login(server_url: str, password: str) -> str:
    parts = urlsplit(server_url)
    return urlunsplit(parts._replace(netloc=f"{USER}:{quote(password)}@{parts.hostname}:{parts.port}"))


@pytest.fixture
def server_url(postgres_server_url: str) -> Iterator[str]:
    """The server, with the user's password as it was once the test is over."""
    yield postgres_server_url
    _set_password(postgres_server_url, os.environ["BRIDGE_POSTGRES_PASSWORD"])


@pytest.mark.parametrize(("stored", "typed"), SPELLINGS)
async def test_the_same_password_in_another_spelling(server_url: str, stored: str, typed: str) -> None:
    _set_password(server_url, stored)
    async with Database(_login(server_url, typed)) as db:
        assert (await db.execute_raw("SELECT 1 AS one")).rows == [(1,)]


@pytest.mark.parametrize(("stored", "typed"), [("file", "\ufb02le"), ("\u2168\U0001f600", "IX\U0001f600")])
async def test_another_password(server_url: str, stored: str, typed: str) -> None:
    _set_password(server_url, stored)
    with pytest.raises(AuthenticationError):
        await Database(_login(server_url, typed)).connect()
