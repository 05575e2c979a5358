"""The fixes of rules that write them on demand: the text before, and after."""

from __future__ import annotations

import pytest
from markdown import PREAMBLE

from numpyro_lint.check import check
from numpyro_lint.config import Settings
from numpyro_lint.diagnostic import Applicability, Severity, fix_of
from numpyro_lint.fix import allows, fixed
from numpyro_lint.rewrite import applied
from numpyro_lint.rewrite.handlers import name_fix, removal_fix
from numpyro_lint.text import Source, Span


def mended(text: str, rule: str, preamble: str = PREAMBLE) -> str | None:
    """A text with the fix of the first finding of a rule, which has it alone among the grave."""
    source = Source("model.py", preamble + text)
    found = check(source).diagnostics
    assert {each.rule for each in found if each.severity >= Severity.WARNING} == {rule}
    fix = fix_of(next(each for each in found if each.rule == rule))
    if fix is None:
        return None
    new = applied(source.text, fix.edits)
    after = check(Source("model.py", new)).diagnostics
    assert [each for each in after if each.severity >= Severity.WARNING] == []
    return new.removeprefix(preamble)


def with_helper(body: str) -> str:
    lines = "".join(f"    {line}\n" if line else "\n" for line in body.splitlines())
    return (
        "def effect(size=1.0):\n"
        '    return numpyro.sample("effect", dist.Normal(0.0, size))\n\n\n'
        f"def model(n=2, y=None):\n{lines}"
    )


SCOPES = {
    "assigned names": (
        "left = effect()  # the one\nright = effect(\n    size=2.0,\n)",
        (
            'with handlers.scope(prefix="left"):\n    left = effect()  # the one\n'
            'with handlers.scope(prefix="right"):\n    right = effect(\n        size=2.0,\n    )'
        ),
    ),
    "three of them, not assigned": (
        "effect()\neffect()\n\neffect()",
        (
            'with handlers.scope(prefix="effect_1"):\n    effect()\n'
            'with handlers.scope(prefix="effect_2"):\n    effect()\n\n'
            'with handlers.scope(prefix="effect_3"):\n    effect()'
        ),
    ),
    "one expression": (
        "total = effect() - effect(2.0)",
        (
            'total = handlers.scope(effect, prefix="effect_1")() - '
            'handlers.scope(effect, prefix="effect_2")(2.0)'
        ),
    ),
    "a pair": (
        "a, b = effect(), effect()",
        ('a, b = handlers.scope(effect, prefix="a")(), handlers.scope(effect, prefix="b")()'),
    ),
    "the same name": (
        "x = effect()\nx = effect()",
        (
            'with handlers.scope(prefix="effect_1"):\n    x = effect()\n'
            'with handlers.scope(prefix="effect_2"):\n    x = effect()'
        ),
    ),
    "a line with two statements": (
        "a = effect(); b = effect()",
        ('a = handlers.scope(effect, prefix="a")(); b = handlers.scope(effect, prefix="b")()'),
    ),
    "an argument that may make sites": (
        'a = effect(numpyro.sample("size", dist.HalfNormal(1.0)))\nreturn a, effect(jnp.exp(1.0))',
        (
            'a = handlers.scope(effect, prefix="a")'
            '(numpyro.sample("size", dist.HalfNormal(1.0)))\n'
            'return a, handlers.scope(effect, prefix="effect")(jnp.exp(1.0))'
        ),
    ),
    "a loop": (
        "for i in range(n):\n    b = effect()",
        'for i in range(n):\n    with handlers.scope(prefix=f"b_{i}"):\n        b = effect()',
    ),
    "a comprehension": (
        "xs = [effect() for i, _ in enumerate(range(n))]",
        'xs = [handlers.scope(effect, prefix=f"effect_{i}")() for i, _ in enumerate(range(n))]',
    ),
    "a loop without a counter": ("for x in jnp.ones(3):\n    effect()", None),
    "a string of several lines": (
        'a = effect(); """x\ny"""\nb = effect(len("""x\n  y"""))',
        (
            'a = handlers.scope(effect, prefix="a")(); """x\ny"""\n'
            'b = handlers.scope(effect, prefix="b")(len("""x\n  y"""))'
        ),
    ),
}


@pytest.mark.parametrize("case", SCOPES)
def test_scopes_around_a_helper(case: str) -> None:
    before, after = SCOPES[case]
    new = mended(with_helper(before), "helper-reused-without-scope")
    assert new == (None if after is None else with_helper(after))


def test_a_scope_in_tabs_and_without_an_import() -> None:
    head = "import numpyro\r\nimport numpyro.distributions as dist\r\n"
    text = with_helper("a = effect()\nb = effect()").replace("    ", "\t").replace("\n", "\r\n")
    new = mended(head + text, "helper-reused-without-scope", "")
    for name in "ab":
        call = f"\t{name} = effect()"
        scope = f'\twith numpyro.handlers.scope(prefix="{name}"):\r\n\t{call}'
        text = text.replace(call, scope)
    assert new == head + text


