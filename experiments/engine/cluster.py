"""Work sent to a Dask cluster, which is how it reaches SLURM, Kubernetes and the cloud."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from experiments.engine.checksums import brief
from experiments.engine.identity import origin
from experiments.engine.pool import default_jobs, importing_the_same
from experiments.engine.workers import AnyExecutor, unlike
from sim import SamspelError

AHEAD = 2
WAIT = "20s"
TLS = "tls://"
LOADER = "distributed.client.security-loader"


def cluster_workers(address: str, jobs: int | None) -> AnyExecutor:
    """Workers of the scheduler at an address such as tcp://10.0.0.7:8786, or of one started here ("local"). At an
    address tls://… certificates are shown and asked for, as Dask's own configuration says.

    Raises SamspelError where Dask is not installed, nobody answers, certificates are missing, or a worker has another
    version of the model.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise SamspelError("--cluster: needs Dask, which is not installed; pip install 'samspel[cluster]'") from None
    security = _security(distributed, address)
    local = _started_here(distributed, jobs) if address == "local" else None
    try:
        client = distributed.Client(local or address, timeout=WAIT, set_as_default=False, security=security)
        client.wait_for_workers(1, timeout=60)
    except (OSError, ValueError, TypeError, RuntimeError, TimeoutError) as error:
        raise SamspelError(f"--cluster {address}: no scheduler with workers answers there ({error})") from None
    threads = sum(client.nthreads().values())

    def close() -> None:
        client.close()
        if local is not None:
            local.close()

    try:
        _check_versions(client, address)
    except BaseException:
        close()
        raise
    return AnyExecutor(client.get_executor(pure=False), AHEAD * max(1, threads), close)


def _started_here(distributed: Any, jobs: int | None) -> Any:
    with importing_the_same():
        return distributed.LocalCluster(
            n_workers=jobs or default_jobs(), threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        )


def _security(distributed: Any, address: str) -> Any:
    """Certificates from Dask's configuration for an address with TLS; None leaves it to Dask."""
    if not address.startswith(TLS) or import_module("dask").config.get(LOADER, None):
        return None
    security = distributed.Security()
    needed = {"ca-file": security.tls_ca_file, "client.cert": security.tls_client_cert}
    if missing := [key for key, value in needed.items() if not value]:
        keys = " and ".join(f"distributed.comm.tls.{key}" for key in missing)
        name = "DASK_DISTRIBUTED__COMM__TLS__CA_FILE"
        raise SamspelError(
            f"--cluster {address}: TLS needs certificates; set {keys} in Dask's configuration, or in the environment "
            f"({name} and so on)"
        )
    try:
        security.get_connection_args("client")
    except (OSError, ValueError) as error:
        files = ", ".join(str(value) for value in (security.tls_ca_file, security.tls_client_cert))
        raise SamspelError(
            f"--cluster {address}: its certificates cannot be read ({brief(error)}); looked at {files}"
        ) from None
    return security


def _check_versions(client: Any, address: str) -> None:
    """Let every worker that is there prove what it would compute with; later ones do so with their first run."""
    try:
        reasons = client.run(unlike, origin())
    except (ImportError, AttributeError, TypeError) as error:
        raise SamspelError(
            f"--cluster {address}: a worker cannot import this version of samspel ({brief(error)}); install the same "
            "on both"
        ) from None
    for worker, reason in sorted(reasons.items()):
        if reason:
            raise SamspelError(f"--cluster {address}: {worker}: {reason}")
