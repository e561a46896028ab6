"""Which study would tell of which parameters."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.design.studies import load_studies, studies_of
from sim import SamspelError, load_parameters

ONE = '[homes]\nasks = "a"\nby = "b"\nsettled_by = "study"\nparameters = ["calm_worth"]\n'


def test_every_uncertain_parameter_belongs_to_one_study() -> None:
    uncertain = {name for name, record in load_parameters().records.items() if record.uncertain}
    named = [name for study in load_studies().values() for name in study.parameters]
    assert sorted(named) == sorted(uncertain), f"seeds/studies.toml: {sorted(uncertain.symmetric_difference(named))}"


def test_any_set_of_parameters_is_parted_by_study() -> None:
    found = studies_of(["home_worth_midi", "cost_midi", "calm_worth", "home_worth_maxi", "vat"])
    told = {key: names for key, (_, names) in found.items()}
    assert told["homes"] == ("home_worth_midi", "home_worth_maxi") and told["costs"] == ("cost_midi",)
    assert told["vat"] == ("vat",)  # certain, so that no study names it; it stands by itself where somebody varies it
    assert [name for names in told.values() for name in names].count("calm_worth") == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ONE.replace("calm_worth", "calm_wort"), 'studies.toml, [homes], parameters: unknown parameter "calm_wort"'),
        (ONE.replace('"study"', '"luck"'), "studies.toml, [homes], settled_by: Input should be 'study', 'decision' or"),
        (
            ONE + ONE.replace("homes", "calm"),
            "[calm], parameters: calm_worth stands in [homes] too; expected it in one",
        ),
    ],
)
def test_what_is_wrong_in_the_table_is_told(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "studies.toml").write_text(text)
    with pytest.raises(SamspelError) as error:
        load_studies(tmp_path / "studies.toml")
    assert told in str(error.value)
