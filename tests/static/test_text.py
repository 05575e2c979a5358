"""Places in text: columns in code points, every kind of line end, encodings."""

from __future__ import annotations

from pathlib import Path

import pytest
from static.support import function

from numpyro_lint.check import check
from numpyro_lint.text import Source, Span, decode, load

HEAD = "import numpyro\nimport numpyro.distributions as dist\n"
CALL = 'numpyro.sample("a", dist.Normal(0.0, 1.0))'


def place(text: str) -> tuple[int, int, int, int]:
    """Where the first site of the function `model` is."""
    source = Source("model.py", text)
    found = next(function(check(source), "model").sites)
    assert source.slice(found.span) == CALL
    at = source.location(found.span)
    return at.line, at.column, at.end_line, at.end_column


@pytest.mark.parametrize(
    "before",
    [
        "",
        "'é'; ",
        "'🧪'; ",
        "'日本語'; ",
        "'e\u0301'; ",
        "ñandú = 'straße'; ",
        "'\t'; ",
        "'👩‍🔬'; ",
    ],
)
def test_columns_count_code_points(before: str) -> None:
    column = len("    " + before) + 1
    text = f"{HEAD}def model():\n    {before}{CALL}\n"
    assert place(text) == (4, column, 4, column + len(CALL))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    text = f"{HEAD}# é\ndef model():\n    x = '🧪'\n    {CALL}\n".replace("\n", end)
    assert place(text) == (6, 5, 6, 5 + len(CALL))


def test_mixed_line_ends() -> None:
    text = f"import numpyro\r\nimport numpyro.distributions as dist\rdef model():\n    {CALL}"
    assert place(text)[:2] == (4, 5)


@pytest.mark.parametrize("character", ["\f", "\v", "\x1c", "\x85", "\u2028", "\u2029"])
def test_what_is_no_line_end_in_python(character: str) -> None:
    text = f"{HEAD}x = 'a{character}b'\n# {character}\ndef model():\n    {CALL}\n"
    assert place(text)[:2] == (6, 5)


def test_a_form_feed_between_functions() -> None:
    assert place(f"{HEAD}x = 1\n\f\ndef model():\n    {CALL}\n")[:2] == (6, 5)
    assert place(f"{HEAD}\fdef model():\n    {CALL}\n")[:2] == (4, 5)


def test_a_name_over_several_lines() -> None:
    text = f"{HEAD}def model():\n    return [\n        {CALL},\n    ]\n"
    assert place(text) == (5, 9, 5, 9 + len(CALL))


@pytest.mark.parametrize("text", ["", "\n", "a", "a\n", "é\r\n🧪b\rc\n\nd"])
def test_offsets_and_utf8_columns_are_inverse(text: str) -> None:
    source = Source("model.py", text)
    ends = [offset for offset in range(len(text) + 1) if text[offset - 1 : offset + 1] != "\r\n"]
    for offset in ends:
        assert source.offset(source.line(offset), source.utf8_column(offset)) == offset


def test_location_of_a_span_over_lines() -> None:
    source = Source("model.py", "ab\ncd\nef\n")
    at = source.location(Span(1, 7))
    assert (at.line, at.column, at.end_line, at.end_column, at.cell) == (1, 2, 3, 2, None)
    assert source.line_text(2) == "cd"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("é".encode(), "é"),
        ("é".encode("utf-8-sig"), "é"),
        (b"# -*- coding: latin-1 -*-\n\xe9", "# -*- coding: latin-1 -*-\né"),
        (b"", ""),
    ],
)
def test_decode(data: bytes, text: str) -> None:
    assert decode(data) == text


@pytest.mark.parametrize("data", [b"\xe9", b"# coding: nonsense\n", b"\x80\x81"])
def test_what_is_no_text(data: bytes) -> None:
    with pytest.raises(ValueError, match="not readable as text"):
        decode(data)


def test_load_keeps_the_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    path.write_bytes("x = 'é'\r\ny = 2\r".encode())
    assert load(str(path)).text == "x = 'é'\r\ny = 2\r"


@pytest.mark.parametrize(
    "text",
    [
        "numpyro\0",
        "# numpyro\n" + "(" * 300,
        "# numpyro\n" + "x = " + "-" * 2000 + "1",
        "# numpyro\nx = " + "+".join(["a"] * 20000),
        "# numpyro\n" + "\n".join("if x:\n" + " " * i + "pass" for i in range(1, 120)),
        "numpyro" + "\\" * 3,
        "# numpyro\n\tif x:\n        y\n",
    ],
)
def test_nothing_crashes(text: str) -> None:
    report = check(Source("model.py", text))
    assert all(each.rule != "internal-error" for each in report.diagnostics)


def test_what_is_too_deep_to_read_is_out_of_sight() -> None:
    deep = " + ".join(["numpyro.factor('b', 0.0)"] * 800)
    report = check(Source("model.py", f"{HEAD}def model():\n    {CALL}\n    x = {deep}\n"))
    bare = report.context.bare(function(report, "model"))
    assert bare.executions[0].name.literal == "a"
    assert not bare.complete


def test_a_file_that_does_not_hold_our_word_is_not_read_further(tmp_path: Path) -> None:
    path = tmp_path / "other.py"
    path.write_bytes(b"x = '\xff'\n")
    assert load(str(path), b"numpyro") == Source(str(path), "")
    path.write_bytes(b"import numpyro\n")
    assert load(str(path), b"numpyro").text == "import numpyro\n"