def test_a_method_that_is_called_twice() -> None:
    text = (
        "class Model:\n"
        "    def part(self):\n"
        "        return numpyro.sample('x', dist.Normal(0.0, 1.0))\n\n"
        "    def __call__(self):\n"
        "        return self.part() + self.part()\n\n\n"
        "NUTS(Model())\n"
    )
    new = mended(text, "helper-reused-without-scope")
    scoped = "handlers.scope(self.part, prefix='part_{}')()"
    both = f"{scoped.format(1)} + {scoped.format(2)}"
    assert new == text.replace("self.part() + self.part()", both)


SECOND = """\
def model(x, y=None):
    slope = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    {} = numpyro.sample("slope", dist.Normal(0.0, 5.0))
    numpyro.sample("y", dist.Normal(slope * x, 1.0), obs=y)
"""


@pytest.mark.parametrize(
    ("target", "name"), [("offset", "offset"), ("slope", "slope_2"), ("y", "slope_2")]
)
def test_a_second_site_is_named_after_its_variable(target: str, name: str) -> None:
    text = SECOND.format(target)
    new = mended(text, "duplicate-site")
    assert new == text.replace(
        f'{target} = numpyro.sample("slope", dist.Normal(0.0, 5',
        (f'{target} = numpyro.sample("{name}", dist.Normal(0.0, 5'),
    )


def test_or_the_first_one_where_its_variable_is_another() -> None:
    text = SECOND.format("slope").replace("slope =", "first =", 1)
    new = mended(text, "duplicate-site")
    assert new == text.replace('first = numpyro.sample("slope"', 'first = numpyro.sample("first"')


def test_the_keys_of_other_models_follow() -> None:
    text = """\
def part():
    return numpyro.sample("slope", dist.Normal(0.0, 1.0))


def model():
    first = numpyro.sample("slope", dist.Normal(0.0, 1.0))
    offset = part()


held = handlers.condition(part, data={"slope": 1.0})
"""
    new = mended(text, "duplicate-site")
    assert new == text.replace('first = numpyro.sample("slope"', 'first = numpyro.sample("first"')


@pytest.mark.parametrize(
    ("call", "after"),
    [
        ("handlers.trace(model).get_trace(2)", "handlers.trace({}).get_trace(2)"),
        ("model(2)", "{}(2)"),
        ("handlers.seed(model)(2)", "handlers.seed(model, rng_seed=0)(2)"),
        (
            "handlers.condition(model, data={'x': 1.0})(2)",
            "handlers.seed(handlers.condition(model, data={{'x': 1.0}}), rng_seed=0)(2)",
        ),
    ],
)
def test_a_model_is_seeded(call: str, after: str) -> None:
    text = (
        "def model(n):\n"
        '    numpyro.sample("x", dist.Normal(0.0, 1.0))\n'
        '    numpyro.sample("z", dist.Normal(0.0, 1.0))\n\n\n'
        "drawn = "
    )
    new = mended(f"{text}{call}\n", "unseeded-model")
    assert new == f"{text}{after.format('handlers.seed(model, rng_seed=0)')}\n"
    found = check(Source("model.py", f"{PREAMBLE}{text}{call}\n")).diagnostics
    fix = fix_of(found[0])
    assert fix is not None
    assert fix.applicability is Applicability.SAFE


@pytest.mark.parametrize("call", ["handlers.seed((model))(2)", "(yield model)(2)"])
def test_a_model_in_brackets_of_its_own_is_not_seeded_by_a_fix(call: str) -> None:
    text = """\
def model(n):
    numpyro.sample("x", dist.Normal(0.0, 1.0))
    numpyro.sample("z", dist.Normal(0.0, 1.0))


drawn = """
    assert mended(f"{text}{call}\n", "unseeded-model") is None


@pytest.mark.parametrize(
    ("inner", "left"), [("model", "model"), ("(a or b)", "(a or b)"), ("a or b", "(a or b)")]
)
def test_a_handler_that_is_removed_leaves_what_it_was_around(inner: str, left: str) -> None:
    call = f"handlers.mask({inner}, False)"
    source = Source("model.py", f"{PREAMBLE}drawn = {call}(2)\n")
    start = source.text.index(call)
    fix = removal_fix(source, Span(start, start + len(call)))
    assert fix is not None
    assert applied(source.text, fix.edits).endswith(f"drawn = {left}(2)\n")


def test_an_argument_in_brackets_of_its_own_is_not_named() -> None:
    source = Source(
        "model.py", f"{PREAMBLE}a = handlers.block((hidden))\nb = handlers.block(hidden)\n"
    )
    calls = [source.text.index(each) for each in ("handlers.block((", "handlers.block(hidden)")]
    spans = [Span(calls[0], calls[0] + 24), Span(calls[1], calls[1] + 22)]
    first, second = (name_fix(source, span, "hide_fn") for span in spans)
    assert first is None
    assert second is not None
    assert applied(source.text, second.edits).endswith("b = handlers.block(hide_fn=hidden)\n")


