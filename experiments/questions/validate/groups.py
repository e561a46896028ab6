"""Patterns by what they may say for the model: predicted, only checked, and fitted, each counted apart.

Whatever counts patterns counts them here, so that the scoreboard, the summary and its data cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from experiments.questions.validate.measuring.patterns import Use
from experiments.questions.validate.measuring.score import Scored, by_pattern, worst

USES: tuple[Use, ...] = ("predict", "check", "fit")  # what says most for the model first
TITLES: Mapping[Use, str] = {
    "predict": "Predicted before anybody had looked",
    "check": "Only checked, never fitted to",
    "fit": "Fitted, which says nothing for the default",
}
UNFITTED: tuple[Use, ...] = ("predict", "check")  # what chose the default does not score it


@dataclass(frozen=True)
class Group:
    """The patterns of some uses, each with its tests, in their order."""

    uses: tuple[Use, ...]
    patterns: tuple[tuple[Scored, ...], ...]

    @property
    def of(self) -> int:
        """How many patterns there are."""
        return len(self.patterns)

    @property
    def passed(self) -> int:
        """How many pass in every test."""
        return sum(worst(tests) == "pass" for tests in self.patterns)

    @property
    def missed(self) -> list[str]:
        """Short names of those that miss in a test, or leave one unmeasured."""
        return [tests[0].pattern.key for tests in self.patterns if worst(tests) in ("miss", "not measured")]

    @property
    def tests(self) -> list[Scored]:
        """All of their tests."""
        return [one for tests in self.patterns for one in tests]


def group(found: Sequence[Scored], *uses: Use) -> Group:
    """The patterns of these uses."""
    patterns = [tuple(tests) for tests in by_pattern(found).values()]
    return Group(uses, tuple(tests for tests in patterns if tests[0].pattern.use in uses))


def groups(found: Sequence[Scored]) -> dict[Use, Group]:
    """The three groups by use, empty ones too."""
    return {use: group(found, use) for use in USES}


def unfitted(found: Sequence[Scored]) -> Group:
    """What scores the model: all that was not fitted."""
    return group(found, *UNFITTED)


def titled(part: Group) -> str:
    """A group's heading with its count."""
    title = TITLES[part.uses[0]]
    return f"{title}: {part.passed} of {part.of} pass in every test" if part.of else f"{title}: none"
