"""Numbers as options take them: written in the digits 0 to 9, as in files; a truth value is none."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

import click

from sim.errors import quoted


def is_plain(text: str) -> bool:
    """Whether a number would be written so: Python also takes underscores and the digits of other alphabets."""
    return text.isascii() and "_" not in text


if TYPE_CHECKING:  # newer versions of click have it generic
    _Kind = click.ParamType[Any]
else:
    _Kind = click.ParamType


class _Plain(_Kind):
    """What is no number, and what only Python would read as one, is refused."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number. Raises click.BadParameter."""
        such = "integer" if isinstance(self, click.types.IntParamType) else "float"
        taken = None if isinstance(value, bool) or (isinstance(value, str) and not is_plain(value)) else value
        if taken is not None and not (such == "integer" and isinstance(value, float) and value % 1):
            found = super().convert(value, param, ctx)
            if isinstance(found, int) or isfinite(found):
                return found
            self.fail(f"{quoted(value)} is not a finite number.", param, ctx)
        self.fail(f"{quoted(value)} is not a valid {such}.", param, ctx)


def of_file(param: click.Parameter, value: Any) -> Any:
    """A value that a file has for an option: text is no number there, and only true and false are truth values. Raises
    TypeError."""
    if isinstance(param.type, _Plain) and isinstance(value, str):
        raise TypeError("expected a number")
    if isinstance(param.type, click.types.BoolParamType) and not isinstance(value, bool):
        raise TypeError("expected true or false")
    return value


class Whole(_Plain, click.types.IntParamType):
    """A whole number."""


class Number(_Plain, click.types.FloatParamType):
    """A number."""


class WholeRange(_Plain, click.IntRange):
    """A whole number within limits."""


class NumberRange(_Plain, click.FloatRange):
    """A number within limits."""
