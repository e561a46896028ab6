"""A collaboration is read in few, named places; each practice acts through them, and costs something."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from inspect import isfunction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim import PRESETS, Collaboration, Region, RenewalModel, SamspelError, load_parameters, load_region, scope
from sim.inputs.collaboration import LOCAL, NATIONAL, REGIONAL
from sim.phases.planning import planning
from sim.phases.planning.case import Case
from sim.rules.bids import entry_chance
from sim.vocabulary import Partner, Practice
from sim.world.books import COORDINATION_COST, Flow
from sim.world.world import World

Make = Callable[..., RenewalModel]
Contents = Callable[[World], bytes]
Differences = Callable[[RenewalModel, RenewalModel], dict[str, int]]
SOURCE = Path(sim.__file__).parent
OFF = Collaboration("off", partners=NATIONAL)
EACH_PRACTICE = pytest.mark.parametrize("practice", list(Practice))


def only(practice: Practice, partners: frozenset[Partner] = NATIONAL) -> Collaboration:
    """One practice on, with these partners."""
    return OFF.replace(partners=partners, **{practice.value: 1.0})


# --- where a collaboration is read

WHERE_READ = {
    "scope.at_the_table", "scope.convened", "scope.payers",
    "scope.coordination_cost_factor", "scope.training_share", "scope.training_across_region",
    "scope.learning_together", "scope._strength", "mesa_rows.face.Face.collaboration",
}  # fmt: skip


class Reads(ast.NodeVisitor):
    """Names of functions in which a model's collaboration is touched, by attribute or by name."""

    def __init__(self, module: str) -> None:
        self.path, self.found = [module], set[str]()

    def visit_scope(self, node: ast.AST) -> None:
        self.path.append(node.name)  # type: ignore[attr-defined]
        self.generic_visit(node)
        self.path.pop()

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = visit_scope  # noqa: N815

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if node.attr == "collaboration":
            self.found.add(".".join(self.path))
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if node.value == "collaboration":
            self.found.add(".".join(self.path))


def reads(module: str, source: str) -> set[str]:
    """Where in a source a collaboration is touched."""
    visitor = Reads(module)
    visitor.visit(ast.parse(source))
    return visitor.found


def test_the_search_finds_a_collaboration_however_it_is_read() -> None:
    source = """
def plain(world): return world.collaboration.training
class Phase:
    def advance(self, w): return getattr(w, "collaboration")
def innocent(world): return world.quarter
"""
    assert reads("phase", source) == {"phase.plain", "phase.Phase.advance"}


def test_a_collaboration_is_read_in_the_listed_functions_and_nowhere_else() -> None:
    found = set()
    for path in SOURCE.rglob("*.py"):
        module = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        found |= reads(module, path.read_text(encoding="utf-8"))
    assert found == WHERE_READ


def writes(source: str) -> list[str]:
    """Assignments to attributes and items, deletions, and calls that change their object, in a source."""
    found = []
    for node in ast.walk(ast.parse(source)):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign | ast.Delete):
            targets = list(node.targets)
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        flat = [x for target in targets for x in ast.walk(target)]
        if any(isinstance(x, ast.Attribute | ast.Subscript) and isinstance(x.ctx, ast.Store | ast.Del) for x in flat):
            found.append(ast.unparse(node))
        if isinstance(node, ast.Global | ast.Nonlocal):
            found.append(ast.unparse(node))
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            changing = {"setattr", "append", "extend", "add", "update", "pop", "remove", "clear", "fill", "pay", "at",
                        "count", "put", "copyto", "sort", "borrow", "insert", "discard"}  # fmt: skip
            if name in changing or any(k.arg == "out" for k in node.keywords):
                found.append(ast.unparse(node))
    return found


