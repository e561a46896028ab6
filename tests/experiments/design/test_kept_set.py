"""The set that is not ruled out, read as shipped and as files of others."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.design.kept_set import kept_set
from sim import SamspelError, load_parameters


def test_the_shipped_set_can_be_run_and_has_its_default_among_its_members() -> None:
    known = kept_set()
    assert len(known) >= 50 and len(known.names) >= 10
    first = known.parameters(1)[0]
    assert {name: first.values[name] for name in known.names} == pytest.approx(known.points(1)[0])
    assert set(first.changed()) <= set(known.names)


def test_members_keep_their_order_weight_and_values(tmp_path: Path) -> None:
    (tmp_path / "set.csv").write_text(
        "member,weight,implausibility,inside,middle,heat_price,P5.excess\n1,0.5,1.2,0,0,0.7,0.2\n2,1,0,1,1,0.8,0.1\n"
    )
    known = kept_set(tmp_path / "set.csv")
    assert known.names == ("heat_price",) and known.weight.tolist() == [0.5, 1.0]
    assert known.points() == [{"heat_price": 0.7}, {"heat_price": 0.8}]
    assert known.parameters()[1].heat_price == 0.8 and known.parameters()[1].changed().keys() <= {"heat_price"}


def test_members_without_weights_count_alike(tmp_path: Path) -> None:
    (tmp_path / "set.csv").write_text("heat_price\n0.7\n0.8\n")
    known = kept_set(tmp_path / "set.csv")
    assert known.weight.tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a,b\n1,2\n",
        "heat_price\n",
        "heat_price\nwarm\n",
        "heat_price,weight\n0.7,-1\n",
        "heat_price,weight\n0.7,0\n",
    ],
)
def test_a_file_that_is_no_set_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "set.csv").write_text(text)
    with pytest.raises(SamspelError, match="samspel calibrate"):
        kept_set(tmp_path / "set.csv")
    with pytest.raises(SamspelError, match="cannot be read"):
        kept_set(tmp_path / "missing.csv")


def test_a_value_out_of_bounds_names_the_parameter(tmp_path: Path) -> None:
    (tmp_path / "set.csv").write_text("heat_price\n-3\n")
    assert load_parameters().heat_price > 0
    with pytest.raises(SamspelError, match="heat_price"):
        kept_set(tmp_path / "set.csv").parameters()
