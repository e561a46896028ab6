"""What the long tests have tried, counted over all processes and shown at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

PROPERTY = "tried"


@pytest.fixture
def tried(record_property: Any) -> Iterator[Counter[str]]:
    """Counts by what was tried and what came of it; `tried["mutated inputs: region, refused"] += 1`."""
    found: Counter[str] = Counter()
    yield found
    record_property(PROPERTY, dict(found))


def summed(reports: Iterator[Any]) -> list[str]:
    """Lines on what the tests of these reports have tried."""
    found: Counter[str] = Counter()
    for report in reports:
        for name, counts in getattr(report, "user_properties", ()):
            if name == PROPERTY and report.when == "teardown":
                found.update(counts)
    return [f"{number:>8,}  {what}" for what, number in sorted(found.items())]
