"""Whether the measures of an episode fit its arms, its region and its years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from experiments.design.asked import Asked
from experiments.questions.hindcast.episode.model import About, Measure
from experiments.questions.hindcast.episode.reading import key_of_measure
from sim import Region
from sim.errors import unknown
from sim.inputs.problems import Problem, stop_if


def check_measures(episode: About, asked: Asked) -> None:
    """Refuse what no run of this asking can tell. Raises InputError."""
    stop_if([problem for number, one in enumerate(episode.measure) for problem in _problems(number, one, asked)])


def _problems(number: int, measure: Measure, asked: Asked) -> Iterator[Problem]:
    def wrong(what: str, *keys: str) -> Problem:
        return Problem(str(asked.config), what, column=key_of_measure(number, measure, *keys), word="key")

    arms = [arm.name for arm in asked.arms]
    for key in ("arm", "against"):
        name = getattr(measure, key)
        if name is not None and name not in arms:
            yield wrong(str(unknown("arm", name, arms)), key)
    for keys, what in _areas(measure, asked.place):
        yield wrong(what, *keys)
    for key, span in _spans(measure).items():
        first = asked.place.start_year
        last = first + asked.years - 1
        if not first <= span[0] <= span[1] <= last:
            years = span[0] if span[0] == span[1] else f"{span[0]} to {span[1]}"
            yield wrong(f"got {years}; expected years of the run, {first} to {last}", *key.split("."))


def _areas(measure: Measure, place: Region) -> Iterator[tuple[tuple[str, str], str]]:
    """Areas and owners that the region does not have."""
    known: Mapping[str, Sequence[str]] = {
        "municipality": place.municipalities.name,
        "neighbourhood": place.neighbourhoods.name,
        "owner": (*place.municipalities.name, *place.landlords.name),
    }
    for key, over in (("over", measure.over), ("others", measure.others)):
        for kind, names in known.items():
            name = over.given.get(kind) if over is not None else None
            if name is not None and name not in names:
                yield (key, kind), str(unknown(kind, name, names))


def _spans(measure: Measure) -> dict[str, tuple[int, int]]:
    """All calendar years that a measure names, by key."""
    spans = {"year": (measure.year, measure.year) if measure.year else None, "years": measure.years}
    for key, over in (("over", measure.over), ("others", measure.others)):
        spans |= {f"{key}.{name}": getattr(over, name, None) for name in ("renovated", "begun")}
    return {key: span for key, span in spans.items() if span is not None}
