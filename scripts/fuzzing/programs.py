"""Programs of random shape with models in them: all of Python's syntax, most of NumPyro's names.

They parse, and mean little: few names, so that all is bound several times, and arguments of any
kind in any place.
"""

from __future__ import annotations

from collections.abc import Callable

from fuzzing.expressions import Expressions
from fuzzing.pick import Pick

_IMPORTS = (
    "import numpyro\nimport numpyro.distributions as dist\nfrom numpyro import handlers\n",
    "import numpyro\nimport numpyro.distributions as dist\nfrom numpyro.handlers import *\n",
    "import numpyro as a, numpyro.distributions as dist\nimport numpyro\n",
    "from numpyro import sample, plate, handlers\nimport numpyro.distributions as dist, numpyro\n",
    "from numpyro import *\nfrom numpyro.distributions import *\nimport numpyro\n",
    "try:\n    import numpyro\nexcept ImportError:\n    numpyro = None\nfrom . import dist\n",
)
_MORE = (
    "",
    "import jax, jax.numpy as jnp, numpy as np\nfrom functools import partial, wraps\n",
    "from numpyro.infer import *\nfrom numpyro.infer.autoguide import *\n",
    "from numpyro.infer import MCMC, NUTS, SVI, Predictive, Trace_ELBO\n",
    "from numpyro.contrib.control_flow import scan, cond\n",
    "from numpyro.infer.reparam import LocScaleReparam, TransformReparam\n",
    "from __main__ import f as g, C\n",
)
_COMMENTS = (
    "# numpyro-lint: ignore[funnel]",
    "# numpyro-lint: ignore[ALL] é",
    "# numpyro-lint: ignore",
    "# numpyro-lint: ignore[funnel, nothing,",
    "# numpyro-lint: file-ignore[names]",
    "# numpyro-lint: trace(x=1, y=jnp.ones(3))",
    "# numpyro-lint: trace(*x, y=",
    "# numpyro-lint:",
    "# \f numpyro-lint: ignore[duplicate-site]",
)

Lines = list[str]


