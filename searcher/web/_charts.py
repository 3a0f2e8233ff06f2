"""Bars over years, as a template draws them: numbers only, no markup."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Bar", "Chart", "chart"]

_STEPS = (1, 2, 5, 10)
_WIDEST = 40  # for a year
_LABELS = 12  # years named below a wide chart


@dataclass(frozen=True, slots=True)
class Bar:
    """A year: where its bar stands. A gap has neither value nor height."""

    year: int
    value: float | None
    x: float
    y: float
    width: float
    height: float
    url: str
    named: bool  # below the chart


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars, and the heights that are named at the side: value and y."""

    width: float
    height: float
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, float], ...]


def chart(
    values: Sequence[tuple[int, float | None]],
    url: Callable[[int], str],
    *,
    width: float,
    height: float,
    round_up: bool = True,
) -> Chart:
    """Return a chart of values by year, in rising order of years, up to a round number or to the largest of them."""
    most = max((value for _, value in values if value is not None), default=0)
    top = _round_up(most) if round_up else most or 1
    step = min(width / max(len(values), 1), _WIDEST)
    every = next(n for n in _strides() if len(values) / n <= _LABELS)
    bars = tuple(
        Bar(
            year=year,
            value=value,
            x=round(at * step, 2),
            y=round(height - (value or 0) / top * height, 2),
            width=round(step * 0.82, 2),
            height=round((value or 0) / top * height, 2),
            url=url(year),
            named=year % every == 0 or len(values) <= _LABELS,
        )
        for at, (year, value) in enumerate(values)
    )
    ticks = tuple((round(top * part, 6), round(height * (1 - part), 2)) for part in (0, 0.5, 1))
    return Chart(width, height, bars, ticks)


def _strides() -> Iterable[int]:
    power = 1
    while True:
        yield from (step * power for step, _ in pairwise(_STEPS))
        power *= 10


def _round_up(most: float) -> float:
    """Return the next round number."""
    power = 1e-6
    while power * _STEPS[-1] < most:
        power *= 10
    return next((step * power for step in _STEPS if step * power >= most), 1) if most else 1
