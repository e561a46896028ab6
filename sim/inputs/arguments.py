"""What every run is given, checked in one place: the command line, files and the model say the same of a value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import isfinite
from numbers import Integral, Real
from typing import Annotated, Any

import numpy as np
from pydantic import BeforeValidator, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from sim.errors import SamspelError, quoted

LARGEST_SEED = 2**63 - 1  # that a table of results can hold
MOST_YEARS = 200
LARGEST_NUMBER = 1e300  # beyond it, sums of a few are no numbers any more
MOST_SEK = 1e15  # more than all money there is


def number(value: object) -> int | float | None:
    """A finite number of any type of Python's or numpy's as Python's own; None for all else, truth values and text too.
    Whole numbers stay whole: they may be too long for a float."""
    if not isinstance(value, Real) or isinstance(value, bool):
        return None
    if isinstance(value, Integral):
        return int(value)
    try:
        given = float(value)
    except OverflowError:
        return None
    return given if isfinite(given) else None


def _whole(least: int | None = None, most: int | None = None) -> Callable[[object], int]:
    """Takes whole numbers within limits."""

    def check(value: object) -> int:
        given = number(value)
        if given is None or given % 1:
            raise PydanticCustomError("whole_number", "expected a whole number")
        if least is not None and given < least:
            raise PydanticCustomError("too_small", f"expected {least} or more")
        if most is not None and given > most:
            raise PydanticCustomError("too_large", f"expected {most} or less")
        return int(given)

    return check


def whole_within(least: int, most: int) -> Callable[[object], int]:
    """Takes whole numbers within limits, and names both limits where it does not."""

    def check(value: object) -> int:
        given = number(value)
        if given is None or given % 1 or not least <= given <= most:
            raise PydanticCustomError("whole_within", f"expected a whole number from {least} to {most}")
        return int(given)

    return check


def within(least: float, most: float) -> Callable[[object], float]:
    """Takes numbers within limits."""

    def check(value: object) -> float:
        given = number(value)
        if given is None or not least <= given <= most:
            raise PydanticCustomError("number_within", f"expected a number from {least:g} to {most:g}")
        return float(given)

    return check


def one_of(choices: Sequence[str]) -> Callable[[object], str]:
    """Takes one of some words."""

    def check(value: object) -> str:
        if not isinstance(value, str) or value not in choices:
            raise PydanticCustomError("one_of", f"expected one of: {', '.join(choices)}")
        return choices[choices.index(value)]

    return check


def _any_number(value: object) -> float:
    given = number(value)
    if given is None or not -LARGEST_NUMBER <= given <= LARGEST_NUMBER:
        raise PydanticCustomError("number", "expected a finite number")
    return float(given)


def _scale(value: object) -> float:
    """A share of people 1:1, of any type of number."""
    given = number(value)
    if given is not None and 0.0 < given <= 1.0:
        return float(given)
    raise PydanticCustomError("scale", "expected a number above 0, up to 1 (1 is people 1:1)")


def is_truth(value: object) -> bool:
    """Whether it is true or false, of Python's or numpy's."""
    return isinstance(value, bool | np.bool_)


def _truth(value: object) -> bool:
    if is_truth(value):
        return bool(value)
    raise PydanticCustomError("truth", "expected true or false")


Seed = Annotated[int, BeforeValidator(_whole(0, LARGEST_SEED))]
Years = Annotated[int, BeforeValidator(_whole(1, MOST_YEARS))]
Count = Annotated[int, BeforeValidator(_whole(0))]
Whole = Annotated[int, BeforeValidator(_whole())]
Number = Annotated[float, BeforeValidator(_any_number)]
Share = Annotated[float, BeforeValidator(within(0, 1))]
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
