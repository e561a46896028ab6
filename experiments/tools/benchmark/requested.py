"""What each part of the benchmark asks for."""

from __future__ import annotations

from experiments.engine.pool import default_jobs
from experiments.tools.benchmark.measurements import Request
from experiments.tools.benchmark.plan import PRESETS, Plan

DRAWS = 83_000  # in one passage
MACHINE, DRAW, START, COMPARE = "copying", "draw", "worker start", "samspel compare"
IMPORTS = ("empty", "import sim", "samspel --help")


def limit_requests(plan: Plan) -> list[Request]:
    """(b)"""
    return [
        plan.run(plan.county, PRESETS[0]),
        Request.of(MACHINE, "machine", also_earlier=False, bytes=16_000_000),
        Request.of(DRAW, "draws", also_earlier=False, count=DRAWS),
    ]


def growth_requests(plan: Plan) -> list[Request]:
    """(c)"""
    runs = [plan.run(size, PRESETS[0]) for size in plan.sizes]
    models = [
        Request.of(models_name(plan, forget), "models", 1, also_earlier=False, count=plan.models, forget=forget)
        for forget in (True, False)
    ]
    return [*runs, *models]


def models_name(plan: Plan, forget: bool) -> str:
    """The name of many models in one process."""
    return f"{plan.models:,} models, {'as sweeps let go of them' if forget else 'left to the collector'}"


def phase_requests(plan: Plan) -> list[Request]:
    """(d)"""
    return [plan.run(plan.county, preset) for preset in PRESETS]


def sweep_name(plan: Plan, jobs: int) -> str:
    """The name of a sweep on so many workers."""
    scale, years, _ = plan.sweep
    return f"Botkyrka{'' if scale == 1.0 else f' at {scale:g}'}, {years} years, {jobs} worker{'s' * (jobs > 1)}"


def sweep_requests(plan: Plan) -> list[Request]:
    """(e)"""
    scale, years, pairs = plan.sweep
    sweeps = [
        Request.of(
            sweep_name(plan, jobs), "sweep", 3, also_earlier=False,
            region="botkyrka", scale=scale, years=years, jobs=jobs, pairs=pairs,
        )
        for jobs in (1, 2) if jobs <= default_jobs()
    ]  # fmt: skip
    commands = [Request.of(name, "command", command=name, arguments=()) for name in IMPORTS]
    asked = [*sweeps, Request.of(START, "start"), *commands]
    if plan.compare:
        asked.append(Request.of(COMPARE, "command", 1, command="compare", arguments=("--out", "{out}")))
    return asked
