"""One worker for all tests of this folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from runtime.support import PREAMBLE, Ask, request_for

from numpyro_lint_runtime.host import Host
from numpyro_lint_runtime.protocol import TraceResult

os.environ.setdefault("JAX_PLATFORMS", "cpu")


@pytest.fixture(scope="session")
def host() -> Iterator[Host]:
    with Host() as running:
        yield running


@pytest.fixture
def ask(host: Host, tmp_path: Path) -> Ask:
    """Trace targets of a text that stands after the usual imports: `ask(text, "model(3)")`."""

    def traced(text: str, *targets: str, deadline: float = 20.0) -> list[TraceResult]:
        path = tmp_path / "model.py"
        path.write_text(PREAMBLE + text)
        request = request_for(path, PREAMBLE + text, *targets, deadline=deadline)
        return list(host.trace(request))

    return traced
