"""Pairs of draws as SVG: panels side by side with the same axes, divergent draws on top."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from numpyro_lint.pictures.axis import Axis, axis_of, written
from numpyro_lint.pictures.frame import picture
from numpyro_lint.pictures.layout import Point, Rect, shortened, width_of
from numpyro_lint.pictures.markup import element, number, path, text
from numpyro_lint.pictures.shapes import place
from numpyro_lint.record import record

_PANEL, _BETWEEN, _EDGE = (300.0, 260.0), 26.0, 12.0
# Room of the title, of what is said of a panel above it, and of the numbers and titles of axes.
_TITLE, _HEAD, _LEFT, _FOOT = 34.0, 42.0, 58.0, 46.0
_DRAW, _CROSS = 2.2, 3.6

STYLE = """
.nl-plot .field { fill: none; stroke: var(--plate); stroke-width: 1; }
.nl-plot .grid { stroke: var(--grid); stroke-width: 1; fill: none; }
.nl-plot .tick { fill: var(--faint); font-size: 11px; }
.nl-plot .tick.of-y { text-anchor: end; }
.nl-plot .name { font-weight: 600; text-anchor: start; }
.nl-plot .draws circle { fill: var(--mark); fill-opacity: 0.45; }
.nl-plot .divergent path { stroke: var(--alarm); stroke-width: 2; stroke-linecap: round; }
"""


@record
class Panel:
    """Draws of one form: `counts` are all that there were, of those that did not diverge and of
    those that did."""

    name: str
    draws: tuple[Point, ...]
    divergent: tuple[Point, ...]
    counts: tuple[int, int]


@record
class Plot:
    """Draws of two quantities, `x` and `y`, in several panels."""

    title: str
    x: str
    y: str
    panels: tuple[Panel, ...]


def plot_svg(plot: Plot, key: str = "plot") -> str:
    """A plot as an SVG that needs nothing else. `key` begins the ids in it."""
    x, y = axes(plot)
    wide, high = _PANEL
    step = wide + _BETWEEN
    top = _EDGE + _TITLE + _HEAD
    panels = [
        _panel(panel, x, y, Rect(_EDGE + _LEFT + n * step, top, wide, high), is_first=n == 0)
        for n, panel in enumerate(plot.panels)
    ]
    title = element(
        "text", text(shortened(plot.title)), class_="title", x=number(_EDGE), y=number(_EDGE + 14)
    )
    middle = number(top + high / 2)
    beside = element(
        "text",
        text(shortened(y.title)),
        x=number(_EDGE + 8),
        y=middle,
        transform=f"rotate(-90 {number(_EDGE + 8)} {middle})",
    )
    size = _EDGE + _LEFT + len(plot.panels) * step - _BETWEEN + _EDGE, top + high + _FOOT
    said = described(plot)
    return picture("plot", plot.title, said, key, size, title, beside, *panels, style=STYLE)


def axes(plot: Plot) -> tuple[Axis, Axis]:
    """The axes of all panels: they hold every draw."""
    points = [each for panel in plot.panels for each in (*panel.draws, *panel.divergent)]
    return axis_of(plot.x, (x for x, _ in points)), axis_of(plot.y, (y for _, y in points))


def described(plot: Plot) -> str:
    """What is drawn, in words."""
    x, y = (f"{axis.title} from {_short(axis.low)} to {_short(axis.high)}" for axis in axes(plot))
    panels = [f"{panel.name}: {', '.join(_counted(panel))}." for panel in plot.panels]
    return " ".join([f"{x}, against {y}.", *panels])


def _short(value: float) -> str:
    return written(float(f"{value:.3g}"))


def _counted(panel: Panel) -> tuple[str, str]:
    """How many draws of each kind there were, and how many of them are drawn."""
    others, diverged = panel.counts
    first = _share(len(panel.draws), others, "draw")
    return first, _share(len(panel.divergent), diverged, "divergent draw")


def _share(drawn: int, count: int, what: str) -> str:
    named = f"{what}s" if count != 1 else what
    return f"{count} {named}" if drawn == count else f"{drawn} of {count} {named}"


def _panel(panel: Panel, x: Axis, y: Axis, at: Rect, is_first: bool) -> str:
    right, foot = at.x + at.width, at.y + at.height
    across = partial(x.at, start=at.x, end=right)
    up = partial(y.at, start=foot, end=at.y)

    def placed(points: Sequence[Point]) -> list[Point]:
        return [(across(one), up(other)) for one, other in points]

    inside = [
        element("text", text(panel.name), class_="name", x=number(at.x), y=number(at.y - 28)),
        *_key(panel, at),
        *_across(x, at),
        *_up(y, at, is_first),
        element("rect", class_="field", **place(at)),
        element("text", text(shortened(x.title)), x=number(at.middle[0]), y=number(foot + 36)),
        element("g", *map(_draw, placed(panel.draws)), class_="draws"),
        element("g", *map(_cross, placed(panel.divergent)), class_="divergent"),
    ]
    return element("g", *inside, class_="panel", data_form=panel.name)


def _key(panel: Panel, at: Rect) -> Iterator[str]:
    """What the marks of a panel are, with how many there are."""
    y, left = at.y - 11, at.x + 4
    for said, kind, mark in zip(
        _counted(panel), ("draws", "divergent"), (_draw, _cross), strict=True
    ):
        yield element("g", mark((left, y - 4)), class_=f"sign {kind}")
        yield element("text", text(said), class_="key", x=number(left + 9), y=number(y))
        left += 0.82 * width_of(said) + 30


def _across(axis: Axis, at: Rect) -> Iterator[str]:
    foot = at.y + at.height
    for tick in axis.ticks():
        x = axis.at(tick, at.x, at.x + at.width)
        yield element("path", class_="grid", d=path(((x, at.y), (x, foot))))
        yield element(
            "text", text(written(tick)), class_="tick of-x", x=number(x), y=number(foot + 16)
        )


def _up(axis: Axis, at: Rect, is_first: bool) -> Iterator[str]:
    """The lines of the axis, and at the first panel the numbers."""
    for tick in axis.ticks():
        y = axis.at(tick, at.y + at.height, at.y)
        yield element("path", class_="grid", d=path(((at.x, y), (at.x + at.width, y))))
        if is_first:
            x = number(at.x - 7)
            yield element("text", text(written(tick)), class_="tick of-y", x=x, y=number(y + 4))


def _draw(at: Point) -> str:
    return element("circle", cx=number(at[0]), cy=number(at[1]), r=_DRAW)


def _cross(at: Point) -> str:
    x, y = at
    left, right, top, foot = x - _CROSS, x + _CROSS, y - _CROSS, y + _CROSS
    return element(
        "path", d=f"{path(((left, top), (right, foot)))} {path(((left, foot), (right, top)))}"
    )
