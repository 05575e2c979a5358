"""A real Neovim with the settings of editors/neovim."""

from __future__ import annotations

from pathlib import Path

import pytest
from editors.support import ROOT, Run, hold

pytestmark = pytest.mark.editors


@pytest.mark.parametrize("way", ["enable", "setup"])
def test_findings_hover_and_fix(way: str, model: Path, run: Run) -> None:
    script, settings = Path(__file__).parent / "neovim.lua", ROOT / "editors" / "neovim"
    start = ["nvim", "--headless", "--clean", "-l", str(script)]
    seen = run([*start, str(settings), str(model), way])
    assert seen["version"].startswith("0.11")
    hold(seen, model)
