"""What every run is given, checked in one place: the command line, files and the model say the same of a value."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from numbers import Integral, Real
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from sim.errors import SamspelError, quoted

LARGEST_SEED = 2**63 - 1  # that a table of results can hold
MOST_YEARS = 200


def _whole(value: object) -> int:
    """A whole number of any type of Python's or numpy's; a truth value and text are none."""
    if isinstance(value, Integral) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, Real) and not isinstance(value, bool) and float(value).is_integer():
        return int(float(value))
    raise PydanticCustomError("int_type", "expected a whole number")


def _scale(value: object) -> float:
    """A share of people 1:1, of any type of number."""
    if isinstance(value, Real) and not isinstance(value, bool) and 0.0 < float(value) <= 1.0:
        return float(value)
    raise PydanticCustomError("scale", "expected a number above 0, up to 1 (1 is people 1:1)")


Seed = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=LARGEST_SEED)]
Years = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=MOST_YEARS)]
Count = Annotated[int, BeforeValidator(_whole), Field(ge=0)]
Scale = Annotated[float, BeforeValidator(_scale)]

_WORDS = {
    "greater_than": "expected a number above {gt}",
    "greater_than_equal": "expected {ge} or more",
    "less_than_equal": "expected {le} or less",
    "finite_number": "expected a finite number",
    "int_from_float": "expected a whole number",
    "int_type": "expected a whole number",
    "float_type": "expected a number",
    "bool_type": "expected true or false",
    "string_type": "expected text in quotes",
    "tuple_type": 'expected a list, such as ["siloed", "coordinated"]',
    "model_type": "expected a table",
    "dict_type": "expected a table",
}


def expected(error: Mapping[str, Any]) -> str:
    """What pydantic expected, in words, from one of its errors."""
    return _WORDS[error["type"]].format(**error.get("ctx", {})) if error["type"] in _WORDS else str(error["msg"])


def checked(name: str, value: object, kind: Any) -> Any:
    """The value as `kind` (one of the above) has it.

    Raises
    ------
    SamspelError : it does not fit; the message names it, and says what was expected.
    """
    try:
        return _adapter(kind).validate_python(value)
    except ValidationError as error:
        raise SamspelError(f"{name}: got {quoted(value)}; {expected(dict(error.errors()[0]))}") from None


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
