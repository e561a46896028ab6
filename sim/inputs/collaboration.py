"""Who works together, and how: an immutable value that the phases read in few, named places.

A practice may change only what somebody knows, who decides, which cash flow is possible, or a constraint.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sim.errors import SamspelError, quoted, unknown
from sim.inputs.arguments import is_truth, number
from sim.inputs.dated import Dated, simplest, undated, with_value
from sim.vocabulary import Partner, Practice

LOCAL = frozenset({Partner.OWN_MUNICIPALITY, Partner.CIVIL_SOCIETY})
REGIONAL = LOCAL | {Partner.COUNTY_COUNCIL, Partner.OTHER_MUNICIPALITIES, Partner.BUILDERS}
NATIONAL = REGIONAL | {Partner.STATE}
MOST_COST = 1e12  # times what coordination costs: more than anybody could pay


@dataclass(frozen=True, init=False)
class Collaboration:
    """Practices, each at a strength from 0 (off) to 1 (on), in all years or in some, and the partners in scope.

    strengths: in the order of `Practice`; a `Dated` is off in other years than its own. cost_factor: multiplies what
    coordination costs in money. by_commitment: whether joint appraisal, pooling and training act only for
    municipalities that have committed to the compact.
    """

    name: str
    strengths: tuple[float | Dated, ...]
    partners: frozenset[Partner]
    cost_factor: float
    by_commitment: bool

    def __init__(
        self,
        name: str = "siloed",
        *,
        partners: frozenset[Partner] = frozenset(),
        cost_factor: float = 1.0,
        by_commitment: bool = False,
        **practices: float | Dated,
    ) -> None:
        """Practices by name, such as ``training=1.0`` or ``training=Dated(1.0, 2013, 2016)``; those not named are off.

        Raises
        ------
        SamspelError : an unknown practice or partner, a strength outside 0-1, a cost factor out of bounds, or
            what is no name or neither true nor false where one of these is expected.
        """
        if not isinstance(name, str) or not name:
            raise SamspelError(f"collaboration: its name is {quoted(name)}; expected some text")
        for key in practices:
            if key not in list(Practice):
                raise unknown("practice", key, KEYS, f"collaboration {name}")
        shares = {key: _share(name, key, value) for key, value in practices.items()}
        cost = _inside(name, "cost_factor", cost_factor, MOST_COST, f"a number from 0 to {MOST_COST:g}")
        if not is_truth(by_commitment):
            said = quoted(by_commitment)
            raise SamspelError(f"collaboration {name}: by_commitment is {said}; expected true or false")
        strengths = tuple(shares.get(practice, 0.0) for practice in Practice)
        values = (name, strengths, _partners(name, partners), cost, bool(by_commitment))
        for field, value in zip(("name", "strengths", "partners", "cost_factor", "by_commitment"), values, strict=True):
            object.__setattr__(self, field, value)

    @classmethod
    def preset(cls, name: str) -> Collaboration:
        """One of siloed, local, regional, national, emergent.

        Raises
        ------
        SamspelError : the name is unknown.
        """
        if not isinstance(name, str) or name not in PRESETS:
            raise unknown("preset", name, PRESETS)
        return PRESETS[name]

    def settings(self) -> dict[str, Any]:
        """All that can be set, by key: name, a strength for each practice, partners, cost_factor, by_commitment."""
        strengths = {str(practice): value for practice, value in zip(Practice, self.strengths, strict=True)}
        more = {"cost_factor": self.cost_factor, "by_commitment": self.by_commitment}
        return {"name": self.name, **strengths, "partners": self.partners, **more}

    def replace(self, **changes: Any) -> Collaboration:
        """A copy with some settings changed, such as ``training=0.0``.

        Raises
        ------
        SamspelError : a setting does not exist or a strength is outside 0-1.
        """
        for key in changes:
            if key not in KEYS:
                raise unknown("practice", key, KEYS, f"collaboration {self.name}")
        return Collaboration(**{**self.settings(), **changes})

    def practised(self, practice: Practice) -> float | Dated:
        """A practice as it is set, with its years if it has any; 0 where a partner that it needs is not in scope."""
        return self.strengths[_PLACE[practice]] if practice.needs <= self.partners else 0.0

    def strength(self, practice: Practice, year: int | None = None) -> float:
        """How strongly a practice acts in a calendar year: its strength, or 0 in other years than its own and where a
        partner that it needs is not in scope.

        Raises
        ------
        SamspelError : the practice has years, and none is asked about.
        """
        set_to = self.practised(practice)
        if not isinstance(set_to, Dated):
            return float(set_to)
        if year is None:
            raise SamspelError(f"collaboration {self.name}: {practice} has years of its own; expected a calendar year")
        return float(set_to.value) if set_to.holds(year) else 0.0

    def in_year(self, year: int) -> Collaboration:
        """What of it is in force in a calendar year: itself where no practice has years of its own."""
        if not any(isinstance(one, Dated) for one in self.strengths):
            return self
        return self.replace(**{str(practice): self.strength(practice, year) for practice in Practice})


def _share(name: str, key: str, value: object) -> float | Dated:
    """A strength, with its years if it has any."""
    share = _inside(name, key, undated(value), 1.0, "a share from 0 to 1")
    taken: float | Dated = simplest(with_value(value, share))
    return taken


def _inside(name: str, key: str, value: object, most: float, expected: str) -> float:
    given = number(value)
    if given is None or not 0 <= given <= most:
        raise SamspelError(f"collaboration {name}: {key} is {quoted(value)}; expected {expected}")
    return float(given)


def _partners(name: str, partners: Iterable[str]) -> frozenset[Partner]:
    """Partners, each of which exists."""
    known = list(map(str, Partner))
    given = [partners] if isinstance(partners, str) or not isinstance(partners, Iterable) else list(partners)
    for partner in given:
        if partner not in known:
            raise unknown("partner", str(partner), known, f"collaboration {name}")
    return frozenset(Partner(partner) for partner in given)


_PLACE = {practice: place for place, practice in enumerate(Practice)}
KEYS = ("name", *map(str, Practice), "partners", "cost_factor", "by_commitment")


def _preset(name: str, partners: frozenset[Partner], by_commitment: bool = False) -> Collaboration:
    """Everything on that these partners can practise."""
    practised = {str(practice): 1.0 for practice in Practice if practice.needs <= partners}
    return Collaboration(name, partners=partners, by_commitment=by_commitment, **practised)


PRESETS: dict[str, Collaboration] = {
    "siloed": Collaboration("siloed"),
    "local": _preset("local", LOCAL),
    "regional": _preset("regional", REGIONAL),
    "national": _preset("national", NATIONAL),
    "emergent": _preset("emergent", REGIONAL, by_commitment=True),
}
