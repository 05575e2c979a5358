"""What short runs of NUTS in both forms of a site drew, as a pair plot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numpyro_lint.model.piloted import name_of
from numpyro_lint.pictures.plot import Panel, Plot

if TYPE_CHECKING:
    from numpyro_lint_runtime.pilots import FormResult, PilotResult


def plot_of(result: PilotResult) -> Plot | None:
    """The draws of both forms, before and after the change; None where none are told."""
    forms = zip(("before", "after"), result.forms, strict=False)
    panels = [_panel(f"{when}: {name_of(form)}", form) for when, form in forms if form.scatter]
    shown = next((form.scatter for form in result.forms if form.scatter), None)
    if shown is None:
        return None
    scale = f"log {shown.scale}" if shown.is_log else shown.scale
    return Plot(f"{shown.site} against {scale}", shown.site, scale, tuple(panels))


def _panel(name: str, form: FormResult) -> Panel:
    assert form.scatter is not None
    counts = form.draws - form.divergences, form.divergences
    return Panel(name, form.scatter.draws, form.scatter.divergent, counts)
