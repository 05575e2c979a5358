"""Programs in the manner of real ones are traced with nothing configured."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from trace_coverage import coverage, files, table

from numpyro_lint_runtime.host import Host

PROGRAMS = Path(__file__).parent / "programs"


@pytest.mark.trace
@pytest.mark.slow
def test_most_models_are_traced(
    tracer: Host, record_property: Callable[[str, object], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path: path.stat().st_mtime_ns for path in PROGRAMS.rglob("*")}
    monkeypatch.chdir(PROGRAMS)
    paths = list(files(["."]))
    assert len(paths) >= 40
    found = coverage(paths, tracer)
    lines = list(table(found, verbose=True))
    record_property("trace coverage", "\n".join(table(found)))
    assert len(found.rows) >= 60
    assert found.share >= 0.8, "\n".join(lines)
    assert all(row.why for row in found.rows if row.way in ("none", "synthesized"))
    # What a program writes where it is run from is refused.
    assert {path: path.stat().st_mtime_ns for path in PROGRAMS.rglob("*")} == before
