"""What the README says `make demo` prints is what it prints."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def _plain(line: str) -> str:
    """A line without what changes from run to run: times."""
    return re.sub(r"\(\d+\.\d s\)", "TIME", line).rstrip()


@pytest.mark.usefixtures("analyze")
def test_demo_output(analyze: Callable[..., tuple[int, str, str]]) -> None:
    match = re.search(r"```text\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert match is not None
    shown = [_plain(line) for line in match[1].splitlines() if line not in ("", "...")]
    _, out, _ = analyze("examples", "--timeout", "100", traced=True)
    printed = {_plain(line) for line in out.splitlines()}
    assert len(shown) > 10
    assert [line for line in shown if line not in printed] == []
