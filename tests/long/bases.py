"""Valid inputs, from which mutated ones are made: a region, parameters, a configuration, a design, stored results."""

from __future__ import annotations

import contextlib
import io
import tempfile
from functools import cache
from pathlib import Path

from experiments.cli import status

SEEDS = Path(__file__).parents[2] / "seeds"
FILES = ("region.toml", "neighbourhoods.csv", "municipalities.csv", "builders.csv", "landlords.csv")
REGION = {name: (SEEDS / "botkyrka" / name).read_bytes() for name in FILES}
# One with the columns that a region may do without.
TROUBLE = {name: (SEEDS / "estate-in-distress" / name).read_bytes() for name in FILES}
TROUBLE["region.toml"] = b"start_year = 2011\n" + TROUBLE["region.toml"]
PARAMETERS = (SEEDS / "parameters.toml").read_bytes()

# Columns of a region that hold names or words; all others hold numbers.
TEXTS = (
    "neighbourhood",
    "municipality",
    "neighbourhoods",
    "landlord",
    "builder",
    "strategy",
    "size",
    "evidence",
    "source",
)

TWO = b"""region = "botkyrka"
scale = 0.01
years = 1
replicates = 2
seed = 3
jobs = 1
select = ["siloed", "coordinated"]
[set]
boom_chance = 0.05
grant_rate = 0.3
"""
CONFIG = b"""region = "botkyrka"
scale = 0.01
years = 1
replicates = 2
seed = 3
jobs = 1
select = ["siloed", "coordinated", "mine"]
[set]
boom_chance = 0.05
grant_rate = 0.3
[arms.mine]
preset = "regional"
label = "Mine"
training = 0.5
cost_factor = 1.5
partners = ["own_municipality", "civil_society"]
same_money_as = "coordinated"
[arms.mine.set]
heat_price = 0.8
"""

DESIGN = b"""region = "botkyrka"
scale = 0.01
years = 1
replicates = 1
select = ["siloed", "coordinated"]
seed = 3
curves = true
record = false
shared_seeds = true
seed_by_point = false
[vary]
training = { from = 0.0, to = 1.0, steps = 2 }
grant_rate = { from = 0.0, to = 0.5, steps = 2 }
[sample]
method = "latin-hypercube"
n = 4
seed = 2
[set]
boom_chance = 0.05
"""
OF_POINTS = b"""region = "botkyrka"
scale = 0.01
years = 1
replicates = 1
select = ["siloed", "coordinated"]
points = "points.csv"
"""
POINTS = b"""training,grant_rate,heat_price
0.0,0.0,0.75
0.5,0.3,0.8
1.0,0.3,0.85
"""
# Keys that say how much is run: where one of them is touched, a case is not run.
KEYS = ("region", "scale", "years", "replicates", "jobs", "vary", "sample")

# What the points of a design, and the whole of a configuration, need to be valid on their own.
COMPARE = ["compare", "--region", "botkyrka", "--scale", "0.01", "--years", "1", "--replicates", "2", "--jobs", "1"]


@cache
def stored() -> dict[str, bytes]:
    """A small folder of results: its files by name."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            assert status([*COMPARE, "--arms", "siloed,coordinated", "--no-figures", "--out", str(out)]) == 0
        files = [path for path in sorted(out.rglob("*")) if path.is_file() and path.name != "summary.md"]
        return {path.relative_to(out).as_posix(): path.read_bytes() for path in files}
