"""Every parameter is used, lies where it may, and says where it comes from; what cannot be is refused."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import sim
from sim import Levers, SamspelError, load_parameters
from sim.inputs.parameters import Parameter

RECORDS = load_parameters().records
PACKAGE = Path(sim.__file__).parent
FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if PACKAGE / "aggregate" not in path.parents]
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in FILES)
USED = set(re.findall(r"\bp\.([a-z_0-9]+)\b", SOURCE))


# --- the shipped file


def test_every_parameter_is_used_by_the_model() -> None:
    assert {"move_base", "heat_price"} <= USED and "no_such_parameter" not in USED, "the search works"
    assert set(RECORDS) - USED == set()


def test_every_parameter_that_the_model_reads_exists() -> None:
    methods = {"replace", "records", "values", "numbers", "changed", "notes", "digest"}
    assert USED - set(RECORDS) - methods == set()


def test_every_parameter_lies_in_its_plausible_range_inside_its_bounds() -> None:
    outside = {
        name: record
        for name, record in RECORDS.items()
        if not record.bounds[0] <= record.plausible[0] <= record.value <= record.plausible[1] <= record.bounds[1]
    }
    assert outside == {}
    assert [name for name, record in RECORDS.items() if record.bounds[0] >= record.bounds[1]] == []


def test_every_parameter_says_what_it_is_in_what_unit_and_where_it_comes_from() -> None:
    silent = {
        name: record
        for name, record in RECORDS.items()
        if not record.unit.strip() or len(record.source.strip()) < 4 or len(record.note.strip()) < 4
    }
    assert silent == {}


def test_what_is_found_names_a_source_and_what_is_assumed_claims_none() -> None:
    vague = re.compile(r"^(own )?assum|^unknown|^none|^todo|add source", re.IGNORECASE)
    wrong = [n for n, r in RECORDS.items() if r.grade in ("found", "derived") and vague.search(r.source)]
    assert wrong == []


# --- changing them


def test_a_changed_copy_leaves_the_original_as_it_was() -> None:
    p = load_parameters()
    changed = p.replace({"heat_price": 0.8})
    assert changed.heat_price == 0.8 and p.heat_price == RECORDS["heat_price"].value
    assert changed.changed() == {"heat_price": 0.8} and p.changed() == {}
    assert changed.digest != p.digest == load_parameters().digest


def test_parameters_cannot_be_assigned_to() -> None:
    with pytest.raises(AttributeError, match=r"immutable; use replace\(\{'heat_price': 1.0\}\)"):
        load_parameters().heat_price = 1.0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"heat_prise": 1.0}, 'unknown parameter "heat_prise"; did you mean "heat_price"'),
        ({"heat_price": 99.0}, r"parameters.toml: heat_price is 99; expected 0.2 to 3 \(SEK/kWh\)"),
        ({"heat_price": 0.0}, "heat_price is 0; expected 0.2 to 3"),
        ({"heat_price": float("nan")}, r"heat_price is nan; expected a number \(SEK/kWh\)"),
        ({"heat_price": float("inf")}, "heat_price is inf; expected a number"),
        ({"heat_price": "dear"}, "heat_price is 'dear'; expected a number"),
        ({"heat_price": True}, "heat_price is True; expected a number"),
        ({"heat_price": np.True_}, "heat_price is True; expected a number"),
        ({"heat_price": "0.9"}, "heat_price is '0.9'; expected a number"),
        ({"heat_price": np.float32(99)}, "heat_price is 99; expected 0.2 to 3"),
        ({"heat_price": 10**400}, "heat_price is .*; expected 0.2 to 3"),
        ({"heat_price": None}, "heat_price is None; expected a number"),
    ],
)
def test_what_cannot_be_is_refused_with_a_clear_message(changes: dict[str, float], message: str) -> None:
    with pytest.raises(SamspelError, match=message):
        load_parameters().replace(changes)


def test_an_unknown_parameter_that_is_read_gets_the_nearest_name() -> None:
    with pytest.raises(SamspelError, match='did you mean "heat_price"'):
        _ = load_parameters().heat_prize


def test_a_value_outside_its_plausible_range_is_taken_with_a_note() -> None:
    p = load_parameters()
    assert p.notes() == []
    outside = RECORDS["heat_price"].plausible[1] + 0.5
    (note,) = p.replace({"heat_price": outside}).notes()
    assert note.startswith(f"heat_price = {outside:g} lies outside its plausible range") and "SEK/kWh" in note


# --- a file of one's own

GOOD = """
[warmth]
value = 1.0
unit = "SEK"
bounds = [0.0, 2.0]
plausible = [0.5, 1.5]
source = "somewhere read"
grade = "found"
note = "what it is"
"""


def written(folder: Path, text: str) -> Path:
    """A parameter file with this text."""
    path = folder / "parameters.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_of_ones_own_is_read(tmp_path: Path) -> None:
    p = load_parameters(written(tmp_path, GOOD))
    assert p.warmth == 1.0 and isinstance(p.records["warmth"], Parameter) and p.records["warmth"].uncertain


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('source = "somewhere read"\n', "", r"parameters.toml, \[warmth\], source: Field required"),
        ('unit = "SEK"\n', "", r"\[warmth\], unit: Field required"),
        ("value = 1.0", "value = nan", r"\[warmth\], value: expected a finite number"),
        ("value = 1.0", 'value = "much"', r"\[warmth\], value: expected a finite number"),
        ("value = 1.0", 'value = "1.0"', r"\[warmth\], value: expected a finite number"),
        ("value = 1.0", "value = true", r"\[warmth\], value: expected a finite number"),
        ("value = 1.0", "value = 2.5", "warmth is 2.5; expected 0 to 2"),
        ("plausible = [0.5, 1.5]", "plausible = [0.5, 2.5]", "the plausible range must lie inside the bounds"),
        ("plausible = [0.5, 1.5]", "plausible = [1.5, 0.5]", "the plausible range must lie inside the bounds"),
        ('grade = "found"', 'grade = "guessed"', r"\[warmth\], grade: Input should be"),
        ("note =", "nota =", r"\[warmth\]"),
        ("value = 1.0", "value 1.0", "parameters.toml: not valid TOML"),
    ],
)
def test_a_file_that_is_wrong_is_refused_by_file_table_and_key(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in GOOD
    with pytest.raises(SamspelError, match=message):
        load_parameters(written(tmp_path, GOOD.replace(old, new)))


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SamspelError, match=r"nowhere.toml: cannot be read"):
        load_parameters(tmp_path / "nowhere.toml")


# --- levers


@pytest.mark.parametrize(
    ("levers", "message"),
    [
        ({"grant_rte": 0.5}, 'unknown lever "grant_rte"; did you mean "grant_rate"'),
        ({"grant_rate": 1.5}, "lever grant_rate: got 1.5"),
        ({"grant_rate": float("nan")}, "lever grant_rate: got nan"),
        ({"standard_choice": "nobody"}, "lever standard_choice: got 'nobody'"),
        ({"vacancies": "infinite"}, "lever vacancies: got 'infinite'"),
        ({"grant_budget_per_year": -1.0}, "lever grant_budget_per_year: got -1.0"),
        ({"grant_budget_per_year": 1e308}, r"got 1e\+308; expected a number from 0 to 1e\+15"),
        ({"grant_burden": 10**400}, r"expected a number from 0 to 1e\+15"),
        ({"framework_packages": 1.5}, "got 1.5; expected a whole number from 1 to 9"),
        ({"grant_from_year": 9, "grant_rate": 0.3}, 'lever "grant_from_year" is gone.*grant_rate with its from_year'),
        ({"grant_to_year": 1}, 'lever "grant_to_year" is gone.*grant_rate with its to_year, such as 2014'),
    ],
)
def test_a_lever_that_cannot_be_is_refused(levers: dict[str, object], message: str) -> None:
    with pytest.raises(SamspelError, match=message):
        Levers.checked(**levers)


def test_every_lever_says_what_it_does() -> None:
    assert all(len(field.description or "") > 10 for field in Levers.model_fields.values())
