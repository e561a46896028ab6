"""Unit and meaning of every variable that agents, markets and works hold; tables of ``ODD.md`` are made from it.

Columns of residents, buildings and neighbourhoods say this themselves (``sim/world/state.py``). A test compares the
names with a living model.
"""

from __future__ import annotations

from collections.abc import Mapping

Described = Mapping[str, tuple[str, str]]  # name of a variable: unit, meaning

_OWNER: Described = {
    "index": ("row", "place among owners: housing companies first, then private landlords"),
    "name": ("name", "as in the seed table; a housing company bears its municipality's"),
    "municipality": ("row", "where the owner is at home"),
    "required_yield": ("share/year", "real return asked of an investment"),
    "debt": ("SEK", "loans"),
    "value": ("SEK", "market value of the buildings at the latest closing"),
    "flats": ("flats", "flats owned at the latest closing"),
    "committed": ("SEK", "decided but not yet paid: counts against the borrowing headroom"),
    "short": ("share", "part of what could have been begun last year that could not be borrowed for"),
    "missing": ("SEK", "the same in money"),
    "strained": ("years", "running in which it has owed more than its buildings bear"),
    "staff": (
        "flats",
        "that the organisation can still begin this year; negative after a house of which only most did fit",
    ),
}

AGENTS: dict[str, Described] = {
    "Municipality": {
        **_OWNER,
        "confidence": ("0-1, 4 kinds, 3 payers", "belief in forecasts of jobs, health, climate and tax of works"),
        "shown": ("0-1, 4 kinds, 3 payers", "part of them that the latest year showed"),
        "trust": ("0-1", "trust in the compact; acts on commitment alone"),
        "committed_to_compact": ("yes/no", "whether it takes part in joint rounds (decided in `emergent` only)"),
        "budget": ("SEK", "what is left this year for side payments"),
        "surplus": (
            "SEK",
            "what its company has earned beyond works and interest this year so far, less earlier deficits",
        ),
        "promised": ("SEK or kWh, 4 kinds, 3 payers", "gains forecast for this year, each kind in its own unit"),
        "realised": ("SEK or kWh, 4 kinds, 3 payers", "the same as they were seen"),
        "kept": ("contracts", "joint contracts finished in time this year"),
        "delayed": ("contracts", "joint contracts finished late this year"),
        "broken": ("payers", "whose budgets did not bear what they had promised for this year"),
        "seen_gain": ("SEK/SEK", "own gain per krona of coordination, as remembered"),
    },
    "Landlord": {**_OWNER, "strategy": ("word", "hold, upgrade or resell; moves the yield asked at turnover")},
    "Builder": {
        "index": ("row", "place among firms"),
        "name": ("name", "as in the seed table"),
        "municipality": ("row", "where the firm is at home"),
        "workers": ("persons", "skilled workers; fractions at small scale"),
        "start_workers": ("persons", "the same at the start"),
        "size": ("word", "large, medium or small; small firms do not see a framework's pipeline"),
        "busy": ("persons", "crews of its contracts, those not yet begun included"),
        "experience": ("series by package", "flats renovated lately, in largest lots of a single owner"),
        "places_owed": (
            "places",
            "training places that clauses ask for and that nobody has been given yet; from a part of one",
        ),
        "visible": ("years", "committed work ahead at the latest tendering"),
    },
    "CountyCouncil": {
        "committed_to_compact": ("yes/no", "whether it takes part in joint rounds"),
        "trust": ("0-1", "mean of the municipalities'"),
        "budget": ("SEK by municipality", "what is left this year for side payments"),
    },
    "State": {
        "budget": ("SEK by municipality", "what is left for side payments"),
        "grants_left": ("SEK", "what is left of this year's grants"),
    },
    "CivilSociety": {
        "municipality": ("row", "its municipality"),
        "strength": ("0-1", "how much the associations can do"),
    },
}

