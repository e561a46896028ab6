"""`samspel calibrate`: parameter values that the patterns do not rule out (history matching)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import click
import numpy as np
import pandas as pd

from experiments.design.asked import Asked
from experiments.design.kept_set import as_points
from experiments.design.option_types import NumberRange, WholeRange
from experiments.design.options import Defaults
from experiments.design.plan import split_settings
from experiments.design.uncertain import named_parameters, varied_ranges
from experiments.engine.experiment import Experiment
from experiments.engine.progress import tell
from experiments.engine.settings import describe_settings
from experiments.questions.calibrate import chance
from experiments.questions.calibrate.checked import unfitted_patterns
from experiments.questions.calibrate.figures import draw
from experiments.questions.calibrate.first_wave import first_wave
from experiments.questions.calibrate.matching.measuring import Measurer
from experiments.questions.calibrate.matching.members import members_of, write_both
from experiments.questions.calibrate.matching.plan import load_plan, varied
from experiments.questions.calibrate.matching.ruling_out import Rules
from experiments.questions.calibrate.matching.space import Space, latin_hypercube
from experiments.questions.calibrate.matching.targets import fitted_patterns, names_of, targets_of
from experiments.questions.calibrate.matching.waves import History, match
from experiments.questions.calibrate.result import (
    AGAIN,
    CHECKED,
    SET,
    Calibrated,
    headline,
    options_of,
    read,
    verdicts,
    write,
    write_measures,
    write_middle,
    write_over,
)
from experiments.questions.calibrate.words import said, sections, title
from experiments.questions.question import Answer, Question
from experiments.questions.validate.command import ensemble_of
from experiments.questions.validate.measuring.patterns import load_patterns
from experiments.questions.validate.result import write_patterns
from sim import Levers, SamspelError
from sim.inputs.seeds_folder import seeds_folder

HELP = """Which values of the uncertain parameters do the patterns not rule out?

History matching by a plan that was written before the first wave (seeds/matching.toml): a wave of points fills the
space, the patterns used for fitting are measured at each, emulators tell where else the model may come near them, and
the next wave is drawn there, until most of a wave lies inside every fitted range. Then fresh points are drawn in what
is left. All of them are members of the set, weighted by how well they fit; every pattern is measured in them, and
silos and coordination run in each: in which share of the set does coordination win, and by how much?

