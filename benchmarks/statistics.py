"""The statistics engine beside plain numpy on the same numbers: processor time, the best of several, and memory at its highest."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from benchmarks.figures import Figure
from linchpin.statistics.control.xbar_r import xbar_r
from linchpin.statistics.control.xmr import xmr
from linchpin.statistics.results import Floats
from linchpin.statistics.surveys.report import survey_report

POINTS, SUBGROUPS, SIZE, PEOPLE, ITEMS, UNITS = 1_000_000, 100_000, 5, 100_000, 40, 200
TIMES, SECONDS, MEMORY = 5.0, 1.0, 6.0


def statistics() -> Iterator[Figure]:
    random = np.random.default_rng(4)
    values, rows = random.normal(10, 1, POINTS), random.normal(10, 1, (SUBGROUPS, SIZE))
    yield from _beside("XmR of 1,000,000 points, all Nelson rules", values, lambda: xmr(values, rules="nelson"), _moving_ranges)
    yield from _beside("X̄-R of 100,000 subgroups of 5", rows, lambda: xbar_r(rows), _ranges)
    yield from _survey(random)


def _beside(work: str, data: Floats, ours: Callable[[], Any], plain: Callable[[Floats], Any]) -> Iterator[Figure]:
    taken, least = _seconds(ours), _seconds(lambda: plain(data))
    ratio = taken / least
    yield Figure(work, f"{1000 * taken:.1f} ms", f"≤ {TIMES:.0f} × numpy", ratio <= TIMES, f"{ratio:.1f} × numpy's mean and range ({1000 * least:.1f} ms)")
    yield _memory(work, data, ours)


def _survey(random: np.random.Generator) -> Iterator[Figure]:
    """Five answers to forty questions, some skipped, by unit and by length of service."""
    answers = random.integers(1, 6, (PEOPLE, ITEMS)).astype(np.float64)
    answers[random.random(answers.shape) < 0.02] = np.nan
    unit, service = random.integers(0, UNITS, PEOPLE), random.integers(0, 5, PEOPLE)
    groups = {"all": np.ones(PEOPLE, dtype=bool)} | {f"unit {i}": unit == i for i in range(UNITS)} | {f"service {i}": service == i for i in range(5)}
    work = f"survey of 100,000 × 40 in {len(groups)} groups, disclosure control"
    taken = _seconds(lambda: survey_report(answers, groups))
    yield Figure(work, f"{taken:.2f} s", f"< {SECONDS:.0f} s", taken < SECONDS)
    yield _memory(work, answers, lambda: survey_report(answers, groups))


def _moving_ranges(values: Floats) -> tuple[Any, Any]:
    return values.mean(), np.abs(np.diff(values)).mean()


def _ranges(rows: Floats) -> tuple[Any, Any]:
    return rows.mean(axis=1).mean(), (rows.max(axis=1) - rows.min(axis=1)).mean()


def _seconds(work: Callable[[], Any], times: int = 9) -> float:
    taken = []
    for _time in range(times):
        begun = time.process_time()
        work()
        taken.append(time.process_time() - begun)
    return min(taken)


def _memory(work: str, data: Floats, ours: Callable[[], Any]) -> Figure:
    tracemalloc.start()
    ours()
    highest = tracemalloc.get_traced_memory()[1] / data.nbytes
    tracemalloc.stop()
    return Figure(f"memory of {work.split()[0]}", f"{highest:.1f} × the data", f"≤ {MEMORY:.0f} ×", highest <= MEMORY)
