"""The script itself: what fails is found, told, and made small."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

import fuzz
import pytest
from fuzzing import kinds, pace, seeds, workers
from fuzzing.kinds import KINDS, made
from fuzzing.pace import Pace
from fuzzing.shrink import shrunk

from numpyro_lint import check as checking
from numpyro_lint.context import Context
from numpyro_lint.text import Source

EASY = Pace(1.0, 1.0)
Break = Callable[[Callable[[Source], None]], None]


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Break:
    """Has something done to each text that reaches the rules."""
    found = checking._found

    def breaks(do: Callable[[Source], None]) -> None:
        def instead(context: Context, *rest: object, **named: object) -> object:
            do(context.module.source)
            return found(context, *rest, **named)  # type: ignore[arg-type]

        monkeypatch.setattr(checking, "_found", instead)

    return breaks


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = fuzz.main(["--seconds", "30", "--seed", "5", *arguments])
    return status, capsys.readouterr().out


@pytest.mark.parametrize("kind", KINDS)
def test_an_input_is_made_again_from_its_number(kind: str) -> None:
    assert [made(kind, 1, n) for n in range(2)] == [made(kind, 1, n) for n in range(2)]
    others = [each for seed in (1, 2) for n in range(3, 9) if (each := made(kind, seed, n))]
    assert len({each.source.text for each in others}) > 1


def test_nothing_fails(capsys: pytest.CaptureFixture[str]) -> None:
    status, out = told(capsys, "--count", "2", "--only", "mutant", "--only", "long")
    assert (status, "4 inputs, 0 with 0 failures" in out) == (0, True), out


def test_what_raises_is_told_with_the_smallest_text(
    broken: Break, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_plates(source: Source) -> None:
        assert "plate" not in source.text or source.text in seeds.own()

    broken(no_plates)
    status, out = told(capsys, "--count", "9", "--only", "mutant")
    assert status == 1
    assert "== check: AssertionError in no_plates, line " in out
    assert "--only mutant --seed 5 --first " in out
    small = out.partition(" characters\n")[2].partition("\n\n")[0]
    assert set(small.split()) <= {"plate", "numpyro", "numpyroplate", "numpyro.plate"}


def test_a_process_that_dies_is_a_failure_and_others_go_on(
    broken: Break, capsys: pytest.CaptureFixture[str]
) -> None:
    broken(lambda source: os.kill(os.getpid(), signal.SIGKILL))
    names = [("mutant", 5, 0), ("mutant", 5, 1)]
    found = list(workers.outcomes(iter(names), time.monotonic() + 20, EASY))
    assert [each.name for each in found] == names
    assert {each.failures[0].what for each in found} == {"dies: mutant: SIGKILL"}


def test_one_that_has_no_end_is_a_failure(broken: Break, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "DEADLINE", 0.5)
    broken(lambda source: time.sleep(60))
    (found,) = workers.outcomes(iter([("mutant", 5, 0)]), time.monotonic() + 20, EASY)
    assert [each.what for each in found.failures] == ["hangs: mutant"]


def test_one_that_takes_long_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "_LEAST", 1e-6)
    found = workers.outcome(("large", 0, 0), made("large", 0, 0), Pace(0.0, 0.0))
    assert [each.what for each in found.failures] == ["slow"]
    assert found.share > 1


def test_the_library_of_this_python_is_read_file_by_file() -> None:
    names = {path.name for path in seeds.library()}
    assert len(names) > 500
    assert {"ast.py", "argparse.py", "typing.py"} <= names
    text = seeds.as_models("class C:\n    def f(self):\n        return 1\n\n\ndef g(): pass\n")
    (method,) = (
        each for each in checking.check(Source("c.py", text)).module.functions.values() if each.body
    )
    assert method.qualname == "C.f"
    assert kinds.made("library", 0, 0) is not None


def test_shrinking() -> None:
    text = "a = 1\nb = 2\nif c:\n    d = bad(3)\n"
    assert shrunk(text, lambda each: "bad" in each) == "bad"
    assert shrunk("", lambda each: True) == ""
