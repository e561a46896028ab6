"""How far an experiment has come: a bar on a terminal, and elsewhere a plain line every half minute."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Never

from tqdm import tqdm

BAR = "{n_fmt}/{total_fmt} runs |{bar}| {elapsed} gone, {remaining} left{postfix}"
EVERY = 30.0


class Progress:
    """Counts runs. show: True or False, or None for a bar where a person is watching and lines elsewhere."""

    def __init__(self, total: int, done: int, show: bool | None, every: float = EVERY) -> None:
        tqdm.monitor_interval = 0
        self.total, self.before, self.done, self.failed = total, done, done, 0
        self._every, self._started = every, time.monotonic()
        self._said = self._started
        self._bar: tqdm[Never] | None = None
        self._lines = show is not False and not (show or sys.stderr.isatty())
        if show is not False and not self._lines:
            self._bar = tqdm(total=total, initial=done, dynamic_ncols=True, bar_format=BAR)

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def add(self, done: int, failed: int) -> None:
        """Note runs that have ended, and how many of them failed; none at all lets time pass."""
        self.done, self.failed = self.done + done, self.failed + failed
        if self._bar is not None:
            if failed:
                self._bar.set_postfix_str(f"{self.failed} failed")
            self._bar.update(done)
        elif self._lines and time.monotonic() - self._said > self._every:
            self._said = time.monotonic()
            print(self.line(), file=sys.stderr, flush=True)

    def line(self) -> str:
        """Where things stand, in words."""
        rate = (self.done - self.before) / max(time.monotonic() - self._started, 1e-9)
        left = duration((self.total - self.done) / rate) if rate else "unknown"
        return f"{self.done:,} of {self.total:,} runs, {rate:.2g} a second, {left} left, {self.failed} failed"


def duration(seconds: float) -> str:
    """A duration in the unit that fits."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"
