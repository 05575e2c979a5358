"""Random small models under random stacks of handlers, as the text of a program.

The program leaves NumPyro's own trace as `tr` (or the handler that holds it as `traced`), calls
`mark()` where the stack that counts begins, and keeps a trace to replay as `earlier`. Every
literal tells by its thousands where it was written (`compare.ORIGINS`).
"""

from __future__ import annotations

import functools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from algebra.models import Models, exists
from hypothesis import strategies as st

T = TypeVar("T")


class Pick(Protocol):
    """Chooses one of several things."""

    def __call__(self, options: Sequence[T], /) -> T: ...


_HANDLERS = (
    "seed", "trace", "condition", "substitute", "do", "block", "uncondition", "lift", "replay",
    "scope", "scale", "mask", "reparam", "infer_config",
)  # fmt: skip
HANDLERS = tuple(filter(exists, _HANDLERS))

HEADER = """\
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial

import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro import handlers
from numpyro.contrib.control_flow import cond, scan
from numpyro.infer.reparam import LocScaleReparam
from numpyro.primitives import mutable

"""

_HIDE_FNS = (
    'lambda site: site["type"] == "sample" and not site["is_observed"]',
    'lambda site: site.get("is_observed", False)',
    'lambda site: site["type"] in ("param", "plate")',
    'lambda site: site.get("name", "").startswith("s/")',
    'lambda site: site["name"] in ["a", "b", "p"]',
    'lambda msg: not msg["type"] == "deterministic"',
    'lambda msg: msg["is_observed"]',
    'lambda msg: "_" in msg.get("name", "")',
)
_EARLIER = "earlier = handlers.trace({}).get_trace()\n"
_PRIORS = ("dist.Normal(0.0, 1.0)", "dist.HalfNormal(2.0)", "dist.Exponential(1.0)")
_CENTRED = ("LocScaleReparam(0)", "LocScaleReparam()", "LocScaleReparam(0.5)", "LocScaleReparam(1)")


_DEPTHS = (1, 2, 3, 4, 4, 5, 5, 6, 6, 6, 0)


@dataclass(frozen=True, slots=True)
class Program:
    """A program, and the handlers around its model, outermost first."""

    text: str
    handlers: tuple[str, ...]

    def __repr__(self) -> str:
        return f"{' > '.join(self.handlers)}\n{self.text}"


