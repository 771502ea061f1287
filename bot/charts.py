"""Charts as pictures: 1,200 by 600 pixels, readable at half that, on a ground of their own.

The colours are told apart by people who do not see red and green alike (Okabe and Ito), and what is set off
by a colour is hatched and named as well. Everything is labelled where it stands, so there are no legends.
"""

from __future__ import annotations

import io
import os
import textwrap
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workflows.digests.page import ChartData, Line, Page

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_INCHES = (6.0, 3.0)
_DOTS = 200
_GROUND, _INK, _FAINT, _BLUE, _RED = "#fbfbf9", "#1d1c1d", "#6b6a6b", "#0072b2", "#d55e00"
_STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "text.parse_math": False,
    "font.size": 8.5,
    "text.color": _INK,
    "axes.facecolor": _GROUND,
    "figure.facecolor": _GROUND,
    "savefig.facecolor": _GROUND,
    "axes.edgecolor": _FAINT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "hatch.linewidth": 0.6,
}
_lock = threading.Lock()
"""Matplotlib keeps state that threads must not share."""


@dataclass(frozen=True)
class Chart:
    """One picture. ``alt`` says in words what is to be seen in it."""

    name: str
    png: bytes
    alt: str


def drawn(page: Page, folder: Path) -> list[Chart]:
    """The charts of a page, in its order. ``folder``: where the library may keep its list of fonts."""
    return [draw(chart, folder) for chart in page.charts]


def draw(chart: ChartData, folder: Path) -> Chart:
    """One chart as a PNG."""
    with _matplotlib(folder) as figure:
        _KINDS[chart.kind](figure, chart)
        out = io.BytesIO()
        figure.savefig(out, format="png", dpi=_DOTS, metadata={"Software": None})
    return Chart(chart.name, out.getvalue(), chart.alt)


@contextmanager
def _matplotlib(folder: Path) -> Iterator[Figure]:
    """An empty figure, for one thread at a time. The library is imported here: it takes a second."""
    with _lock:
        # Where nothing is said it would keep its list of fonts in the home folder, which may not be writable.
        os.environ.setdefault("MPLCONFIGDIR", str(folder / "matplotlib"))
        import matplotlib
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure as NewFigure
        from matplotlib.layout_engine import ConstrainedLayoutEngine

        with matplotlib.rc_context(_STYLE):
            spread = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.1, wspace=0.08)
            figure = NewFigure(figsize=_INCHES, layout=spread)
            FigureCanvasAgg(figure)
            yield figure


def _trend(figure: Figure, chart: ChartData) -> None:
    panels = figure.subplots(1, len(chart.lines), squeeze=False)[0]
    figure.suptitle(chart.title, x=0.02, ha="left", fontsize=8.5, color=_FAINT)
    for axes, line in zip(panels, chart.lines, strict=True):
        _panel(axes, line, narrow=len(chart.lines) > 2)


def _panel(axes: Axes, line: Line, narrow: bool) -> None:
    """One figure: its newest value large over the line, the oldest beside its beginning, the target named."""
    told = [(n, p.value) for n, p in enumerate(line.points) if p.value is not None]
    values = [v for _, v in told]
    low, high = min(values), max(values)
    if line.target is not None:
        low, high = min(low, line.target), max(high, line.target)
    room = (high - low) or abs(high) or 1.0
    # One week without a number breaks the line: it is not drawn as if it were known.
    gaps = [p.value if p.value is not None else float("nan") for p in line.points]
    axes.plot(range(len(gaps)), gaps, color=_BLUE, linewidth=2, marker="o", markersize=3, zorder=3)
    axes.plot(*told[-1], color=_BLUE, marker="o", markersize=7, zorder=4)
    first = values[0]
    if line.target is not None:
        axes.axhline(line.target, color=_RED, linewidth=1.2, linestyle=(0, (4, 3)), zorder=2)
        _beside(axes, (0, line.target), line.aim, first < line.target, _RED)
    if line.target is None or abs(first - line.target) > room * 0.12:
        # Where the line does not go, unless the target lies there.
        close = line.target is not None and abs(first - line.target) < room * 0.3
        below = first < line.target if line.target is not None and close else values[:2][-1] >= first
        _beside(axes, told[0], line.first, not below, _FAINT)
    label = _wrapped(line.label, 20 if narrow else 40)
    axes.set_title(label, loc="left", fontsize=9, fontweight="bold", pad=26)
    axes.annotate(
        line.last,
        (0, 1),
        xycoords="axes fraction",
        xytext=(0, 5),
        textcoords="offset points",
        fontsize=15,
        fontweight="bold",
        color=_BLUE,
        va="bottom",
    )
    axes.set_ylim(low - room * 0.25, high + room * 0.2)
    axes.set_xlim(-0.4, len(gaps) - 0.4)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    ends = (0, len(gaps) - 1)
    axes.set_xticks(ends, [f"{line.points[n].week:%-d %b}" for n in ends], color=_FAINT, fontsize=8)
    axes.tick_params(length=0)


def _beside(axes: Axes, point: tuple[int, float], text: str, above: bool, colour: str) -> None:
    """Words over or under a point at the beginning of a line."""
    axes.annotate(
        text,
        point,
        xytext=(0, 4 if above else -4),
        textcoords="offset points",
        va="bottom" if above else "top",
        color=colour,
        fontsize=8.5,
        zorder=5,
    )


def _wrapped(text: str, width: int) -> str:
    return "\n".join(textwrap.wrap(text, width)[:2])


def _bars(figure: Figure, chart: ChartData) -> None:
    axes = figure.subplots()
    places = list(range(len(chart.bars)))[::-1]
    highest = max((b.value for b in chart.bars), default=1.0) or 1.0
    axes.barh(places, [b.value for b in chart.bars], color=_BLUE, height=0.62)
    axes.barh(
        places,
        [b.part for b in chart.bars],
        color=_RED,
        height=0.62,
        hatch="////",
        edgecolor=_GROUND,
        linewidth=0,
    )
    for place, bar in zip(places, chart.bars, strict=True):
        axes.annotate(
            f"{bar.value:,.0f}",
            (bar.value, place),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontweight="bold",
            fontsize=9.5,
        )
        if bar.part_shown:
            axes.annotate(
                bar.part_shown,
                (bar.value, place),
                xytext=(24 if bar.value < 100 else 34, 0),
                textcoords="offset points",
                va="center",
                color=_RED,
                fontsize=8.5,
            )
    axes.set_yticks(places, [_wrapped(b.label, 24) for b in chart.bars], fontsize=9)
    axes.set_xlim(0, highest * 1.22)
    axes.set_ylim(-0.6, len(places) - 0.4)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(length=0)
    figure.suptitle(chart.title, x=0.02, ha="left", fontsize=10, fontweight="bold")


_KINDS: Mapping[str, Callable[[Any, ChartData], None]] = {"trend": _trend, "funnel": _bars, "ageing": _bars}
