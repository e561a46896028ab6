"""What all seeds of a validation share, and what one of them measures."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.engine.checksums import known_sums, warn
from experiments.engine.experiment import Experiment
from experiments.engine.identity import source_digest
from experiments.engine.many import each
from experiments.engine.progress import Progress
from experiments.engine.reading import hurt, read_parquet
from experiments.engine.records import Record
from experiments.engine.runs import RunError, described, parameters_of, region_of
from experiments.engine.workers import myself
from experiments.questions.validate.measuring.measures import measure
from experiments.reporting.tracks.prices import prices_file
from sim import Levers, SamspelError, load_parameters

TABLE = "measures.parquet"


@dataclass(frozen=True)
class Ensemble:
    """What all seeds share: the region and its scale, the years, settings, and the patterns that are wanted."""

    region: str
    scale: float
    years: int
    parameters: Mapping[str, float]
    levers: Mapping[str, Any]
    patterns: tuple[str, ...]

    def identity(self, seed: int, names: Sequence[str] = ()) -> str:
        """Everything that determines the numbers measured on a seed, as a digest."""
        region = region_of(self.region, self.scale)
        known = asdict(self) | {"region": region.digest, "seed": seed, "names": list(names)}
        text = json.dumps(known, sort_keys=True) + source_digest() + _measures_digest()
        return sha256(text.encode()).hexdigest()[:32]

    def check_identity(self, digest: str, seed: int, names: Sequence[str] = ()) -> None:
        """Raises SamspelError where this process, a worker say, would measure something else than was asked for."""
        if self.identity(seed, names) != digest:
            raise SamspelError(
                f"{myself()} read other tables of {self.region}, or has another model or other parameters, than this "
                "command began with; expected the same: changed meanwhile? Run the command again"
            )


def measured(ensemble: Ensemble, seed: int) -> dict[str, float]:
    """The measures of one seed, and how long they took. Raises RunError where a run fails."""
    started = time.perf_counter()
    region, parameters = region_of(ensemble.region, ensemble.scale), parameters_of(ensemble.parameters)
    levers = Levers.checked(**ensemble.levers)
    try:
        found = measure(region, parameters, seed, ensemble.patterns, ensemble.years, levers)
    except (MemoryError, SamspelError):
        raise
    except Exception as error:
        raise RunError(f"seed {seed} failed: {described(error)}") from error
    return {"seed": float(seed), "seconds": time.perf_counter() - started, **found}


def _measured_alike(ensemble: Ensemble, wanted: tuple[str, int]) -> dict[str, float]:
    digest, seed = wanted
    ensemble.check_identity(digest, seed)
    return measured(ensemble, seed)


def measure_all(experiment: Experiment, ensemble: Ensemble, seeds: Sequence[int]) -> pd.DataFrame:
    """One row a seed, in the order of the seeds: seed, seconds, every measure, and the digest of what determined them.
    What was measured before a stop, or stands in earlier results of the same folder, is not measured again. Raises
    RunError where a seed fails."""
    digests = {ensemble.identity(seed): seed for seed in seeds}
    _take_over(experiment, set(digests))
    wanted = [(digest, seed) for digest, seed in digests.items() if experiment.kept(digest) is None]
    execution = experiment.execution
    with Progress(len(seeds), len(seeds) - len(wanted), execution.show_progress) as progress:
        for row in each(execution, partial(_measured_alike, ensemble), wanted):
            experiment.keep(_packed(ensemble.identity(int(row["seed"])), row))
            progress.add(1, 0)
    rows = []
    for digest in digests:
        record = experiment.kept(digest)
        assert record is not None, "every seed has just been measured"
        rows.append(json.loads(record.ends) | {"digest": digest})
    return pd.DataFrame(rows).astype({"seed": "int64"})


def _packed(digest: str, row: Mapping[str, float]) -> Record:
    # Text keeps every bit of a number, and the measures' names with it.
    return Record(digest, ends=json.dumps(dict(row)).encode(), seconds=float(row["seconds"]))


def _take_over(experiment: Experiment, wanted: set[str]) -> None:
    """Seeds that finished results of the same folder hold. A table that is not as it was written is told, and left."""
    path = experiment.target / TABLE
    if experiment.execution.fresh or TABLE not in known_sums(experiment.target):
        return
    if said := hurt(path):
        warn(f"{path}: {said}; its seeds are measured again")
        return
    known = read_parquet(path)
    for row in known[known["digest"].isin(wanted)].to_dict("records"):
        experiment.keep(_packed(str(row.pop("digest")), {str(name): float(value) for name, value in row.items()}))


@lru_cache(maxsize=1)
def _measures_digest() -> str:
    """A fingerprint of what measures, of the parameters' own values and of what prices were."""
    state = sha256(load_parameters().digest.encode())
    for path in (*sorted(Path(__file__).parent.glob("*.py")), prices_file()):
        state.update(path.read_bytes())
    return state.hexdigest()
