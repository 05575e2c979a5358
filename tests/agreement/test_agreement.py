"""What a run of a model meets is what its text tells: site by site, over every shape of model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from agreement import Measure, files, measure

from numpyro_lint_runtime.host import Host

HERE = Path(__file__).parent
# What a text says nothing of, as opposed to something else.
UNTOLD = ("in another file", "not reached by the text", "no site in the text", "unknown name")

pytestmark = pytest.mark.trace


def measure_all(folder: Path, tracer: Host) -> tuple[Measure, list[str]]:
    """The measure of a folder, and its misses as lines to read."""
    total = Measure()
    lines: list[str] = []
    for path in files([str(folder)]):
        found = measure(path, tracer)
        total.add(found)
        lines += [f"{path.name}: {each.model}: {each.name}: {each.why}" for each in found.misses]
    return total, lines


def test_text_and_trace_agree(tracer: Host, record_property: Callable[[str, object], None]) -> None:
    total, missed = measure_all(HERE / "programs", tracer)
    record_property(
        "agreement",
        f"{total.models} models, {total.joined} of {total.sites} traced sites agree with the text "
        f"({total.agreement:.1%})",
    )
    assert total.models >= 60
    assert total.agreement >= 0.99, "\n".join(missed)


def test_parts_in_other_files_are_not_told_wrongly(tracer: Host) -> None:
    total, missed = measure_all(HERE / "projects", tracer)
    assert total.models
    assert not [each.why for each in total.misses if each.why not in UNTOLD], "\n".join(missed)
