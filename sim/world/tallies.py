"""What is counted during a quarter and read when it closes: by neighbourhood, and for the region."""

from __future__ import annotations

from enum import Enum

import numpy as np

from sim.world.columns import Floats, Ints
from sim.world.kinds import KINDS


class Tally(Enum):
    """What is counted by neighbourhood; the value says what one count is."""

    MOVES = "household that moved out"
    OUT_MOVERS = "main earner of working age who moved out"
    OUT_MOVERS_EMPLOYED = "main earner at work who moved out"
    IN_MOVERS = "household that moved in"
    IN_MOVERS_EMPLOYED = "household that moved in with its main earner at work"
    FIRST_JOBS = "newcomer to Sweden who found a first job"
    ARRIVAL_YEARS = "year that such a newcomer had been in Sweden"
    ARRIVALS = "newcomer to Sweden who moved in"
    NEWCOMER_PLACES = "training place that a newcomer who had never worked here got"
    PLACEMENTS = "training place filled"
    GRADUATES = "apprentice certified"
    DROPOUTS = "apprentice who quit"
    SERVICE_JOBS = "service job filled"
    BEGUN = "flat of an owner's programme that went on site"
    SOLD = "flat sold to another owner"
    STRANDED = "trainee whose firm had no work any more, and whom nobody took over"
    PLACES_UNFILLED = "training place that fell due and that nobody suitable, or no crew with time, was there for"
    NOT_BACK = "household housed elsewhere during works that does not come back"

    IN_MOVERS_RETIRED = "household of a retired main earner that moved in"
    MOVES_WITHIN = "household that moved out, into another flat of the region"
    MOVES_RENOVATED = "household that moved out of a building under renovation or just renovated"
    GAP_RENOVATED = "income of the place where such a household goes over that of the one it leaves, minus 1"
    GAP_OTHER = "the same of a household that moved out of another building"
    KM_RENOVATED = "kilometre that a household moves from a building under renovation or just renovated"
    KM_OTHER = "kilometre that a household moves from another building"

    def __init__(self, _: str) -> None:
        self.row = len(type(self).__members__)


class RegionTally(Enum):
    """What is counted for the region as a whole; the value says what one count is."""

    TENDERS = "lot tendered"
    BIDS = "bid"
    SINGLE_BIDS = "tender with one bid"
    AWARD_VALUE = "SEK of contracts signed"
    AWARD_SMALL = "SEK of contracts that small firms won"
    AWARD_REFERENCE = "SEK that the contracts signed would have cost at the reference prices of 2011"
    FINISHED = "building finished"
    DELAY = "quarter by which finished buildings were late"
    COST_FINISHED = "SEK spent on finished buildings"
    WRITTEN_DOWN = "SEK of it that the market does not give back"
    GRANTS_APPLIED = "SEK of grants applied for"
    GRANTS_GRANTED = "SEK of grants promised"
    GRANTS_PAID = "SEK of grants paid, modelled buildings or not"
    GRANTS_LAPSED = "SEK of promises that lapsed"
    GRANTS_UNSPENT = "SEK of a year's grant money that nobody was promised, and that is lost to the programme"
    GRANTS_CARRIED = "SEK of it that is carried over"
    GRANTS_ANYWAY = "SEK of grants for works that their owners would have chosen without"

    def __init__(self, _: str) -> None:
        self.row = len(type(self).__members__)


class Tallies:
    """Counts of the quarter under way.

    ``by_neighbourhood`` has shape (len(Tally), neighbourhoods), ``of_region`` (len(RegionTally),); ``moves`` out, and
    of them those that renovation ``caused``, by neighbourhood and kind of household (neighbourhoods, KINDS).
    """

    def __init__(self, neighbourhoods: int) -> None:
        self.by_neighbourhood: Floats = np.zeros((len(Tally), neighbourhoods))
        self.of_region: Floats = np.zeros(len(RegionTally))
        self.moves: Floats = np.zeros((neighbourhoods, KINDS))
        self.caused: Floats = np.zeros((neighbourhoods, KINDS))

    def clear(self) -> None:
        """A new quarter: nothing has been counted."""
        self.by_neighbourhood.fill(0.0)
        self.of_region.fill(0.0)
        self.moves.fill(0.0)
        self.caused.fill(0.0)

    def count(self, tally: Tally, where: Ints, weights: Floats | None = None) -> None:
        """Count rows by the neighbourhood of each (``where``, (rows,)), each once or by its weight (rows,)."""
        self.by_neighbourhood[tally.row] += np.bincount(where, weights, minlength=self.by_neighbourhood.shape[1])

    def count_in_turn(self, tally: Tally, which: Ints, where: Ints, weights: Floats) -> None:
        """The same of several groups (``which``, (rows,), from 0 up), each added up by itself."""
        places = self.by_neighbourhood.shape[1]
        groups = int(which.max(initial=-1)) + 1
        each = np.bincount(which * places + where, weights, minlength=groups * places).reshape(groups, places)
        for counted in each:
            self.by_neighbourhood[tally.row] += counted

    def add(self, tally: RegionTally, value: float) -> None:
        """Count something of the region, in the tally's unit."""
        self.of_region[tally.row] += value

    def of(self, tally: Tally) -> Floats:
        """The counts of the quarter by neighbourhood (k,)."""
        return np.asarray(self.by_neighbourhood[tally.row])

    def region(self, tally: RegionTally) -> float:
        """The region's count of the quarter."""
        return float(self.of_region[tally.row])
