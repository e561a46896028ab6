"""What the server that local workers are forked from imports, once for all of them."""

from __future__ import annotations

import signal
from contextlib import suppress

if hasattr(signal, "SIGHUP"):  # a terminal that is closed tells everybody; only the parent answers
    signal.signal(signal.SIGHUP, signal.SIG_IGN)

# What goes wrong here goes wrong again in the worker, which can report it.
with suppress(Exception):
    import experiments.engine.workers  # noqa: F401
    from experiments.engine.identity import origin
    from sim import RenewalModel  # noqa: F401 - all of the model

    origin()
