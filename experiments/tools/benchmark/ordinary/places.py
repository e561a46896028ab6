"""Flats, buildings and neighbourhoods: plain objects, whose numbers of the quarter are set when it begins."""

from __future__ import annotations

PAY_CLASSES = 10


class Place:
    """A neighbourhood."""

    def __init__(self, index: int, municipality: int, flats: int) -> None:
        self.index, self.municipality, self.flats = index, municipality, flats
        # as the start left them, and fixed
        self.start_rate = 0.0  # finding rate per quarter, at a full work history
        self.scale: list[float] = []  # how much more often each cell finds work with a full history (8)
        self.tax = self.municipal_tax = self.county_tax = 0.0  # shares of taxable income; tax is their sum
        self.base_satisfaction = self.lookers_start = self.appeal_start = 0.0
        self.satisfaction_start = self.reputation_start = self.employment_start = 0.0
        self.foreign_background = self.assistance_share = 0.0
        self.low_schooling = self.high_schooling = 0.0
        self.size_ends: list[float] = []  # where sizes of one, two and three persons end on a line from 0 to 1
        self.near: list[float] = []  # what is left of each place's draw over the distance to it (k + e)
        self.km: list[float] = []
        # of the quarter, from outside
        self.reputation = self.calm = 0.0
        self.chances: list[float] = []  # finding rate by schooling x 2 + foreign background (8)
        self.net: list[float] = []  # pay after tax by pay class, SEK/month
        self.push = self.pull = self.term = 0.0
        self.open_page()

    def open_page(self) -> None:
        """Nothing has been counted this quarter; sums in SEK a month but for health care, SEK a year."""
        self.people = [0] * PAY_CLASSES
        self.households = 0
        self.incomes = self.allowance = self.assistance = self.assistance_for_rent = self.health_care = 0.0


class Building:
    """A building, whose flats are alike but for those renewed singly."""

    def __init__(self, place: Place, area: float, flats: int) -> None:
        self.place, self.area, self.flats = place, area, flats
        self.renewed = 0  # flats renewed singly
        self.rows: list[Flat] = []
        # of the quarter, from outside
        self.private = False
        self.rent_chosen = self.condition = self.energy = 0.0
        self.rent_year = 0.0  # SEK/m2
        self.rent = self.rent_renewed = self.rent_plain = 0.0  # SEK/month of a flat
        self.level = self.dwelling = 0.0  # what satisfaction and health get of home and place, points
        self.rents_paid = 0.0
        self.on_assistance = self.on_allowance = 0
        # of the market of flats
        self.appeal = self.mean = self.share_choosing = 0.0
        self.empty = 0


class Flat:
    """A flat; whoever lives there knows it."""

    __slots__ = ("building", "place", "renewed", "row")

    def __init__(self, row: int, building: Building, renewed: bool) -> None:
        self.row, self.building, self.place, self.renewed = row, building, building.place, renewed

    @property
    def rent(self) -> float:
        """SEK/month."""
        return self.building.rent_renewed if self.renewed else self.building.rent
