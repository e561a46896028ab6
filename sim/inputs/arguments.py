"""What every run is given, checked in one place: the command line, files and the model say the same of a value."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import inf
from numbers import Real
from typing import Annotated, Any

import numpy as np
from pydantic import BeforeValidator, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from sim.errors import SamspelError, quoted

LARGEST_SEED = 2**63 - 1  # that a table of results can hold
MOST_YEARS = 200


def _whole(least: int, most: int | None = None) -> Callable[[object], int]:
    """Takes whole numbers of any type of Python's or numpy's within limits; a truth value and text are none."""

    def check(value: object) -> int:
        given: Any = value
        if not isinstance(value, Real) or isinstance(value, bool) or not (abs(given) < inf and given % 1 == 0):
            raise PydanticCustomError("whole_number", "expected a whole number")
        number = int(given)
        if number < least:
            raise PydanticCustomError("too_small", f"expected {least} or more")
        if most is not None and number > most:
            raise PydanticCustomError("too_large", f"expected {most} or less")
        return number

    return check


def _scale(value: object) -> float:
    """A share of people 1:1, of any type of number."""
    given: Any = value  # compared as it is: a whole number may be too long for a float
    if isinstance(value, Real) and not isinstance(value, bool) and 0.0 < given <= 1.0:
        return float(given)
    raise PydanticCustomError("scale", "expected a number above 0, up to 1 (1 is people 1:1)")


def _truth(value: object) -> bool:
    """True or false, of Python's or numpy's."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    raise PydanticCustomError("truth", "expected true or false")


Seed = Annotated[int, BeforeValidator(_whole(0, LARGEST_SEED))]
Years = Annotated[int, BeforeValidator(_whole(1, MOST_YEARS))]
Count = Annotated[int, BeforeValidator(_whole(0))]
Scale = Annotated[float, BeforeValidator(_scale)]
Truth = Annotated[bool, BeforeValidator(_truth)]


def checked(name: str, value: object, kind: Any) -> Any:
    """The value as `kind` (one of the above) has it.

    Raises
    ------
    SamspelError : it does not fit; the message names it, and says what was expected.
    """
    try:
        return _adapter(kind).validate_python(value)
    except ValidationError as error:
        raise SamspelError(f"{name}: got {quoted(value)}; {error.errors()[0]['msg']}") from None


@lru_cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def made(value: object, kind: type, example: str) -> None:
    """Refuse what is not of a class of ours.

    Raises
    ------
    SamspelError : another kind of thing was given; the message names the argument and shows how one is made.
    """
    if not isinstance(value, kind):
        name = kind.__name__
        raise SamspelError(f"{name.lower()}: got {quoted(value)}; expected a {name}, such as {example}")