@pytest.mark.parametrize(
    "line",
    ["m.x = 1", "m.x[0] += 1", "m['a'] = 2", "del m.x", "setattr(m, 'x', 1)", "m.list.append(1)", "np.add(a, b, out=a)",
     "m.books.pay(Flow.WAGES, 1.0)", "m.tallies.count(Tally.MOVES, rows)", "a, m.x = 1, 2"],
)  # fmt: skip
def test_the_search_for_writes_finds_them(line: str) -> None:
    assert writes(line)


def test_what_reads_a_collaboration_writes_nothing() -> None:
    assert writes((SOURCE / "scope.py").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("preset", ["regional", "emergent"])
def test_asking_what_a_collaboration_allows_leaves_the_run_as_it_was(
    make: Make, contents: Contents, preset: str
) -> None:
    model = make(preset)
    for _ in range(5):
        model.step()
    questions = {name for name, f in vars(scope).items() if isfunction(f) and f.__module__ == scope.__name__}
    questions -= {"_strength"}  # of a practice
    before = contents(model.world)
    for name in sorted(questions):
        first, second = getattr(scope, name)(model.world), getattr(scope, name)(model.world)
        assert np.array_equal(first, second), name
    assert contents(model.world) == before
    model.municipalities[0].budget += 1.0
    assert contents(model.world) != before, "the comparison sees a change of a krona"


# --- each practice acts where its channel is open, and only there


@EACH_PRACTICE
def test_each_practice_changes_something_when_its_channel_is_open(
    make: Make, differences: Differences, practice: Practice
) -> None:
    places = {"clause_places": 2.0}  # few sites of a small region would get even one otherwise
    found = differences(*(make(c, years=6, parameters=places).run() for c in (OFF, only(practice))))
    expected = {
        Practice.SHARED_CALCULATION: "coordination_cost",
        Practice.POOLED_PROCUREMENT: "tenders",
        Practice.TRAINING: "placements",
        Practice.FREE_STATE_MONEY: "service_jobs",
        Practice.PARTICIPATION: "coordination_cost",
        Practice.IMAGE_WORK: "reputation",
        Practice.LOCAL_PRESENCE: "calm",
    }
    assert expected[practice] in found


@EACH_PRACTICE
def test_each_practice_changes_nothing_when_a_partner_that_it_needs_is_missing(
    make: Make, differences: Differences, practice: Practice
) -> None:
    plain = make(OFF, years=4).run()
    for partner in practice.needs:
        missing = only(practice, NATIONAL - {partner})
        assert missing.strength(practice) == 0.0
        assert differences(plain, make(missing, years=4).run()) == {}, partner


@EACH_PRACTICE
def test_a_practice_at_half_strength_is_neither_off_nor_on(
    make: Make, differences: Differences, practice: Practice
) -> None:
    half = only(practice).replace(**{practice.value: 0.5})
    off, some, on = (make(c, years=4).run() for c in (OFF, half, only(practice)))
    assert differences(off, some) and differences(some, on)


@pytest.mark.parametrize(
    "practice", [Practice.SHARED_CALCULATION, Practice.POOLED_PROCUREMENT, Practice.TRAINING, Practice.PARTICIPATION]
)
def test_a_practice_of_building_changes_nothing_when_nothing_is_built(
    make: Make, differences: Differences, practice: Practice
) -> None:
    levers = {"renovation": False}
    assert differences(make(OFF, levers=levers).run(), make(only(practice), levers=levers).run()) == {}


def test_scopes_are_nested_and_presets_have_the_practices_of_the_table() -> None:
    assert LOCAL < REGIONAL < NATIONAL == frozenset(Partner)
    on = {name: {p for p in Practice if preset.strength(p) > 0} for name, preset in PRESETS.items()}
    assert on["siloed"] == set()
    assert on["local"] == set(Practice) - {Practice.POOLED_PROCUREMENT, Practice.FREE_STATE_MONEY}
    assert on["regional"] == on["emergent"] == set(Practice) - {Practice.FREE_STATE_MONEY}
    assert on["national"] == set(Practice)
    assert [name for name, preset in PRESETS.items() if preset.by_commitment] == ["emergent"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"training": 1.5}, r"training is 1.5; expected a share from 0 to 1"),
        ({"training": -0.1}, "expected a share from 0 to 1"),
        ({"training": float("nan")}, "expected a share from 0 to 1"),
        ({"training": "much"}, "expected a share from 0 to 1"),
        ({"cost_factor": -1.0}, "cost_factor is -1.0; expected a number from 0"),
        ({"cost_factor": float("nan")}, "expected a number from 0"),
        ({"trainning": 1.0}, 'unknown practice "trainning"; did you mean "training"'),
    ],
)
def test_a_collaboration_that_cannot_be_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(SamspelError, match=message):
        PRESETS["regional"].replace(**changes)


