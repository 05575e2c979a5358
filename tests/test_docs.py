"""The generated pages say what the code does today."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import docs  # noqa: E402


def test_rule_pages_are_current() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in docs.FOLDER.glob("*.md")}
    assert written == docs.pages()


def test_settings_are_current() -> None:
    assert docs.SETTINGS.read_text(encoding="utf-8") == docs.settings()
    assert docs.SCHEMA.read_text(encoding="utf-8") == docs.config_schema()