HELD = """\
def model(y):
    x = numpyro.sample("x", dist.Normal(0.0, 1.0))
    z = numpyro.sample("z", dist.Normal(x, 1.0))
    numpyro.sample("y", dist.Normal(z, 1.0), obs=y)


held = {}(model, data={{"x": 2.0}})
MCMC(NUTS(held), num_warmup=10, num_samples=10).run(jax.random.key(0), 1.0)
"""


@pytest.mark.parametrize(
    ("head", "written", "new_head", "after"),
    [
        ("", "handlers.substitute", "", "handlers.condition"),
        ("", "numpyro.handlers.substitute", "", "handlers.condition"),
        (
            "from numpyro.handlers import condition, substitute\n",
            "substitute",
            "from numpyro.handlers import condition, substitute\n",
            "condition",
        ),
    ],
)
def test_substitute_becomes_condition(head: str, written: str, new_head: str, after: str) -> None:
    new = mended(HELD.format(written), "substitute-in-inference", PREAMBLE + head)
    assert new == HELD.format(after)


def test_substitute_is_left_where_it_has_other_keys_too() -> None:
    text = HELD.format("handlers.substitute").replace(
        "    z =", '    numpyro.param("p", 1.0)\n    z ='
    )
    text = text.replace('"x": 2.0', '"x": 2.0, "p": 1.0')
    source = Source("model.py", PREAMBLE + text)
    (finding,) = [e for e in check(source).diagnostics if e.rule == "substitute-in-inference"]
    assert fix_of(finding) is None


FREE = """\
def model(y=None):
    x = numpyro.sample("x", dist.Normal(0.0, 1.0))
    z = numpyro.sample("z", dist.Normal(0.0, 1.0))
    numpyro.sample("y", dist.Normal(x + z, 1.0), obs=y)


"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            'condition(handlers.block(model, hide=["x"]), data={"x": 1.0})',
            'block(handlers.condition(model, data={"x": 1.0}), hide=["x"])',
        ),
        (
            'condition(handlers.block(model, hide=["x"]), {\n    "x": 1.0,  # as it is\n})',
            'block(handlers.condition(model, {\n    "x": 1.0,  # as it is\n}), hide=["x"])',
        ),
        (
            'do(handlers.reparam(model, config={"x": LocScaleReparam(0)}), {"x": 1.0})',
            'reparam(handlers.do(model, {"x": 1.0}), config={"x": LocScaleReparam(0)})',
        ),
        ('condition((handlers.block(model, hide=["x"])), data={"x": 1.0})', None),
    ],
)
def test_two_handlers_are_exchanged(before: str, after: str | None) -> None:
    new = mended(f"{FREE}h = handlers.{before}\n", "handler-order")
    assert new == (None if after is None else f"{FREE}h = handlers.{after}\n")


def test_a_name_that_a_reparameterisation_makes_is_another_then() -> None:
    text = FREE.replace('"z"', '"x_decentered"')
    text += 'h = handlers.reparam(model, config={"x": LocScaleReparam(0)})\n'
    text += 'held = handlers.condition(model, data={"x_decentered": 1.0})\n'
    assert mended(text, "reserved-site-suffix") == text.replace('"x_decentered"', '"z"')


METHOD = """\
class Schools:
    def model(self, y=None):
        spread = numpyro.sample("spread", dist.HalfNormal(1.0))
        with numpyro.plate("school", 8):
            effect = numpyro.sample("effect", dist.Normal(0.0, spread))
            numpyro.sample("y", dist.Normal(effect, 1.0), obs=y)


schools = Schools()
mcmc = MCMC(NUTS({}), num_warmup=10, num_samples=10)
mcmc.run(jax.random.key(0), y=jnp.zeros(8))
"""


@pytest.mark.parametrize("model", ["schools.model", "lambda y=None: schools.model(y)"])
def test_a_method_is_decentred_where_it_is_used(model: str) -> None:
    source = Source("model.py", PREAMBLE + METHOD.format(model))
    every = allows(True, frozenset({"funnel"}))
    result = fixed(
        source,
        check(source).diagnostics,
        lambda new: check(new).diagnostics,
        every,
    )
    config = '{"effect": LocScaleReparam(0)}'
    expected = METHOD.format(f"handlers.reparam({model}, config={config})")
    assert result.source.text.removeprefix(PREAMBLE) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('    numpyro.deterministic(\n        "z", x\n    )\n', ""),
        ('    z = numpyro.deterministic("z", x)\n', "    z = x\n"),
        ('    numpyro.deterministic("z", x)  # for plots\n', "    x  # for plots\n"),
    ],
)
def test_a_deterministic_that_says_nothing_is_left_out(before: str, after: str) -> None:
    text = 'def model(y):\n    x = numpyro.sample("x", dist.Normal(0.0, 1.0))\n{}    return x\n'
    source = Source("model.py", PREAMBLE + text.format(before))
    found = check(source, Settings(pedantic=True)).diagnostics
    (fix,) = [fix_of(each) for each in found if each.rule == "redundant-deterministic"]
    assert fix is not None
    assert applied(source.text, fix.edits) == PREAMBLE + text.format(after)