class Writer:
    """Draws a program. Whatever shrinks, shrinks towards less of it."""

    def __init__(self, pick: Pick, models: Callable[[Writer], Models] = Models) -> None:
        self.pick = pick
        self.names = models(self)
        self._literals = 0

    def chance(self, percent: int) -> bool:
        return self.pick(range(100)) >= 100 - percent

    def literal(self, origin: int) -> str:
        """A number that is written nowhere else."""
        self._literals += 1
        return f"{origin}{self._literals:03d}.5"

    def kinds(self) -> list[str]:
        """Up to six handlers, outermost first; most stacks have a seed."""
        kinds = [self.pick(HANDLERS) for _ in range(self.pick(_DEPTHS))]
        if kinds and "seed" not in kinds and self.chance(95):
            kinds[self.pick(range(len(kinds)))] = "seed"
        return kinds

    def program(self, kinds: Sequence[str]) -> Program:
        """A model under these handlers."""
        models = self.names.write()
        around = self.around(kinds)
        text = HEADER + models
        text += self._earlier() if "replay" in kinds else ""
        kept = len(kinds)
        if self.names.entry == "model" and self.chance(30):
            kept = self.pick(range(kept + 1))
        decorators = "".join(f"@{head}({a})\n" for head, a in around[kept:])
        text += "\n" + decorators + self.names.model + "\n\n"
        return Program(text + self.run(around[:kept]), ("trace", *kinds))

    def around(self, kinds: Sequence[str]) -> list[tuple[str, str]]:
        """These handlers, each with what it is called with."""
        return [(f"handlers.{kind}", self.arguments(kind)) for kind in kinds]

    def run(self, around: list[tuple[str, str]]) -> str:
        """The part of the program that runs the model under what is not a decorator."""
        contexts = self.pick(range(len(around) + 1))
        text = "mark()\n"
        inner = self.names.entry
        for number, (head, arguments) in enumerate(reversed(around[contexts:])):
            inner = f"{head}({inner}{', ' * bool(arguments)}{arguments})"
            if self.chance(30):
                text += f"wrapped_{number} = {inner}\n"
                inner = f"wrapped_{number}"
        passed = self.pick(("", self.literal(4), f"y={self.literal(4)}"))
        if not contexts and self.chance(50):
            return f"{text}traced = handlers.trace({inner})\ntraced.get_trace({passed})\n"
        entered = ["handlers.trace() as tr", *(f"{head}({a})" for head, a in around[:contexts])]
        indent = ""
        while entered:
            some = 1 + self.pick(range(len(entered)))
            text += f"{indent}with {', '.join(entered[:some])}:\n"
            entered, indent = entered[some:], indent + "    "
        return f"{text}{indent}{inner}({passed})\n"

    def _earlier(self) -> str:
        """The trace that is replayed: of the model itself, or of another one with its names."""
        if self.chance(50) and self.names.is_replayable:
            entry = f"handlers.seed({self.names.entry}, rng_seed=7)"
            return f"\n{self.names.model}\n{_EARLIER.format(entry)}"
        inner = "handlers.seed(other, rng_seed=7)"
        if exists("uncondition") and self.chance(30):
            inner = f"handlers.uncondition({inner})"
        return self.names.other() + _EARLIER.format(inner)

    def _table(self, keys: Sequence[str], value: Callable[[str], str]) -> str:
        return "{" + ", ".join(f'"{key}": {value(key)}' for key in keys) + "}"

    def arguments(self, kind: str) -> str:
        """What a handler is called with."""
        writer = getattr(self, f"_{kind}", None)
        return "" if writer is None else str(writer())

    def _seed(self) -> str:
        return self.pick(("rng_seed=0", "rng_seed=1", 'rng_seed=2, hide_types=["plate"]'))

    def _condition(self) -> str:
        return f"data={self._table(self.names.keys(), lambda _: self.literal(1))}"

    def _substitute(self) -> str:
        return f"data={self._table(self.names.keys(), self._substitution)}"

    def _substitution(self, key: str) -> str:
        size = self.names.plate_size(key)
        if size is None or self.chance(10):
            return self.literal(2)
        return f"jnp.arange({size})"

    def _do(self) -> str:
        return f"data={self._table(self.names.keys(1), lambda _: self.literal(3))}"

    def _block(self) -> str:
        how = self.pick(("hide", "expose", "expose_types", "hide_fn", ""))
        if how == "hide_fn":
            return f"hide_fn={self.pick(_HIDE_FNS)}"
        if how == "expose_types":
            types = ("sample", "plate", "param", "deterministic")
            return f"expose_types={[self.pick(types) for _ in range(2)]}"
        count = {"hide": 2, "expose": 5}.get(how, 0)
        return f"{how}={self.names.keys(count)}" if how else ""

    def _lift(self) -> str:
        if self.chance(30):
            return f"prior={self.pick(_PRIORS)}"
        return f"prior={self._table(self.names.keys(2), lambda _: self.pick(_PRIORS))}"

    def _replay(self) -> str:
        return "trace=earlier"

    def _scope(self) -> str:
        divider = self.pick(("", ', divider="."', ', divider="::"'))
        hidden = self.pick(("", "", "", ', hide_types=["plate"]', ', hide_types=["sample"]'))
        return f'prefix="{self.pick(("s", "t"))}"{divider}{hidden}'

    def _scale(self) -> str:
        return self.pick(("scale=10.0", "scale=0.5"))

    def _mask(self) -> str:
        return self.pick(("mask=False", "mask=True"))

    def _reparam(self) -> str:
        return f"config={self._table(self.names.keys(1), lambda _: self.pick(_CENTRED))}"

    def _infer_config(self) -> str:
        return 'config_fn=lambda site: {"note": site["name"]}'


@functools.cache
def _index(length: int) -> st.SearchStrategy[int]:
    """Building a strategy takes longer than drawing from it."""
    return st.integers(0, length - 1)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """A random program."""

    def pick(options: Sequence[T]) -> T:
        return options[draw(_index(len(options)))]

    writer = Writer(pick)
    return writer.program(writer.kinds())


def program_of(pair: tuple[str, str], number: int) -> Program:
    """A program with one handler around another, and a seed somewhere; always the same."""
    choice = random.Random(f"{pair} {number}")
    kinds = list(pair)
    kinds.insert(choice.randrange(3), "seed")
    return Writer(choice.choice).program(kinds)
