"""What the server that local workers are forked from imports and loads, once for all of them."""

from __future__ import annotations

import signal
from contextlib import suppress

if hasattr(signal, "SIGHUP"):  # a terminal that is closed tells everybody; only the parent answers
    signal.signal(signal.SIGHUP, signal.SIG_IGN)

# What goes wrong here goes wrong again in the worker, which can report it.
with suppress(Exception):
    import experiments.engine.workers  # noqa: F401
    from experiments.engine.identity import origin
    from experiments.engine.ready import is_ready, make_ready
    from sim import RenewalModel  # noqa: F401 - all of the model

    origin()
    if is_ready():  # not to compile, which workers that draw figures need not wait for
        make_ready()
