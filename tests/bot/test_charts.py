"""Charts of digests: pictures of a size, on a ground of their own, whatever the numbers are."""

from __future__ import annotations

import os
import struct
import threading
import zlib
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.charts import draw
from workflows.digests.page import Bar, ChartData, Line, Point

MONDAY = date(2026, 9, 28)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("charts")


def line(*values: float | None, target: float | None = None, label: str = "Repeat use") -> Line:
    points = tuple(Point(week=MONDAY + timedelta(7 * n), value=v) for n, v in enumerate(values))
    return Line(
        label=label, unit="percent", points=points, target=target, first="1%", last="2%", aim="target 70%"
    )


def trend(*lines: Line) -> ChartData:
    return ChartData(name="trend.png", kind="trend", title="The last weeks", alt="It rose", lines=lines)


def pixels(png: bytes) -> tuple[int, int, bytes]:
    """Width, height, and the bytes of its first pixel (RGBA, filter byte left out)."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    data, at = b"", 8
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + size]
        at += 12 + size
    return width, height, zlib.decompress(data)[1:5]


@pytest.mark.parametrize(
    "chart",
    [
        trend(line(40, 50)),
        trend(line(40, None, 50, target=70), line(3, 3, 3), line(-5, 0, 1e9, target=2, label="L" * 80)),
        trend(line(None, 0, 0, None, label="$ and $ <&> \u0645\u0631\u062d\u0628\u0627")),
        ChartData(
            name="f",
            kind="funnel",
            title="t",
            alt="a",
            bars=tuple(Bar(label=f"Stage {n}", value=n) for n in range(9)),
        ),
        ChartData(name="a", kind="ageing", title="t", alt="a", bars=(Bar(label="x", value=0),)),
        ChartData(
            name="a",
            kind="ageing",
            title="t",
            alt="a",
            bars=(Bar(label="x", value=3, part=2, part_shown="2 overdue"),),
        ),
    ],
    ids=["two", "three", "gaps", "funnel", "nothing", "overdue"],
)
@pytest.mark.filterwarnings("ignore:Glyph")
def test_a_chart_is_a_picture_of_its_size_that_hides_what_is_behind_it(
    chart: ChartData, folder: Path
) -> None:
    made = draw(chart, folder)
    width, height, first = pixels(made.png)
    assert (width, height) == (1200, 600)
    assert first[3] == 255, "the ground lets Slack's dark theme through"
    assert made.alt == chart.alt


def test_the_same_chart_is_the_same_picture(folder: Path) -> None:
    chart = trend(line(40, 50, 60, target=70))
    assert draw(chart, folder).png == draw(chart, folder).png


def test_charts_are_drawn_from_several_threads_at_once(folder: Path) -> None:
    charts = [trend(line(40, 50 + n)) for n in range(4)]
    alone = [draw(c, folder).png for c in charts]
    made: dict[int, bytes] = {}

    def work(n: int) -> None:
        made[n] = draw(charts[n], folder).png

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [made[n] for n in range(4)] == alone


def test_fonts_are_listed_in_the_folder_given(folder: Path) -> None:
    draw(trend(line(1, 2)), folder)
    assert Path(os.environ["MPLCONFIGDIR"]).name == "matplotlib"
