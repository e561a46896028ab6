"""What comes of tenders and of finished works is settled in loops, which say what the rules say of columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim import load_region
from sim.phases import finishing, tender
from sim.phases.awards import outcome
from sim.randomness import Decision
from sim.rules import appraisal, bids, repetition
from sim.rules.mixture import STANDARD
from sim.world.signed import TERMS, Signed

from ..conftest import Make


@pytest.mark.parametrize("practice", ["siloed", "regional"])
def test_terms_are_those_of_the_rules_and_lots_take_from_projects_what_is_theirs(
    make: Make, monkeypatch: pytest.MonkeyPatch, practice: str
) -> None:
    seen = [0, 0, 0]

    def watched(world: Any, lots: Any, work: Any, found: Any) -> Any:
        then, p = outcome(world, lots, work, found), world.p
        won = np.flatnonzero(found.winner >= 0)
        firms, first = found.winner[won], lots.keys[lots.starts[won]]
        price = found.prices[won, firms] * work.reference[won] + p.lot_setup
        ahead = found.ahead[won, firms]
        output = repetition.productivity(ahead, repetition.labour_rate(p))
        labour, materials = bids.cost_of_work(work.reference[won], world.surroundings.wage_premium(p), output, p)
        u = world.draws.at(Decision.APPEAL, world.quarter, first, 2)
        put_off = np.where(u[:, 0] < p.appeal_chance, np.rint(p.appeal_quarters * (p.appeal_shortest + u[:, 1])), 0.0)
        assert np.array_equal(then.terms["price"], price) and np.array_equal(then.terms["labour_cost"], labour)
        assert np.array_equal(then.terms["materials_cost"], materials + p.lot_setup / (1.0 + p.vat))
        assert np.array_equal(then.terms["start"], world.quarter + 1 + put_off)
        assert np.array_equal(then.terms["appealed"], u[:, 0] < p.appeal_chance)
        assert np.array_equal(then.terms["places"], found.places[won] * price * world.region.scale)
        left = [q.flats for q in lots.projects]
        for i, taken in enumerate(then.taken):
            here = lots.part(i)
            flats = np.bincount(lots.project[here], world.buildings.flats[lots.buildings[here]])
            assert [one.project for one in taken] == list(dict.fromkeys(lots.project[here].tolist()))
            for one in taken:
                assert one.flats == flats[one.project] and one.before == left[one.project]
                assert one.out or found.winner[i] < 0, "what is awarded leaves its project"
                left[one.project] -= one.flats * one.out
                assert one.left == (left[one.project] / one.before if one.out else 1.0)
                assert np.all(then.out[here][lots.project[here] == one.project] == one.out)
                seen[0] += one.out
                seen[1] += not one.out
        assert min(left) >= 0
        seen[2] += len(won)
        return then

    monkeypatch.setattr(tender, "outcome", watched)
    model = make(practice, region=load_region("botkyrka", 0.2), years=8).run()
    assert min(seen) > 0
    world = model.world
    for q in world.projects:
        assert q.flats == world.buildings.flats[q.buildings].sum() > 0, "a project has the buildings that are left"
    for c in world.contracts:
        here = slice(world.signed.starts[c.row], world.signed.starts[c.row + 1])
        terms = world.signed.terms[c.row]
        assert np.array_equal(world.signed.buildings[here], c.buildings)
        assert np.array_equal(world.signed.shares[here], c.modelled_shares)
        assert np.array_equal(world.signed.cost_shares[here], c.cost_shares)
        assert (terms.crew, terms.total, terms.works) == (c.crew, c.total, c.works)
        assert terms.modelled_cost == c.modelled_cost
        assert all(c.built >> option & 1 for option in c.options.tolist())
        assert c.mixed == c.mix.any()


@pytest.mark.parametrize("practice", ["siloed", "regional"])
def test_finished_buildings_are_what_the_rules_say_of_them_all_at_once(
    make: Make, monkeypatch: pytest.MonkeyPatch, practice: str
) -> None:
    model, kernel, counts = make(practice, region=load_region("botkyrka", 0.2), years=8), finishing._finish, [0, 0]
    world, b, r = model.world, model.world.buildings, model.world.residents

    def watched(rows: Any, options: Any, mix: Any, by_building: Any, by_option: Any, rises: Any, at_once: Any,
                parts: Any, *more: Any) -> None:  # fmt: skip
        p, (level, rent, market, _, rise, basic, _) = world.p, by_building
        energy, condition, chosen_rent = b.energy[rows], b.condition[rows], b.rent_chosen[rows]
        where, flats = world.flats_in(rows)
        chosen = r.chosen[flats].astype(np.int64)
        void = np.full_like(rises, p.void_base)
        o = appraisal.Offer(level[:, None] * by_option[0], by_option[1], rises, rises - at_once, rent, void, void[:, 0])
        gain = appraisal.market_gain(o, energy, b.area[rows], condition, world.heat_cost, market, p)
        kernel(rows, options, mix, by_building, by_option, rises, at_once, parts, *more)
        cost, lost = more[-2:]
        assert np.array_equal(cost, o.cost)
        assert np.array_equal(lost, appraisal.written_down(gain, o.cost) * o.cost)
        assert np.array_equal(b.energy[rows], energy * (1.0 - by_option[1][options]))
        assert np.array_equal(b.rent_chosen[rows], chosen_rent + (rise - basic))
        assert (b.condition[rows] == 1.0).all() and (b.renovated[rows] == world.quarter).all()
        mixed = mix.any(axis=1)
        assert np.array_equal(b.mixed[rows], mixed) and not r.upgraded[flats].any()
        of_building = appraisal.STANDARDS[options][where]
        assert np.array_equal(r.standard[flats], np.where(mixed[where], STANDARD[chosen - 1], of_building))
        apart = np.where(mixed[where], parts[where, chosen - 1] - rise[where], 0.0)
        assert np.array_equal(r.rent_apart[flats], apart)
        assert np.array_equal(r.chosen[flats], np.where(mixed[where], 0, chosen))
        counts[0] += len(rows)
        counts[1] += int(mixed.sum())

    monkeypatch.setattr(finishing, "_finish", watched)
    model.run()
    assert counts[0] > 0 and (counts[1] > 0) == (practice == "regional")


def test_what_has_cost_nothing_is_not_written_off() -> None:
    gain, cost = np.array([-5.0, 5.0, 2.0, 0.0, 50.0]), np.array([0.0, 0.0, 8.0, 8.0, 8.0])
    assert appraisal.written_down(gain, cost).tolist() == [0.0, 0.0, 0.75, 1.0, 0.0]


def test_a_table_of_contracts_keeps_all_rows_however_long_it_grows() -> None:
    signed, given = Signed(), list[tuple[int, list[int]]]()
    for turn in range(30):
        sizes = [turn % 3 + 1, 2] if turn % 4 else []
        terms = np.zeros(len(sizes), dtype=TERMS)
        terms["crew"] = [float(10 * turn + i) for i in range(len(sizes))]
        ends, n = np.cumsum(np.array(sizes, dtype=np.int64)), int(np.sum(sizes, dtype=np.int64))
        rows, modelled = np.arange(n) + 100 * turn, np.arange(n) % 2 == 0
        first = signed.add(terms, ends, rows, rows, rows, rows, np.ones(n), modelled)
        assert first == len(given)
        given += [(10 * turn + i, some.tolist()) for i, some in enumerate(np.split(rows, ends[:-1])) if sizes]
    assert signed.count == len(given)
    for row, (crew, rows) in enumerate(given):
        here = slice(signed.starts[row], signed.starts[row + 1])
        assert signed.terms[row].crew == crew and signed.buildings[here].tolist() == rows
        assert signed.shares[here].sum() == sum(x % 100 % 2 == 0 for x in rows)
