"""Numbers are numbers of any type, truth values are truth values, and text is neither, in every setting there is."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from sim import Collaboration, Levers, SamspelError, load_parameters
from sim.vocabulary import Practice

KINDS = {name: field.annotation for name, field in Levers.model_fields.items()}
NUMERIC = [name for name, kind in KINDS.items() if kind in (int, float)]
TRUTHS = [name for name, kind in KINDS.items() if kind is bool]
WORDS = [name for name in KINDS if name not in (*NUMERIC, *TRUTHS)]
PRACTICES = [*map(str, Practice), "cost_factor"]
NO_NUMBERS = [True, False, np.True_, "1", "0.5", b"1", "", None, [1], np.array([1]), np.array(1), 1 + 0j, float("nan"),
              float("inf"), np.float32("inf"), 10**400, -(10**400), np.int64(-1), Fraction(10**400)]  # fmt: skip
ONES = [1, 1.0, np.float16(1), np.float32(1), np.float64(1), np.longdouble(1), np.int8(1), np.int64(1), np.uint64(1),
        Fraction(1)]  # fmt: skip
NO_TRUTHS = [0, 1, 1.0, np.int64(1), "true", "no", "off", b"1", None, [], np.array([True])]


def practised(name: str, value: Any) -> Any:
    """A practice or the factor of its costs, as a collaboration has it."""
    return Collaboration("mine", **{name: value}).settings()[name]


@pytest.mark.parametrize("name", NUMERIC)
def test_a_numeric_lever_takes_numbers_of_every_type_and_nothing_else(name: str) -> None:
    for value in ONES:
        taken = getattr(Levers(**{name: value}), name)
        assert taken == 1 and type(taken) is KINDS[name]
    for value in NO_NUMBERS:
        with pytest.raises(SamspelError, match=f"^lever {name}: got .*; expected a (whole )?number from [01] to "):
            Levers(**{name: value})


@pytest.mark.parametrize("name", PRACTICES)
def test_a_practice_takes_numbers_of_every_type_and_nothing_else(name: str) -> None:
    for value in ONES:
        assert practised(name, value) == 1 and type(practised(name, value)) is float
    for value in NO_NUMBERS:
        with pytest.raises(SamspelError, match=f"^collaboration mine: {name} is .*; expected a (share|number) "):
            practised(name, value)


def test_a_parameter_takes_numbers_of_every_type_and_nothing_else() -> None:
    for value in ONES:
        taken = load_parameters().replace({"heat_price": value}).heat_price
        assert taken == 1 and type(taken) is float
    for value in NO_NUMBERS:
        with pytest.raises(SamspelError, match=r"heat_price is .*; expected "):
            load_parameters().replace({"heat_price": value})


@pytest.mark.parametrize("name", TRUTHS)
def test_a_truth_value_takes_true_and_false_and_nothing_else(name: str) -> None:
    for value in (True, np.True_):
        assert getattr(Levers(**{name: value}), name) is True
    assert getattr(Levers(**{name: np.False_}), name) is False
    for given in NO_TRUTHS:
        with pytest.raises(SamspelError, match=f"^lever {name}: got .*; expected true or false"):
            Levers(**{name: given})
    assert Collaboration("mine", by_commitment=np.True_).by_commitment is True  # type: ignore[arg-type]


@pytest.mark.parametrize("name", WORDS)
def test_a_word_takes_its_words_and_nothing_else(name: str) -> None:
    usual = getattr(Levers(), name)
    assert type(getattr(Levers(**{name: np.str_(usual)}), name)) is str
    for value in (True, 1, b"owner", None, "", "nobody", [usual], np.array([usual])):
        with pytest.raises(SamspelError, match=f"^lever {name}: got .*; expected one of: .*{usual}"):
            Levers(**{name: value})


def test_every_setting_has_a_kind_here() -> None:
    assert len(NUMERIC) > 5 and len(TRUTHS) > 3 and len(WORDS) > 5 and len(PRACTICES) > 6


def test_a_lever_as_large_as_may_be_is_taken() -> None:
    assert Levers(grant_budget_per_year=1e15, grant_rate=0.3).grant_budget_per_year == 1e15
