"""Which runs are the same, what a design may hold, and that it survives being written down."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from experiments.design.own_design import read_own_design
from experiments.engine import identity, sampling
from experiments.engine.design_file import read_design, write_design
from experiments.engine.identity import digests
from sim import SamspelError

from .conftest import small


def test_a_run_is_another_where_anything_differs_that_determines_it(monkeypatch: pytest.MonkeyPatch) -> None:
    base = digests(small("coordinated", replicates=1))
    others = [
        digests(small("coordinated", replicates=1, points=[{"grant_rate": 0.1}])),
        digests(small("coordinated", replicates=1, points=[{"training": 0.5}])),
        digests(small("coordinated", replicates=1, points=[{"rent_yield": 0.06}]))
        if "rent_yield" in sampling.plausible_ranges()
        else digests(small("local", replicates=1)),
        digests(small("coordinated", replicates=1, years=2)),
        digests(small("coordinated", replicates=1, curves=False)),
        digests(small("coordinated", replicates=2))[1:],
    ]
    monkeypatch.setattr(identity, "source_digest", lambda: "another model")
    others.append(digests(small("coordinated", replicates=1)))
    assert len({tuple(each) for each in [base, *others]}) == 8


def test_a_run_is_the_same_under_another_name_and_with_a_default_spelt_out() -> None:
    assert digests(small("coordinated")) == digests(small("regional"))
    assert digests(small("siloed")) == digests(small("siloed", points=[{"grant_rate": 0.0}]))


def test_practices_do_not_act_in_an_arm_without_partners() -> None:
    design = small("siloed", "coordinated", replicates=1, points=[{"training": 0.0}, {"training": 1.0}])
    found = digests(design)
    assert found[0] == found[2] and found[1] != found[3]
    assert [run.values["training"] for run in design.runs] == [0.0, 0.0, 1.0, 1.0]


def test_an_arm_that_takes_money_is_another_run_where_its_partner_is() -> None:
    names = ("siloed", "coordinated", "siloed-same-money")
    found = digests(small(*names, replicates=1, points=[{"training": 0.0}, {"training": 1.0}]))
    assert found[0] == found[3] and found[2] != found[5]


def test_seeds_are_those_of_the_replicate_at_every_point_and_in_every_arm() -> None:
    runs = small(points=[{"grant_rate": 0.0}, {"grant_rate": 0.2}]).runs
    assert len({run.seed for run in runs if run.replicate == 1}) == 1
    assert [run.id for run in runs][:3] == ["1/siloed/1", "1/coordinated/1", "1/siloed/2"]


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ([{"grant_rte": 0.1}], 'unknown parameter, lever or practice "grant_rte"; did you mean "grant_rate"'),
        ([{"grant_rate": 2.0}], "grant_rate"),
        ([{"training": 2.0}], "training"),
        ([{"training": 1.0}, {"grant_rate": 0.1}], "point 2: sets other names"),
        ([], "no point"),
    ],
)
def test_a_point_that_does_not_fit_is_refused_by_name(points: list[dict[str, float]], said: str) -> None:
    with pytest.raises(SamspelError, match=said):
        small(points=points)


def test_a_design_that_was_written_down_is_the_same_design(tmp_path: Path) -> None:
    names = ("siloed", "coordinated", "siloed-same-money", "coordinated-triple-cost")
    points = sampling.factorial({"training": [0.0, 1 / 3], "standard_choice": ["owner", "tenants"]})
    design = small(*names, points=points)
    write_design(tmp_path, design)
    again = read_design(tmp_path)
    assert digests(again) == digests(design)
    assert [run.id for run in again.runs] == [run.id for run in design.runs]
    assert design.table()["training"].tolist() == again.table()["training"].tolist()


def test_a_design_of_a_user_varies_what_it_names_by_list_range_sample_or_table(tmp_path: Path) -> None:
    head = 'region = "botkyrka"\nscale = 0.02\nreplicates = 1\nyears = 1\nselect = ["siloed"]\n'
    file = tmp_path / "mine.toml"
    span = "{ from = 0.0, to = 0.5, steps = 3 }"
    file.write_text(f"{head}[vary]\ntraining = [0.0, 1.0]\ngrant_rate = {span}\n")
    assert len(read_own_design(file)[0].runs) == 6
    file.write_text(f'{head}[vary]\ngrant_rate = {span}\n[sample]\nmethod = "latin-hypercube"\nn = 7\n')
    assert len(read_own_design(file)[0].runs) == 7
    (tmp_path / "points.csv").write_text("training,grant_rate\n0,0.1\n1,0.2\n")
    file.write_text(f'points = "points.csv"\n{head}')
    assert [dict(run.values) for run in read_own_design(file)[0].runs][1] == {"training": 1, "grant_rate": 0.2}
    file.write_text(f"{head}[vary]\ngrant_rat = [1]\n")
    with pytest.raises(SamspelError, match='did you mean "grant_rate"'):
        read_own_design(file)


def test_samples_lie_in_their_ranges_and_repeat_with_their_seed() -> None:
    ranges = {"a": (0.0, 1.0), "b": (10.0, 20.0), "c": (-1.0, 0.0)}
    for make, count in (
        (lambda: sampling.latin_hypercube(ranges, 10, 1), 10),
        (lambda: sampling.sobol_sequence(ranges, 10, 1), 10),
        (lambda: sampling.morris(ranges, 4, 1), 4 * 4),
        (lambda: sampling.saltelli(ranges, 8, 1), 8 * 5),
    ):
        points = make()
        values = sampling.matrix(points, list(ranges))
        low, high = np.array(list(ranges.values())).T
        assert len(points) == count and (values >= low).all() and (values <= high).all()
        assert points == make()