def test_an_unknown_preset_gets_the_nearest_name() -> None:
    with pytest.raises(SamspelError, match='did you mean "regional"'):
        Collaboration.preset("regoinal")


# --- commitment


def test_by_commitment_only_those_who_joined_take_part_and_only_with_a_quorum(make: Make) -> None:
    model = make("emergent", parameters={"compact_quorum": 0.5})
    for joined, expected in (([0], 0), ([0, 2], 2), ([0, 1, 2, 3], 4)):
        for m in model.municipalities:
            m.committed_to_compact = m.index in joined
        table = scope.at_the_table(model.world)
        assert table.sum() == expected and set(np.flatnonzero(table)) <= set(joined)
        for practice in (scope.calculation_shared, scope.pooled_share, scope.training_share):
            assert np.array_equal(practice(model.world), table)
    everyone = make("regional")
    assert scope.at_the_table(everyone.world).all()
    assert not scope.convened(everyone.world) and scope.convened(model.world)


def test_a_compact_that_nobody_joins_is_regional_only_in_image_dialogue_and_presence(
    make: Make, differences: Differences
) -> None:
    alone = {"commitment_cost": 5.0, "trust_start": 0.0, "county_staff_pay": 0.0}
    local_choice = Collaboration("rest", participation=1.0, image_work=1.0, local_presence=1.0, partners=REGIONAL)
    nobody, rest = (make(c, years=4, parameters=alone).run() for c in ("emergent", local_choice))
    assert nobody.curves().commitment.max() == 0.0
    # Only there is anything to be a member of, and only there somebody was asked.
    assert set(differences(nobody, rest)) == {"members"}
    assert differences(make("emergent", years=4).run(), make(local_choice, years=4).run())


def test_a_municipality_may_leave_the_compact_while_its_sites_are_open(make: Make) -> None:
    eager = {"clause_places": 2.0, "compact_quorum": 0.0, "commitment_cost": 0.0, "commitment_drive": 5.0}
    called = {"county_drive": 1.0, "county_staff": 20.0}
    model = make("emergent", years=8, region=load_region("botkyrka", 0.1), parameters=eager, levers=called)
    for _ in range(11):
        model.step()
    assert all(m.committed_to_compact for m in model.municipalities)
    assert [c for c in model.world.contracts if c.places * (1.0 - c.progress) > 1.0]
    model.world.p = model.p.replace({"commitment_cost": 5.0, "commitment_drive": 0.0})
    for m in model.municipalities:
        m.trust = float(m.index == 1)
    model.run()
    assert model.quarter == model.quarters


# --- what each practice costs


@pytest.fixture(scope="module")
def all_municipal(small_region: Region) -> Region:
    """The small region with every flat a housing company's."""
    places = small_region.neighbourhoods
    none = np.zeros_like(places.municipal_flats)
    every = replace(places, municipal_flats=places.flats, municipal_share=np.ones(len(places)), private_buildings=none)
    return replace(small_region, neighbourhoods=every)


