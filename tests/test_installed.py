"""An installed copy works by itself, from any folder: it brings its regions along."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command without what this checkout's environment adds; its output."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with an installed copy; other packages are borrowed from the one that tests run in."""
    folder = tmp_path_factory.mktemp("installed")
    home, wheels = folder / "env", folder / "wheels"
    run(sys.executable, "-m", "venv", "--without-pip", home, cwd=folder)
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", wheels, CHECKOUT, cwd=folder)
    (wheel,) = wheels.glob("samspel-*.whl")
    run(*pip, "--python", home / "bin" / "python", "install", "--no-deps", "--no-index", wheel, cwd=folder)
    (packages,) = home.glob("lib/python*/site-packages")
    # a path in a .pth file comes after the environment's own packages, and its .pth files are not read:
    # this checkout, an editable installation over there, cannot be imported
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home


def test_an_installed_copy_is_imported_with_its_own_seeds(environment: Path, tmp_path: Path) -> None:
    code = "import sim, experiments, sim.inputs.seeds_folder as s; "
    code += "print(sim.__file__, experiments.__file__, s.seeds_folder())"
    for place in run(environment / "bin" / "python", "-c", code, cwd=tmp_path).split():
        assert Path(place).is_relative_to(environment), f"{place} is not the installed copy's"


def test_an_installed_copy_carries_every_seed(environment: Path) -> None:
    (installed,) = environment.glob("lib/python*/site-packages/sim/_seeds")
    theirs, ours = (
        {file.relative_to(folder) for file in folder.rglob("*") if file.is_file()}
        for folder in (installed, CHECKOUT / "seeds")
    )
    assert theirs == ours


def test_an_installed_copy_compares_from_any_folder(environment: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    small = ["--region", "botkyrka", "--scale", "0.05", "--years", "2", "--replicates", "2", "--jobs", "1"]
    printed = run(environment / "bin" / "samspel", "compare", *small, "--out", out, cwd=tmp_path)
    assert str(out) in printed
    for name in ("runs.parquet", "curves.parquet", "manifest.json", "summary.md"):
        assert (out / name).stat().st_size > 0
    assert list((out / "figures").glob("*.png")) and list((out / "figures").glob("*.svg"))
    assert [item.name for item in tmp_path.iterdir()] == ["out"]


def test_workers_of_an_installed_copy_import_nothing_from_the_folder_one_stands_in(
    environment: Path, tmp_path: Path
) -> None:
    (tmp_path / "experiments").mkdir()
    for name in ("sim.py", "experiments/__init__.py", "random.py"):
        (tmp_path / name).write_text(f'open("{tmp_path}/imported", "a").write(__file__)\nraise ValueError("foreign")\n')
    ask = ["compare", "--region", "botkyrka", "--scale", "0.02", "--years", "1", "--replicates", "2", "--no-figures"]
    ask += ["--no-turns"]
    samspel = environment / "bin" / "samspel"
    run(samspel, *ask, "--jobs", "2", "--out", tmp_path / "two", cwd=tmp_path)
    run(samspel, *ask, "--jobs", "1", "--out", tmp_path / "one", cwd=environment)
    assert not (tmp_path / "imported").exists()
    for table in ("runs.parquet", "curves.parquet"):
        assert (tmp_path / "two" / table).read_bytes() == (tmp_path / "one" / table).read_bytes()
