"""A real Emacs with the settings of editors/emacs."""

from __future__ import annotations

from pathlib import Path

import pytest
from editors.support import ROOT, Run, hold

pytestmark = pytest.mark.editors


def test_findings_hover_and_fix(model: Path, run: Run) -> None:
    script = Path(__file__).parent / "emacs.el"
    settings = ROOT / "editors" / "emacs" / "numpyro-lint.el"
    hold(run(["emacs", "--batch", "-l", str(script), str(settings), str(model)]), model)
