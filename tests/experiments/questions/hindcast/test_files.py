"""Files of episodes: those that come with samspel, what an editor is told of them, and what is told of bad ones."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import experiments
from experiments.cli import status
from experiments.questions.hindcast.episode.reading import read_episode
from experiments.questions.hindcast.episode.schema import schema
from experiments.questions.hindcast.episode.whats import WHATS
from experiments.questions.validate.measuring.patterns import load_patterns
from sim import Levers, load_parameters
from sim.inputs.seeds_folder import seeds_folder

from .episodes import SMALL, changed, written
from .json_schema import misfits

SHIPPED = sorted((seeds_folder() / "episodes").glob("*.toml"))


@pytest.fixture(scope="module")
def known() -> dict[str, Any]:
    """The schema."""
    return schema()


# --- those that come with samspel


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_an_episode_that_comes_with_samspel_can_be_read_and_fits_the_schema(path: Path, known: dict[str, Any]) -> None:
    episode = read_episode(path)
    assert [*misfits(tomllib.loads(path.read_text(encoding="utf-8")), known, known)] == []
    for one in episode.measure:
        assert one.grade == "invented" or len(one.source) > 5, one.name
        assert one.grade != "invented" or "invented" in one.source, f"{one.name}: an illustration says so"


def test_ranges_of_patterns_are_those_of_the_patterns() -> None:
    tests = {f"{p.key} {test.measure}": test for p in load_patterns() for test in p.tests}
    found = [one for path in SHIPPED for one in read_episode(path).measure if one.what in tests]
    assert found
    for one in found:
        assert (one.low, one.high) == (tests[one.what].low, tests[one.what].high), one.name


def test_the_episode_that_the_page_shows_fits_the_schema_and_can_be_read(tmp_path: Path, known: dict[str, Any]) -> None:
    page = (Path(experiments.__file__).parent / "QUESTIONS.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```toml\n(title = .*?)```", page, re.DOTALL)
    assert read_episode(written(tmp_path, text)).measure[0].by == "difference"
    table = "[region]\n" + "\n".join(line[2:] for line in text.splitlines() if line.startswith("# "))[9:]
    table = table.replace("[region]\n", "", 1) if table.count("[region]") > 1 else table
    head, _, rest = text.partition("scale = ")
    plain = "\n".join(line for line in head.splitlines() if not line.startswith(("#", "region")))
    whole = f"{plain}\nscale = {rest}\n{table}"
    assert [*misfits(tomllib.loads(whole), known, known)] == []
    assert not isinstance(read_episode(written(tmp_path, whole)).region, str)


# --- the schema


def test_the_schema_is_printed_without_a_file(capsys: pytest.CaptureFixture[str], known: dict[str, Any]) -> None:
    assert status(["hindcast", "--schema"]) == 0
    assert json.loads(capsys.readouterr().out) == known


def test_the_schema_knows_all_names_so_that_an_editor_can_offer_them(known: dict[str, Any]) -> None:
    names = {*load_parameters().records, *Levers.model_fields}
    arm = known["$defs"]["ArmTable"]["properties"]
    assert set(known["properties"]["set"]["properties"]) == set(arm["set"]["properties"]) == names
    assert [one["const"] for one in known["$defs"]["Measure"]["properties"]["what"]["oneOf"]] == list(WHATS)
    assert "regional" in arm["preset"]["enum"] and "botkyrka" in known["properties"]["region"]["examples"]


def test_the_schema_refuses_what_reading_refuses(known: dict[str, Any]) -> None:
    assert [*misfits(tomllib.loads(SMALL), known, known)] == []
    for old, new, _, _ in (
        BAD[name]
        for name in ("outcome", "lever", "practice", "key", "column", "no measure", "years of a parameter", "shock")
    ):
        assert [*misfits(tomllib.loads(changed((old, new))), known, known)], (old, new)


REFUSED_BY_SCHEMA = ("outcome", "lever", "practice", "key", "column", "no measure", "years of a parameter")


# --- bad files: what is replaced, by what, and which key and words the message has

BAD: dict[str, tuple[str, str, str, str]] = {
    "outcome": ('what = "rent"', 'what = "rents"', 'measure 1 ("Rent").what', 'did you mean "rent"?'),
    "key": ('title = "A', 'titel = "A', "small.toml", 'unknown key "titel"; did you mean "title"?'),
    "key of a measure": ("observed = 950", "obsrved = 950", 'measure 1 ("Rent")', 'did you mean "observed"?'),
    "key of over": ("municipality = ", "municipalty = ", 'measure 1 ("Rent").over', 'did you mean "municipality"?'),
    "lever": ("clause_places = 0.2", "clause_place = 0.2", "set", 'did you mean "clause_places"?'),
    "value of a parameter": ("clause_places = 0.2", "clause_places = 20", "set", "expected 0 to 2 (places/MSEK)"),
    "practice": ("training = 1.0", "trainning = 1.0", "arms.clauses", 'did you mean "training"?'),
    "partner": ('"own_municipality"', '"own_municipalty"', "arms.clauses.partners", 'did you mean "own_municipality"?'),
    "arm": ('arm = "siloed"', 'arm = "silod"', 'measure 1 ("Rent").arm', 'did you mean "siloed"?'),
    "selected arm": ('"clauses"]', '"clause"]', "key select", 'did you mean "clauses"?'),
    "arm against itself": ('against = "siloed"', 'against = "clauses"', 'measure 2 ("Places").against', "another arm"),
    "municipality": ('"Botkyrka" }', '"Botkirka" }', 'measure 1 ("Rent").over.municipality', 'mean "Botkyrka"?'),
    "region": ('name = "botkyrka"', 'name = "botkirka"', "region.name", 'did you mean "botkyrka"?'),
    "row": ("neighbourhoods.Alby", "neighbourhoods.Albi", "region.neighbourhoods", 'did you mean "Alby"?'),
    "column": ("renovated_share = 0.1", "renovate_share = 0.1", "neighbourhoods.Alby", 'mean "renovated_share"?'),
    "cell": ("renovated_share = 0.1", "renovated_share = 1.1", "Alby.renovated_share", "expected 1.0 or less"),
    "cells that do not fit": ("renovated_share = 0.1", "age_20_29 = 0.9", "Alby.age_20_29", "expected 1"),
    "years of a practice": (
        "training = 1.0", "training = { strength = 1.0, from_year = 2015, to_year = 2012 }", "arms.clauses.training",
        "expected a year up to it",
    ),
    "years of a parameter": ("clause_places = 0.2", "clause_places = { value = 0.2, to_year = 2012 }", "set", "years"),
    "nobody out of work": ("renovated_share = 0.1", "employment = 1", "region.neighbourhoods.Alby", "work"),
    "shock": ("[set]", "[shocks.heat_prise]\n2012 = 0.9\n[set]", "key shocks", 'did you mean "heat_price"?'),
    "row that is kept": (
        'name = "botkyrka"', 'keep = { neighbourhoods = ["Albi"] }', "region.keep.neighbourhoods", 'mean "Alby"?',
    ),
    "unit": ('unit = "SEK per', 'unit = "SEK for', 'measure 1 ("Rent").unit', '"SEK per m² and year"'),
    "years": ("[2012, 2013]", "[2012, 2026]", 'measure 1 ("Rent").years', "expected years of the run, 2011 to 2013"),
    "years turned round": ("[2012, 2013]", "[2013, 2012]", 'measure 1 ("Rent").years', "first year before the last"),
    "one year of two": ("[2012, 2013]", "[2012]", 'measure 1 ("Rent").years', "missing"),
    "sum of a price": ("years = [2012, 2013]", 'how = "sum"', 'measure 1 ("Rent").how', "mean, change, percent_change"),
    "change within a year": ("years = [2012, 2013]", 'year = 2012\nhow = "change"', '"Rent").how', "two years"),
    "nothing observed": ("observed = 950\nlow = 900\nhigh = 1000\n", "", '"Rent").observed', "low, high or both"),
    "observed outside": ("observed = 950", "observed = 850", 'measure 1 ("Rent").observed', "in this order"),
    "text for a number": ("observed = 950", 'observed = "many"', 'measure 1 ("Rent").observed', "a finite number"),
    "half a prior": ("observed = 950", "observed = 950\nprior_low = 1", '"Rent").prior_low', "belong together"),
    "grade": ('grade = "invented"', 'grade = "fond"', 'measure 1 ("Rent").grade', 'did you mean "found"?'),
    "filter": ("{ municipality", "{ owner", 'measure 1 ("Rent").over.owner', "rent is not told by owner"),
    "scale": ("scale = 0.02", "scale = 2", "scale", "expected a number above 0, up to 1"),
    "no measure": (SMALL[SMALL.index("[[measure]]") :], "", "measure", "missing"),
    "names twice": ('name = "Places"', 'name = "Rent"', "measure", 'two measures are named "Rent"'),
    "no TOML": ('title = "A', 'title = A"', "small.toml", "not valid TOML"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_gets_one_message_with_file_key_and_what_was_expected_and_nothing_is_run(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new, key, words = BAD[name]
    path, out = written(tmp_path, changed((old, new))), tmp_path / "out"
    assert status(["hindcast", str(path), "--out", str(out), "--jobs", "1"]) == 2
    said = capsys.readouterr()
    assert said.out == "" and len(said.err.splitlines()) == 1, said.err
    assert said.err.startswith(f"samspel: {path}"), said.err
    assert key in said.err and words in said.err, said.err
    assert sorted(tmp_path.iterdir()) == [path], "no results, not even unfinished ones"


def test_where_every_measure_is_wrong_nothing_but_that_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    only = SMALL[: SMALL.rindex("[[measure]]")]
    by = 'unit = "SEK per m² and year"', 'unit = "SEK per m² and year"\nby = "difference"'
    changes = (("observed = 950", "observed = 850"), "in this order"), (by, "expected either against or others")
    for (old, new), words in changes:
        assert status(["hindcast", str(written(tmp_path, only.replace(old, new))), "--out", str(tmp_path / "out")]) == 2
        said = capsys.readouterr().err
        assert words in said and len(said.splitlines()) == 1, said


def test_a_file_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["hindcast", str(tmp_path / "none.toml")]) == 2
    assert "no such file" in capsys.readouterr().err


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = changed(('what = "rent"', 'what = "rents"'), ("scale = 0.02", "scale = 2"))
    assert status(["hindcast", str(written(tmp_path, text))]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
