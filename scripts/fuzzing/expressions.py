"""Expressions of random shape: calls of NumPyro among all that Python has."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fuzzing.pick import Pick, T, chance
from numpyro_lint.facts.api import AUTOGUIDES, ENGINES, HANDLERS, KERNELS, PRIMITIVES, REPARAMS
from numpyro_lint.facts.distributions import CONSTRAINTS, FAMILIES

_NAMES = ("x", "y", "f", "g", "model", "C", "self", "a", "b", "é")
_SITES = ('"a"', '"b"', '"y"', '"a_base"', "''", 'f"a_{x}"', '"a" + "b"', "x", "None", '"ö\\n"')
_SITES += ('"a/b"', "'%s' % x", '"a_{}".format(x)', 'f"{x}"')
_CALLED_WITH = (*_SITES, "*x")
_NUMBERS = ("1", "0", "-1", "0.5", "1e400", "2**70", "True", "None", "1j", "...", "b'x'", "0x_f")
_LEAVES = ("jnp.ones(3)", "jnp.zeros((2, 3))", "np.nan", "x.shape[0]", "len(y)", "self.a", "x[0]")
_OWN = ("numpyro.sample", "numpyro.sample", "numpyro.sample", "sample", "a.sample", "self.sample")
_OPERATORS = ("+", "*", "@", "<", "==", "is not", "not in", "and", "or", "//", "**", ">>")
_PRIMITIVES = tuple(PRIMITIVES)
_HANDLERS = tuple(HANDLERS)
_FAMILIES = ("Normal", "HalfNormal", "Gamma", "Bernoulli", *FAMILIES)
_METHODS = ("expand([3])", "to_event(1)", "mask(False)", "expand_by((2,))", "log_prob(x)", "mean")
_CONSTRAINED = tuple(f"dist.constraints.{name}" for name in CONSTRAINTS)
_ENGINES = tuple(ENGINES)


class Expressions:
    """Draws expressions; those within others are simpler the deeper they stand."""

    def __init__(self, pick: Pick) -> None:
        self.pick = pick
        self.depth = 0

    def chance(self, percent: int) -> bool:
        return chance(self.pick, percent)

    def some(self, options: Sequence[T], least: int, most: int) -> list[T]:
        return [self.pick(options) for _ in range(self.pick(range(least, most + 1)))]

    def name(self) -> str:
        return self.pick(_NAMES)

    def target(self) -> str:
        one, other = self.name(), self.name()
        ways = (one, f"{one}, {other}", f"{one}.{other}", f"[{one}, *{other}]", f"{one}[{other}:]")
        return self.pick(ways)

    def expression(self) -> str:
        """Anything."""
        leaves: list[Callable[[], str]] = [
            self.name, lambda: self.pick(_NUMBERS), lambda: self.pick(_LEAVES),
            lambda: self.pick(_SITES),
        ]  # fmt: skip
        if self.depth > 3:
            return self.pick(leaves)()
        self.depth += 1
        try:
            return self.pick([*leaves, *leaves, *self._grown()])()
        finally:
            self.depth -= 1

    def _grown(self) -> list[Callable[[], str]]:
        e, n = self.expression, self.name
        return [
            lambda: f"({e()} {self.pick(_OPERATORS)} {e()})", self.distribution, self.sampled,
            lambda: f"({e()} if {e()} else {e()})", lambda: f"(lambda {n()}, *_: {e()})",
            lambda: f"[{e()} for {n()} in {n()} if {n()}]", lambda: f"(*{n()}, {e()})",
            lambda: f"{{{self.key()}: {e()}, **{n()}}}", lambda: f"{{{e()}, {e()}}}",
            lambda: f"{{{n()}: {n()} for {n()}, {n()} in {n()}.items()}}", self.table,
            lambda: f"{n()}[{n()}:, ..., None]", lambda: f"{n()}.{n()}.{n()}", self.call,
            lambda: f"({n()} := {e()})", lambda: f"(not -{n()})", lambda: self.handled(n()),
            lambda: f"f'{{{n()}!r:>{{{n()}}}}}'", lambda: f"({self.sampled()} for {n()} in {n()})",
            lambda: self.pick(_CONSTRAINED), self.inference,
        ]  # fmt: skip

    def key(self) -> str:
        return self.pick(_SITES)

    def call(self) -> str:
        return (
            f"{self.pick((self.name(), 'partial', 'jax.jit', 'scan', 'cond'))}({self.arguments()})"
        )

    def arguments(self) -> str:
        """Arguments in an order that Python takes."""
        given = [self.expression() for _ in range(self.pick((0, 1, 1, 2, 3)))]
        given += [f"*{self.name()}"] * self.chance(8)
        keys = dict.fromkeys(self.some(("obs", "x", "dim", "y", "data", "init"), 0, 2))
        given += [f"{key}={self.expression()}" for key in keys]
        return ", ".join(given + [f"**{self.name()}"] * self.chance(8))

    def distribution(self) -> str:
        text = f"dist.{self.pick(_FAMILIES)}({self.arguments()})"
        methods = self.some(_METHODS, 0, 2) if self.chance(30) else []
        return ".".join([text, *methods])

    def sampled(self) -> str:
        """A call that makes a site."""
        name = self.pick(_CALLED_WITH)
        if self.chance(25):
            return f"{self.pick(_PRIMITIVES)}({name}, {self.arguments()})"
        value = self.distribution() if self.chance(80) else self.expression()
        rest = "".join(
            f", {key}={self.expression()}"
            for key in dict.fromkeys(self.some(("obs", "infer", "sample_shape", "rng_key"), 0, 2))
        )
        return f"{self.pick(_OWN)}({name}, {value}{rest})"

    def plate(self) -> str:
        dim = self.pick(("", ", dim=-1", ", dim=-2", ", subsample_size=2", ", dim=x"))
        return f"numpyro.plate({self.pick(_CALLED_WITH)}, {self.expression()}{dim})"

    def table(self) -> str:
        """A dictionary by site."""
        keys = [self.key() for _ in range(self.pick((0, 1, 2)))]
        values = (self.expression, self.reparam)
        return "{" + ", ".join(f"{key}: {self.pick(values)()}" for key in keys) + "}"

    def reparam(self) -> str:
        return f"numpyro.infer.reparam.{self.pick(tuple(REPARAMS))}({self.arguments()})"

    def handler(self, first: str) -> str:
        kind = self.pick(_HANDLERS)
        given = [first] if first else []
        for key in self.some(HANDLERS[kind][1:] or ("fn",), 0, 2):
            value = self.table() if self.chance(60) else self.expression()
            if not any(each.startswith(f"{key}=") for each in given):
                given.append(f"{key}={value}")
        return f"{self.pick(('handlers.', 'numpyro.handlers.', ''))}{kind}({', '.join(given)})"

    def handled(self, inner: str) -> str:
        """A call under some handlers."""
        for _ in range(self.pick((1, 1, 2, 3))):
            inner = self.handler(inner)
        return inner + self.pick(("", "(x)", ".get_trace()", f"({self.arguments()})"))

    def context(self) -> str:
        made = self.pick((self.plate, self.plate, lambda: self.handler(""), self.expression))()
        return made + (f" as {self.name()}" if self.chance(30) else "")

    def decorator(self) -> str:
        ways = (lambda: self.handler(""), self.name, lambda: "partial(jax.jit, static_argnums=0)")
        return self.pick((*ways, lambda: "staticmethod", lambda: "handlers.seed"))()

    def parameters(self) -> str:
        names = list(dict.fromkeys(self.some(_NAMES, 0, 3)))
        firm = names[: self.pick(range(len(names) + 1))]
        parts = firm + [f"{each}={self.expression()}" for each in names[len(firm) :]]
        return ", ".join(parts + ["*args"] * self.chance(15) + ["**kwargs"] * self.chance(15))

    def inference(self) -> str:
        """Something that runs a model, or is made for it."""
        kernel = f"{self.pick(tuple(KERNELS))}({self.name()}, {self.arguments()})"
        guide = f"{self.pick(tuple(AUTOGUIDES))}({self.name()})"
        ways = (
            f"numpyro.infer.MCMC({kernel}).run({self.arguments()})",
            f"numpyro.infer.SVI({self.name()}, {guide}, {self.arguments()})",
            f"{self.pick(_ENGINES)}({self.arguments()})",
            f"numpyro.infer.Predictive({self.name()}, {self.arguments()})({self.arguments()})",
            kernel, guide,
        )  # fmt: skip
        return self.pick(ways)
