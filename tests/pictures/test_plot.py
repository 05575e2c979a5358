"""Pair plots of draws: everything is there, at its place, and both panels have the same axes."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET

import pytest
from pictures.seen import SVG, contrast, groups, themes, words

from numpyro_lint.pictures.axis import Axis, axis_of, written
from numpyro_lint.pictures.pilots import plot_of
from numpyro_lint.pictures.plot import Panel, Plot, axes, described, plot_svg
from numpyro_lint_runtime.pilots import FormResult, PilotResult, Scatter

BEFORE = Panel("before: centred", ((0.0, 1.0), (2.0, 3.0)), ((-4.0, -2.0), (1.0, 0.5)), (198, 2))
AFTER = Panel("after: decentred", ((0.5, -6.0), (9.0, 1.0), (0.0, 0.0)), (), (3, 0))
PLOT = Plot("theta[3] against log tau", "theta[3]", "log tau", (BEFORE, AFTER))


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.0, 10.0, [0, 2, 4, 6, 8, 10]),
        (-4.6, 2.9, [-4, -2, 0, 2]),
        (-0.013, 0.021, [-0.01, 0, 0.01, 0.02]),
        (1999.2, 2001.1, [1999.5, 2000, 2000.5, 2001]),
        (-3e7, 8e7, [-2e7, 0, 2e7, 4e7, 6e7, 8e7]),
        (0.1, 0.4, [0.1, 0.2, 0.3, 0.4]),
    ],
)
def test_ticks_stand_at_round_numbers(low: float, high: float, ticks: list[float]) -> None:
    assert Axis("", low, high).ticks() == ticks


def test_numbers_at_an_axis_are_short() -> None:
    told = [written(each) for each in (0.30000000000000004, -0.0, -2.0, 2e7, 1e-12)]
    assert told == ["0.3", "0", "−2", "20000000", "1e−12"]


@pytest.mark.parametrize("values", [[], [0.0], [3.0, 3.0], [1e9, 1e9 + 1e-3], [-7.0, 5.0]])
def test_an_axis_holds_its_values_with_room_around_them(values: list[float]) -> None:
    axis = axis_of("x", values)
    assert all(axis.low < value < axis.high for value in values)
    assert axis.ticks()
    assert all(axis.low <= tick <= axis.high for tick in axis.ticks())


def seen(panel: ET.Element) -> tuple[list[ET.Element], list[ET.Element]]:
    """What is drawn of each kind, in order of the drawing."""
    draws, divergent = (groups(panel, kind)[0] for kind in ("draws", "divergent"))
    order = list(panel)
    assert order[-2:] == [draws, divergent], "divergent draws are on top"
    return list(draws), list(divergent)


def test_all_draws_are_drawn_in_their_place_on_the_same_axes() -> None:
    root = ET.fromstring(plot_svg(PLOT))
    panels = groups(root, "panel")
    assert [each.attrib["data-form"] for each in panels] == ["before: centred", "after: decentred"]
    scale = {}
    for panel, told in zip(panels, PLOT.panels, strict=True):
        draws, divergent = seen(panel)
        assert (len(draws), len(divergent)) == (len(told.draws), len(told.divergent))
        field = next(each for each in panel.iter(f"{SVG}rect") if each.get("class") == "field")
        left, top, width, height = (
            float(field.attrib[key]) for key in ("x", "y", "width", "height")
        )
        places = [(float(each.attrib["cx"]), float(each.attrib["cy"])) for each in draws]
        places += [_middle(each) for each in divergent]
        x, y = axes(PLOT)
        for (at_x, at_y), (value, of_scale) in zip(
            places, (*told.draws, *told.divergent), strict=True
        ):
            assert left < at_x < left + width
            assert top < at_y < top + height
            assert at_x - left == pytest.approx((value - x.low) / (x.high - x.low) * width, abs=0.2)
            assert top + height - at_y == pytest.approx(
                (of_scale - y.low) / (y.high - y.low) * height, abs=0.2
            )
        ticks = [each for each in panel.iter(f"{SVG}text") if "of-x" in each.get("class", "")]
        scale[told.name] = [(t.text, round(float(t.attrib["x"]) - left, 1)) for t in ticks]
    assert scale["before: centred"] == scale["after: decentred"] != []


def _middle(cross: ET.Element) -> tuple[float, float]:
    numbers = cross.attrib["d"].replace("M", "").replace("L", "").split()
    xs, ys = ([float(each) for each in numbers[n::2]] for n in (0, 1))
    return sum(xs) / 4, sum(ys) / 4


def test_a_plot_says_how_many_draws_there_were() -> None:
    told = words(ET.fromstring(plot_svg(PLOT)))
    for part in ("2 of 198 draws", "2 divergent draws", "3 draws", "0 divergent draws"):
        assert part in told
    assert "theta[3]" in told
    assert "log tau" in told
    assert described(PLOT) == (
        "theta[3] from −4.65 to 9.65, against log tau from −6.45 to 3.45. "
        "before: centred: 2 of 198 draws, 2 divergent draws. "
        "after: decentred: 3 draws, 0 divergent draws."
    )


def test_a_plot_is_told_in_words_and_legible_in_both_themes() -> None:
    text = plot_svg(PLOT, "runs-1")
    root = ET.fromstring(text)
    assert root.attrib["role"] == "img"
    for key, tag in (("aria-labelledby", "title"), ("aria-describedby", "desc")):
        part = root.find(f"{SVG}{tag}")
        assert part is not None
        assert root.attrib[key] == part.attrib["id"] == f"runs-1-{tag}"
    for theme in themes(text):
        for ink in ("ink", "faint", "mark", "alarm"):
            assert contrast(theme[ink], theme["paper"]) >= 4.5


def test_a_plot_of_one_draw_of_one_form() -> None:
    scatter = Scatter("<b>&", "log_tau", False, ((1.5, 1.5),))
    plot = plot_of(PilotResult("", "ok", forms=(FormResult(False, 8, 1, scatter=scatter),)))
    assert plot is not None
    assert (plot.x, plot.y) == ("<b>&", "log_tau")
    root = ET.fromstring(plot_svg(plot))
    (panel,) = groups(root, "panel")
    (point,), divergent = seen(panel)
    assert not divergent
    assert not any(math.isnan(float(point.attrib[key])) for key in ("cx", "cy"))
    assert "<b>& against log_tau" in words(root)


def test_without_draws_there_is_no_plot() -> None:
    assert plot_of(PilotResult("", "ok", forms=(FormResult(False), FormResult(True)))) is None
    assert plot_of(PilotResult("", "failed")) is None
