"""The same for who calls samspel from Python: every argument of a model, given something odd."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

import numpy as np

from sim import Collaboration, Levers, Region, RenewalModel, load_parameters, load_region

ODD: tuple[Any, ...] = (
    None, True, False, 1.7, -1, 0, "1", "siloed", "", b"1", float("nan"), float("inf"), 1e308,
    -0.0, 2**64, 10**400, -(10**400),
    [], [1], (), {}, {"a": 1}, {1: 2}, object(), int, len, 1 + 2j, np.int64(3), np.float64(2.5), np.float64("nan"),
    np.array([1, 2]), np.array(3), 3.0,
    "0.3", "no", "true", np.True_, np.float32(0.5), np.uint8(1), np.str_("owner"),
    201, 10**9, 1e-300, "x" * 5000, "\u202e", "$x$",
)  # fmt: skip
ARGUMENTS = ("seed", "years", "scale", "parameters", "levers", "collaboration", "region", "same_money", "record_every")
INSIDE = ("parameter", "lever", "strength", "preset", "name of a region")


def argument(rng: Random) -> tuple[str, int]:
    """An argument, and the place of what it is given in ODD."""
    return rng.choice((*ARGUMENTS, *ARGUMENTS, *INSIDE)), rng.randrange(len(ODD))


def described(name: str, place: int) -> str:
    """Both in words."""
    try:
        return f"{name}={ODD[place]!r}"[:80]
    except ValueError:  # too many digits
        return f"{name} = a number of 400 digits"


def inside(name: str, rng: Random) -> str:
    """The parameter, lever or practice that is set."""
    known = {
        "parameter": tuple(load_parameters().records),
        "lever": tuple(Levers.model_fields),
        "strength": ("training",),
    }
    return rng.choice(known.get(name, (name,)))


def is_no_count(name: str, place: int) -> bool:
    """Whether a whole number is expected and this is none, nor nothing."""
    given = ODD[place]
    if name not in ("seed", "years", "record_every") or given is None or isinstance(given, int | np.integer):
        return False
    return not (isinstance(given, float) and given.is_integer())


def is_other_kind(name: str, place: int, setting: str) -> bool:
    """Whether a number is expected and this is text or a truth value, or a truth value and this is none."""
    given = ODD[place]
    kind = Levers.model_fields[setting].annotation if name == "lever" else float
    if name not in ("parameter", "lever", "strength") or kind not in (int, float, bool):
        return False
    truth = isinstance(given, bool | np.bool_)
    return not truth if kind is bool else truth or isinstance(given, str | bytes)


def call(name: str, place: int, setting: str) -> None:
    """Make a model, or what it takes, with an odd argument. Raises SamspelError, if anything."""
    given, region = ODD[place], small()
    calls: dict[str, Callable[[], Any]] = {
        "scale": lambda: load_region("botkyrka", given),
        "name of a region": lambda: load_region(given, 0.01),
        "parameter": lambda: load_parameters().replace({setting: given}),
        "lever": lambda: Levers.checked(**{setting: given}),
        "strength": lambda: Collaboration.preset("regional").replace(training=given),
        "preset": lambda: Collaboration.preset(given),
    }
    if name in calls:
        calls[name]()
        return
    arguments: dict[str, Any] = {"region": region, "collaboration": Collaboration.preset("regional"), "years": 1}
    RenewalModel(**{**arguments, name: given})


@cache
def small() -> Region:
    """340 flats."""
    return load_region("botkyrka", 0.01)