Nothing is fitted to the patterns that are kept for checking. The parameters stay as they are unless --write.
"""
QUICK = {
    "scale": 0.01, "headline_scale": 0.01, "replicates": 1, "points": 20, "waves": 1, "members": 6, "member_seeds": 1,
    "again": 2,
    "patterns": "P2,P3,P5", "parameters": "tuning_rate,excess_move,use_value_midi,cost_midi",
}  # fmt: skip


def check(asked: Asked) -> None:
    """Refuse, with a SamspelError, patterns, parameters, arms and shocks that cannot be used."""
    if asked.shocks:
        raise SamspelError("shocks: patterns are those of surroundings as drawn; expected a configuration without")
    targets_of(fitted_patterns(_split(asked.options["patterns"]), levers_of(asked)))
    space_of(asked)
    if len(asked.arms) != 2:
        raise SamspelError(f"--arms: got {len(asked.arms)}; expected two, which are compared in members of the set")


def run(asked: Asked, experiment: Experiment) -> None:
    """Match, draw members, measure every pattern in them, and run both arms in them."""
    options = asked.options
    patterns, space = fitted_patterns(_split(options["patterns"]), levers_of(asked)), space_of(asked)
    targets, rules = targets_of(patterns), rules_of(asked)
    there = replace(asked, scale=options["headline_scale"])
    where = f"{there.place.title}, {there.flats:,} flats, {asked.replicates} replicate{'s' * (asked.replicates != 1)}"
    experiment.note(options=dict(options) | options_of(space, targets, rules, there.flats, where))
    experiment.note(settings=describe_settings(space.names))
    write_patterns(experiment.folder, patterns)
    names = tuple(target.name for target in targets)
    measurer = Measurer(experiment, ensemble_of(asked, patterns), space, names, asked.seed)
    first = first_wave(asked, space, measurer) if options["first"] else None
    begin = latin_hypercube(space.size, rules.points_first, rules.seed) if first is None else first[0]
    measurer.announce(space.values(begin), rules.most_runs - (0 if first is None else rules.points_first))
    quiet = experiment.execution.show_progress is False
    history = match(measurer, space, targets, rules, lambda text: None if quiet else tell(text), first)
    _members(asked, experiment, history)
    members = members_of(history)
    write(experiment.folder, history, members)
    if not len(members):
        return
    _again(measurer, history, members, options["again"])
    answer = None
    if options["headlines"]:
        points = as_points(members[list(space.names)], options["headlines"])
        # Random numbers of each member's own: one world for all would move the whole distribution.
        design = there.design(points, own_numbers=True)
        experiment.announce(design)
        members, answer = write_over(experiment.folder, experiment.run(design), members, there.flats)
    write_middle(experiment.folder, history, members, answer)


def _members(asked: Asked, experiment: Experiment, history: History) -> None:
    """Fresh points of what is left, with every pattern measured in them, those for checking too."""
    unit = history.fresh()
    if not len(unit):
        return
    everything = load_patterns()
    names = names_of(everything)
    measurer = Measurer(experiment, ensemble_of(asked, everything), history.space, names, asked.seed)
    if experiment.execution.show_progress is not False:
        tell(f"{len(unit)} members of the set, each on {history.rules.seeds_of_members} seeds, every pattern")
    runs = measurer(history.space.values(unit), history.runs_before, history.rules.seeds_of_members)
    history.take(unit, runs[:, :, [names.index(target.name) for target in history.targets]])
    write_measures(experiment.folder, names, runs)
    write_patterns(experiment.folder, unfitted_patterns(everything), CHECKED)


def _again(measurer: Measurer, history: History, members: pd.DataFrame, most: int) -> None:
    """The members that fit best, run again on seeds of their own: what of their misses is chance."""
    best = np.argsort(-members["weight"].to_numpy(np.float64), kind="stable")[:most]
    if not len(best):
        return
    before = history.runs_before + len(members) * history.rules.seeds_of_members
    if measurer.experiment.execution.show_progress is not False:
        tell(f"{len(best)} members that fit best again, each on {chance.SEEDS} seeds")
    runs = measurer(members[list(history.space.names)].to_numpy(np.float64)[best], before, chance.SEEDS)
    table = chance.in_table(measurer.names, members["member"].to_numpy()[best], runs)
    table.to_parquet(measurer.experiment.folder / AGAIN, index=False)


def rules_of(asked: Asked) -> Rules:
    """Those of the plan, with the numbers of points, waves and members that were asked for instead."""
    options, planned = asked.options, load_plan().rules
    points = options["points"]
    return Rules(
        points_first=points or planned.points_first,
        points_later=points or planned.points_later,
        waves=options["waves"] or planned.waves,
        cut_offs=planned.cut_offs,
        spare=planned.spare,
        share_inside=planned.share_inside,
        members=planned.members if options["members"] is None else options["members"],
        seeds_of_members=options["member_seeds"] or planned.seeds_of_members,
        rank=2 if options["second"] else 1,
        seed=asked.seed,
    )


def levers_of(asked: Asked) -> Levers:
    """What is set of them, in all runs."""
    return Levers(**split_settings(asked.settings, "--set")[1])


def space_of(asked: Asked) -> Space:
    """The plausible ranges of the varied parameters. Raises SamspelError for one that is unknown, certain or set."""
    ranges = varied_ranges(asked, varied(load_plan(), levers_of(asked)))
    for name in named_parameters(asked):
        if name in asked.settings:
            raise SamspelError(f"--set {name}: it is varied; leave it out of --set or of --parameters")
    return Space.of(ranges)


def _split(text: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (text or "").split(",") if name.strip())


def after(asked: Asked, found: Calibrated) -> str:
    """With --write, put the set and its middle into the seeds, once the results stand. Raises SamspelError where runs
    failed or nothing is left: such a set is none to go on with."""
    if not asked.options["write"]:
        return ""
    if found.results.made.failed:
        raise SamspelError("--write: nothing was written into the seeds, as runs failed; the results stand")
    if not len(found.members):
        raise SamspelError("--write: nothing was written into the seeds, as no point is left; the results stand")
    if found.middle_ruled_out:
        raise SamspelError("--write: nothing was written into the seeds, as the set's middle is itself ruled out; the "
                           "results stand")  # fmt: skip
    folder = seeds_folder()
    write_both(found.members, folder / SET, found.proposed, folder / "parameters.toml")
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
    usual=Defaults("stockholm-county", 1.0, 1, "results/calibrate", arms=usual_arms),
    quick=QUICK,
    options=(
        click.option("--parameters", metavar="A,B,…", help="Vary these only.  [those of seeds/matching.toml]"),
        click.option(
            "--patterns", metavar="P2,P3,…", help="Fit these, of those for fitting.  [those of seeds/matching.toml]"
        ),
        click.option("--points", type=WholeRange(10), help="Points of every wave.  [those of seeds/matching.toml]"),
        click.option(
            "--first", metavar="FOLDER",
            help="Take the first wave from what samspel screen wrote: its points vary these parameters too.",
        ),
        click.option("--waves", type=WholeRange(1, 20), help="Waves at most.  [as in seeds/matching.toml]"),
        click.option("--members", type=WholeRange(0), help="Fresh points of the set.  [as in seeds/matching.toml]"),
        click.option("--member-seeds", type=WholeRange(1), help="Seeds of each.  [as in seeds/matching.toml]"),
        click.option(
            "--again", type=WholeRange(0), default=12, show_default=True,
            help=f"Members that fit best to run on {chance.SEEDS} seeds more each: what of their misses is chance?",
        ),
        click.option("--second", is_flag=True, help="Let every point miss its worst measure: the second counts."),
        click.option(
            "--headlines", type=WholeRange(0), default=1000, show_default=True,
            help="Members to run both arms in, at most.",
        ),
        click.option(
            "--headline-scale", type=NumberRange(0, 1, min_open=True), default=1.0, show_default=True,
            help="Scale of those.",
        ),
        click.option("--write", is_flag=True, help="Put the set, and its middle as parameter values, into the seeds."),
    ),
    run=run,
    check=check,
    after=after,
)  # fmt: skip