def test_joint_lots_are_larger_than_an_owners_and_draw_fewer_bids_each(all_municipal: Region) -> None:
    flats, bids = {}, {}
    for pooled, collaboration in ((False, OFF), (True, only(Practice.POOLED_PROCUREMENT))):
        models = [RenewalModel(all_municipal, collaboration, seed, years=6, events=True) for seed in (1, 2, 3, 4)]
        tenders = pd.concat([m.run().events.tenders() for m in models])
        kind = tenders[tenders.joint == pooled]
        assert len(kind) > 20
        flats[pooled], bids[pooled] = kind.flats.mean(), kind.bids.mean()
    assert flats[True] > flats[False]
    assert bids[True] < bids[False]


@pytest.mark.parametrize("most", [1, 3, 9])
def test_a_framework_tenders_no_more_packages_a_year_than_its_members_may_pick(
    make: Make, all_municipal: Region, most: int
) -> None:
    tempting = {"appraisal_error": 60_000.0, "package_design": 1e5}  # so that tastes differ
    model = make(
        only(Practice.POOLED_PROCUREMENT), years=8, region=all_municipal, parameters=tempting,
        levers={"framework_packages": most},
    )  # fmt: skip
    packages, joint_lots = dict[int, set[int]](), 0
    while model.quarter < model.quarters:
        model.step()
        for project in model.world.projects:
            if project.pooled:
                packages.setdefault(project.decided, set()).update(project.options.tolist())
        for c in model.world.contracts:
            if c.pooled:
                joint_lots += 1
                assert len(np.unique(c.options)) == 1, "a joint lot is of one package"
    most_in_a_year = max(map(len, packages.values()))
    assert joint_lots and most_in_a_year <= most
    assert most_in_a_year > 1 or most == 1


def coordination(model: RenewalModel) -> dict[str, float]:
    """SEK of coordination by payer, over a run."""
    names = ("companies", "municipalities", "county", "state")
    sums = (float(model.books.history[:, flow.row].sum()) for flow in Flow if flow.cause == "coordination")
    return dict(zip(names, sums, strict=True))


def test_a_shared_calculation_costs_talks_paid_by_those_at_the_table(make: Make) -> None:
    assert not any(coordination(make(OFF).run()).values())
    for partners, present in (
        (LOCAL, {"companies", "municipalities"}),
        (REGIONAL, {"companies", "municipalities", "county"}),
        (NATIONAL, {"companies", "municipalities", "county", "state"}),
    ):
        paid = coordination(make(only(Practice.SHARED_CALCULATION, partners)).run())
        assert {name for name, sek in paid.items() if sek > 0.0} == present
        assert paid["companies"] == pytest.approx(0.5 * sum(paid.values()))


def talks(make: Make, monkeypatch: pytest.MonkeyPatch, collaboration: Collaboration, **changes: float) -> float:
    """SEK of coordination in the first round of planning per flat that was negotiated about."""
    flats = 0
    negotiate = planning.negotiate

    def counted(world: World, case: Case) -> None:
        nonlocal flats
        negotiate(world, case)
        flats += int(case.flats[case.shared & (case.pick >= 0)].sum())

    with monkeypatch.context() as patch:
        patch.setattr(planning, "negotiate", counted)
        # Without programmes, whose first year is one of pilots; with payers who do agree on something.
        model = make(collaboration, years=1, parameters={"programme_least": 1e5} | GENEROUS | changes)
        model.step()
    assert flats > 5
    return sum(coordination(model).values()) / flats


