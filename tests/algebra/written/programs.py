"""Programs with models as people write them, in one file or in the cells of a notebook."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass

from algebra.generate import HEADER, Writer
from algebra.written.base import Written, redefined
from algebra.written.classes import CLASSES
from algebra.written.flow import CONTEXTS, FLOW
from algebra.written.helpers import HELPERS
from algebra.written.loops import LOOPS

CONSTRUCTS = (*HELPERS, *LOOPS, *CLASSES, *FLOW, *CONTEXTS)
REDEFINED = ("model", "helper", "class", "constant")


@dataclass(frozen=True, slots=True)
class Book:
    """The cells of a program, the handlers of each cell that runs a model, and what is in it."""

    cells: tuple[str, ...]
    handlers: tuple[tuple[str, ...] | None, ...]
    constructs: Counter[str]

    def __str__(self) -> str:
        return "\n# %%\n".join(self.cells)


def program(number: int) -> Book:
    """A program in one cell, which has a certain construct; always the same."""
    choice = random.Random(f"program {number}")
    written = _Chosen(choice)
    construct = CONSTRUCTS[number % len(CONSTRUCTS)]
    written.people.expected = construct
    made = written.program(written.kinds()[:4])
    return Book((made.text,), (made.handlers,), written.people.counts)


def notebook(number: int) -> Book:
    """A program in cells, some of which define anew what others use; always the same."""
    choice = random.Random(f"notebook {number}")
    written = _Chosen(choice)
    people = written.people
    people.expected = CONSTRUCTS[number % len(CONSTRUCTS)]
    people.write()
    cells = [HEADER, *people.definitions, people.model]
    handlers: list[tuple[str, ...] | None] = [None] * len(cells)
    for _ in range(2 + choice.randrange(2)):
        kinds = [kind for kind in written.kinds()[:3] if kind != "replay"]
        cells.append(written.run(written.around(kinds)))
        handlers.append(("trace", *kinds))
        changed = [choice.randrange(1, len(people.definitions) + 2)]
        people.counts["redefined_" + _what(cells[changed[0]])] += 1
        cells += [redefined(cells[each]) for each in changed]
        handlers += [None] * len(changed)
    return Book(tuple(cells[:-1]), tuple(handlers[:-1]), people.counts)


def _what(cell: str) -> str:
    text = cell.strip()
    if text.startswith(("def model", "class Whole", "def make(")):
        return "model"
    if text.startswith("class"):
        return "class"
    return "helper" if "def " in text else "constant"


class _Chosen(Writer):
    """Draws by a generator of random numbers of its own."""

    def __init__(self, choice: random.Random) -> None:
        self.people = Written(self, CONSTRUCTS)
        super().__init__(choice.choice, lambda _: self.people)
