"""A file that was traced, values included, for all tests of this folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from numpyro_lint.analyst import Analyst
from numpyro_lint.check import Report
from numpyro_lint.config import Settings
from numpyro_lint.text import load

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="session")
def eight_schools() -> Iterator[Report]:
    with Analyst(Settings(timeout=100.0), False, False, True, sys.executable, None, 0.0) as analyst:
        yield analyst.report(load(str(EXAMPLES / "eight_schools.py")))
