"""The look of arms: fixed colours, dashes and markers, which say which arm it is and never whether that is good."""

from __future__ import annotations

from typing import Literal, NamedTuple

from experiments.engine.results import Results

Dashes = Literal["solid"] | tuple[float, tuple[float, ...]]


class ArmStyle(NamedTuple):
    """How an arm is drawn wherever it is."""

    colour: str
    dashes: Dashes
    marker: str


# None is a colour of the grammar of findings. The baseline is nearly black and all others are much lighter, so that
# the two arms of a comparison are told apart in grey print; dashes and markers differ as well.
ARM_STYLES: dict[str, ArmStyle] = {
    "siloed": ArmStyle("#2B2B2B", (0, (4, 1.5)), "s"),
    "coordinated": ArmStyle("#009E73", "solid", "o"),
    "siloed-same-money": ArmStyle("#CC79A7", (0, (6, 1, 1, 1)), "D"),
    "coordinated-triple-cost": ArmStyle("#8C6D31", (0, (1, 1)), "P"),
    "national": ArmStyle("#C9A400", (0, (8, 2)), "X"),
    "emergent": ArmStyle("#56B4E9", (0, (2, 1)), "*"),
    "local": ArmStyle("#A05A7A", (0, (3, 1, 1, 1, 1, 1)), "h"),
    "regional": ArmStyle("#009E73", "solid", "o"),
}
SPARE: tuple[ArmStyle, ...] = (
    ArmStyle("#A05A7A", (0, (3, 1, 1, 1, 1, 1)), "h"),
    ArmStyle("#C9A400", (0, (8, 2)), "X"),
    ArmStyle("#56B4E9", (0, (2, 1)), "*"),
    ArmStyle("#8C6D31", (0, (1, 2)), "p"),
)


def style_of(arm: str) -> ArmStyle:
    """The look of an arm of ours, and of any other the first spare one."""
    return ARM_STYLES.get(arm, SPARE[0])


def arm_style(results: Results, arm: str) -> ArmStyle:
    """The look of an arm of some results; arms of the user's own take spare ones in their order."""
    if arm in ARM_STYLES:
        return ARM_STYLES[arm]
    own = [name for name in results.arms if name not in ARM_STYLES]
    return SPARE[own.index(arm) % len(SPARE)]
