"""What the README and the pages of answers show works as it is shown."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import get_args

import click
import pytest

from experiments.cli import samspel, status
from experiments.design.settings import read_settings
from experiments.questions.compare.command import QUESTION as COMPARE
from experiments.questions.hindcast.episode.model import Measure, Over, People
from experiments.questions.hindcast.episode.whats import HOWS
from experiments.questions.over.verdict import Verdict
from sim import OUTCOMES, Levers, load_parameters
from sim.inputs.region_rows import LandlordRow, MunicipalityRow, NeighbourhoodRow
from sim.vocabulary import Practice
from sim.world.books import Flow

TOP = Path(__file__).parents[1]
README = TOP / "README.md"
TEXT = README.read_text(encoding="utf-8")
QUESTIONS = TOP / "experiments" / "QUESTIONS.md"
ALSO = ("experiments/BRIDGES.md", "experiments/EVIDENCE.md", "seeds/README.md", "tests/PROMISES.md")
PAGES = pytest.mark.parametrize("page", [README, QUESTIONS, *(TOP / name for name in ALSO)], ids=lambda x: x.name)


def blocks(language: str) -> list[str]:
    """Code blocks of a language."""
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def test_the_lines_of_python_run_and_print_both_presets(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = blocks("python")
    exec(compile(code.replace("scale=0.2", "scale=0.01"), "README.md", "exec"), {})
    shown = capsys.readouterr().out
    assert "siloed {'renovated_share'" in shown and "regional {'renovated_share'" in shown
    assert "books close" in shown


def test_the_configuration_file_is_accepted(tmp_path: Path) -> None:
    (text,) = blocks("toml")
    (tmp_path / "mine.toml").write_text(text)
    assert tomllib.loads(text)["select"] == list(
        read_settings(tmp_path / "mine.toml", {}, COMPARE.usual.values())[0].select or ()
    )


@PAGES
def test_every_command_that_is_named_exists_and_knows_the_options_and_settings_shown(page: Path) -> None:
    text = page.read_text(encoding="utf-8").replace("\n", " ")
    shown = [shlex.split(x)[1:] for x in re.findall(r"`(samspel [^`]+)`", text)]
    for name, *rest in shown:
        command = samspel.get_command(click.Context(samspel), name)
        assert command is not None, name
        options = {opt for param in command.params for opt in param.opts}
        assert {word for word in rest if word.startswith("--")} <= options, name
        given = [rest[i + 1].split("=")[0] for i, word in enumerate(rest) if word == "--set"]
        assert set(given) <= {*load_parameters().records, *Levers.model_fields}, name


def test_the_pages_name_commands_at_all() -> None:
    assert all(page.read_text(encoding="utf-8").count("`samspel ") > 8 for page in (README, QUESTIONS))


def test_the_answers_name_only_outcomes_and_parameters_that_exist() -> None:
    known = {*load_parameters().records, *Levers.model_fields, *(outcome.name for outcome in OUTCOMES)}
    known |= {*NeighbourhoodRow.model_fields, *MunicipalityRow.model_fields, *LandlordRow.model_fields}
    known |= {practice.name.lower() for practice in Practice} | {str(flow) for flow in Flow}
    known |= {*Measure.model_fields, *Over.model_fields, *HOWS, *get_args(People)}  # the words of an episode
    known |= {*Verdict.model_fields}  # the keys of verdict.json
    named = set(re.findall(r"`([a-z0-9]+(?:_[a-z0-9]+)+)`", QUESTIONS.read_text(encoding="utf-8")))
    assert len(named) > 20 and named <= known, named - known


def test_all_questions_have_an_answer() -> None:
    found = re.findall(r"^\*\*(\d+)\. (?:[^*]+)\*\*\s(.+)", QUESTIONS.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(found) >= 45 and [int(number) for number, _ in found] == list(range(1, len(found) + 1))
    assert all(len(answer) > 10 for _, answer in found)


def test_the_grant_example_is_within_bounds(tmp_path: Path) -> None:
    given = re.search(r"`samspel compare ((?:--set \S+ ?)+)`", TEXT)
    assert given
    quick = ["--region", "botkyrka", "--scale", "0.01", "--years", "1", "--replicates", "1", "--jobs", "1"]
    out = ["--no-figures", "--no-record", "--out", str(tmp_path / "out")]
    assert status(["compare", *given[1].split(), *quick, *out]) == 0


@PAGES
def test_every_file_that_is_linked_exists(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []
