"""What is no decent text: bytes of any kind, encodings, nesting, lines without end, notebooks."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from fuzzing.pick import Pick, chance

_ENCODINGS = ("utf-8", "utf-8-sig", "latin-1", "utf-16", "utf-16-le", "utf-32", "cp1252", "utf-7")
_CODINGS = ("utf-8", "latin-1", "utf-16", "nonsense", "rot13", "idna", "hex", "", "ascii", "cp037")
_NUMBERS = ("1", "-1", "1e999", "null", "[]", "{}", '"\\ud800"', "NaN")

HEAD = "import numpyro\nimport numpyro.distributions as dist\n"
SITE = 'numpyro.sample("x", dist.Normal(0, 1))'


def as_bytes(text: str, pick: Pick) -> bytes:
    """A text in some encoding, with or without a line that says so, and some bytes changed."""
    if chance(pick, 50):
        text = f"# -*- coding: {pick(_CODINGS)} -*-\n{text}"
    data = bytearray(text.encode(pick(_ENCODINGS), errors="replace"))
    for _ in range(pick((0, 0, 1, 3, 50))):
        at = pick(range(len(data) + 1))
        data[at : at + pick((0, 1, 1))] = bytes([pick(range(256))])
    return bytes(data)


def noise(pick: Pick) -> bytes:
    """Bytes at random, with the word that has them read."""
    body = bytes(pick(range(256)) for _ in range(pick((1, 10, 100, 1000))))
    return pick((b"", b"numpyro\n", b"# coding: latin-1\n")) + body + b"\n# numpyro"


# How something is nested: what begins a level, what stands in the innermost, what ends a level.
BRACKETS = (
    ("(", "x", ")"), ("[", "", "]"), ("{", "1", "}"), ("{1: ", "x", "}"), ("f(", "x", ")"),
    ("lambda: ", "x", ""), ("-", "1", ""), ("not ", "x", ""), ("x[", "0", "]"), ("x.f(", "", ")"),
    ("(x := ", "1", ")"), ("[x for x in ", "y", "]"), ("x if y else ", "z", ""), ("x + ", "1", ""),
    ("handlers.seed(", "model", ", 0)"), ("handlers.scope(", "model", ", prefix='a')"),
    ("f'{", "x", "}'"), ("numpyro.sample('a', ", "dist.Normal()", ")"), ("x.a", "", ""),
    ("dist.MixtureSameFamily(x, ", "dist.Normal()", ")"), ("model", "", "()"), ("x ** ", "1", ""),
)  # fmt: skip
HEADS = (
    "def f(x):", "if x:", "while x:", "for i in range(3):", "with numpyro.plate('p', 3):",
    "class C:", "try:", "with handlers.scope(prefix='a'):", "async def g():", "@f\ndef h():",
)  # fmt: skip


def nested(pick: Pick, most: int = 3000) -> str:
    """A model with something in it that stands within itself many times."""
    depth = pick([each for each in (3, 20, 90, 100, 200, 900, 3000) if each <= most])
    if chance(pick, 50):
        start, middle, end = pick(BRACKETS)
        value = start * depth + middle + end * depth
        return f"{HEAD}def model(x, y):\n    a = {value}\n    {SITE}\n    {value}\n"
    return HEAD + "\n".join(blocks([pick(HEADS) for _ in range(min(depth, 98))])) + "\n"


def blocks(heads: Sequence[str]) -> list[str]:
    lines = [f"{' ' * at}{part}" for at, head in enumerate(heads) for part in head.split("\n")]
    lines += [" " * len(heads) + SITE]
    for at in reversed(range(len(heads))):
        if heads[at] == "try:":
            lines.append(f"{' ' * at}finally: {SITE}")
    return lines


def repeated(text: str, pick: Pick, most: int) -> str:
    """The lines of a text over and over, up to a size: what takes more than its share shows."""
    size = pick((most // 20, most // 5, most))
    return text * max(1, size // (len(text) + 1))


# Python's own parser takes the square of the number of parts.
_PART = "{x}" + 200 * "a"
_LONG: tuple[tuple[str, str, str], ...] = (
    ("x = '", "a", "'\n"), ("x = ", " ", "1\n"), ("x = [", "1, ", "]\n"),
    ("# ", "numpyro-lint: ", "\n"),
    ("x = 1", "; x = 1", "\n"), ("", "\n", ""), ("x = 1", "\\\n", "\n"), ("x = 1", " + 1", "\n"),
    ("x = f'", _PART, "'\n"), ("numpyro.sample(", "'a' ", ", dist.Normal())\n"), ("", "\f", "\n"),
    ("f(", "a=1, ", ")\n"), ("x = {", "'a': 1, ", "}\n"), ("x", ".x", "\n"), ("x = 1", "\r", "\n"),
    ("handlers.do(model, data={", "'a': 1, ", "})\n"), ("x", ", x", " = 1\n"), ("# ", "[", "\n"),
    ("", "numpyro.sample('a', dist.Normal()); ", "\n"), ("x = 0", "0", "\n"), ("x", "x", " = 1\n"),
    ("handlers.block(model, hide=[", "'a', ", "])\n"), ("'''", "'", "\n"), ("", "\t", "x = 1\n"),
    ("x = 1", " if x else 1", "\n"), ("x = ", "x = ", "1\n"), ("del x", ", x", "\n"),
    ("", "%", "\n"), ("# numpyro-lint: ignore", " ", "x\n"),
    ("numpyro.sample('%", "0", "s' % x, 1)\n"),
    ("# numpyro-lint: trace(x='", ")", "'\n"), ("numpyro.sample('", "{0}", "'.format(x), 1)\n"),
    ("x = 1", " ", "\n"), ("# numpyro-lint: trace(", "x=f(1), ", ")\n"),
    ("x = ", "'a' '", "a'\n"), ("# numpyro-lint: ignore[", "funnel, ", "] a\n"), ("", "?", "\n"),
    ("def f(", "x=1, ", "): pass\n"), ("import x", ", x", "\n"), ("x = '{", "a", "}'.format(x)\n"),
)  # fmt: skip


def long_line(pick: Pick, most: int = 1 << 20) -> str:
    """A program with a very long line in it."""
    start, middle, end = pick(_LONG)
    line = (
        start + middle * (pick((most // 1000, most // 100, most // 10, most)) // len(middle)) + end
    )
    return f"{HEAD}def model(x, y):\n    {SITE}\n    {line}\n{line}"


_OPENINGS = ("", "", "", "%%time\n", "%%bash\n", "  \n", "%matplotlib inline\n", "    ")
_MAGICS = ("!ls\n", "x?\n", "%time x = 1\n", "x = !ls\n", "pip install x\n")


def cells(text: str, pick: Pick) -> list[str]:
    """A text cut into cells, most often between statements, with lines of IPython's put in."""
    parts = [""]
    anywhere = chance(pick, 20)
    for line in text.splitlines(keepends=True):
        if (anywhere or line[0].isalpha()) and chance(pick, 15):
            parts.append(pick(_OPENINGS))
        if (anywhere or line[0].isalpha()) and chance(pick, 6):
            parts[-1] += pick(_MAGICS)
        parts[-1] += line
    return parts


def notebook(text: str, pick: Pick) -> str:
    """A notebook, and now and then one that is not quite."""
    made = []
    for part in cells(text, pick):
        as_lines = chance(pick, 70)
        source = part.splitlines(keepends=True) if as_lines else part
        kind = pick(("code", "code", "code", "code", "markdown", "raw"))
        made.append({"cell_type": kind, "source": source, "metadata": {}, "outputs": []})
    loaded = {"cells": made, "nbformat": 4, "nbformat_minor": 5, "metadata": {"é": 1}}
    written = json.dumps(loaded, indent=pick((None, 1, 4, "\t")), ensure_ascii=chance(pick, 50))
    return _damaged(written, pick) if chance(pick, 40) else written


def _damaged(content: str, pick: Pick) -> str:
    ways: tuple[Callable[[], str], ...] = (
        lambda: content[: pick(range(len(content)))],
        lambda: content.replace('"source"', '"sauce"', pick((1, -1))),
        lambda: content.replace('"code"', pick(_NUMBERS), 1),
        lambda: content.replace("[", pick(_NUMBERS), pick((1, 2, 3))),
        lambda: content.replace(
            "\\n", pick(("\\ud800", "\\r\\n", "\\u2028", "\\u0000", "\\r", ""))
        ),
        lambda: content.replace('"nbformat": 4', f'"nbformat": {pick(_NUMBERS)}'),
        lambda: content.replace('"cells"', '"worksheets"'),
        lambda: "[" * pick((10, 100_000)) + content,
        lambda: "\ufeff" + content,
    )
    return pick(ways)()