MARKETS: dict[str, Described] = {
    "Surroundings": {
        "heat_price": ("SEK/kWh", "district heating including value-added tax"),
        "interest": ("share/year", "real interest before the lender's margin"),
        "yield_shift": ("share/year", "how far market yields lie above their mean because of interest"),
        "regime": ("Regime", "normal times, boom or slump of other construction"),
        "other_demand": ("1 = normal", "demand of other construction"),
        "slack": ("share", "national unemployment above normal"),
        "workforce": ("1 = 2011", "the county's construction workers"),
        "programme_demand": (
            "share",
            "the estates' crews over the county's construction workers; kept for whoever looks",
        ),
        "shortage": ("share of firms", "building firms that lack skilled hands"),
    },
    "CountyLabour": {
        "employed": ("persons, 2 x 4", "by part (county at large, queue) and schooling"),
        "unemployed": ("persons, 2 x 4", "by part and schooling"),
        "employed_start": ("persons, 2 x 4", "the same at the start"),
        "unemployed_start": ("persons, 2 x 4", "the same at the start"),
        "find": ("per quarter, 2 x 4", "finding rates at the start's tightness; fixed"),
        "loss": ("per quarter, 4", "loss rates in normal times, by schooling; fixed"),
        "vacancies": ("jobs", "open vacancies that everybody competes for"),
        "start_vacancies": ("jobs", "the same at the start"),
        "openings": ("jobs/quarter", "vacancies that open in normal times; fixed"),
        "start_seekers": ("persons x rate", "search effort of everybody at the start; fixed"),
        "tightness": ("1 = 2011", "how much easier work is found than at the start"),
        "taken": ("jobs", "vacancies filled through the programme this quarter"),
        "came": ("persons", "working age, moved in from the estates so far"),
        "left": ("persons", "moved out to the estates so far"),
    },
    "PeopleElsewhere": {
        "born": (
            "persons by schooling and quarter of birth",
            "main earners elsewhere in the county, the retired included",
        ),
        "reference": ("persons by schooling and quarter of birth", "the same in a county without estates"),
        "youngest": ("quarters", "age at which people come of age; fixed"),
        "working": ("quarters", "age from which people are retired; fixed"),
        "ages": ("shares by age in quarters", "of those who arrive from abroad, as of all who move in; fixed"),
        "arrivals": ("persons/quarter by schooling", "newcomers to Sweden who look for a flat in the estates; fixed"),
        "grown_up": ("persons/quarter by schooling", "young people who come of age elsewhere; fixed"),
        "newcomers": ("persons", "newcomers who have not moved into the estates yet"),
    },
    "Cohort": {
        "away": ("yes/no by household of 2011", "whether it has left its flat of 2011"),
        "employed": ("yes/no", "work of those who left"),
        "skill": ("Skill", "their schooling when they left"),
        "born": ("quarter", "birth of their main earner"),
    },
    "Census": {
        "flats": ("flats by neighbourhood", "counted at the latest closing, like all of the census"),
        "renovated": ("flats by neighbourhood", "in buildings renovated since the start"),
        "households": ("households by neighbourhood", "in occupied flats"),
        "satisfaction": ("points by neighbourhood", "summed over households"),
        "of_age": ("persons by neighbourhood", "main earners who have not retired"),
        "at_work": ("persons by neighbourhood", "main earners employed"),
    },
}

