"""An owner's injection lets an indebted owner renovate, gives one without debts nothing, and costs its municipality."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from sim import Collaboration, Injection, Region, RenewalModel, SamspelError, load_parameters, load_region
from sim.inputs.region import region_files
from sim.inputs.seeds_folder import seeds_folder
from sim.world.books import Flow
from tests.laws import run_lawfully
from tests.sim.test_deals import PLAIN
from tests.sim.test_deals import dozen as dozen

SILOED = Collaboration.preset("siloed")
PUT_IN = Injection("Town", 2012, 5e7)


def owing(region: Region, debt: float, *injections: Injection, owner: int = 0, years: int = 5) -> RenewalModel:
    """A lawful run in which an owner (its row) owes so much of its value at the start."""
    p = load_parameters().replace(PLAIN)
    model = RenewalModel(region, SILOED, 1, parameters=p, years=years, injections=injections)
    model.world.owners[owner].debt = debt * model.world.owners[owner].value
    assert run_lawfully(model) == []
    return model


def put_in(model: RenewalModel) -> list[float]:
    """SEK that municipalities have put into companies, by quarter."""
    return [float(model.books.of(Flow.OWNER_INJECTIONS, q).sum()) for q in range(model.quarters)]


def test_a_company_that_owes_too_much_renovates_its_house_where_its_municipality_puts_money_in(dozen: Region) -> None:
    without, with_it, late = (owing(dozen, 0.8, *x) for x in ((), (PUT_IN,), (Injection("Town", 2015, 5e7),)))
    assert without.buildings.renovated[0] < 0, "nobody lends for the house"
    assert 4 < with_it.buildings.renovated[0] < 16 and late.buildings.renovated[0] < 0
    assert np.flatnonzero(put_in(with_it)).tolist() == [4] and put_in(with_it)[4] == 5e7
    before, after = (model.recorder.data[:4] for model in (without, with_it))
    assert np.array_equal(before, after, equal_nan=True), "nothing differs before the year"


def test_a_company_without_need_renovates_as_it_would_and_its_municipality_is_poorer(dozen: Region) -> None:
    without, with_it = (owing(dozen, 0.1, *x) for x in ((), (PUT_IN,)))
    assert without.buildings.renovated[0] == with_it.buildings.renovated[0] > 0
    a, b = (model.curves() for model in (without, with_it))
    assert b.net_municipalities.sum() == pytest.approx(a.net_municipalities.sum() - 5e7)
    # A transfer, so that society loses no more than public money costs beyond itself.
    dearer = (load_parameters().values["cost_of_public_funds"] - 1.0) * 5e7
    assert b.society.sum() == pytest.approx(a.society.sum() - dearer)
    assert with_it.municipalities[0].debt >= 0.0


def test_what_is_more_than_a_company_owes_leaves_it_and_is_no_dividend(dozen: Region) -> None:
    without, with_it = (owing(dozen, 0.02, *x, years=1) for x in ((), (Injection("Town", 2011, 1e8),)))
    left = [float(model.books.history[0, Flow.OTHER_INVESTMENT.row].sum()) for model in (without, with_it)]
    owed = 0.02 * float(without.world.owners[0].value)
    assert left[1] - left[0] > 1e8 - 2.0 * owed - 1e7
    owing_after = [model.municipalities[0].debt for model in (without, with_it)]
    assert owing_after[1] == pytest.approx(owing_after[0], rel=0.05), "and nothing leaves twice"


def test_a_landlords_owners_pay_off_its_loans_and_no_public_budget_does(small_region: Region) -> None:
    row, cheap = 6, load_parameters().replace({"programme_share": 1.0})

    def run(*injections: Injection) -> tuple[RenewalModel, float]:
        model = RenewalModel(small_region, SILOED, 5, parameters=cheap, years=5, injections=injections)
        landlord = model.world.owners[row]
        landlord.debt = 0.9 * landlord.value
        assert run_lawfully(model) == []
        return model, float((model.buildings.renovated[model.buildings.owner == row] >= 0).mean())

    name = run()[0].world.owners[row].name
    (without, none), (with_it, some) = run(), run(Injection(name, 2011, 5e9))
    assert some > none and put_in(with_it) == put_in(without)
    assert with_it.world.owners[row].debt < without.world.owners[row].debt


def test_money_is_that_of_the_whole_region_and_scales_with_it() -> None:
    paid = [
        put_in(
            RenewalModel(
                load_region("botkyrka", scale), SILOED, 1, years=1, injections=[Injection("Botkyrka", 2011, 2e8)]
            ).run()
        )[0]
        for scale in (0.02, 0.05)
    ]
    assert paid == pytest.approx([4e6, 1e7])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("Town", 2012.5, 1e6), r"injection into Town: year: got 2012\.5; expected a calendar year"),
        (("Town", 2012, -1.0), r"injection into Town: sek is -1\.0; expected an amount from 0 to 1e\+15"),
        (("Town", 2012, "much"), "injection into Town: sek is 'much'; expected an amount"),
        ((7, 2012, 1.0), "injection: owner is 7; expected the name of a municipality or landlord"),
    ],
)
def test_an_injection_that_cannot_be_is_refused(given: tuple[object, ...], message: str) -> None:
    with pytest.raises(SamspelError, match=message):
        Injection(*given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([Injection("Botkyrkka", 2011, 1.0)], 'injection of 2011: unknown owner "Botkyrkka"; did you mean "Botkyrka"'),
        ([Injection("Botkyrka", 2014, 1.0)], "year 2014 is not in the run; expected a year from 2011 to 2013"),
        ([("Botkyrka", 2011, 1.0)], "injections: got .*; expected a list of injections"),
        ("Botkyrka", "injections: got 'Botkyrka'; expected a list of injections"),
    ],
)
def test_an_injection_that_does_not_fit_the_run_is_refused(given: object, message: str, tiny_region: Region) -> None:
    with pytest.raises(SamspelError, match=message):
        RenewalModel(tiny_region, SILOED, 1, years=3, injections=given)  # type: ignore[arg-type]


# --- a region's own


def own(folder: Path, *rows: str) -> Path:
    """Botkyrka's tables with one more."""
    made = Path(shutil.copytree(seeds_folder() / "botkyrka", folder / "mine"))
    (made / "injections.csv").write_text("\n".join(["owner,year,sek,evidence,source", *rows]) + "\n", encoding="utf-8")
    return made


