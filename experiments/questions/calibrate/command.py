"""`samspel calibrate`: parameter values that the patterns do not rule out (history matching)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import click
import pandas as pd

from experiments.design.asked import Asked
from experiments.design.option_types import NumberRange, WholeRange
from experiments.design.options import Defaults
from experiments.design.plan import split_settings
from experiments.design.settings import told_at
from experiments.engine.design import replicate_seed
from experiments.engine.experiment import Experiment
from experiments.engine.progress import tell
from experiments.engine.sampling import plausible_ranges
from experiments.engine.settings import describe_settings
from experiments.questions.calibrate.figures import draw
from experiments.questions.calibrate.matching.confirming import confirmed, everything_measured, patterns_to_fit
from experiments.questions.calibrate.matching.headlines import chosen_points
from experiments.questions.calibrate.matching.measuring import Measurer
from experiments.questions.calibrate.matching.members import (
    candidates_of,
    members_of,
    middle_values,
    write_members,
    write_values,
)
from experiments.questions.calibrate.matching.space import Space, latin_hypercube
from experiments.questions.calibrate.matching.targets import fitted_patterns, targets_of
from experiments.questions.calibrate.matching.waves import Rules, match
from experiments.questions.calibrate.result import (
    SET,
    Calibrated,
    headline,
    options_of,
    read,
    verdicts,
    write,
    write_over,
)
from experiments.questions.calibrate.words import said, sections, title
from experiments.questions.question import Answer, Question
from experiments.questions.validate.command import ensemble_of
from experiments.questions.validate.result import write_patterns
from sim import Levers, SamspelError
from sim.inputs.seeds_folder import seeds_folder

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
    "scale": 0.01, "headline_scale": 0.01, "replicates": 1, "points": 20, "waves": 1, "headlines": 6, "candidates": 1,
    "confirm": 2, "parameters": "tuning_rate,excess_move,use_value_midi,cost_midi",
}  # fmt: skip

# What the default patterns depend on most: by rank correlation in a screening of all uncertain parameters at once.
DEFAULT_PARAMETERS = (
    "use_value_mini", "use_value_midi", "use_value_maxi", "cost_mini", "cost_midi", "cost_maxi",
    "cost_energy_medium", "company_yield",  # these and the former: P2
    "tuning_rate", "saving_light",  # P3
    "excess_move", "disturbance_share", "disturbance_before", "site_quarters",  # P5
    "scarcity_slope", "shortage_width",  # P14
    "satisfaction_comfort",  # P16
)  # fmt: skip

# In place of use values where rents follow cost; then P4 is fitted too, and depends on them.
BY_COST = ("recognised_mini", "recognised_midi", "recognised_maxi", "rent_yield")


def check(asked: Asked) -> None:
    """Refuse, with a SamspelError, patterns, parameters, arms and shocks that cannot be used."""
    if asked.shocks:
        raise SamspelError("shocks: patterns are those of surroundings as drawn; expected a configuration without")
    targets_of(fitted_patterns(_split(asked.options["patterns"]), levers_of(asked)))
    space_of(asked)
    if len(asked.arms) != 2:
        raise SamspelError(f"--arms: got {len(asked.arms)}; expected two, which are compared in members of the set")


def run(asked: Asked, experiment: Experiment) -> None:
    """Match, verify, and run both arms in members of the set."""
    options = asked.options
    patterns, space = fitted_patterns(_split(options["patterns"]), levers_of(asked)), space_of(asked)
    rules = Rules(points=options["points"], waves=options["waves"], rank=2 if options["second"] else 1, seed=asked.seed)
    targets = targets_of(patterns)
    there = replace(asked, scale=options["headline_scale"])
    where = f"{there.place.title}, {there.flats:,} flats, {asked.replicates} replicate{'s' * (asked.replicates != 1)}"
    experiment.note(options=dict(options) | options_of(space, targets, rules, there.flats, where))
    experiment.note(settings=describe_settings(space.names))
    write_patterns(experiment.folder, patterns)
    seeds = tuple(replicate_seed(asked.seed, replicate) for replicate in range(1, asked.replicates + 1))
    measurer = Measurer(experiment, ensemble_of(asked, patterns), space, targets, seeds, rules.waves)
    measurer.announce(space.values(latin_hypercube(space.size, rules.points, rules.seed)))
    quiet = experiment.execution.show_progress is False
    history = match(measurer, space, targets, rules, lambda text: None if quiet else tell(text))
    members = members_of(history)
    if options["headlines"] and len(members):
        members = _confirmed(there, experiment, members, space)
    write(experiment.folder, history, members)
    if options["headlines"] and len(members):
        design = there.design(chosen_points(members, space.names, options["headlines"]))
        experiment.announce(design)
        write_over(experiment.folder, experiment.run(design), there.flats)


def levers_of(asked: Asked) -> Levers:
    """What is set of them, in all runs."""
    return Levers(**split_settings(asked.settings, "--set")[1])


def default_parameters(levers: Levers) -> tuple[str, ...]:
    """What is varied where nothing was named: of the parameters of rents, those of the rule that they follow."""
    if levers.rents_follow == "use-value":
        return DEFAULT_PARAMETERS
    return (*(name for name in DEFAULT_PARAMETERS if not name.startswith("use_value_")), *BY_COST)


def space_of(asked: Asked) -> Space:
    """The plausible ranges of the varied parameters. Raises SamspelError for one that is unknown, certain or set."""
    names = _split(asked.options["parameters"])
    with told_at("--parameters"):
        ranges = plausible_ranges(names or default_parameters(levers_of(asked)))
    for name, (low, high) in ranges.items():
        if low == high:
            raise SamspelError(f"--parameters: {name} is not uncertain (its plausible range is the point {low:g})")
        if name in asked.settings and names:
            raise SamspelError(f"--set {name}: it is varied; leave it out of --set or of --parameters")
    return Space.of({name: span for name, span in ranges.items() if name not in asked.settings})


def _split(text: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (text or "").split(",") if name.strip())


def _confirmed(asked: Asked, experiment: Experiment, members: pd.DataFrame, space: Space) -> pd.DataFrame:
    """The members, with the new default chosen by what candidates show at full size."""
    most, times = asked.options["candidates"], asked.options["confirm"]
    patterns, rows = patterns_to_fit(levers_of(asked)), candidates_of(members, space, most)
    seeds = tuple(replicate_seed(asked.seed, replicate) for replicate in range(1, times + 1))
    measurer = Measurer(experiment, ensemble_of(asked, patterns), space, everything_measured(patterns), seeds)
    if experiment.execution.show_progress is not False:
        tell(f"{len(rows)} candidates for the default, each {times} times at scale {asked.scale:g}")
    return confirmed(members, rows, space.names, patterns, measurer)


def after(asked: Asked, found: Calibrated) -> str:
    """With --write, put the set and its middle into the seeds, once the results stand. Raises SamspelError where runs
    failed or nothing is left: such a set is none to go on with."""
    if not asked.options["write"]:
        return ""
    if found.results.made.failed:
        raise SamspelError("--write: nothing was written into the seeds, as runs failed; the results stand")
    if not len(found.members):
        raise SamspelError("--write: nothing was written into the seeds, as no point is left; the results stand")
    folder = seeds_folder()
    write_members(found.members, folder / SET)
    write_values(middle_values(found.members, found.space.names), folder / "parameters.toml")
    return f"Written to {folder}: {SET}, and its middle as values in parameters.toml"


def usual_arms(options: Mapping[str, Any]) -> Sequence[str]:
    """Silos and coordination."""
    return ("siloed", "coordinated")


QUESTION: Question[Calibrated] = Question(
    answer=Answer(
        kind="calibrate", read=read, title=title, said=said, sections=sections, headline=headline, draw=draw,
        adds=verdicts,
    ),
    help=HELP,
    usual=Defaults("stockholm-county", 0.1, 2, "results/calibrate", arms=usual_arms),
    quick=QUICK,
    options=(
        click.option("--parameters", metavar="A,B,…", help="Vary these only.  [those that patterns depend on most]"),
        click.option(
            "--patterns", metavar="P2,P3,…",
            help="Fit these, of those for fitting.  [P2,P3,P5,P14,P16, and P4 where rents follow cost]",
        ),
        click.option("--points", type=WholeRange(10), default=140, show_default=True, help="Points a wave."),
        click.option("--waves", type=WholeRange(1, 20), default=4, show_default=True, help="Waves at most."),
        click.option("--second", is_flag=True, help="Let every point miss its worst measure: the second counts."),
        click.option(
            "--headlines", type=WholeRange(0), default=40, show_default=True, help="Members to run both arms in."
        ),
        click.option(
            "--headline-scale", type=NumberRange(0, 1, min_open=True), default=1.0, show_default=True,
            help="Scale of those, and of runs that decide between candidates for the default.",
        ),
        click.option(
            "--candidates", type=WholeRange(1), default=8, show_default=True, help="Candidates for the default."
        ),
        click.option(
            "--confirm", type=WholeRange(1), default=10, show_default=True, help="Seeds that decide between them."
        ),
        click.option("--write", is_flag=True, help="Put the set, and its middle as parameter values, into the seeds."),
    ),
    run=run,
    check=check,
    after=after,
)  # fmt: skip
