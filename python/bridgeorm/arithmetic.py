"""What + - * / % make of typed operands: every operator builds a native node, and says what it yields."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

if TYPE_CHECKING:
    from bridgeorm.expressions import Expression

Yield_co = TypeVar("Yield_co", covariant=True)
Number = TypeVar("Number", int, int | None, float, float | None, Decimal, Decimal | None)


class Arithmetic(Generic[Yield_co]):
    """The operators of an expression. Whole numbers mix with all others; exact ones never with floating ones.
    What meets something that may be None may be None.
    """

    __slots__ = ()

    def _computed(self, operator: str, other: Any) -> Expression[Any]:
        """This and the other, joined by an operator."""
        raise NotImplementedError

    def _computed_from(self, operator: str, other: Any) -> Expression[Any]:
        """The other and this."""
        raise NotImplementedError

    @property
    def _sum_operator(self) -> str:
        """What + does to this."""
        raise NotImplementedError

    @overload
    def __add__(self: Arithmetic[str | None], other: str | Arithmetic[str]) -> Expression[str]: ...
    @overload
    def __add__(
        self: Arithmetic[datetime], other: timedelta | Arithmetic[timedelta]
    ) -> Expression[datetime]: ...
    @overload
    def __add__(  # type: ignore[overload-overlap]  # pyright: ignore[reportOverlappingOverload]  # only None is both, and nothing yields it alone
        self: Arithmetic[datetime | None], other: timedelta | Arithmetic[timedelta | None]
    ) -> Expression[datetime | None]: ...
    @overload
    def __add__(self: Arithmetic[int], other: int | Arithmetic[int]) -> Expression[int]: ...
    @overload
    def __add__(self: Arithmetic[int], other: Decimal | Arithmetic[Decimal]) -> Expression[Decimal]: ...
    @overload
    def __add__(
        self: Arithmetic[Decimal], other: int | Decimal | Arithmetic[int | Decimal]
    ) -> Expression[Decimal]: ...
    @overload
    def __add__(self: Arithmetic[float], other: float | Arithmetic[float]) -> Expression[float]: ...
    @overload
    def __add__(  # type: ignore[overload-overlap]  # only None is both, and nothing yields it alone
        self: Arithmetic[int | None], other: int | Arithmetic[int | None]
    ) -> Expression[int | None]: ...
    @overload
    def __add__(  # type: ignore[overload-overlap]  # only None is both, and nothing yields it alone
        self: Arithmetic[int | None], other: Decimal | Arithmetic[Decimal | None]
    ) -> Expression[Decimal | None]: ...
    @overload
    def __add__(  # type: ignore[overload-overlap]  # only None is both, and nothing yields it alone
        self: Arithmetic[Decimal | None], other: int | Decimal | Arithmetic[int | Decimal | None]
    ) -> Expression[Decimal | None]: ...
    @overload
    def __add__(
        self: Arithmetic[float | None], other: float | Arithmetic[float | None]
    ) -> Expression[float | None]: ...
    def __add__(self: Arithmetic[Any], other: Any) -> Expression[Any]:
        return self._computed(self._sum_operator, other)

    @overload
    def __sub__(
        self: Arithmetic[datetime], other: timedelta | Arithmetic[timedelta]
    ) -> Expression[datetime]: ...
    @overload
    def __sub__(
        self: Arithmetic[datetime], other: datetime | Arithmetic[datetime]
    ) -> Expression[timedelta]: ...
    @overload
    def __sub__(  # type: ignore[overload-overlap]  # pyright: ignore[reportOverlappingOverload]  # only None is both, and nothing yields it alone
        self: Arithmetic[datetime | None], other: timedelta | Arithmetic[timedelta | None]
    ) -> Expression[datetime | None]: ...
    @overload
    def __sub__(  # type: ignore[overload-overlap]  # pyright: ignore[reportOverlappingOverload]  # only None is both, and nothing yields it alone
        self: Arithmetic[datetime | None], other: datetime | Arithmetic[datetime | None]
    ) -> Expression[timedelta | None]: ...
    @overload
    def __sub__(self: Arithmetic[int], other: int | Arithmetic[int]) -> Expression[int]: ...
    @overload
    def __sub__(self: Arithmetic[int], other: Decimal | Arithmetic[Decimal]) -> Expression[Decimal]: ...
    @overload
    def __sub__(
        self: Arithmetic[Decimal], other: int | Decimal | Arithmetic[int | Decimal]
    ) -> Expression[Decimal]: ...
    @overload
    def __sub__(self: Arithmetic[float], other: float | Arithmetic[float]) -> Expression[float]: ...
    @overload
    def __sub__(  # type: ignore[overload-overlap]  # only None is both, and nothing yields it alone
        self: Arithmetic[int | None], other: int | Arithmetic[int | None]
    ) -> Expression[int | None]: ...
    @overload
    def __sub__(  # type: ignore[overload-overlap]  # only None is both, and nothing yields it alone
        self: Arithmetic[int | None], other: Decimal | Arithmetic[Decimal | None]
    ) -> Expression[Decimal | None]: ...
    @overload
    def __sub__(  # type: ignore[overload-overlap]  # only None is both, and nothing yields it alone
        self: Arithmetic[Decimal | None], other: int | Decimal | Arithmetic[int | Decimal | None]
    ) -> Expression[Decimal | None]: ...
    @overload
    def __sub__(
        self: Arithmetic[float | None], other: float | Arithmetic[float | None]
    ) -> Expression[float | None]: ...
    def __sub__(self: Arithmetic[Any], other: Any) -> Expression[Any]:
        return self._computed("subtract", other)

    @overload
    def __mul__(self: Arithmetic[int], other: int | Arithmetic[int]) -> Expression[int]: ...
    @overload
    def __mul__(self: Arithmetic[int], other: Decimal | Arithmetic[Decimal]) -> Expression[Decimal]: ...
    @overload
    def __mul__(
        self: Arithmetic[Decimal], other: int | Decimal | Arithmetic[int | Decimal]
    ) -> Expression[Decimal]: ...
    @overload
    def __mul__(self: Arithmetic[float], other: float | Arithmetic[float]) -> Expression[float]: ...
    @overload
    def __mul__(  # type: ignore[overload-overlap]  # only None is both, and nothing yields it alone
        self: Arithmetic[int | None], other: int | Arithmetic[int | None]
    ) -> Expression[int | None]: ...
    @overload
    def __mul__(  # type: ignore[overload-overlap]  # only None is both, and nothing yields it alone
        self: Arithmetic[int | None], other: Decimal | Arithmetic[Decimal | None]
    ) -> Expression[Decimal | None]: ...
    @overload
    def __mul__(  # type: ignore[overload-overlap]  # only None is both, and nothing yields it alone
        self: Arithmetic[Decimal | None], other: int | Decimal | Arithmetic[int | Decimal | None]
    ) -> Expression[Decimal | None]: ...
    @overload
    def __mul__(
        self: Arithmetic[float | None], other: float | Arithmetic[float | None]
    ) -> Expression[float | None]: ...
    def __mul__(self: Arithmetic[Any], other: Any) -> Expression[Any]:
        return self._computed("multiply", other)

    @overload
    def __truediv__(self: Arithmetic[int], other: int | Arithmetic[int]) -> Expression[int]: ...
    @overload
    def __truediv__(self: Arithmetic[int], other: Decimal | Arithmetic[Decimal]) -> Expression[Decimal]: ...
    @overload
    def __truediv__(
        self: Arithmetic[Decimal], other: int | Decimal | Arithmetic[int | Decimal]
    ) -> Expression[Decimal]: ...
    @overload
    def __truediv__(self: Arithmetic[float], other: float | Arithmetic[float]) -> Expression[float]: ...
    @overload
    def __truediv__(  # type: ignore[overload-overlap]  # only None is both, and nothing yields it alone
        self: Arithmetic[int | None], other: int | Arithmetic[int | None]
    ) -> Expression[int | None]: ...
    @overload
    def __truediv__(  # type: ignore[overload-overlap]  # only None is both, and nothing yields it alone
        self: Arithmetic[int | None], other: Decimal | Arithmetic[Decimal | None]
    ) -> Expression[Decimal | None]: ...
    @overload
    def __truediv__(  # type: ignore[overload-overlap]  # only None is both, and nothing yields it alone
        self: Arithmetic[Decimal | None], other: int | Decimal | Arithmetic[int | Decimal | None]
    ) -> Expression[Decimal | None]: ...
    @overload
    def __truediv__(
        self: Arithmetic[float | None], other: float | Arithmetic[float | None]
    ) -> Expression[float | None]: ...
    def __truediv__(self: Arithmetic[Any], other: Any) -> Expression[Any]:
        return self._computed("divide", other)

    @overload
    def __mod__(self: Arithmetic[int], other: int | Arithmetic[int]) -> Expression[int]: ...
    @overload
    def __mod__(self: Arithmetic[int], other: Decimal | Arithmetic[Decimal]) -> Expression[Decimal]: ...
    @overload
    def __mod__(
        self: Arithmetic[Decimal], other: int | Decimal | Arithmetic[int | Decimal]
    ) -> Expression[Decimal]: ...
    @overload
    def __mod__(self: Arithmetic[float], other: float | Arithmetic[float]) -> Expression[float]: ...
    @overload
    def __mod__(  # type: ignore[overload-overlap]  # only None is both, and nothing yields it alone
        self: Arithmetic[int | None], other: int | Arithmetic[int | None]
    ) -> Expression[int | None]: ...
    @overload
    def __mod__(  # type: ignore[overload-overlap]  # only None is both, and nothing yields it alone
        self: Arithmetic[int | None], other: Decimal | Arithmetic[Decimal | None]
    ) -> Expression[Decimal | None]: ...
    @overload
    def __mod__(  # type: ignore[overload-overlap]  # only None is both, and nothing yields it alone
        self: Arithmetic[Decimal | None], other: int | Decimal | Arithmetic[int | Decimal | None]
    ) -> Expression[Decimal | None]: ...
    @overload
    def __mod__(
        self: Arithmetic[float | None], other: float | Arithmetic[float | None]
    ) -> Expression[float | None]: ...
    def __mod__(self: Arithmetic[Any], other: Any) -> Expression[Any]:
        return self._computed("modulo", other)

    def __radd__(self: Arithmetic[Number], other: Number | int) -> Expression[Number]:
        return self._computed_from("add", other)

    def __rsub__(self: Arithmetic[Number], other: Number | int) -> Expression[Number]:
        return self._computed_from("subtract", other)

    def __rmul__(self: Arithmetic[Number], other: Number | int) -> Expression[Number]:
        return self._computed_from("multiply", other)

    def __rtruediv__(self: Arithmetic[Number], other: Number | int) -> Expression[Number]:
        return self._computed_from("divide", other)
