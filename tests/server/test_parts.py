"""The parts of the server that need no server: places, schedule, settings, broken text."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from lsprotocol import types

from numpyro_lint.diagnostic import Severity
from numpyro_lint.text import Source, Span, joined
from numpyro_lint_server.analysis import Inputs, read
from numpyro_lint_server.convert import changed, offset_of, range_of
from numpyro_lint_server.options import Options, with_settings
from numpyro_lint_server.project import settings_for
from numpyro_lint_server.schedule import PATIENCE, Debouncer

LINE = "é = '🧪'; x\r\n"
TEXT = "first\n" + LINE + "last"
X = TEXT.index("x")


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 13), ("utf-16", 10), ("utf-32", 9)])
def test_columns_are_the_client_s(encoding: str, column: int) -> None:
    source = Source("a.py", TEXT)
    place = range_of(source, Span(X, X + 1), encoding)
    assert place == types.Range(types.Position(1, column), types.Position(1, column + 1))
    assert offset_of(source, place.start, encoding) == X


@pytest.mark.parametrize(
    ("line", "character", "offset"),
    [(0, 99, 5), (1, 99, X + 1), (2, 99, len(TEXT)), (9, 0, len(TEXT))],
)
def test_past_the_end_is_the_end(line: int, character: int, offset: int) -> None:
    assert offset_of(Source("a.py", TEXT), types.Position(line, character), "utf-16") == offset


def test_a_cell_counts_its_own_lines() -> None:
    source = joined("a.ipynb", [(1, "a = 1"), (3, "b = 2\nc = 3\n")], 1)
    c = source.text.index("c")
    place = range_of(source, Span(c, c + 1), "utf-16")
    assert place.start == types.Position(1, 0)
    assert offset_of(source, place.start, "utf-16", cell=3) == c
    assert source.location(Span(c, c + 1)).cell == 3


def test_a_change_replaces_a_range() -> None:
    place = types.Range(types.Position(1, 5), types.Position(1, 7))
    change = types.TextDocumentContentChangePartial(place, "flask")
    assert changed(TEXT, change, "utf-16") == TEXT.replace("🧪", "flask")


MODEL = """\
import numpyro
import numpyro.distributions as dist


def model():
    scale = numpyro.sample("scale", dist.HalfNormal(1.0))
    effect = numpyro.sample("effect", dist.Normal(0.0, scale))
    numpyro.sample("y", dist.Normal(effect, 1.0), obs=1.0)
"""


def test_a_trace_of_another_text_tells_nothing() -> None:
    from numpyro_lint.config import Settings
    from numpyro_lint_server.analysis import Traced

    source = Source("a.py", MODEL)
    first = read(Inputs(source, Settings()), None)
    traced = Traced(MODEL + " ", first.static.module, {})
    second = read(Inputs(source, Settings(), traced), first)
    assert second.report is second.static
    assert second.serial != first.serial


def test_settings_are_taken_one_by_one() -> None:
    options, problems = with_settings(
        Options({"ignore": ("names",)}),
        {"select": ["funnel"], "debounceMs": 50, "trace": "never", "python": 3, "server": {}},
    )
    assert options == Options({"select": ("funnel",), "ignore": ("names",)}, debounce=0.05)
    assert len(problems) == 2
    assert with_settings(options, None) == (options, [])
    left = with_settings(options, {"python": "", "select": None})[0]
    assert left == Options({"ignore": ("names",)}, debounce=0.05)


def test_settings_of_a_configuration_are_known_to_editors() -> None:
    options, problems = with_settings(
        Options(),
        {
            "extendSelect": ["funnel"],
            "perFileIgnores": {"tests/*": ["ALL"]},
            "severity": {"funnel": "error"},
            "minSeverity": "warning",
            "pedantic": False,
        },
    )
    assert problems == []
    assert options.project == {
        "extend_select": ("funnel",),
        "per_file_ignores": {"tests/*": ("ALL",)},
        "severity": {"funnel": Severity.ERROR},
        "min_severity": Severity.WARNING,
    }
    _, problems = with_settings(Options(), {"select": ["funel"], "severity": {"funnel": "high"}})
    assert problems == [
        (
            "in the settings each of 'select' must be a rule, a category or ALL, not 'funel'; "
            "did you mean 'funnel'?"
        ),
        "in the settings 'severity.funnel' must be one of error, warning, info, hint, not 'high'",
    ]


def test_settings_of_the_project_and_the_editor(tmp_path: Path) -> None:
    (tmp_path / "numpyro-lint.toml").write_text(
        'ignore = ["names"]\nexclude = ["old"]\nmin-severity = "error"\n'
    )
    (tmp_path / "old").mkdir()
    settings, problem = settings_for(str(tmp_path / "a.py"), Options({"select": ("funnel",)}))
    assert problem is None
    assert (settings.select, settings.ignore) == (("funnel",), ("names",))
    assert settings_for(str(tmp_path / "old/a.py"), Options())[0].select == ()
    source = Source(str(tmp_path / "a.py"), MODEL)
    assert {e.severity for e in read(Inputs(source, settings), None).shown} <= {Severity.ERROR}


async def fired(pokes: list[float], delay: float) -> list[float]:
    """When a debouncer calls, poked at these times."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    calls: list[float] = []
    debouncer = Debouncer(lambda key: calls.append(loop.time() - start))
    for poke in pokes:
        await asyncio.sleep(max(0.0, start + poke - loop.time()))
        debouncer.poke("a", delay)
    await asyncio.sleep(delay + 0.05)
    return calls


@pytest.mark.asyncio
async def test_a_pause_is_waited_for() -> None:
    (call,) = await fired([0.0, 0.05, 0.1], 0.1)
    assert call >= 0.19


@pytest.mark.asyncio
async def test_typing_on_does_not_put_it_off_for_ever() -> None:
    calls = await fired([number * 0.04 for number in range(16)], 0.1)
    # Once while it is typed, or twice, and once more after the last of it.
    assert len(calls) in (2, 3)
    assert PATIENCE - 0.01 <= calls[0] < 0.6


@pytest.mark.asyncio
async def test_what_is_dropped_is_not_called() -> None:
    calls: list[str] = []
    debouncer = Debouncer(calls.append)
    debouncer.poke("a", 0.0)
    debouncer.poke("b", 0.0)
    debouncer.drop("a")
    debouncer.drop("c")
    await asyncio.sleep(0.02)
    assert calls == ["b"]


def test_what_is_null_is_as_if_it_were_not_set() -> None:
    before = Options(trace="off", debounce=3.0)
    assert with_settings(before, {"trace": None, "debounceMs": None}) == (Options(), [])
