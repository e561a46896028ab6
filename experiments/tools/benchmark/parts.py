"""The parts of the benchmark: the rows that each makes of the answers to what it asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from experiments.reporting.numbers import percent
from experiments.tools.benchmark.measurements import (
    BYTES,
    GROWTH,
    PEAK,
    RATE,
    WALL,
    WHOLE,
    Figures,
    Request,
    at_yardstick,
    parts_of,
)
from experiments.tools.benchmark.plan import PRESETS, Plan
from experiments.tools.benchmark.requested import (
    COMPARE,
    DRAW,
    MACHINE,
    START,
    growth_requests,
    limit_requests,
    models_name,
    phase_requests,
    sweep_name,
    sweep_requests,
)
from experiments.tools.benchmark.rows import Row, Target

NS = "ns per resident and quarter"


@dataclass(frozen=True)
class Measured:
    """What there is to make rows of: this tree's figures, the earlier commit's where one was measured beside it, and
    what is stored: the reference's own, and those of the commit that this round of work began with."""

    plan: Plan
    here: Figures
    earlier: Figures = field(default_factory=dict)
    earlier_commit: str = ""
    reference: Figures = field(default_factory=dict)
    before: Figures = field(default_factory=dict)
    before_commit: str = ""

    def value(self, name: str, per: float = 1.0) -> float | None:
        """A figure of this tree, or None."""
        return self.here[name][0] / per if name in self.here else None

    def of_reference(self, name: str) -> tuple[float | None, str]:
        """The same of the committed reference, brought to this hour by the yardstick; and what it is."""
        return self._then(self.reference, name), "the reference"

    def of_earlier(self, name: str) -> tuple[float | None, str]:
        """The same of the earlier commit: measured beside this tree, or else as it is stored."""
        if name in self.earlier:
            return self.earlier[name][0], f"commit {self.earlier_commit}"
        return self._then(self.before, name), f"commit {self.before_commit}, stored"

    def target(self, words: str) -> Target | None:
        """A target of the whole benchmark: none of a quick look."""
        return Target.read(words) if self.plan.judged else None

    def _then(self, stored: Figures, name: str) -> float | None:
        if name not in stored:
            return None
        return at_yardstick(stored[name], self.here.get(name, (0.0, 0.0))[1], name.endswith(RATE))


def limit_rows(m: Measured) -> list[Row]:
    """(b)"""
    run = m.plan.run(m.plan.county, PRESETS[0]).name
    touched, whole = m.value(f"{run}: {BYTES}"), m.value(f"{run}: {WHOLE}")
    near, far = m.value(f"{MACHINE}: near"), m.value(f"{MACHINE}: far")
    least = touched / near * 1e9 if touched and near else None
    draw = m.value(f"{DRAW}: each", 1e-9)
    drawn = "one keyed draw, against copying its eight bytes"
    found = [
        Row("b", "whole run, siloed, against reading and writing once what a quarter touches", whole, NS, least,
            "the speed at which this machine copies"),
        Row("b", "bytes of a resident's columns that a quarter touches", touched, "bytes"),
        Row("b", "copying columns that fit into the processor's cache", _giga(near), "GB/s", _giga(far),
            "copying 160 MB", "more"),
        Row("b", drawn, draw, "ns", 16.0 / near * 1e9 if near else None, "the speed at which this machine copies"),
    ]  # fmt: skip
    each_row = draw if draw is None or whole is None else whole / draw
    found.append(Row("b", "draws that fit into the time of a resident's quarter", each_row, "draws", better="more"))
    return found


def _giga(speed: float | None) -> float | None:
    return None if speed is None else speed / 1e9


