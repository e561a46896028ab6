"""One term for one thing, and those of the field: what people read keeps to the words that were agreed on."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from click import Context
from click.testing import CliRunner

from experiments.cli import samspel

TOP = Path(__file__).parents[1]
# What is not said, and what is said instead. Names in code (`image_work`, `mini`) are no words of a text.
INSTEAD = {
    r"purses?": "budget",
    r"image work": "reputation work",
    r"shared calculation": "joint appraisal",
    r"free state money": "flexible state funding",
    r"works? (wanted|while|that are put off)": "renovation",
    r"price of works": "construction price",
    r"all houses": "buildings",
    r"the name is (poor|worst|better)|name gets better": "reputation",
    r"same random numbers": "common random numbers",
    r"leaves zero out|not distinguishable from": "excludes zero; not statistically distinguishable",
    r"(?<=[a-z]) less (half )?(that|the|those|than siloed|siloed)": "minus",
}
BANNED = re.compile("|".join(rf"\b(?:{words})\b" for words in INSTEAD), re.IGNORECASE)
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "sim/ODD.md",
    "experiments/QUESTIONS.md",
    "experiments/BRIDGES.md",
    "experiments/EVIDENCE.md",
    "seeds/README.md",
    "tests/PROMISES.md",
)


def prose(name: str) -> str:
    """A document without its code: blocks, spans and links' addresses."""
    text = (TOP / name).read_text(encoding="utf-8")
    return re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)", " ", text, flags=re.DOTALL)


def test_the_search_finds_an_old_word() -> None:
    assert BANNED.search("the price of works rises") and BANNED.search("all purses, all houses")
    assert not BANNED.search("no less than before; a newcomer works")


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if (TOP / name).is_file()])
def test_documents_keep_to_the_words(name: str) -> None:
    assert [found.group() for found in BANNED.finditer(prose(name))] == []


@pytest.mark.parametrize("name", ["parameters.toml", "patterns.toml"])
def test_titles_and_notes_of_the_seeds_keep_to_the_words(name: str) -> None:
    seeds = tomllib.loads((TOP / "seeds" / name).read_text(encoding="utf-8"))
    found = {}

    def look(where: str, value: object) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                look(f"{where}.{key}", inner)
        elif isinstance(value, list):
            for place, inner in enumerate(value):
                look(f"{where}[{place}]", inner)
        elif isinstance(value, str) and (old := BANNED.search(value)):
            found[where] = old.group()

    look("", seeds)
    assert found == {}


@pytest.mark.parametrize("command", ["", *sorted(samspel.list_commands(Context(samspel)))])
def test_help_keeps_to_the_words(command: str) -> None:
    said = CliRunner().invoke(samspel, [*command.split(), "--help"])
    assert said.exit_code == 0 and [old.group() for old in BANNED.finditer(said.output)] == []
