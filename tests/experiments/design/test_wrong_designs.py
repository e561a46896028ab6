"""Each file in bad/ is refused, by file and key, as its own first lines say."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.design.own_design import read_own_design
from experiments.engine.runs import region_of
from sim.errors import SamspelError

BAD = sorted(Path(__file__).with_name("bad").glob("*.toml"))


def refusal(path: Path) -> str:
    with pytest.raises(SamspelError) as error:
        # what is wrong with the region itself is told before the first run
        region_of(read_own_design(path)[0].world.region, 0.1)
    return str(error.value)


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_wrong_design_is_told_with_file_and_key(path: Path) -> None:
    expected = [
        line.removeprefix("# told: ") for line in path.read_text("utf-8").splitlines() if line[:8] == "# told: "
    ]
    message = refusal(path)
    lines = message.splitlines()
    assert len(message) < 2_000 and len(lines) == len(expected) > 0
    assert [said for said in expected if not any(said in line for line in lines)] == []
    assert path.stem == "region-unknown" or all(line.startswith(str(path)) for line in lines)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_a_design_saved_by_notepad_is_read_and_what_was_assumed_is_noted(encoding: str, tmp_path: Path) -> None:
    text = 'region = "botkyrka"\nscale = 0.02\nselect = ["siloed", "södra"]\n[arms."södra"]\nlabel = "Södra länken"\n'
    (tmp_path / "mine.toml").write_bytes(text.replace("\n", "\r\n").encode(encoding))
    design, settings = read_own_design(tmp_path / "mine.toml")
    assert design.treatments[1].label == "Södra länken" and settings is not None
    said = {"utf-8-sig": (), "cp1252": ('Windows-1252 letters ("södra")',), "utf-16": ("UTF-16 text",)}[encoding]
    assert len(settings.notes) == len(said) and all(one in settings.notes[0] for one in said)


def test_names_in_any_form_are_one_name(tmp_path: Path) -> None:
    text = (
        'region = "botkyrka"\nscale = 0.02\nselect = ["siloed", "so\u0308dra"]\n[arms."södra"]\nlabel = "La\u0308nk"\n'
    )
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    design, _ = read_own_design(tmp_path / "mine.toml")
    assert (design.treatments[1].arm, design.treatments[1].label) == ("södra", "Länk")