def growth_rows(m: Measured) -> list[Row]:
    """(c)"""
    county = m.value(f"{m.plan.run(m.plan.county, PRESETS[0]).name}: {WHOLE}")
    rows = []
    for size in m.plan.sizes:
        last = size is m.plan.sizes[-1]
        value = m.value(f"{m.plan.run(size, PRESETS[0]).name}: {WHOLE}")
        if size is not m.plan.county:
            target = m.target("ratio >= 1") if last else None
            rows.append(Row("c", f"{size.name}: whole run", value, NS, county, m.plan.county.name, target=target))
    for size in m.plan.sizes:
        name = f"{m.plan.run(size, PRESETS[0]).name}: {PEAK}"
        target = m.target("value <= 600") if size is m.plan.sizes[-1] else None
        rows.append(Row("c", f"{size.name}: most memory", m.value(name), "MB", *m.of_earlier(name), target=target))
    for forget in (True, False):
        name = f"{models_name(m.plan, forget)}: {GROWTH}"
        words = f"growth of memory over {models_name(m.plan, forget)}, in one process, after the first fifth"
        target = m.target("value <= 1") if forget else None
        rows.append(Row("c", words, m.value(name), "MB", *m.of_earlier(name), target=target))
    return rows


def phase_rows(m: Measured) -> list[Row]:
    """(d)"""
    rows = []
    for preset in PRESETS:
        run = m.plan.run(m.plan.county, preset).name
        whole = m.value(f"{run}: {WHOLE}")
        target = m.target("value <= 100") if preset == PRESETS[0] else None
        rows.append(Row("d", f"{run}: whole run", whole, NS, *m.of_reference(f"{run}: {WHOLE}"), target=target))
        for part in parts_of(m.here, run):
            value = m.value(f"{run}: {part}")
            share = f"{percent(value / whole)} of the run" if value is not None and whole else ""
            rows.append(Row("d", f"{run}: {part}", value, NS, *m.of_reference(f"{run}: {part}"), note=share))
    return rows


def sweep_rows(m: Measured) -> list[Row]:
    """(e)"""
    one, two = (m.value(f"{sweep_name(m.plan, jobs)}: runs a minute") for jobs in (1, 2))
    rows = [
        Row("e", f"{sweep_name(m.plan, 1)}", one, "runs a minute",
            *m.of_reference(f"{sweep_name(m.plan, 1)}: runs a minute"), better="more"),
        Row("e", f"{sweep_name(m.plan, 2)}", two, "runs a minute", one, "one worker", "more", m.target("ratio >= 1.9")),
        _seconds(m, "start of a worker process, by the clock", f"{START}: seconds", 1.5),
        _seconds(m, "importing the model, processor time", "import sim: cpu", 1.0),
        _seconds(m, "samspel --help, processor time", "samspel --help: cpu", 0.3),
        _seconds(m, "Python alone, processor time", "empty: cpu", None),
    ]  # fmt: skip
    name = f"{COMPARE}: wall"
    value, (baseline, against) = m.value(name), m.of_earlier(name)
    rows.append(Row("e", "samspel compare as it comes, figures included, by the clock", value, "s", baseline, against,
                    target=m.target("ratio >= 2")))  # fmt: skip
    return rows


def _seconds(m: Measured, words: str, name: str, most: float | None) -> Row:
    target = None if most is None else Target("value", "<=", most)
    return Row("e", words, m.value(name), "s", *m.of_earlier(name), target=target)


def earlier_rows(m: Measured) -> list[Row]:
    """(f)"""
    rows = []
    for preset in PRESETS:
        run = m.plan.run(m.plan.county, preset).name
        for figure, target in ((WHOLE, m.target("ratio >= 3")), (WALL, None)):
            name = f"{run}: {figure}"
            rows.append(Row("f", name, m.value(name), NS, *m.of_earlier(name), target=target))
        for part in parts_of(m.here, run):
            name = f"{run}: {part}"
            baseline, against = m.of_earlier(name)
            if baseline is not None:
                rows.append(Row("f", name, m.value(name), NS, baseline, against))
    return rows


@dataclass(frozen=True)
class Part:
    """A part of the benchmark whose measurements are processes: what it asks for, and its rows."""

    requests: Callable[[Plan], list[Request]]
    rows: Callable[[Measured], list[Row]]


PARTS: Mapping[str, Part] = {
    "b": Part(limit_requests, limit_rows),
    "c": Part(growth_requests, growth_rows),
    "d": Part(phase_requests, phase_rows),
    "e": Part(sweep_requests, sweep_rows),
    "f": Part(phase_requests, earlier_rows),
}
