"""What is counted and booked in a quarter by neighbourhood, under the names of ``Tally`` and ``Flow`` in lower case."""

from __future__ import annotations

from collections import defaultdict

from experiments.tools.benchmark.ordinary.outside import Outside
from experiments.tools.benchmark.ordinary.pay import Wages
from experiments.tools.benchmark.ordinary.places import Building, Place
from sim.inputs.parameters import Parameters


class Counts:
    """Sums of a quarter by neighbourhood (k,), each under its name; ``moves`` and ``caused`` by neighbourhood and kind
    of household."""

    def __init__(self, places: int) -> None:
        self.of: dict[str, list[float]] = defaultdict(lambda: [0.0] * places)
        self.moves: dict[tuple[int, int], int] = defaultdict(int)
        self.caused: dict[tuple[int, int], int] = defaultdict(int)

    def add(self, name: str, place: Place, value: float = 1.0) -> None:
        """Count something that happens in a neighbourhood."""
        self.of[name][place.index] += value


def book_pay(books: Counts, places: list[Place], wages: Wages, p: Parameters) -> None:
    """Wages, taxes, support and health care of a quarter, SEK, from what was counted household by household."""
    for x in places:
        months = [3.0 * people for people in x.people]
        work = base = support = 0.0
        for i, number in enumerate(months):
            work += number * (wages.gross[i] * wages.worked[i])
            base += number * (wages.gross[i] * wages.taxable[i])
            support += number * (wages.gross[i] * wages.supported[i])
        books.add("wages", x, work)
        books.add("payroll_tax", x, p.payroll_tax * work)
        books.add("municipal_tax", x, base * x.municipal_tax)
        books.add("county_tax", x, base * x.county_tax)
        books.add("unemployment_benefit", x, support)
        books.add("pensions", x, months[-1] * wages.gross[-1])
        books.add("housing_allowance", x, 3.0 * x.allowance)
        books.add("social_assistance", x, 3.0 * x.assistance)
        books.add("assistance_for_rent", x, 3.0 * x.assistance_for_rent)
        books.add("health_care", x, x.health_care * p.persons_per_size / 4.0)


def book_rents(books: Counts, buildings: list[Building], now: Outside, p: Parameters) -> None:
    """Rent in, heat, upkeep and property fee out, SEK a quarter, building by building; the tax in them apart."""
    for b in buildings:
        owner, x = ("landlords" if b.private else "companies"), b.place
        area = b.area * b.flats / 4.0
        heat = b.energy * now.heat_price * area
        upkeep = p.upkeep * area
        fee = min(p.property_fee * b.flats / 4.0, upkeep)
        tax = (upkeep - fee) * p.upkeep_taxed_share * p.vat / (1.0 + p.vat)
        books.add(f"rent_{owner}", x, b.rents_paid * 3.0)
        books.add(f"heat_{owner}", x, heat / (1.0 + p.vat))
        books.add(f"heat_tax_{owner}", x, heat * p.vat / (1.0 + p.vat))
        books.add(f"carbon_levy_{owner}", x, b.energy * now.carbon_levy * area)
        books.add(f"property_fee_{owner}", x, fee)
        books.add(f"upkeep_tax_{owner}", x, tax)
        books.add(f"upkeep_{owner}", x, upkeep - fee - tax)
