"""How far an experiment has come: a bar on a terminal, and elsewhere a plain line every half minute."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from types import TracebackType
from typing import Never

import click
from tqdm import tqdm

BAR = "{n_fmt}/{total_fmt} runs |{bar}| {elapsed} gone, {remaining} left{postfix}"
EVERY = 30.0


def tell(text: str) -> None:
    """Say something on stderr while work goes on. That it cannot be said, as on a full disk or to nobody, never ends
    the work."""
    with suppress(OSError):
        click.echo(text, err=True)


class Progress:
    """Counts runs. show: True or False, or None for a bar where a person is watching and lines elsewhere."""

    def __init__(self, total: int, done: int, show: bool | None, every: float = EVERY) -> None:
        tqdm.monitor_interval = 0
        self.total, self.before, self.done, self.failed = total, done, done, 0
        self._every, self._started = every, time.monotonic()
        self._said = self._started
        self._bar: tqdm[Never] | None = None
        self._lines = show is not False and not (show or _somebody_watches())
        if show is not False and not self._lines and sys.stderr is not None:
            with suppress(OSError):
                self._bar = tqdm(total=total, initial=done, dynamic_ncols=True, bar_format=BAR)

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            with suppress(OSError):
                self._bar.close()

    def add(self, done: int, failed: int) -> None:
        """Note runs that have ended, and how many of them failed; none at all lets time pass."""
        self.done, self.failed = self.done + done, self.failed + failed
        if self._bar is not None:
            with suppress(OSError):
                if failed:
                    self._bar.set_postfix_str(f"{self.failed} failed")
                self._bar.update(done)
        elif self._lines and time.monotonic() - self._said > self._every:
            self._said = time.monotonic()
            tell(self.line())

    def line(self) -> str:
        """Where things stand, in words."""
        rate = (self.done - self.before) / max(time.monotonic() - self._started, 1e-9)
        left = duration((self.total - self.done) / rate) if rate else "unknown"
        return f"{self.done:,} of {self.total:,} runs, {rate:.2g} a second, {left} left, {self.failed} failed"


def _somebody_watches() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()


def duration(seconds: float) -> str:
    """A duration in the unit that fits."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"
