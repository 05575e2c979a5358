"""Models that print too much, in no encoding, or to what is closed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from safety.support import IMPORTS, LATE, Place, model, told

from numpyro_lint_runtime.host import Host
from numpyro_lint_runtime.protocol import FileRequest, ModelRequest, Position

pytestmark = pytest.mark.trace

TEXT = (
    IMPORTS
    + "import ctypes, logging, os, sys\n"
    + model("first", 'print("FileDone {}")')
    + model("prints_bytes", r'os.write(1, b"\xff\xfe\n"); os.write(2, b"\x80\n")')
    + model("prints_half_characters", r'print("\udcff")', r'numpyro.deterministic("d", 1.0)')
    + model("prints_from_c", 'ctypes.CDLL(None).puts(b"from C"); ctypes.CDLL(None).fflush(None)')
    + model("prints_lines", r'print("\r\x1b[2J\x00" * 100)')
    + model("prints_much", 'sys.stdout.write("x" * 10_000_000)')
    + model("logs", "logging.warning('careful'); logging.lastResort.flush()")
    + model("closes_descriptors", "os.close(1); os.close(2)")
    + model("closes_streams", "sys.stdout.close(); sys.stderr.close()")
    + model("replaces_streams", "sys.stdout = sys.stderr = None")
    + model("raises_half_characters", r'raise ValueError("\udcff" + chr(27) + "[2J")')
    + model("raises_at_length", "raise ValueError('x' * 100_000)")
    + model(
        "cannot_be_shown", "class E(Exception):", "    def __str__(self): sys.exit(1)", "raise E"
    )
    + model("last")
)


def test_the_report_is_not_touched(place: Place) -> None:
    models = place.trace(TEXT)
    failed = {name for name, each in models.items() if each.status != "ok"}
    assert failed == {"raises_half_characters", "raises_at_length", "cannot_be_shown"}
    assert models["raises_half_characters"].message == r"ValueError: \udcff [2J"
    assert len(models["raises_at_length"].message) < 400
    assert models["cannot_be_shown"].message == "E: (its message cannot be shown)"


def test_endless_printing_takes_no_memory(place: Place) -> None:
    place.write(
        "program.py", IMPORTS + model("prints", "while True: print('x' * 1000)") + model("last")
    )
    arguments = ("--timeout", "2", "--output-format", "json", "program.py")
    process = place.start("--python", sys.executable, *arguments)
    out, err = process.communicate(timeout=120)
    models = told(json.loads(out))
    assert err == b""
    assert models["prints"].message == f"it took longer than 2 s; {LATE}"
    assert models["last"].status == "ok"
    assert len(out) < 20_000


def test_what_is_printed_is_kept_with_its_model(tmp_path: Path) -> None:
    lines = (
        r"import os",
        r'def raw(): os.write(1, b"\xff\n"); os.write(2, b"\x80\n")',
        r'def much(): print("b" + "x" * 1_000_000 + "e")',
        r"def none(): os.close(1)",
        r'def one(): print("one")',
    )
    text = "\n".join(lines) + "\n"
    statements = tuple(Position(n, 0, n, len(line)) for n, line in enumerate(lines, 1))
    models = tuple(ModelRequest(name, name, statements) for name in ("raw", "much", "one", "none"))
    with Host() as host:
        raw, much, one, none = host.trace(
            FileRequest(str(tmp_path / "m.py"), text, models, str(tmp_path))
        )
    assert [each.status for each in (raw, much, one, none)] == ["ok"] * 4
    assert sorted(raw.output.split()) == ["\ufffd", "\ufffd"]
    assert much.output.startswith("bxxx")
    assert much.output.endswith("xxxe\n")
    assert len(much.output) < 20_000
    assert (one.output, none.output) == ("one\n", "")
