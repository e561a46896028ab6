"""A small episode as text, and ways to change it."""

from __future__ import annotations

from pathlib import Path

SMALL = """\
title = "A small episode"
happened = "Nothing that anybody knows of."
source = "invented"
scale = 0.02
years = 3
replicates = 2
select = ["siloed", "clauses"]

[region]
name = "botkyrka"
[region.neighbourhoods.Alby]
renovated_share = 0.1

[set]
clause_places = 0.2

[arms.clauses]
training = 1.0
partners = ["own_municipality"]

[[measure]]
name = "Rent"
what = "rent"
over = { municipality = "Botkyrka" }
years = [2012, 2013]
arm = "siloed"
observed = 950
low = 900
high = 1000
unit = "SEK per m² and year"
source = "invented"
grade = "invented"

[[measure]]
name = "Places"
what = "places.count"
arm = "clauses"
against = "siloed"
low = 0
unit = "places"
source = "invented"
grade = "invented"
"""


def changed(*changes: tuple[str, str]) -> str:
    """The small episode with texts in place of others, which must stand in it."""
    text = SMALL
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def written(folder: Path, text: str = SMALL, name: str = "small") -> Path:
    """An episode as a file."""
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path
