"""Stopping a command cannot itself be cut halfway, however often somebody does it."""

from __future__ import annotations

import signal
import time

import pytest

from experiments.engine import pool as pools
from experiments.engine.pool import abandon_all, worker_pool
from experiments.engine.signals import held_off, undisturbed
from experiments.engine.workers import Processes


def test_what_is_undisturbed_is_done_whole_and_answered_afterwards() -> None:
    done: list[str] = []

    def disturbed() -> None:
        with undisturbed(lambda: done.append("told")):
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
            done.append("whole")

    with pytest.raises(KeyboardInterrupt):
        disturbed()
    assert done == ["told", "told", "whole"]


def test_what_lies_within_does_not_cut_what_lies_around() -> None:
    done: list[str] = []

    def disturbed() -> None:
        with undisturbed(lambda: done.append("outer")):
            with undisturbed(lambda: done.append("inner")):
                signal.raise_signal(signal.SIGINT)
            done.append("whole")

    with pytest.raises(KeyboardInterrupt):
        disturbed()
    assert done == ["inner", "outer", "whole"]


def test_signals_held_off_are_dropped_and_their_listeners_come_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    with held_off() as came:
        signal.raise_signal(signal.SIGINT)
    assert came == [signal.SIGINT] and signal.getsignal(signal.SIGINT) is before


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="no such signal there")
def test_workers_that_are_busy_end_at_once_where_their_closing_is_interrupted() -> None:
    workers = Processes(2)
    one, other = workers._start(), workers._start()
    for pool in (one, other):
        pool.first.result()
        pool.submit(time.sleep, 600)
    before = signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGINT))
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        with pytest.raises(KeyboardInterrupt):
            workers.close()
    finally:
        signal.signal(signal.SIGALRM, before)
    assert not any(process.is_alive() for pool in (one, other) for process in pool._started)


def test_a_pool_that_was_left_open_is_ended_with_the_command() -> None:
    pool = worker_pool(1)
    pool.first.result()
    pool.submit(time.sleep, 600)
    assert pool in pools._open
    abandon_all()
    pool.shutdown(wait=True)
    assert not any(process.is_alive() for process in pool._started)
