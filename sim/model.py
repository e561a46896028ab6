"""RenewalModel, Mesa's face of a world: starts it, takes it through its quarters, shows what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mesa
import pandas as pd

from sim import schedule
from sim.errors import DefectError, OutcomeError, SamspelError, quoted
from sim.inputs.arguments import Count, Seed, Truth, Years, checked, made
from sim.inputs.collaboration import Collaboration
from sim.inputs.injections import Injection
from sim.inputs.levers import Levers
from sim.inputs.parameters import Parameters, load_parameters
from sim.inputs.region import Region
from sim.inputs.shocks import Shocks
from sim.mesa_rows.face import Face
from sim.mesa_rows.keeping import picklable
from sim.mesa_rows.rows import go_on_counting, register_rows
from sim.mesa_rows.views import Neighbourhood, Resident
from sim.randomness import Draws, fresh_seed
from sim.recording.budgets import budgets
from sim.recording.event_tables import event_tables
from sim.recording.events import Events
from sim.recording.record import record
from sim.recording.recorder import Recorder
from sim.recording.tables import refusals, rescues, sales, tables
from sim.world.columns import Floats
from sim.world.start import start_world


class RenewalModel(Face):
    """Neighbourhood renewal in one region under one collaboration.

    Its state is ``world``; the parts that it shows under its own name (``model.residents``) are there to be read.

    Parameters
    ----------
    region : what ``load_region`` gives.
    collaboration : who works together, such as ``Collaboration.preset("regional")``.
    seed : the replicate, a whole number; the same seed in two arms gives paired runs. None, as in other Mesa models,
        is a fresh one; ``seed`` tells which, and the same run comes of it again.
    parameters, levers : behaviour and policy; the shipped values by default.
    years : length of the run, up to 200.
    same_money : SEK per (year, payer, municipality), handed to the housing companies without conditions: another run's
        ``cofunding()``.
    injections : what owners' owners put in beside the region's own table, such as ``[Injection("Botkyrka", 2015,
        2e8)]``, SEK of the whole region at 1:1.
    shocks : values of series of the surroundings by calendar year, such as ``{"heat_price": {2014: 0.9}}``; they go on
        from there by themselves. ``samspel list shocks`` says which there are.
    events : keep a record of single events (``model.events``); changes nothing else.
    twins : keep one, and tell of every joint tender what its owners' own would have cost; changes nothing else.
    record_every : quarters from one recorded quarter to the next, 0 for none at all; changes nothing else. With 4, the
        last quarter of each year.
    rng : what newer versions of Mesa call ``seed``; their ``batch_run`` gives it to a subclass that names no seed.

    A model whose ``step`` raised is finished; make a new one. After the last quarter ``running`` is False, and a
    further step raises. A model can be pickled and copied at any quarter; the copy goes on to the same bytes.

    Raises
    ------
    SamspelError : an argument does not fit; the same is said of it on the command line.
    """

    def __init__(
        self,
        region: Region,
        collaboration: Collaboration,
        seed: int | None = None,
        *,
        parameters: Parameters | None = None,
        levers: Levers | None = None,
        years: int = 30,
        same_money: Floats | None = None,
        injections: Sequence[Injection] = (),
        shocks: Shocks | None = None,
        events: bool = False,
        twins: bool = False,
        record_every: int = 1,
        rng: int | None = None,
    ) -> None:
        made(region, Region, 'load_region("botkyrka")')
        made(collaboration, Collaboration, 'Collaboration.preset("regional")')
        p = load_parameters() if parameters is None else parameters
        made(p, Parameters, 'load_parameters().replace({"heat_price": 0.8})')
        chosen = Levers() if levers is None else levers
        made(chosen, Levers, "Levers.checked(grant_rate=0.3)")
        root = _root(seed, rng)
        years, every = checked("years", years, Years), checked("record_every", record_every, Count)
        kept, told = checked("events", events, Truth), checked("twins", twins, Truth)
        super().__init__(rng=root)
        self._broken_off = False
        self.world = start_world(
            self, region, collaboration, Draws(root), p, chosen, years, same_money, injections, shocks
        )
        self.recorder = Recorder(region, self.quarters, every)
        self.events = Events(self.quarters, self.buildings.n, self.residents.n, told) if kept or told else None
        self.world.events = self.events
        register_rows(self, Neighbourhood, len(self.world.neighbourhoods))
        register_rows(self, Resident, self.residents.n)

    # --- running ------------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """One quarter: the nine phases in order, then the recorder.

        Raises
        ------
        SamspelError : the last quarter is over, or an earlier step was broken off by an error.
        OutcomeError : the run has computed what cannot be.
        DefectError : a phase asks for what does not exist, or for a file.
        """
        self._check_may_step()
        world, self._broken_off = self.world, True
        try:
            world.open_quarter()
            for phase in schedule.PHASES:
                phase.advance(world)
            if self.recorder.due(world.quarter):
                record(world, self.recorder)
            if self.events is not None:
                self.events.closed(world)
        except OutcomeError:
            raise
        except (SamspelError, OSError) as error:
            # All input was read when the model was made: nobody is to look for a mistake in theirs.
            raise DefectError.of(error) from error
        world.quarter += 1
        self.running, self._broken_off = world.quarter < world.quarters, False

    def _wrapped_step(self) -> None:
        """What Mesa puts around ``step``: it counts steps first, and after the end nothing may count on."""
        self._check_may_step()
        super()._wrapped_step()

    def _check_may_step(self) -> None:
        if self._broken_off:
            self.running = False
            raise SamspelError(f"quarter {self.quarter} was broken off by an error; expected a new model")
        if self.quarter >= self.quarters:
            self.steps = self.quarters  # whatever way Mesa came here has counted one more
            raise SamspelError(f"the run is over after {self.quarters} quarters; expected steps while running is true")

    def __getstate__(self) -> dict[str, Any]:
        """For pickle and copy: what the model holds, data collectors with lambdas included."""
        return {name: picklable(x) if isinstance(x, mesa.DataCollector) else x for name, x in vars(self).items()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """A pickled or copied model goes on: agents that join it later get ids of their own."""
        vars(self).update(state)
        go_on_counting(self)

    def run(self) -> RenewalModel:
        """All remaining quarters; returns the model."""
        while self.quarter < self.quarters:
            self.step()
        return self

    @staticmethod
    def schedule() -> str:
        """The order of a quarter as a table."""
        return schedule.table()

    @property
    def seed(self) -> int:
        """The root of all random numbers of the run, given or fresh: the same run comes of it again."""
        return self.world.draws.seed

    # --- what came of it ----------------------------------------------------------------------------------------------

    def cofunding(self) -> Floats:
        """SEK that public budgets spent on collaborating, shape (years, payers, municipalities).

        Side payments, coaching, wage subsidies, reputation work beyond that of 2011; not talks and secretariats, which
        buy nothing that silos could use. Payers are municipality, county council and state.
        """
        return self.world.cofunded.copy()

    def areas(self) -> list[tuple[str, str]]:
        """Names and kinds of the recorded areas, in order."""
        return list(self.recorder.names)

    def curves(self, detail: bool = False) -> pd.DataFrame:
        """Recorded outcomes, wide: one row per recorded quarter and area, one column per outcome.

        The region alone, or with ``detail`` also municipalities and neighbourhoods.
        """
        return self.recorder.frame(detail)

    def outcomes(self, detail: bool = True) -> pd.DataFrame:
        """Recorded outcomes, tidy: quarter x area x outcome, without those that do not exist for an area."""
        wide = self.curves(detail)
        tidy = wide.melt(id_vars=["quarter", "area", "area_kind"], var_name="outcome", value_name="value")
        return tidy.dropna(subset="value").reset_index(drop=True)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Tables of single rows by name: ``programmes``, ``payments``, ``talks`` and ``budgets``."""
        return tables(self.world)

    def event_tables(self) -> dict[str, pd.DataFrame]:
        """Tables of single events by name, such as finished works, moves and training places; none where the model
        keeps no events."""
        return {} if self.events is None else event_tables(self.world, self.events)

    def programmes(self) -> pd.DataFrame:
        """One row an owner, estate and year of its programme: flats planned, begun and finished, to scale, and what
        held the rest of the plan back."""
        return self.tables()["programmes"]

    def payments(self) -> pd.DataFrame:
        """One row a side payment: quarter, who paid whom for which programme and by which gain, SEK to scale."""
        return self.tables()["payments"]

    def talks(self) -> pd.DataFrame:
        """One row a quarter, programme and partner: what was asked, offered and lacked (SEK to scale), the result and
        the reason; joining, leaving and breaking of a compact included."""
        return self.tables()["talks"]

    def budgets(self) -> pd.DataFrame:
        """One row a calendar year, neighbourhood and budget (persons, owners, the three public ones): what it received
        minus what it paid, SEK to scale, without loans; neighbourhoods add up to their municipality."""
        return budgets(self.world)

    def tenders(self) -> pd.DataFrame:
        """One row a tender: owners, whether joint, flats, package, bids, price per flat and the market then; with
        ``twins`` also what joint lots would have cost as their owners' own (sim/recording/tenders.py).

        Raises
        ------
        SamspelError : the model keeps no events.
        """
        if self.events is None:
            raise SamspelError("tenders: this model keeps no record of them; expected RenewalModel(..., events=True)")
        return self.events.tenders()

    def refusals(self) -> pd.DataFrame:
        """One row a year, programme, payer and reason (not_lawful, no_budget, not_worth_it) why partners did not pay:
        flats, and SEK that the best deals lacked, in the owner's eyes."""
        return refusals(self.world)

    def sales(self) -> pd.DataFrame:
        """One row a sale and estate: calendar year, seller, buyer, flats to scale, price (SEK), and the reason
        (finance, politics, offer, distress)."""
        return sales(self.world)

    def rescues(self) -> pd.DataFrame:
        """One row an end of an owner's distress and way (injection, sale, receivership): calendar year, owner, SEK
        (put in, paid by the buyer, lost by lenders), and its loan-to-value before."""
        return rescues(self.world)

    @property
    def neighbourhoods(self) -> list[Neighbourhood]:
        """A view of each neighbourhood; ``world.neighbourhoods`` holds their columns."""
        return [Neighbourhood(self, row) for row in range(len(self.world.neighbourhoods))]


def _root(seed: int | None, rng: int | None) -> int:
    """The root of a model's random numbers: the one given by either of its names, or a fresh one."""
    if seed is not None and rng is not None:
        raise SamspelError(f"rng: got {quoted(rng)} beside seed; expected one of them")
    given = ("rng", rng) if seed is None else ("seed", seed)
    return fresh_seed() if given[1] is None else int(checked(*given, Seed))
