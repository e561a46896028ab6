"""Work sent to a Dask cluster, which is how it reaches SLURM, Kubernetes and the cloud."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from experiments.engine.pool import default_jobs
from experiments.engine.workers import AnyExecutor
from sim import SamspelError

AHEAD = 2
WAIT = "20s"


def cluster_workers(address: str, jobs: int | None) -> AnyExecutor:
    """Workers of the scheduler at an address such as tcp://10.0.0.7:8786, or of one started here ("local").

    Raises SamspelError where Dask is not installed or nobody answers.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise SamspelError("--cluster: needs Dask, which is not installed; pip install 'samspel[cluster]'") from None
    local = _started_here(distributed, jobs) if address == "local" else None
    try:
        client = distributed.Client(local or address, timeout=WAIT, set_as_default=False)
        client.wait_for_workers(1, timeout=60)
    except (OSError, ValueError, TimeoutError) as error:
        raise SamspelError(f"--cluster {address}: no scheduler with workers answers there ({error})") from None
    threads = sum(client.nthreads().values())

    def close() -> None:
        client.close()
        if local is not None:
            local.close()

    return AnyExecutor(client.get_executor(pure=False), AHEAD * max(1, threads), close)


def _started_here(distributed: Any, jobs: int | None) -> Any:
    return distributed.LocalCluster(
        n_workers=jobs or default_jobs(), threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    )