def test_a_region_has_injections_of_its_own_and_without_any_it_is_the_same_to_the_digest(tmp_path: Path) -> None:
    folder = own(tmp_path, "Botkyrka,2012,2e8,assumed,by hand", "Botkyrka,2050,1,assumed,by hand")
    region = load_region(folder, 0.02)
    assert region.injections == (Injection("Botkyrka", 2012, 2e8), Injection("Botkyrka", 2050, 1.0))
    assert [file.name for file in region_files(folder)][-1] == "injections.csv"
    model = RenewalModel(region, SILOED, 1, years=2, injections=[Injection("Botkyrka", 2011, 1e8)]).run()
    assert np.flatnonzero(put_in(model)).tolist() == [0, 4], "both, and none after the run"
    plain = load_region(shutil.copytree(seeds_folder() / "botkyrka", tmp_path / "other" / "mine"), 0.02)
    assert region.digest != plain.digest
    (folder / "injections.csv").write_text("owner,year,sek,evidence,source\n", encoding="utf-8")
    assert load_region(folder, 0.02).digest == plain.digest
    assert len(region_files(tmp_path / "other" / "mine")) == 5


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("Botkyrkka,2012,1,assumed,x", 'unknown municipality or landlord "Botkyrkka"; did you mean "Botkyrka"'),
        ("Botkyrka,2010,1,assumed,x", "2010 is before the start; expected a year from 2011 on"),
        ("Botkyrka,soon,1,assumed,x", "year: .*expected a calendar year from 1900 to 2500"),
        ("Botkyrka,2012,-1,assumed,x", "sek: .*expected SEK for the whole region"),
    ],
)
def test_a_row_that_cannot_be_is_told_by_file_and_row(row: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SamspelError, match=rf"injections\.csv, row 2.*{message}"):
        load_region(own(tmp_path, row))


def test_a_table_of_nearly_the_name_is_not_passed_over(tmp_path: Path) -> None:
    folder = own(tmp_path, "Botkyrka,2012,2e8,assumed,by hand")
    (folder / "injections.csv").rename(folder / "Injections.csv.txt")
    with pytest.raises(SamspelError, match=r"Injections\.csv\.txt is there: rename it to injections\.csv"):
        load_region(folder)
