"""Models as people write them, drawn at random: names through helpers, loops, objects, closures.

A part of a model stands somewhere (`Here`): what it calls its sites must hold all that differs from
one time that it is run to another (`Axis`), so that names are told apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, TypeVar

from algebra.models import DISTS, Models

if TYPE_CHECKING:
    from algebra.generate import Writer

T = TypeVar("T")
Construct = Callable[["Written", "Here"], str]


@dataclass(frozen=True, slots=True)
class Axis:
    """An expression that differs from one run of a place to another, and what it may be."""

    text: str
    values: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Here:
    """A place in a program: its indentation, what varies, and whether `y` is in sight."""

    indent: str = "    "
    axes: tuple[Axis, ...] = ()
    depth: int = 0
    has_y: bool = False

    def inside(self, *axes: Axis) -> Here:
        """A block that stands here, in which more varies."""
        return replace(
            self, indent=self.indent + "    ", axes=(*self.axes, *axes), depth=self.depth + 1
        )

    def apart(self, *axes: Axis, indent: str = "    ") -> Here:
        """The body of a function of its own, which knows of nothing else that varies."""
        return Here(indent, axes, self.depth + 1)


class Written(Models):
    """Writes a model by constructs, and counts them."""

    def __init__(self, writer: Writer, constructs: Sequence[Construct]) -> None:
        super().__init__(writer)
        self._constructs = constructs
        self._sizes: dict[str, int] = {}
        self.expected: Construct | None = None
        self.counts: Counter[str] = Counter()
        self.definitions: list[str] = []

    def write(self) -> str:
        """The definitions that the model needs; at least one construct is drawn."""
        entry = self.pick(("plain", "plain", "plain", "object", "factory", "partial"))
        self.counts[f"{entry}_model"] += 1
        getattr(self, f"_{entry}_entry")()
        return "".join(self.definitions)

    def _content(self, here: Here) -> str:
        return self.construct(here) + self.block(here, self.pick(range(2)))

    def _plain_entry(self) -> None:
        self.model = f"def model(y=None):\n{self._content(Here(has_y=True))}"

    def _object_entry(self) -> None:
        (made,) = self.texts(Here(), 1)
        name = self.pick(("model", "__call__"))
        body = self._content(Here("        ", (every([made], "self.prefix"),), has_y=True))
        init = "    def __init__(self, prefix):\n        self.prefix = prefix\n"
        self.model = f"class Whole:\n{init}\n    def {name}(self, y=None):\n{body}"
        self.entry = f"Whole({made[0]})" + (".model" if name == "model" else "")

    def _factory_entry(self) -> None:
        (made,) = self.texts(Here(), 1)
        body = self._content(Here("        ", (every([made], "tag"),), has_y=True))
        self.model = f"def make(tag):\n    def model(y=None):\n{body}\n    return model\n"
        self.entry = f"make({made[0]})"

    def _partial_entry(self) -> None:
        (made,) = self.texts(Here(), 1)
        body = self._content(Here(axes=(every([made], "tag"),), has_y=True))
        self.model = f"def model(y=None, *, tag):\n{body}"
        self.entry = f"partial(model, tag={made[0]})"

    def plate_size(self, key: str) -> int | None:
        return self._sizes.get(key)

    def pick(self, options: Sequence[T]) -> T:
        return self._writer.pick(options)

    def chance(self, percent: int) -> bool:
        return self._writer.chance(percent)

    def literal(self, origin: int) -> str:
        return self._writer.literal(origin)

    def use(self, names: Sequence[str], size: int | None = None) -> None:
        """Handlers may be keyed on these names, which are of plates of this size if any."""
        self._used += names
        if size is not None:
            self._sizes |= dict.fromkeys(names, size)

    def fresh(self, stem: str) -> str:
        """A name that is used nowhere else."""
        self._count += 1
        return f"{stem}{self._count}"

    def variable(self, here: Here, *options: str) -> str:
        """A variable that does not hide what varies here."""
        taken = {name for axis in here.axes for name in re.findall(r"[A-Za-z_]\w*", axis.text)}
        free = [name for name in options if name not in taken]
        return self.pick(free) if free and self.chance(85) else self.fresh(f"{options[0]}_")

    def define(self, text: str) -> None:
        """Adds a definition at the top of the program."""
        self.definitions.append(f"{text}\n")

    def block(self, here: Here, count: int) -> str:
        return "".join(self.statement(here) for _ in range(count))

    def body(self, here: Here) -> str:
        """One or two statements."""
        return self.block(here, 1 + self.pick(range(2)))

    def statement(self, here: Here) -> str:
        if here.depth < 3 and self.chance(45 - 12 * here.depth):
            return self.construct(here)
        return self.site(here)

    def construct(self, here: Here) -> str:
        chosen, self.expected = self.expected or self.pick(self._constructs), None
        self.counts[chosen.__name__] += 1
        return chosen(self, here)

    def named(self, here: Here, stem: str) -> tuple[str, list[str]]:
        """An expression that names something here, and the names that it makes."""
        texts = [axis.text for axis in here.axes]
        if not texts:
            return f'"{stem}"', [stem]
        every = [list(map(str, each)) for each in product(*(a.values for a in here.axes))]
        form = self.pick(("f", "f", "f", "last", "add", "format", "percent", "join"))
        if form == "last":
            return f'f"{stem}_{_braced(texts)}"', ["_".join((stem, *each)) for each in every]
        names = ["_".join((*each, stem)) for each in every]
        strings = [
            axis.text if isinstance(axis.values[0], str) else f"str({axis.text})"
            for axis in here.axes
        ]
        marks = "_".join(["{}"] * len(texts))
        some = texts[0] if len(texts) == 1 else f"({', '.join(texts)})"
        return {
            "f": f'f"{_braced(texts)}_{stem}"',
            "add": ' + "_" + '.join(strings) + f' + "_{stem}"',
            "format": f'"{marks}_{stem}".format({", ".join(texts)})',
            "percent": f'"{marks.replace("{}", "%s")}_{stem}" % {some}',
            "join": f'"_".join([{", ".join(strings)}, "{stem}"])',
        }[form], names

    def texts(self, here: Here, count: int) -> list[tuple[str, list[str]]]:
        """Expressions for texts that nothing else has, and what they come to."""
        return [self.named(here, self.fresh("t")) for _ in range(count)]

    def words(self, here: Here, count: int) -> tuple[list[str], Axis]:
        """Literals to go through, and what varies as `?` does so."""
        found = [self.fresh("t") for _ in range(count)]
        return [f'"{word}"' for word in found], Axis("?", tuple(found))

    def site(self, here: Here) -> str:
        """A primitive with a name of its own."""
        expression, names = self.named(here, self.fresh("x"))
        self.use(names)
        before = ""
        if self.chance(15):
            variable = self.variable(here, "label", "site_name")
            before, expression = f"{here.indent}{variable} = {expression}\n", variable
        kind = self.pick(("sample",) * 6 + ("param", "deterministic", "factor"))
        return f"{before}{here.indent}{self._primitive(kind, expression, here)}\n"

    def sample(self, here: Here, expression: str, dist: str) -> str:
        """A sample of this name."""
        forms = ["", "", "", f", obs={self.literal(4)}", ", obs=None"]
        obs = self.pick([*forms, ", obs=y"] if here.has_y else forms)
        if self.chance(8):
            return f"numpyro.sample(name={expression}, fn={dist}{obs})"
        return f"numpyro.sample({expression}, {dist}{obs})"

    def _primitive(self, kind: str, name: str, here: Here) -> str:
        if kind == "sample":
            return self.sample(here, name, self.pick(DISTS))
        if kind == "param":
            return f"numpyro.param({name}, {self.literal(5)})"
        if kind == "factor":
            return f"numpyro.factor({name}, 0.5)"
        return f"numpyro.deterministic({name}, {self.literal(6)})"

    def plate(self, here: Here) -> str:
        """A plate that is built here."""
        expression, names = self.named(here, self.fresh("n"))
        size = self.pick((2, 3))
        self.use(names, size)
        return f"numpyro.plate({expression}, {size})"

    def context(self, here: Here) -> str:
        """A handler that is entered here."""
        kind = self.pick(("scope", "scope", "mask", "scale", "any"))
        if kind == "scope":
            expression, _ = self.named(here, self.fresh("s"))
            return f"handlers.scope(prefix={expression})"
        if kind == "any":
            chosen, arguments = self._around()
            if chosen != "seed":  # what seeds itself is no part of a model
                return f"handlers.{chosen}({arguments})"
            kind = "mask"
        return {"mask": "handlers.mask(mask=False)", "scale": "handlers.scale(scale=3.0)"}[kind]


def bound(axis: Axis, text: str) -> Axis:
    """What varies, under the name that it has in some function or loop."""
    return Axis(text, axis.values)


def every(made: Iterable[tuple[str, list[str]]], text: str) -> Axis:
    """What varies where a function is called with each of these texts."""
    return Axis(text, tuple(name for _, names in made for name in names))


def _braced(texts: Iterable[str]) -> str:
    return "_".join(f"{{{text}}}" for text in texts)


def redefined(definition: str) -> str:
    """A definition with the same name, whose sites and texts are called otherwise."""
    return re.sub(r"(?<![a-zA-Z0-9])([xt]\d+)(?![a-zA-Z0-9])", r"\1r", definition)
