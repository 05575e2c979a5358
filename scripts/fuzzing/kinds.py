"""The kinds of inputs: each makes the one of a number, always the same one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fuzzing import hostile, seeds
from fuzzing.mutants import grafted, mutated
from fuzzing.pick import Pick, at_random
from fuzzing.programs import Writer
from numpyro_lint.record import record
from numpyro_lint.text import Source, joined, notebook

_LARGE = 200_000


@record
class Input:
    """A text to be read, and what it was before it was broken, if it was."""

    source: Source
    before: str = ""


Make = Callable[[Pick, int], Input | None]


def made(kind: str, seed: int, number: int) -> Input | None:
    """The input of a number; None where there is none, as of bytes that are no text."""
    return KINDS[kind][0](at_random(f"{kind} {seed} {number}"), number)


def _plain(text: str, before: str = "") -> Input:
    return Input(Source("model.py", text), before)


def _program(pick: Pick, number: int) -> Input:
    return _plain(Writer(pick, pick((5, 15, 40))).program())


def _mutant(pick: Pick, number: int) -> Input:
    before = pick(seeds.own())
    return _plain(mutated(before, pick, seeds.own()), before)


def _graft(pick: Pick, number: int) -> Input | None:
    other = Writer(pick, 20).program() if pick((0, 0, 1)) else pick(seeds.own())
    text = grafted(pick(seeds.own()), other, pick)
    return _plain(text) if text else None


def _library(pick: Pick, number: int) -> Input | None:
    """Each file in turn: as it is at first, and then with a site in each function."""
    paths = seeds.library()
    turn, place = divmod(number, len(paths))
    text = seeds.decoded(paths[place].read_bytes())
    if text is None:
        return None
    if turn > 1:
        return _plain(mutated(seeds.as_models(text), pick))
    return _plain((seeds.as_ours, seeds.as_models)[turn](text))


def _bytes(pick: Pick, number: int) -> Input | None:
    data = hostile.noise(pick) if pick((0, 1)) else hostile.as_bytes(pick(seeds.own()), pick)
    text = seeds.decoded(data)
    return None if text is None else _plain(text)


def _nested(pick: Pick, number: int) -> Input:
    return _plain(hostile.nested(pick))


def _long(pick: Pick, number: int) -> Input:
    return _plain(hostile.long_line(pick))


def _large(pick: Pick, number: int) -> Input:
    """Many models: one program over and over, or several one after the other."""
    if pick((0, 1)):
        return _plain(hostile.repeated(pick(seeds.own()), pick, _LARGE))
    parts = [pick(seeds.own()) for _ in range(pick((3, 10, 40)))]
    return _plain("\n".join(parts))


def _notebook(pick: Pick, number: int) -> Input:
    text = pick((lambda: pick(seeds.own()), Writer(pick, 20).program))()
    text = mutated(text, pick) if pick((0, 1)) else text
    if pick((0, 1)):
        parts = hostile.cells(text, pick)
        return Input(joined("model.ipynb", list(enumerate(parts))))
    return Input(notebook("model.ipynb", hostile.notebook(text, pick)))


# How each kind is made, and how many of it take a turn: few of those that take long.
KINDS: Mapping[str, tuple[Make, int]] = {
    "program": (_program, 3),
    "mutant": (_mutant, 12),
    "graft": (_graft, 12),
    "library": (_library, 4),
    "bytes": (_bytes, 12),
    "nested": (_nested, 2),
    "long": (_long, 1),
    "large": (_large, 1),
    "notebook": (_notebook, 6),
}
