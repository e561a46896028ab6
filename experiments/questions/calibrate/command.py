"""`samspel calibrate`: which values of the uncertain parameters the patterns do not rule out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from experiments.questions.question import Question, closing, question_of, question_options

if TYPE_CHECKING:
    import pandas as pd

    from experiments.questions.calibrate.matching.headlines import Headline
    from experiments.questions.calibrate.matching.measuring import Calibration
    from experiments.questions.calibrate.matching.space import Space
    from experiments.questions.calibrate.matching.waves import History, Rules
    from experiments.questions.validate.measuring.patterns import Pattern

HELP = """Which values of the uncertain parameters do the patterns not rule out?

History matching: a wave of points fills the space, the patterns used for fitting are measured at each, emulators
tell where else the model may come near them, and the next wave looks there, until what is left is stable. A point
is ruled out where any measure lies more than three standard deviations outside its range: of the emulator, of
chance between seeds, and of the model's discrepancy (a third of what the scoreboard calls near). Members of the
set left are simulated, not only emulated. Then silos and coordination run in each of them: in which share of the
set does coordination win?

Nothing is fitted to the patterns that are kept for checking. The parameters stay as they are unless --write.
"""
QUICK = {
    "region": "botkyrka", "scale": 0.02, "headline_scale": 0.02, "years": 12, "replicates": 1, "points": 20,
    "waves": 2, "headlines": 4,
    "parameters": "tuning_rate,excess_move,recognised_midi,rent_yield",
}  # fmt: skip
SET, POINTS, WAVES, HEADLINES = "not_ruled_out.csv", "points.csv", "waves.csv", "headlines.csv"

# What the default patterns depend on most: by rank correlation in a screening of all uncertain parameters at once.
DEFAULT_PARAMETERS = (
    "recognised_mini", "recognised_midi", "recognised_maxi", "cost_mini", "cost_midi", "cost_maxi",
    "cost_energy_medium", "rent_yield", "company_yield",  # these and the former: P2, P4
    "tuning_rate", "saving_light",  # P3
    "excess_move", "disturbance_share", "disturbance_before", "site_quarters",  # P5
    "scarcity_slope", "shortage_width",  # P14
    "satisfaction_comfort",  # P16
)  # fmt: skip


@dataclass(frozen=True)
class Matched:
    """What a calibration found: the waves, the members of the set, and headline results over them, ``where`` they were
    run."""

    patterns: tuple[Pattern, ...]
    history: History
    members: pd.DataFrame
    headlines: Sequence[Headline]
    where: str


@click.command(help=HELP, short_help="Parameter values that the patterns do not rule out (history matching).")
@question_options("results/calibrate", replicates=2, scale=0.1, region="stockholm-county")
@click.option("--parameters", metavar="A,B,…", help="Vary these only.  [those that the patterns depend on most]")
@click.option("--patterns", metavar="P2,P3,…", help="Fit these, of those marked for fitting.  [P2,P3,P4,P5,P14,P16]")
@click.option("--points", type=click.IntRange(10), default=140, show_default=True, help="Points a wave.")
@click.option("--waves", type=click.IntRange(1, 20), default=4, show_default=True, help="Waves at most.")
@click.option("--second", is_flag=True, help="Let every point miss its worst measure: the second largest counts.")
@click.option(
    "--headlines", type=click.IntRange(0), default=40, show_default=True, help="Members to run both arms in; 0: none."
)
@click.option(
    "--headline-scale",
    type=float,
    default=1.0,
    show_default=True,
    help="Scale of those, and of runs that decide between candidates for the default.",
)
@click.option("--write", is_flag=True, help="Put the set, and its middle as parameter values, into the seeds.")
@click.pass_context
def calibrate(context: click.Context, /, **_: Any) -> int:
    """The command."""
    question, own = question_of(context, QUICK)
    return run_calibrate(question, names=_split(own.pop("parameters")), patterns=_split(own.pop("patterns")), **own)


def run_calibrate(
    question: Question,
    names: Sequence[str] = (),
    patterns: Sequence[str] = (),
    points: int = 140,
    waves: int = 4,
    second: bool = False,
    headlines: int = 40,
    headline_scale: float = 1.0,
    write: bool = False,
) -> int:
    """Match, verify, run both arms and write; returns the exit status. Raises SamspelError or RunError."""
    from experiments.questions.calibrate.figures import draw_calibration
    from experiments.questions.calibrate.matching.measuring import Calibration
    from experiments.questions.calibrate.matching.members import members_of
    from experiments.questions.calibrate.matching.targets import fitted_patterns
    from experiments.questions.calibrate.matching.waves import Rules
    from experiments.questions.calibrate.words import answer, sections

    fitted, space = fitted_patterns(patterns), space_of(question, names)
    rules = Rules(points=points, waves=waves, rank=2 if second else 1, seed=question.seed)
    with Calibration(Path(question.out), "calibrate", question.command, question.execution) as experiment:
        experiment.note(**_described(question, fitted, space, rules))
        history = _matched(question, experiment, fitted, space, rules)
        members = members_of(history)
        there = replace(question, scale=headline_scale)
        if headlines and len(members):
            members = _confirmed(there, experiment, members, space)
        results = _headlines(there, experiment, members, space, headlines)
        _write(experiment.folder, history, members, results)
        found = Matched(fitted, history, members, results, f"{there.title}, {question.replicates} replicates")
        draw_calibration(found, question.title, experiment.folder)
        sections(question, experiment, found)
    status = closing(question, experiment, answer(found))
    if write and len(members):
        click.echo(f"Written to {_into_seeds(members, space)}: {SET}, and its middle as values in parameters.toml")
    return status


def space_of(question: Question, names: Sequence[str] = ()) -> Space:
    """The plausible ranges of the varied parameters. Raises SamspelError for one that is unknown, certain or set."""
    from experiments.engine.sampling import plausible_ranges
    from experiments.questions.calibrate.matching.space import Space
    from sim import SamspelError

    ranges = plausible_ranges(names or DEFAULT_PARAMETERS)
    for name, (low, high) in ranges.items():
        if low == high:
            raise SamspelError(f"--parameters: {name} is not uncertain (its plausible range is the point {low:g})")
        if name in question.settings and names:
            raise SamspelError(f"--set {name}: it is varied; leave it out of --set or of --parameters")
    return Space.of({name: span for name, span in ranges.items() if name not in question.settings})


def _split(text: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (text or "").split(",") if name.strip())


def _matched(
    question: Question, experiment: Calibration, patterns: Sequence[Pattern], space: Space, rules: Rules
) -> History:
    """The waves, measured and told on stderr."""
    from experiments.engine.design import replicate_seed
    from experiments.questions.calibrate.matching.measuring import Measurer
    from experiments.questions.calibrate.matching.space import latin_hypercube
    from experiments.questions.calibrate.matching.targets import targets_of
    from experiments.questions.calibrate.matching.waves import match
    from experiments.questions.validate.command import ensemble_of

    targets = targets_of(patterns)
    seeds = tuple(replicate_seed(question.seed, replicate) for replicate in range(1, question.replicates + 1))
    ensemble = ensemble_of(question, tuple(patterns))
    measurer = Measurer(experiment, ensemble, space, targets, seeds, rules.waves)
    measurer.announce(space.values(latin_hypercube(space.size, rules.points, rules.seed)))
    quiet = question.execution.show_progress is False
    return match(measurer, space, targets, rules, lambda text: None if quiet else click.echo(text, err=True))


def _confirmed(question: Question, experiment: Calibration, members: pd.DataFrame, space: Space) -> pd.DataFrame:
    """The members, with the new default chosen by what candidates show at full size."""
    from experiments.engine.design import replicate_seed
    from experiments.questions.calibrate.matching.confirming import (
        SEEDS,
        confirmed,
        everything_measured,
        patterns_to_fit,
    )
    from experiments.questions.calibrate.matching.measuring import Measurer
    from experiments.questions.calibrate.matching.members import candidates_of
    from experiments.questions.validate.command import ensemble_of

    patterns, rows = patterns_to_fit(), candidates_of(members, space)
    seeds = tuple(replicate_seed(question.seed, replicate) for replicate in range(1, SEEDS + 1))
    measurer = Measurer(experiment, ensemble_of(question, patterns), space, everything_measured(patterns), seeds)
    if question.execution.show_progress is not False:
        click.echo(f"{len(rows)} candidates for the default, each {SEEDS} times at scale {question.scale:g}", err=True)
    return confirmed(members, rows, space.names, patterns, measurer)


def _headlines(
    question: Question, experiment: Calibration, members: pd.DataFrame, space: Space, most: int
) -> Sequence[Headline]:
    """Both arms in members of the set, through the engine."""
    from experiments.questions.calibrate.matching.headlines import OFF, ON, chosen_points, headlines_of
    from experiments.reporting.numbers import headlines
    from experiments.reporting.quantity import purse_accounts, quantities_of

    if most == 0 or members.empty:
        return []
    design = question.design([OFF, ON], chosen_points(members, space.names, most))
    experiment.announce(design)
    names = (*purse_accounts(), *(name for name in headlines() if name != "resources"))
    return headlines_of(experiment.run(design), quantities_of(names, question.flats))


def _described(question: Question, patterns: Sequence[Pattern], space: Space, rules: Rules) -> dict[str, Any]:
    """For the manifest."""
    from dataclasses import asdict

    ranges = {n: [low, high] for n, low, high in zip(space.names, space.low, space.high, strict=True)}
    about = {"seed": question.seed, "replicates": question.replicates, "set": dict(question.settings)}
    fitted = {"patterns": [pattern.key for pattern in patterns], "parameters": ranges, "rules": asdict(rules)}
    return about | fitted | {"quick": question.quick, "region": question.region, "scale": question.scale}


def _write(folder: Path, history: History, members: pd.DataFrame, results: Sequence[Headline]) -> None:
    """All tables."""
    from experiments.questions.calibrate.matching.headlines import table_of
    from experiments.questions.calibrate.matching.members import points_of, waves_of, write_members

    points_of(history).to_csv(folder / POINTS, index=False)
    waves_of(history).to_csv(folder / WAVES, index=False)
    if len(members):
        write_members(members, folder / SET)
    if results:
        table_of(results).to_csv(folder / HEADLINES, index=False)


def _into_seeds(members: pd.DataFrame, space: Space) -> str:
    """The set and its middle into the seeds; where that is."""
    from experiments.questions.calibrate.matching.members import middle_values, write_members, write_values
    from sim.inputs.seeds_folder import seeds_folder

    folder = seeds_folder()
    write_members(members, folder / SET)
    write_values(middle_values(members, space.names), folder / "parameters.toml")
    return str(folder)
