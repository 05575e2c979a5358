from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from safety.support import Place


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A folder for programs that misbehave."""
    made = Place(tmp_path / "place")
    yield made
    made.kill_what_is_left()