class Writer(Expressions):
    """Draws a program of some statements, `size` at the most."""

    def __init__(self, pick: Pick, size: int = 40) -> None:
        super().__init__(pick)
        self.left = size

    def program(self) -> str:
        head = "from __future__ import annotations\n" if self.chance(20) else ""
        head += "".join(self.some((*_IMPORTS[1:], *_MORE), 1, 4))
        lines = (_IMPORTS[0] + head if not head.startswith("from __f") else head).splitlines()
        while self.left > 0:
            lines += self.statement(0, "")
        return "\n".join(lines) + "\n"

    def block(self, depth: int, within: str) -> Lines:
        """An indented block; `within` says what may stand in it."""
        lines: Lines = []
        if self.chance(25) and within in ("def", "async"):
            lines += self.scope()
        for _ in range(self.pick((1, 1, 2, 3, 4))):
            lines += self.statement(depth + 1, within)
        indent = self.pick(("    ", "    ", "  ", "\t", " \t"))
        return [indent + line for line in lines]

    def scope(self) -> Lines:
        return [f"{self.pick(('global', 'nonlocal'))} g"] if self.chance(50) else ["'''é'''"]

    def statement(self, depth: int, within: str) -> Lines:
        self.left -= 1
        simple = depth > 5 or self.left <= 0
        lines = self.simple(within) if simple or self.chance(45) else self.compound(depth, within)
        if self.chance(8):
            lines[-1] += "  " + self.pick(_COMMENTS)
        if self.chance(5):
            lines.insert(0, self.pick(_COMMENTS))
        return lines

    def simple(self, within: str) -> Lines:
        kinds: list[Callable[[], str]] = [
            self.site, self.site, self.site, self.assignment, self.assignment, self.inference,
            self.expression, self.deletion, self.raised,
        ]  # fmt: skip
        if within in ("def", "async"):
            kinds += [lambda: f"return {self.expression()}", lambda: f"x = yield {self.name()}"]
            kinds += [lambda: f"return {self.sampled()}"]
        if within == "async":
            kinds += [lambda: f"await {self.expression()}"]
        if within in ("loop",):
            kinds += [lambda: "break", lambda: "continue"]
        return self.pick(kinds)().split("\n")

    def site(self) -> str:
        made = self.sampled()
        ways = (
            f"{self.name()} = {made}", made, f"{self.target()} = {made}",
            f"{self.name()}: {self.name()} = {made}", f"if ({self.name()} := {made}): pass",
        )  # fmt: skip
        return self.pick(ways)

    def assignment(self) -> str:
        value = self.expression()
        ways = (
            f"{self.name()} = {value}",
            f"{self.target()} = {self.target()} = {value}",
            f"{self.name()} {self.pick(('+=', '@=', '|=', '**='))} {value}",
            f"{self.name()}: {self.expression()}",
            f"{self.name()} = {self.handled(self.name())}",
            f"{self.name()}[{self.expression()}] = {value}",
        )
        return self.pick(ways)

    def deletion(self) -> str:
        return f"del {self.name()}, {self.name()}.{self.name()}"

    def raised(self) -> str:
        ways = (f"assert {self.expression()}, {self.name()}", f"raise {self.name()}", "pass")
        return self.pick(ways)

    def compound(self, depth: int, within: str) -> Lines:
        inside = within if within != "loop" else "def"
        ways: tuple[Callable[[int, str], Lines], ...] = (
            self.function, self.function, self.with_, self.with_, self.loop, self.branch,
            self.class_, self.try_, self.match,
        )  # fmt: skip
        return self.pick(ways)(depth, inside)

    def function(self, depth: int, within: str) -> Lines:
        kind = "async" if self.chance(5) else "def"
        head = "async def" if kind == "async" else "def"
        lines = [f"@{self.decorator()}" for _ in range(self.pick((0, 0, 0, 1, 2)))]
        lines.append(f"{head} {self.name()}({self.parameters()}):")
        return [*lines, *self.block(depth, kind)]

    def class_(self, depth: int, within: str) -> Lines:
        bases = self.pick(("", f"({self.name()})", f"(metaclass={self.name()})", "(C, object)"))
        return [f"class {self.pick(('C', self.name()))}{bases}:", *self.block(depth, "class")]

    def with_(self, depth: int, within: str) -> Lines:
        items = [self.context() for _ in range(self.pick((1, 1, 2, 3)))]
        return [f"with {', '.join(items)}:", *self.block(depth, within)]

    def loop(self, depth: int, within: str) -> Lines:
        heads = (
            f"for {self.name()} in {self.expression()}:",
            f"for {self.name()} in range({self.expression()}):",
            f"for {self.name()}, {self.name()} in enumerate({self.name()}):",
            f"for {self.name()} in {self.plate()}:",
            f"while {self.expression()}:",
        )
        lines = [self.pick(heads), *self.block(depth, "loop" if within != "class" else within)]
        return [*lines, "else:", *self.block(depth, within)] if self.chance(15) else lines

    def branch(self, depth: int, within: str) -> Lines:
        lines = [f"if {self.expression()}:", *self.block(depth, within)]
        if self.chance(40):
            lines += [f"elif {self.expression()}:", *self.block(depth, within)]
        return [*lines, "else:", *self.block(depth, within)] if self.chance(40) else lines

    def try_(self, depth: int, within: str) -> Lines:
        caught = self.pick((f"except {self.name()} as {self.name()}:", "except* C:", "finally:"))
        return ["try:", *self.block(depth, within), caught, *self.block(depth, "")]

    def match(self, depth: int, within: str) -> Lines:
        patterns = (
            self.name(), f"[{self.name()}, *_]", '{"a": b, **y}', "C(z=1) | None", "'a' | 1", "_",
        )  # fmt: skip
        names = self.pick(patterns)
        lines = [f"case {names} if {self.expression()}:", *self.block(depth, within)]
        return [f"match {self.expression()}:", *("    " + line for line in lines)]
