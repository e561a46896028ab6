"""Behaviour has its numbers in ``seeds/parameters.toml``: rules, phases and agents hold no other than arithmetic's."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import sim

PACKAGE = Path(sim.__file__).parent
FOLDERS = ("rules", "phases", "agents")
FILES = tuple(
    f"world/{name}"
    for name in (
        "surroundings", "county_labour", "synthesis", "quotas", "start", "household_money", "programme", "incomes",
        "seekers", "values", "cohort", "census", "homes", "elsewhere", "demand", "histories",
    )
)  # fmt: skip


class Number(NamedTuple):
    """A number that is written out: where, and whether something is multiplied or divided by it."""

    file: str
    function: str
    value: float
    line: int
    factor: bool


def numbers(source: str, file: str) -> Iterator[Number]:
    """Every number of a source but places in a sequence (``x[2]``) and codes of an ``IntEnum``."""
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or isinstance(node.value, bool | str | bytes) or node.value is None:
            continue
        if not isinstance(node.value, int | float):
            continue
        above = parents[node]
        minus = isinstance(above, ast.UnaryOp) and isinstance(above.op, ast.USub)
        top: ast.AST = above if minus else node
        if _is_place(top, parents) or _is_code(top, parents):
            continue
        by = parents[top]
        factor = isinstance(by, ast.BinOp) and isinstance(by.op, ast.Mult | ast.Div | ast.FloorDiv | ast.Mod)
        yield Number(file, _function(node, parents), -node.value if minus else node.value, node.lineno, factor)


def _is_place(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether a number says which element, not how much: x[2], x[:3], x[:, 0]."""
    above = parents[node]
    while isinstance(above, ast.Slice | ast.Tuple) and not isinstance(parents[above], ast.Assign):
        node, above = above, parents[above]
    return isinstance(above, ast.Subscript) and above.slice is node