WORKS: dict[str, Described] = {
    "Project": {
        "owner": ("row", "who has decided"),
        "municipality": ("row", "where"),
        "keys": ("rows", "buildings not yet awarded, among all at full size"),
        "buildings": ("rows", "the modelled buildings that these are, or are like"),
        "modelled": ("yes/no by building", "whether it is modelled; all are at full size"),
        "options": ("0-8 by building", "chosen standard and energy level"),
        "flats": ("flats", "in these buildings"),
        "cost": ("SEK", "as expected at the decision"),
        "decided": ("quarter", "of the decision"),
        "ready": ("quarter", "from which it may be tendered"),
        "pooled": ("yes/no", "goes to the joint framework"),
        "shared": ("yes/no", "was negotiated with partners"),
        "payments": ("SEK/year, 3 payers, 5 kinds", "agreed with partners, once it is built"),
        "years": ("years, 3 payers", "for how long each pays"),
        "programme": ("name", "neighbourhood and year of the decision"),
        "grant": ("SEK", "grant reserved"),
        "tenders": ("tenders", "failed so far"),
    },
    "Contract": {
        "builder": ("row", "who won"),
        "keys": ("rows", "in the order of building, among all at full size"),
        "buildings": ("rows", "the modelled buildings that these are, or are like"),
        "modelled": ("yes/no by building", "whether it is modelled; all are at full size"),
        "options": ("0-8 by building", "standard and energy level"),
        "owners": ("rows", "who owned each building at the award, and pays"),
        "flats": ("flats by building", ""),
        "cost_shares": ("share by building", "of the reference cost"),
        "price": ("SEK", "the winning bid with the site's set-up, without what training costs"),
        "reference": ("SEK", "reference cost at the cost level of 2011"),
        "labour_cost": ("SEK", "of the work without change orders, employer's fee included, without value-added tax"),
        "materials_cost": ("SEK", "of the work without change orders, without value-added tax"),
        "labour": ("person-years", "at the reference, to scale"),
        "crew": ("persons", "planned on site, to scale"),
        "pace": ("factor", "speed that serial experience gives, at most 2"),
        "quarters": ("quarters", "planned on site"),
        "awarded": ("quarter", "of the award"),
        "start": ("quarter", "of renovation"),
        "change": ("share", "change orders, in money and in work"),
        "pooled": ("yes/no", "of the joint framework"),
        "places": ("places", "training places that the clause asks for, to scale"),
        "clause": ("SEK", "what the clause adds to the price, with value-added tax"),
        "heat": ("kWh/year by building", "what it used when the contract was signed"),
        "pledges": ("list", "what payers owe for it once it is done"),
        "shared_by": ("rows", "municipalities whose part of it was negotiated with partners"),
        "grants": ("SEK by owner", "due at completion"),
        "progress": ("0-1", "part of the renovation done"),
        "finished": ("buildings", "handed over"),
    },
    "Pledge": {
        "owner": ("row", "who is paid"),
        "municipality": ("row", "where"),
        "programme": ("name", "neighbourhood and year of the decision"),
        "yearly": ("SEK/year, 3 payers, 5 kinds", "at full size"),
        "years": ("years, 3 payers", "for how long each pays"),
        "share": ("share", "modelled part of its flats: that much is in the books"),
        "made": ("years", "that are over"),
    },
}

# What the world itself remembers between phases and quarters; the rest of its attributes are parts named above.
MEMORY: Described = {
    "quarter": ("quarter", "now, counted from the start"),
    "pay_level": ("1 = 2011", "real level of wages, support and pensions"),
    "cost_level": ("1 = 2011", "reference price of construction, without scarcity"),
    "believed_price": ("1 = 2011", "construction price that owners reckon with"),
    "price_index": ("1 = 2011", "latest awards over their reference cost of 2011"),
    "expected_bidders": ("bids", "number of bids that firms expect"),
    "building_values": ("SEK by building", "market values at the latest closing"),
    "designed": (
        "quarter by package",
        "when the joint framework last paid for a package's design; minus infinity before",
    ),
    "known_to_owners": (
        "standard errors by building and option",
        "what owners know of each and the model does not; the lasting part",
    ),
    "tenants_on_assistance": ("share by building", "of tenants, at the latest incomes: what owners and partners know"),
    "tenants_on_allowance": ("share by building", "the same for housing allowance"),
    "plain_rent": ("SEK/month by flat", "rent without any renovation since the start"),
    "base_satisfaction": ("points by neighbourhood", "what else makes a place liked; solved at the start, fixed"),
    "income_terciles": ("SEK/month, 2", "limits of income thirds at the start; fixed"),
    "start_rate": ("per quarter by neighbourhood", "finding rate that keeps the start in balance; fixed"),
    "cohort_find": ("per quarter by schooling", "finding rate of those who left; fixed"),
    "intake": ("places by municipality", "training places filled this year"),
    "coaches": ("places/year by municipality", "that coaches can follow closely, at full size"),
    "programme_away": ("persons by municipality", "people through the programme, at work, who moved away"),
    "trainees_by_builder": ("persons by firm", "who are shown the work at the moment"),
    "cofunded": ("SEK by year, payer, municipality", "public money for collaborating"),
    "cofunded_before": ("SEK by municipality", "the same of this year up to the latest closing"),
    "crowding_seen": ("share", "of the works' tax that partners last took to be crowded out"),
    "out_of_work": ("persons", "main earners without work when the quarter's pay was booked"),
    "insured": ("persons", "of them, with unemployment insurance that runs"),
    "cofunded_now": ("SEK by municipality", "the same of the quarter that was closed last"),
    "image_practice": ("SEK by municipality", "reputation work of this quarter beyond that of 2011"),
}