def test_three_times_the_cost_factor_books_about_three_times_the_cost_a_flat(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = only(Practice.SHARED_CALCULATION, REGIONAL)
    once = talks(make, monkeypatch, shared)
    assert talks(make, monkeypatch, shared.replace(cost_factor=3.0)) == pytest.approx(3.0 * once, rel=0.25)
    assert talks(make, monkeypatch, shared.replace(cost_factor=0.0)) == 0.0


def booked(make: Make, collaboration: Collaboration) -> dict[Flow, float]:
    """SEK of each flow that is a cost of coordination, in a year."""
    history = make(collaboration, years=1).run().books.history
    return {flow: float(history[:, flow.row].sum()) for flow in COORDINATION_COST}


def test_where_coordination_is_free_nothing_is_paid_for_it_beyond_what_silos_pay(make: Make) -> None:
    everything = OFF.replace(partners=NATIONAL, **{str(practice): 1.0 for practice in Practice})
    silos, once, free = (booked(make, arm) for arm in (OFF, everything, everything.replace(cost_factor=0.0)))
    assert all(once[flow] > silos[flow] for flow in COORDINATION_COST), "each of them is paid by somebody"
    assert free == pytest.approx(silos)


@pytest.mark.parametrize(
    ("practice", "flow"), [(Practice.PARTICIPATION, Flow.DIALOGUE), (Practice.IMAGE_WORK, Flow.IMAGE_WORK)]
)
def test_dialogue_and_reputation_work_cost_as_many_times_as_coordination_does(
    make: Make, practice: Practice, flow: Flow
) -> None:
    def first_quarter(collaboration: Collaboration) -> float:
        model = make(collaboration, years=1)
        model.step()
        return float(model.books.history[:, flow.row].sum())

    one = only(practice)
    silos, once, thrice = (first_quarter(arm) for arm in (OFF, one, one.replace(cost_factor=3.0)))
    assert once > silos
    assert thrice - silos == pytest.approx(3.0 * (once - silos))


def test_looking_at_a_programme_costs_more_with_every_payer_and_not_with_its_buildings(make: Make) -> None:
    for look in (1000.0, 8000.0):
        costs = []
        for partners in (LOCAL, REGIONAL, NATIONAL):
            nobody_talks = {"negotiation_look": look, "compact_capacity": 0.0}
            model = make(only(Practice.SHARED_CALCULATION, partners), years=1, parameters=nobody_talks)
            model.step()
            b = model.buildings
            costs.append(sum(coordination(model).values()) / model.region.scale / look)
        programmes = costs[0]
        estates = len(
            np.unique(np.column_stack([b.owner, b.neighbourhood])[b.owner < len(model.municipalities)], axis=0)
        )
        assert programmes == pytest.approx(round(programmes)) and 2 < programmes <= estates < b.n
        assert costs == pytest.approx([programmes, 2.0 * programmes, 3.0 * programmes])


# Payers who look far ahead, believe the forecasts, do not haggle and have money; tenants who never refuse.
GENEROUS = {
    "agreement_years_municipality": 40.0, "agreement_years_county": 40.0, "free_window": 40.0, "confidence_start": 1.0,
    "confidence_learning": 0.0, "cofunding_share": 1.0, "haggling": 0.0, "clause_places": 2.0, "refusal": 0.0,
    "co2_price": 7.0, "state_budget": 1e9,
}  # fmt: skip


def agreements(make: Make, monkeypatch: pytest.MonkeyPatch) -> tuple[float, RenewalModel]:
    """SEK a year of side payments that generous payers agreed to in ten rounds, and the run."""
    agreed = 0.0
    negotiate = planning.negotiate

    def counted(world: World, case: Case) -> None:
        nonlocal agreed
        negotiate(world, case)
        agreed += float(case.payments.sum()) * world.region.scale

    with monkeypatch.context() as patch:
        patch.setattr(planning, "negotiate", counted)
        region = load_region("botkyrka", 0.1)
        hands_enough = replace(region.builders, workers=region.builders.workers * 5.0)
        region = replace(region, builders=hands_enough)
        generous = PRESETS["national"].replace(participation=0.0)  # nobody else changes what was agreed
        model = make(generous, years=10, region=region, parameters=GENEROUS).run()
    return agreed, model


def test_generous_payers_agree_to_side_payments(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    agreed, _ = agreements(make, monkeypatch)
    assert agreed > 1e5


def test_much_of_what_partners_agree_to_pay_for_is_built_where_hands_are_enough(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed, model = agreements(make, monkeypatch)
    # What is agreed for buildings that wait for their turn is agreed again, so that not all of it can be built.
    world = model.world
    pledges = [*world.pledges, *(pledge for contract in world.contracts for pledge in contract.pledges)]
    owed = sum(float(pledge.yearly.sum()) for pledge in pledges) * world.region.scale
    assert owed > 0.25 * agreed and model.curves().side_payments.sum() > 0.0


def first_ready(model: RenewalModel) -> dict[int, int]:
    """Quarter in which each building of the first round of planning could be tendered."""
    model.step()
    return {int(row): project.ready for project in model.world.projects for row in project.buildings}


@pytest.mark.parametrize("quarters", [1.0, 2.0])
def test_participation_takes_its_quarters_up_front(make: Make, quarters: float) -> None:
    # Nobody refuses, so only the dialogue takes time; private landlords hold none.
    peace = {"refusal": 0.0, "dialogue_quarters": quarters}
    without, with_dialogue = (make(c, parameters=peace) for c in (OFF, only(Practice.PARTICIPATION)))
    before, after = first_ready(without), first_ready(with_dialogue)
    later = {row: after[row] - before[row] for row in set(before) & set(after)}
    public = {row for row in later if without.buildings.owner[row] < len(without.municipalities)}
    assert len(public) > 3 and len(later) > len(public)
    assert {later[row] for row in public} == {quarters}
    assert {later[row] for row in set(later) - public} == {0}
    assert with_dialogue.books.of(Flow.DIALOGUE, 0).sum() > 0.0 == without.books.of(Flow.DIALOGUE, 0).sum()


def test_a_shared_calculation_takes_its_quarters_up_front(make: Make) -> None:
    peace = GENEROUS | {"negotiation_quarters": 2.0, "compact_capacity": 1e6, "negotiation_fixed": 0.0}
    before = first_ready(make(OFF, parameters=peace))
    shared = make(only(Practice.SHARED_CALCULATION).replace(free_state_money=1.0), parameters=peace)
    after = first_ready(shared)
    talked = {int(row) for project in shared.world.projects if project.shared for row in project.buildings}
    later = {row: after[row] - before[row] for row in set(before) & set(after)}
    assert {later[row] for row in later if row in talked} == {2}
    assert {later[row] for row in later if row not in talked} <= {0}


def test_pooled_projects_wait_for_the_slowest_of_their_round(make: Make, all_municipal: Region) -> None:
    parameters = {"refusal": 0.0, "pool_patience": 8.0}
    model = make(only(Practice.POOLED_PROCUREMENT), region=all_municipal, parameters=parameters)
    model.step()
    assert len(model.world.projects) > 2
    model.world.projects[-1].ready += 4
    last = model.world.projects[-1].ready
    while model.quarter < last:
        model.step()
        assert not any(c.pooled for c in model.world.contracts)
    for _ in range(2):
        model.step()
    assert any(c.pooled for c in model.world.contracts)


def test_image_work_and_training_are_paid_by_the_municipality(make: Make) -> None:
    plain = make(OFF, years=6).run()
    image, training = (
        make(only(practice), years=6, parameters={"clause_places": 2.0}).run()
        for practice in (Practice.IMAGE_WORK, Practice.TRAINING)
    )
    assert image.books.history[:, Flow.IMAGE_WORK.row].sum() > plain.books.history[:, Flow.IMAGE_WORK.row].sum() > 0
    assert training.books.history[:, Flow.COACHING.row].sum() > 0 == plain.books.history[:, Flow.COACHING.row].sum()


def test_a_training_clause_keeps_busy_builders_from_bidding() -> None:
    p = load_parameters()
    profit, cost, home = np.full(3, 1e6), np.full(3, 1e5), np.zeros(3)
    busy = p.utilisation_normal + np.array([-0.2, 0.0, 0.3])
    free, clause = (entry_chance(profit, cost, home, share, busy, p) for share in (0.0, 1.0))
    assert np.array_equal(free[:2], clause[:2]) and clause[2] < free[2]
