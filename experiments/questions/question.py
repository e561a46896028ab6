"""A question is one record: its name, options and quick values, how it is run, and how its answer is read and told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from matplotlib.figure import Figure

from experiments.design.asked import Asked
from experiments.design.options import Defaults
from experiments.engine.experiment import Experiment
from experiments.engine.results import Results
from experiments.reporting.summary import Headline


class Found(Protocol):
    """What a question reads from its folder: whatever it needs, and the stored results that it comes from."""

    @property
    def results(self) -> Results:
        """The stored results."""


R = TypeVar("R", bound=Found)
Option = Callable[[Any], Any]


@dataclass(frozen=True)
class Drawing:
    """A figure by its file's name, made when it is asked for."""

    name: str
    make: Callable[[], Figure]


ALL = "all"  # in place of names of arms or outcomes


@dataclass(frozen=True)
class View:
    """What `samspel plot` may choose: arms and outcomes by name, or ALL of them, and an area; where nothing is named,
    what the question is about."""

    arms: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    area: str | None = None

    @property
    def everything(self) -> bool:
        """Whether nothing was chosen."""
        return self == View()


@dataclass(frozen=True)
class Answer(Generic[R]):
    """How the results of a kind are read and told. Everything that is shown comes from what `read` returns, so that
    whatever is in a folder can be told and drawn again, on another machine, without running anything.

    kind: in the manifest. read: a folder, finished or under construction, to what was found. title: of the summary,
    after region and size. first: what is told before all else, the table too. said: the answer in sentences, for the
    terminal and the top of the summary. sections: the rest of the summary, Markdown. headline: the verdict as data.
    adds: what else summary.json holds. table: printed on the terminal before the answer. draw: the figures, those that
    a view chooses; `views` says whether it may.
    """

    kind: str
    read: Callable[[Path], R]
    title: Callable[[R], str]
    said: Callable[[R], Sequence[str]]
    sections: Callable[[R], Sequence[str]]
    headline: Callable[[R], Headline]
    draw: Callable[[R, View], Sequence[Drawing]]
    adds: Callable[[R], Mapping[str, Any]] = lambda _: {}
    table: Callable[[R], str] = lambda _: ""
    first: Callable[[R], Sequence[str]] = lambda _: ()
    views: bool = False


@dataclass(frozen=True)
class Question(Generic[R]):
    """A command that asks something of many runs.

    help: what it asks and does, for a person. usual: the defaults of the options that all questions have. quick: values
    in place of defaults with --quick (scale, replicates and points, never years or region). options: its own, as click
    decorators. design: the runs, for a question with one design; run: for one with several, or with other work to do.
    One of the two is given. Both raise SamspelError for what cannot be asked, before anything is run. after: what is
    done once the results stand, and told in a line; it raises SamspelError where they do not allow it. instead: another
    question that its options ask, with defaults of its own, given the options and the names of those that were given.
    """

    answer: Answer[R]
    help: str
    usual: Defaults
    quick: Mapping[str, Any]
    options: Sequence[Option] = ()
    design: Callable[[Asked], Any] | None = None
    run: Callable[[Asked, Experiment], None] | None = None
    check: Callable[[Asked], None] = lambda _: None
    after: Callable[[Asked, R], str] = lambda _, __: ""
    instead: Callable[[Mapping[str, Any], Collection[str]], Question[Any] | None] = lambda _, __: None
    epilog: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        """A quick look is a look at the same question: neither years nor region may be cut."""
        if {"years", "region"} & set(self.quick):
            raise ValueError(f"{self.answer.kind}: --quick may change neither years nor region")
        if (self.design is None) == (self.run is None):
            raise ValueError(f"{self.answer.kind}: a question has either one design or a run of its own")
