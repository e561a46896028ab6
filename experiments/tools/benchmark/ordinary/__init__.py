"""The rules of residents' phases as an ordinary Mesa model: the plain version of the rules, and what speed is against.

One ``mesa.Agent`` per household, plain attributes, floats and ``math``, one loop over agents, plain Python for the
market of flats. It has what residents do in a world where nobody renovates and nobody is in a programme: losing and
finding work, retiring, work histories, second earners, the work of those who left; rents, pay, support, burden,
satisfaction and health; leaving, where to, and who moves in; and the books and counts of all that. What comes with
renovation is left out on both sides: works and new rents, rehousing, single flats renewed between tenants, training
places and service jobs.

What is not residents' comes from the model beside which it runs, quarter by quarter, and the county's pool of labour
and people is the same class there and here. Every draw has the same key. So states and decisions are the same, and
real numbers but for rounding; a test says so, after any number of quarters.

To read it, begin with ``model.py`` (a quarter) and ``household.py`` (work, everyday life, leaving), then ``market.py``,
``destinations.py``, ``homes.py`` and ``queue.py`` (moving), ``cohort.py`` and ``county.py`` (elsewhere), ``pay.py`` and
``counts.py`` (money). ``fixed.py``, ``start.py`` and ``estates.py`` read a world at its start, ``quarter.py`` and
``outside.py`` what a quarter brings; ``beside.py`` compares, ``measure.py`` times.
"""
