"""The factorial: shares that add up, what is said without intervals or with failed runs, and results told again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.intervals import interval
from experiments.cli import status
from experiments.engine.manifest import read_manifest
from experiments.engine.results import Results
from experiments.questions.factorial import command
from experiments.questions.factorial.figures import draw_accounts
from experiments.questions.factorial.result import combination_values, headline, read, shares_of
from experiments.questions.factorial.words import said, sections
from experiments.reporting.quantity import quantity_of
from sim import SamspelError
from sim.inputs.collaboration import NATIONAL, REGIONAL
from sim.vocabulary import Practice

from ...resealed import resealed

TINY = ["--region", "botkyrka", "--scale", "0.02", "--years", "2", "--jobs", "1"]
MONEY = "npv_society"
OUTCOMES = ["--outcome", MONEY, "--outcome", "employment", "--outcome", "energy_medium"]
THREE = ("training", "free_state_money", "image_work")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Three practices alone, so that there are eight combinations."""
    monkeypatch.setattr(command, "acting", lambda _: THREE)
    return


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of three practices in three replicates."""
    out = tmp_path_factory.mktemp("factorial") / "results"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "acting", lambda _: THREE)
        assert status(["factorial", *TINY, *OUTCOMES, "--replicates", "3", "--out", str(out)]) == 0
    return out


def edited(folder: Path, out: Path, failed: list[int]) -> Path:
    """A copy in which some runs, by their row, failed."""
    shutil.copytree(folder, out)
    runs = pd.read_parquet(out / "runs.parquet")
    keys = [name for name in runs if str(name).startswith("set_")]
    kept = ["run", "point", "arm", "replicate", "seed", "error", *keys]
    outcomes = [name for name in runs if name not in kept and runs[name].dtype == np.float64]
    runs.loc[failed, outcomes] = np.nan
    runs["error"] = runs["error"].astype(object)
    runs.loc[failed, "error"] = "it broke"
    runs.to_parquet(out / "runs.parquet")
    return resealed(out)


# --- the design


@pytest.mark.parametrize(("partners", "scope"), [("national", NATIONAL), ("regional", REGIONAL)])
def test_every_practice_whose_partners_are_at_the_table_takes_part(partners: str, scope: frozenset[object]) -> None:
    assert set(command.acting(partners)) == {str(one) for one in Practice if one.needs <= scope}


def test_regional_partners_leave_out_what_needs_the_state(tmp_path: Path) -> None:
    out = tmp_path / "out"
    options = ["--partners", "regional", "--outcome", MONEY, "--replicates", "1", "--no-figures"]
    assert status(["factorial", *TINY, "--years", "1", *options, "--out", str(out)]) == 0
    text = (out / "summary.md").read_text(encoding="utf-8")
    assert "All 64 combinations of 6 practices, with regional partners" in text
    assert "flexible state funding" not in text and len(pd.read_parquet(out / "runs.parquet")) == 64


# --- what is written


def test_shares_add_up_to_what_all_practices_do_together(folder: Path) -> None:
    shares = pd.read_csv(folder / "shapley.csv")
    total = shares[shares["outcome"] == MONEY]["share"].sum()
    runs = pd.read_parquet(folder / "runs.parquet")
    practices = [name for name in runs if str(name).startswith("set_")]
    value = runs[MONEY] * 1e-3 / 680
    on, off = (value[runs[practices].sum(axis=1) == count].mean() for count in (3, 0))
    assert total == pytest.approx(on - off, rel=1e-9) and total != 0


def test_practices_and_their_names_are_those_of_the_folder_whichever_can_act_now(folder: Path) -> None:
    found = read(folder)
    assert found.practices == THREE and command.acting("national") != THREE
    text = " ".join(sections(found))
    assert "| training | flexible state funding | reputation work |" in text and "free state money" not in text
    assert "All 8 combinations of 3 practices, with national partners; 3 replicates of each." in text


def test_the_folder_holds_tables_figures_and_the_headline(folder: Path) -> None:
    names = {"practices-accounts", "practices-outcomes", "interactions", "order"}
    files = {f"{name}.{end}" for name in names for end in ("png", "svg")}
    assert {path.name for path in (folder / "figures").iterdir()} == files
    data = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    found = read(folder)
    total = found.shares[0].total
    assert data["headline"] == {
        "account": MONEY, "mean": total.mean, "low": total.low, "high": total.high, "unit": "kSEK a flat", "better": 1,
    }  # fmt: skip
    assert [one["account"] for one in data["quantities"]] == [MONEY, "employment", "energy_medium"]
    parts = [one["share"]["mean"] for one in data["quantities"][0]["practices"].values()]
    assert list(data["quantities"][0]["practices"]) == list(THREE) and sum(parts) == pytest.approx(total.mean)
    assert sorted(data["quantities"][0]["best_order"]) == sorted(THREE)


def test_a_plot_of_a_copy_elsewhere_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    drawn = {path.name: path.read_bytes() for path in (folder / "figures").iterdir()}
    copy = tmp_path / "elsewhere" / "copied"
    shutil.copytree(folder, copy)
    shutil.rmtree(copy / "figures")
    assert status(["plot", str(copy)]) == 0
    assert {path.name: path.read_bytes() for path in (copy / "figures").iterdir()} == drawn


# --- what is said


def test_what_lowers_is_never_told_among_what_raises(folder: Path) -> None:
    found = read(folder)
    values = np.zeros((8, 5))
    own = (3.0, -2.0, 0.0)  # and nothing sure of the third
    noise = np.array([-0.4, 0.3, 0.1, -0.1, 0.2])
    for mask in range(8):
        values[mask] = sum(own[bit] for bit in range(3) if mask >> bit & 1) + (mask >> 2 & 1) * noise
    shares = shares_of(quantity_of(MONEY, 100), values)
    (text,) = said(type(found)(found.results, THREE, (shares,), ()))
    assert "Raised by training +3.00" in text and "Lowered by flexible state funding −2.00" in text
    assert "Not statistically distinguishable from zero: reputation work +0.02 (" in text
    assert "Best on average with one practice alone: training (+3.0" in text
    assert "-" not in text.replace("**", ""), "minus signs are true ones"


def test_where_no_practice_does_anything_the_axis_has_no_powers_of_ten(folder: Path) -> None:
    found = read(folder)
    nothing = shares_of(quantity_of(MONEY, 100), np.full((8, 5), 1e-17))
    (axes,) = draw_accounts(type(found)(found.results, THREE, (nothing,), ())).axes
    assert axes.get_xlim() == (-1.0, 1.0)


def test_of_what_has_no_preferred_direction_nothing_is_called_best(folder: Path) -> None:
    shares = next(one for one in read(folder).shares if one.quantity.name == "energy_medium")
    assert shares.quantity.better == 0
    found = read(folder)
    text = " ".join(sections(type(found)(found.results, THREE, (shares,), ())))
    told = " ".join(said(type(found)(found.results, THREE, (shares,), ())))
    assert "Highest on average with" in told and "Best" not in told + text
    assert "Order of adoption that raises it soonest" in text


@pytest.mark.usefixtures("few")
def test_a_quick_look_keeps_years_and_region_and_says_that_there_are_no_intervals(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, usual = tmp_path / "out", command.QUESTION.usual
    assert not {"years", "region"} & set(command.QUESTION.quick)
    assert status(["factorial", "--quick", "--outcome", MONEY, "--years", "2", "--jobs", "1", "--out", str(out)]) == 0
    made = read_manifest(out)
    assert (made.region.name, made.quick) == (usual.region, True)
    assert made.replicates == 1 and made.region.scale < usual.scale
    text = (out / "summary.md").read_text(encoding="utf-8")
    assert "One replicate gives no intervals" in text and "One replicate gives no intervals" in capsys.readouterr().out
    assert "covers zero" not in text and "Not statistically distinguishable" not in text
    assert (
        "Practice by practice: " in text
        and json.loads((out / "summary.json").read_text(encoding="utf-8"))["headline"]["low"] is None
    )


def test_every_combination_is_needed_so_that_a_replicate_with_a_failed_run_is_left_out(
    folder: Path, tmp_path: Path
) -> None:
    whole = read(folder)
    runs = pd.read_parquet(folder / "runs.parquet")
    failed = [int(runs.index[(runs["point"] == 4) & (runs["replicate"] == 2)][0])]
    found = read(edited(folder, tmp_path / "edited", failed))
    quantity = found.shares[0].quantity
    kept = combination_values(whole.results, quantity)[:, [0, 2]]
    assert found.shares[0].total.count == 2
    assert headline(found).mean == pytest.approx(interval(kept[-1] - kept[0]).mean)
    assert "Replicates that are used: " in (text := " ".join(sections(found))) and "2 of 3" in text
    assert "left out" not in " ".join(sections(whole))


def test_where_no_replicate_is_whole_nothing_is_shared_out(folder: Path, tmp_path: Path) -> None:
    runs = pd.read_parquet(folder / "runs.parquet")
    failed = [int(row) for row in runs.index[runs["point"] == 4]]
    with pytest.raises(SamspelError, match="no replicate has a value in every combination"):
        read(edited(folder, tmp_path / "edited", failed))


def test_a_quantity_without_values_is_named_and_costs_no_other(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copied"
    shutil.copytree(folder, copy)
    runs = pd.read_parquet(copy / "runs.parquet")
    runs.loc[runs["point"] == 1, "energy_medium"] = np.nan
    runs.to_parquet(copy / "runs.parquet")
    found = read(resealed(copy))
    assert [shares.quantity.name for shares in found.shares] == [MONEY, "employment"]
    assert "no replicate has a value in every combination: renovated with medium" in " ".join(sections(found))


def test_combinations_stand_by_their_bit_mask_whatever_the_order_of_the_points(folder: Path) -> None:
    results = Results(folder)
    runs = results.runs
    values = combination_values(results, quantity_of("employment", 680))
    for mask in range(8):
        chosen = np.ones(len(runs), bool)
        for bit, name in enumerate(THREE):
            chosen &= (runs[f"set_{name}"] == (mask >> bit & 1)).to_numpy()
        assert values[mask] == pytest.approx(100.0 * runs["employment"][chosen].to_numpy())


# --- options


@pytest.mark.usefixtures("few")
def test_a_configuration_file_may_hold_the_options_of_the_question(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "mine.toml", tmp_path / "out"
    file.write_text('partners = "regional"\noutcome = ["rent"]\n', encoding="utf-8")
    given = ["factorial", *TINY, "--years", "1", "--replicates", "1", "--no-figures", "--config", str(file)]
    assert status([*given, "--out", str(out)]) == 0
    assert read_manifest(out).options == {"partners": "regional", "outcome": ["rent"]}
    file.write_text('partnrs = "regional"\n', encoding="utf-8")
    capsys.readouterr()
    assert status([*given, "--out", str(tmp_path / "other")]) == 2
    told = capsys.readouterr().err
    assert "mine.toml" in told and 'unknown key "partnrs"; did you mean "partners"' in told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--partners", "local"], "--partners"),
        (["--set", "no_such=1"], 'unknown parameter or lever "no_such"'),
        (["--region", "botkyrkka"], 'did you mean "botkyrka"'),
        (["--outcome", "rnet"], 'did you mean "rent"'),
    ],
)
def test_bad_input_is_told_in_one_line_and_leaves_nothing(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "results"
    assert status(["factorial", *TINY, *arguments, "--out", str(out)]) == 2
    told = capsys.readouterr()
    assert said in told.err and told.err.count("\n") == 1 and told.out == ""
    assert not out.exists()
