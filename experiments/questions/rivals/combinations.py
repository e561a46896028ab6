"""Which combinations of rival rules are run: all of them, or one rule replaced at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from experiments.engine.sampling import factorial
from experiments.questions.rivals.rules import rivalries, rules_of

MOST = 100  # combinations that are run unless somebody asks for more


def chosen(options: Mapping[str, Any]) -> list[str]:
    """The rivalries that were asked about: all of them by default."""
    names = options["rivalry"]
    return [name for name in rivalries() if not names or name in names]


def points_of(names: Sequence[str], one_at_a_time: bool) -> list[dict[str, Any]]:
    """Every combination of the rules of these rivalries, or only those in which one rule at most is replaced; the first
    is the model as it stands."""
    rules = {name: rules_of(name) for name in names}
    if not one_at_a_time:
        return factorial(rules)
    own: dict[str, Any] = {name: found[0] for name, found in rules.items()}
    return [own, *(own | {name: rule} for name, found in rules.items() for rule in found[1:])]


def few(names: Sequence[str], asked_for: bool | None) -> bool:
    """Whether one rule is replaced at a time: as was asked for, or where there are too many combinations."""
    return prod(len(rules_of(name)) for name in names) > MOST if asked_for is None else asked_for


def asked_points(options: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The combinations that were asked about."""
    names = chosen(options)
    return points_of(names, few(names, options["one_at_a_time"]))
