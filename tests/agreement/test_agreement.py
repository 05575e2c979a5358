"""What a run of a model meets is what its text tells: site by site, over every shape of model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from agreement import Measure, files, measure

from numpyro_lint_runtime.host import Host

HERE = Path(__file__).parent


@pytest.mark.trace
def test_text_and_trace_agree(tracer: Host, record_property: Callable[[str, object], None]) -> None:
    total = Measure()
    missed: list[str] = []
    for path in files([str(HERE / "programs"), str(HERE / "projects")]):
        found = measure(path, tracer)
        total.add(found)
        missed += [f"{path.name}: {each.model}: {each.name}: {each.why}" for each in found.misses]
    record_property(
        "agreement",
        f"{total.models} models, {total.joined} of {total.sites} traced sites agree with the text "
        f"({total.agreement:.1%})",
    )
    assert total.models >= 100
    assert not total.phantoms
    assert total.agreement >= 0.99, "\n".join(missed)
