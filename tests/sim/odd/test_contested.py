"""Every rule whose evidence is contested is a decision with its reasons, and every rival rule has one."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from sim import Levers
from sim.odd.document import FILE

LINES = ("Evidence for", "Evidence against", "Chosen, and why", "Rival", "What would change our mind")
SECTION = FILE.read_text(encoding="utf-8").partition("\n## 13 Contested rules\n")[2]
ENTRIES = re.findall(r"^\*\*([^*]+)\*\*\n((?:- .+\n)+)", SECTION + "\n", re.MULTILINE)
RIVALS = {name: field for name, field in Levers.model_fields.items() if "rival rules:" in (field.description or "")}


def lines_of(entry: str) -> dict[str, str]:
    """An entry's lines by their mark."""
    return dict(re.findall(r"^- \*([^*]+)\*: (.+)$", entry, re.MULTILINE))


def levers_of(entry: str) -> list[str]:
    """The rival rules that an entry says it has."""
    return re.findall(r"\blever `(\w+)` = ", lines_of(entry)["Rival"])


@pytest.mark.parametrize(("question", "entry"), ENTRIES, ids=[question for question, _ in ENTRIES])
def test_an_entry_has_its_five_lines_and_no_other(question: str, entry: str) -> None:
    assert question.endswith("?")
    assert tuple(lines_of(entry)) == LINES and entry.count("\n") == len(LINES)


def test_no_entry_is_overlooked() -> None:
    assert len(ENTRIES) >= 15 and len(ENTRIES) == SECTION.count("\n**")


def test_every_rival_rule_has_an_entry_that_names_it_with_its_words() -> None:
    told = {lever: entry for _, entry in ENTRIES for lever in levers_of(entry)}
    assert set(RIVALS) - set(told) == set(), "write their entries in sim/ODD.md, section 13"
    for name, field in RIVALS.items():
        words = [word for word in get_args(field.annotation) if f"`{word}`" not in told[name]]
        assert words == [], f"{name}: {words}"


def test_every_lever_that_is_called_a_rival_is_one() -> None:
    for question, entry in ENTRIES:
        if not lines_of(entry)["Rival"].startswith("none"):
            assert levers_of(entry) and set(levers_of(entry)) <= set(RIVALS), question
