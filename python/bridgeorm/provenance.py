"""Proves that SQL text was written in the source of the application, and not put together when it ran."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable
from types import CodeType, FrameType
from typing import Any, Protocol, cast

from bridgeorm import _engine
from bridgeorm.errors import UnparameterizedSqlError

_EVALUATED = "<string>"
"""What Python calls the file of text handed to exec() and eval()."""
_FIX = (
    "Write it as one literal in the call and name its values: sql('... WHERE id = {id}', id=5); "
    "a text used in several places is a module-level sql('...'), a long one a file: sql.file('report.sql')"
)


class TemplateString(Protocol):
    """A t-string (`string.templatelib.Template`, Python 3.14): texts with values between them."""

    @property
    def strings(self) -> tuple[str, ...]:
        """One text more than there are values."""
        ...

    @property
    def interpolations(self) -> tuple[Any, ...]:
        """The values, each with its source, conversion and format."""
        ...


def _template_class() -> type[Any] | None:
    """The class of t-strings, where Python has them."""
    try:
        templates = importlib.import_module("string.templatelib")
    except ImportError:
        return None
    return cast("type[Any]", templates.Template)


TEMPLATE_CLASS = _template_class()


class Caller:
    """The code that called a function of this library, and where it stands."""

    __slots__ = ("code", "is_evaluated", "line")

    def __init__(self, frame: FrameType) -> None:
        self.code: CodeType = frame.f_code
        self.line = frame.f_lineno
        is_command = sys.argv[:1] == ["-c"] and frame.f_globals.get("__name__") == "__main__"
        self.is_evaluated = self.code.co_filename == _EVALUATED and not is_command

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.code.co_filename}:{self.line}"

    def refusal(self, problem: str) -> UnparameterizedSqlError:
        """The error that says what is wrong, and where."""
        return UnparameterizedSqlError(f"{self.place}: {problem}")

    def prove(self, text: str) -> str:
        """The text, if it is a constant of the calling code."""
        if self.is_evaluated:
            raise self.refusal(f"this SQL stands in code that was itself put together at run time. {_FIX}")
        if type(text) is str and _holds(self.code.co_consts, text):
            return text
        raise self.refusal(f"this SQL was put together at run time or comes from elsewhere. {_FIX}")

    def prove_template(self, template: TemplateString) -> tuple[str, ...]:
        """The texts of a t-string, if all of them are constants of the calling code."""
        strings = template.strings
        if self.is_evaluated or not all(_is_written(text, self.code) for text in strings):
            raise self.refusal(f"this t-string does not stand in the call. {_FIX}")
        return strings

    def check(self, pieces: Iterable[str]) -> None:
        """UnparameterizedSqlError for text no database would take as one statement with its values."""
        try:
            _engine.check_raw(list(pieces))
        except UnparameterizedSqlError as error:
            raise self.refusal(str(error)) from None


def caller() -> Caller:
    """Who called the function that calls this one."""
    return Caller(sys._getframe(2))  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # as documented


def is_template(text: object) -> bool:
    """Whether this is a t-string."""
    return TEMPLATE_CLASS is not None and type(text) is TEMPLATE_CLASS


def _is_written(text: object, code: CodeType) -> bool:
    # What stands between two values that follow each other is empty, and no constant of anybody's.
    return type(text) is str and (text == "" or _holds(code.co_consts, text))


def _holds(constants: Iterable[object], text: str) -> bool:
    """Whether the very object is among constants, or in a constant tuple or set of several texts."""
    for constant in constants:
        if constant is text:
            return True
        if isinstance(constant, tuple | frozenset) and _holds(cast("Iterable[object]", constant), text):
            return True
    return False
