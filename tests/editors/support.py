"""What every editor is held to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[[Sequence[str]], dict[str, Any]]


def hold(seen: dict[str, Any], model: Path) -> None:
    """What every editor shows of the centred eight schools, and makes of it."""
    found = seen["diagnostic"]
    written = (ROOT / "examples" / "eight_schools.py").read_text()
    assert 'sample("theta"' in written.splitlines()[found["line"] - 1]
    assert "LocScaleReparam(0)" in found["message"]
    assert "shape `(8,)` in `J`" in seen["hover"]
    assert "of what is known of an element" in seen["hover"]
    assert seen["actions"][0] == "Reparameterise 'theta' (non-centred)"
    how = '{"theta": numpyro.infer.reparam.LocScaleReparam(0)}'
    added = f"@numpyro.handlers.reparam(config={how})\ndef eight"
    assert seen["text"].strip() == written.replace("def eight", added).strip()
    assert seen["left"] == 0
    assert model.read_text() == written  # nothing is saved that the user did not save
