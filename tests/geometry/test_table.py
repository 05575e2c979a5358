"""Which site of a pair the table of the evidence judges."""

from __future__ import annotations

import re

from geometry_table import made_of
from label_geometry import SEEN


def test_a_pair_decentred_by_hand_twice_is_judged_at_what_its_site_is_made_of() -> None:
    text = (SEEN / "crickets.py").read_text(encoding="utf-8")
    site = re.search(r'^SITE = "(.*)"', text, re.MULTILINE)
    assert site is not None
    assert made_of(text, site[1])[0] == "z"
    assert made_of(text, "usual") == []
