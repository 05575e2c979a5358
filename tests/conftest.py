from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from numpyro_lint_runtime.host import Host


@pytest.fixture(scope="session")
def tracer() -> Iterator[Host]:
    """One warm worker for all tests that trace files."""
    with Host(sys.executable) as host:
        yield host
