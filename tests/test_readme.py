"""What the README shows works as it is shown."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from experiments.cli import samspel, status
from experiments.settings import read_settings

README = Path(__file__).parents[1] / "README.md"
TEXT = README.read_text(encoding="utf-8")


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
    assert tomllib.loads(text)["select"] == list(read_settings(tmp_path / "mine.toml", {}).select or ())


def test_every_command_that_is_named_exists_and_knows_the_options_shown() -> None:
    shown = [shlex.split(x.split("`")[0])[1:] for x in re.findall(r"`(samspel [^`]+)`", TEXT)]
    assert len(shown) > 8
    for name, *rest in shown:
        command = samspel.commands[name]
        options = {opt for param in command.params for opt in param.opts}
        assert {word for word in rest if word.startswith("--")} <= options, name


def test_the_grant_example_is_within_bounds(tmp_path: Path) -> None:
    given = re.search(r"`samspel compare ((?:--set \S+ ?)+)`", TEXT)
    assert given
    quick = ["--region", "botkyrka", "--scale", "0.01", "--years", "1", "--replicates", "1", "--jobs", "1"]
    out = ["--no-figures", "--no-record", "--out", str(tmp_path / "out")]
    assert status(["compare", *given[1].split(), *quick, *out]) == 0


def test_every_file_that_is_linked_exists() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", TEXT)
    assert [link for link in links if not (README.parent / link).exists()] == []