def _is_code(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether a number only tells members of an enumeration apart."""
    assign = parents[node]
    owner = parents.get(assign)
    return isinstance(assign, ast.Assign) and isinstance(owner, ast.ClassDef) and "IntEnum" in map(_name, owner.bases)


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _function(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> str:
    """Name of the function around a node, or nothing."""
    while node in parents:
        node = parents[node]
        if isinstance(node, ast.FunctionDef):
            return node.name
    return ""


@cache
def found() -> tuple[Number, ...]:
    """Every number in the files of behaviour."""
    paths = [path for folder in FOLDERS for path in sorted((PACKAGE / folder).rglob("*.py"))]
    paths += [PACKAGE / f"{name}.py" for name in FILES]
    return tuple(
        number
        for path in paths
        for number in numbers(path.read_text(encoding="utf-8"), path.relative_to(PACKAGE).with_suffix("").as_posix())
    )


# --- what may stand there

ANYWHERE = {
    0: "nothing, the first, no",
    1: "a whole, one of something, the next, yes",
    -1: "the last, none, less",
    1e-9: "guard: no division by nothing, no difference by rounding",
}
FACTORS = {4: "quarters a year", 12: "months a year", 3: "months a quarter", 1e6: "a million kronor"}

# (file and function, number): why it is no constant of behaviour.
HERE: dict[tuple[str, float], str] = {
    ("phases/letting:let", 2): "draws: two uniforms a flat",
    ("rules/destinations:open_elsewhere", 1000): "the parameters are told a thousand persons",
    (
        "phases/destinations:settle",
        4,
    ): "draws: three uniforms a household, and a clock for the region beside those elsewhere",
    ("phases/destinations:_choose", 3): "draws: those before the clocks",
    ("rules/demand:empty_in_the_end", 2): "root of a quadratic equation",
    ("rules/demand:empty_in_the_end", 4): "root of a quadratic equation",
    ("rules/appraisal:worth_of_waiting", 0.5): "mean of two ends",
    ("rules/employment:", 8): "number of cells: four kinds of schooling times two origins",
    ("rules/employment:start_propensity", 2): "two origins",
    ("rules/employment:start_propensity", -20): "solver: ends of the search, on a logarithm",
    ("rules/employment:start_propensity", 20): "solver: ends of the search, on a logarithm",
    ("rules/employment:start_propensity", 50): "solver: halvings",
    ("rules/employment:start_propensity", 0.5): "solver: middle of two ends",
    ("rules/finance:growing_annuity", 1e-6): "guard: below it the formula's limit is nearer than the formula",
    ("phases/calm:settle_calm", 2): "number of draws",
    ("rules/calm:slow", 0.5): "half of the gap, as the half-life is defined",
    ("rules/calm:slow", 0.25): "a quarter of a year",
    ("rules/reputation:next_reputation", 0.5): "half of the gap, as the half-life is defined",
    ("rules/reputation:next_reputation", 0.25): "a quarter of a year",
    ("rules/repetition:alike", 2): "chance that two flats of a lot get the same package: squares of its shares",
    ("rules/repetition:_mean_log", 2): "base of the logarithm: doublings",
    ("rules/homes:", 1e-6): "guard: rounding of a mean",
    ("rules/rivals/entry:_lot_size", 1e-12): "guard: no division by nothing",
    ("rules/rivals/leaving:_low_incomes", 3): "a third leaves as often as all would: three times the mean rate",
    ("rules/rivals/leaving:highest", 3): "as in _low_incomes",
    ("rules/rivals/leaving:_low_incomes_stay", 1.5): "two thirds leave as often as all would: half as much again",
    ("phases/rehousing:_empty", 2): "half of what moving out and in costs",
    ("phases/rehousing:come_back", 2): "the other half",
    ("rules/social:", 3): "number of payers",
    ("rules/sales:bid", 2): "a uniform draw around its middle",
    ("phases/finance/sales:advance", 5): "number of draws",
    ("phases/finance/distress:advance", 3): "number of draws",
    ("world/surroundings:advance", 2): "number of draws",
    ("world/surroundings:advance", 0.5): "root of a quarter of a year: a quarter's part of yearly volatility",
    ("world/county_labour:_balanced_finding", 1e-4): "solver: ends of the search",
    ("world/county_labour:_balanced_finding", 10): "solver: ends of the search",
    ("world/county_labour:_balanced_finding", 60): "solver: halvings",
    ("world/county_labour:_balanced_finding", 0.5): "solver: middle of two ends",
    ("world/quotas:", 0.5): "quotas: how far chance may pull one from its share, below 1 for counts within rounding",
    ("world/synthesis:", 20): "age classes of the tables",
    ("world/synthesis:", 30): "age classes of the tables",
    ("world/synthesis:", 45): "age classes of the tables",
    ("world/synthesis:", 65): "age classes of the tables",
    ("world/synthesis:make_buildings", 2): "key of a draw: company's and landlords' houses of a place",
    ("world/synthesis:_building_sizes", 2): "draws enough: no house is smaller than half the mean",
    ("world/synthesis:_building_state", 5): "number of draws",
    ("world/synthesis:_building_state", 100_000): "key of a draw: more than the houses of a place",
    ("world/synthesis:_building_state", 0.5): "rounding to the nearest, and the middle of a uniform draw",
    ("world/synthesis:_normal", 2): "Box and Muller's formula",
    ("world/synthesis:_normal", -2): "Box and Muller's formula",
    ("world/synthesis:make_residents", 8): "number of draws, and the name of one",
    ("world/synthesis:_describe", 2): "a cell is schooling x 2 + origin",
    ("rules/second_earners:year_of_second_earners", 4): "quarters a year, as an exponent",
    ("phases/second_earners:change_work", 4): "every fourth row, in turn",
    ("rules/history:", 14): "solver: ends of the search, on a logarithm",
    ("rules/history:", 36): "solver: halvings",
    ("rules/history:", 6): "solver: rounds of two that depend on each other",
    ("rules/history:settled_losing", 1e-12): "guard: no division by nothing",
    ("rules/history:_settle", 0.5): "solver: middle of two ends",
    ("rules/history:lengthened", 2): "from yes or no to one more or one less",
    ("rules/history:ends_of", 1e-300): "guard: no division by nothing",
    ("rules/history:spell_of", 99): "guard: spells are counted up to what the column holds",
    ("world/histories:start_histories", 2): "two origins",
    ("world/histories:start_histories", 1e-300): "guard: no division by nothing",
    ("world/histories:_cells", 2): "two origins",
    ("world/histories:_by_schooling", 2): "two origins",
    ("world/histories:_by_schooling", 1e-300): "guard: no division by nothing",
    ("world/histories:set_histories", 2): "number of draws",
    ("world/histories:found_away", 1e-300): "guard: no division by nothing",
    ("world/histories:_set", 2): "a cell is schooling x 2 + origin; those out of work, then those at work",
    ("world/synthesis:_quotas", 3): "three attributes",
    ("world/synthesis:_quotas", 6): "number of cells: three kinds of schooling times two origins",
    ("world/synthesis:_quotas", 19): "number of draws",
    ("phases/closing:advance", 0.25): "a quarter's part of a yearly rate, as an exponent",
    ("phases/closing:_price_level", 0.25): "a quarter's part of a yearly rate, as an exponent",
    ("phases/closing:_remember_public_money", 3): "the last quarter of a year",
    ("phases/image:advance", 3): "the last quarter of a year",
    ("phases/image:_reputation", 3): "number of draws",
    ("phases/queue:look", 13): "number of draws",
    ("phases/queue:_look", 2): "out of work, then at work; whoever comes first, then the others; two origins",
    ("rules/queue:second_pay", 2): "half of the width lies on either side of the mean",
    ("rules/queue:age", 2): "the form of a curve: squared",
    ("phases/planning/proposals:_contracts", 2): "axes of an array",
    ("phases/planning/proposals:propose", 2): "axes of an array",
    ("phases/planning/announcing:announce", 2): "key of a group: two yes-or-no marks",
    ("phases/planning/choosing:_flats", 6): "number of draws",
    ("phases/planning/tenants:ask_consent", 3): "number of draws",
    ("phases/bidding:", 1000): "key of a draw: more than the firms of a region",
    ("phases/bidding:", -2): "code: nobody has the hands",
    ("phases/bidding:bids_for", 2): "number of draws",
    ("phases/bidding:bids_for", 4): "columns that are filled",
    ("phases/lots:work_of", 5): "columns that are filled",
    ("phases/awards:outcome", 2): "number of draws",
    ("phases/awards:outcome", 5): "columns that are filled",
    ("phases/awards:_agree", 2): "half of the squared spread: keeps a lognormal's mean",
    ("phases/awards:_agree", 0.5): "half of the squared spread: keeps a lognormal's mean",
    ("phases/lots:lots_of", 2): "what nobody wanted is tendered again in halves",
    ("phases/lots:_alone", 2): "what nobody wanted is tendered again in halves",
    ("phases/training:_advance_places", 2): "number of draws",
    ("phases/filling:_place", 3): "number of draws",
    ("phases/training:_practise", 2): "number of draws",
    ("phases/training:_practise", 3): "number of lists",
    ("phases/training:_go_on", 100): "guard: waits are counted up to what the column holds",
    ("world/synthesis:_in_turn", 2): "half of a house, as the nearest whole one is",
    ("phases/work:grow_older", 100): "guard: spells are counted up to what the column holds",
    ("world/start:start_world", 3): "number of payers",
    ("world/start:_labour_market", 4): "number of kinds of schooling",
    ("world/household_money:settle_start", 2): "thirds of incomes",
    ("world/household_money:set_wishes", 9): "name of a draw",
    ("rules/income:_pay_of", 128): "codes: seven bits",
    ("rules/income:_pay_of", 6): "codes: bits",
    ("rules/income:_pay_of", 4): "codes: bits",
    ("rules/income:_pay_of", 3): "codes: bits",
    ("rules/income:_pay_of", 2): "codes: bits",
    ("rules/income:pay_key", 64): "codes: bits",
    ("rules/income:pay_key", 16): "codes: bits",
    ("rules/income:pay_key", 4): "codes: bits",
    ("rules/income:pay_key", 2): "codes: bits",
    ("phases/progress:work_on", 4): "price of works, labour, materials and price of training",
    ("phases/progress:_work", 2): "companies and landlords",
    ("phases/progress:work_on", 2): "companies and landlords; buildings finished and how late they are",
    ("world/county_labour:__init__", 1e-3): "guard: somebody is always out of work",
    ("world/elsewhere:", 200): "years before the start: earlier than anybody's birth",
    ("world/seekers:_look", 2): "a cell is schooling x 2 + origin",
}


def test_the_search_finds_numbers_and_knows_places_and_codes_from_them() -> None:
    source = "class A(IntEnum):\n    X = 5\ndef f(p, x):\n    return x[2] * -0.3 + x[:, 7] / 4.0 + p.rate"
    assert [(n.function, n.value, n.line, n.factor) for n in numbers(source, "a")] == [
        ("f", 4.0, 4, True), ("f", -0.3, 4, True),
    ]  # fmt: skip
    assert len({number.file for number in found()}) > 25 and len(found()) > 200


def test_no_number_of_behaviour_stands_in_the_code() -> None:
    strange = [
        f"sim/{number.file}.py:{number.line}: {number.value:g}; expected in seeds/parameters.toml"
        for number in found()
        if number.value not in ANYWHERE
        and not (number.factor and number.value in FACTORS)
        and (f"{number.file}:{number.function}", number.value) not in HERE
    ]
    assert strange == []


def test_every_number_that_is_let_pass_has_a_reason_and_is_there() -> None:
    there = {(f"{number.file}:{number.function}", float(number.value)) for number in found()}
    assert [key for key, reason in HERE.items() if key not in there or len(reason) < 8] == []
    values = {number.value for number in found()}
    assert set(ANYWHERE) <= values and set(FACTORS) <= {number.value for number in found() if number.factor}
