"""Who works together, and how: an immutable value that the phases read in few, named places.

A practice may change only what somebody knows, who decides, which cash flow is possible, or a constraint.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from sim.errors import SamspelError, unknown
from sim.vocabulary import Partner, Practice

LOCAL = frozenset({Partner.OWN_MUNICIPALITY, Partner.CIVIL_SOCIETY})
REGIONAL = LOCAL | {Partner.COUNTY_COUNCIL, Partner.OTHER_MUNICIPALITIES, Partner.BUILDERS}
NATIONAL = REGIONAL | {Partner.STATE}

# A practice whose partners are missing cannot act: no framework without builders, no free money without the state.
NEEDS: dict[Practice, frozenset[Partner]] = {
    Practice.SHARED_CALCULATION: frozenset({Partner.OWN_MUNICIPALITY}),
    Practice.POOLED_PROCUREMENT: frozenset({Partner.OTHER_MUNICIPALITIES, Partner.BUILDERS}),
    Practice.TRAINING: frozenset({Partner.OWN_MUNICIPALITY}),
    Practice.FREE_STATE_MONEY: frozenset({Partner.STATE}),
    Practice.PARTICIPATION: frozenset({Partner.CIVIL_SOCIETY}),
    Practice.IMAGE_WORK: frozenset({Partner.CIVIL_SOCIETY}),
}


@dataclass(frozen=True)
class Collaboration:
    """Six practices, each at a strength from 0 (off) to 1 (on), and the partners in scope.

    ``cost_factor`` multiplies what coordination costs in money; ``by_commitment`` makes shared calculation, pooling and
    training act only for those municipalities that have committed to the compact.
    """

    name: str = "siloed"
    shared_calculation: float = 0.0
    pooled_procurement: float = 0.0
    training: float = 0.0
    free_state_money: float = 0.0
    participation: float = 0.0
    image_work: float = 0.0
    partners: frozenset[Partner] = frozenset()
    cost_factor: float = 1.0
    by_commitment: bool = False

    def __post_init__(self) -> None:
        """Refuse strengths outside 0-1 and cost factors below 0."""
        for practice in Practice:
            strength = getattr(self, practice)
            if not isinstance(strength, int | float) or not 0.0 <= strength <= 1.0:
                raise SamspelError(
                    f"collaboration {self.name}: {practice} is {strength!r}; expected a share from 0 to 1"
                )
        if not 0.0 <= self.cost_factor < float("inf"):
            raise SamspelError(f"collaboration {self.name}: cost_factor is {self.cost_factor}; expected 0 or more")

    @classmethod
    def preset(cls, name: str) -> Collaboration:
        """One of siloed, local, regional, national, emergent.

        Raises
        ------
        SamspelError : the name is unknown.
        """
        if name not in PRESETS:
            raise unknown("preset", name, PRESETS)
        return PRESETS[name]

    def replace(self, **changes: Any) -> Collaboration:
        """A copy with some fields changed, such as ``training=0.0``.

        Raises
        ------
        SamspelError : a field does not exist or a strength is outside 0-1.
        """
        names = [field.name for field in fields(self)]
        for key in changes:
            if key not in names:
                raise unknown("practice", key, names, f"collaboration {self.name}")
        return replace(self, **changes)

    def strength(self, practice: Practice) -> float:
        """How strongly a practice acts: its strength, or 0 where a partner that it needs is not in scope."""
        return float(getattr(self, practice)) if NEEDS[practice] <= self.partners else 0.0


PRESETS: dict[str, Collaboration] = {
    "siloed": Collaboration("siloed"),
    "local": Collaboration(
        "local", shared_calculation=1.0, training=1.0, participation=1.0, image_work=1.0, partners=LOCAL
    ),
    "regional": Collaboration("regional", 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, REGIONAL),
    "national": Collaboration("national", 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, NATIONAL),
    "emergent": Collaboration("emergent", 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, REGIONAL, by_commitment=True),
}
