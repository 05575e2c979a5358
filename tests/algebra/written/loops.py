"""Constructs: loops and comprehensions whose passes are known from the text."""

from __future__ import annotations

from algebra.written.base import Axis, Here, Written, bound


def _loop(own: Written, here: Here, head: str, *axes: Axis, first: str = "") -> str:
    inner = here.inside(*axes)
    before = f"{inner.indent}{first}\n" if first else ""
    return f"{here.indent}{head}:\n{before}{own.body(inner)}"


def _index(own: Written, here: Here) -> str:
    return own.variable(here, "i", "k", "j")


def _word(own: Written, here: Here) -> str:
    return own.variable(here, "name", "tag", "key")


def over_range(own: Written, here: Here) -> str:
    i = _index(own, here)
    form, values = own.pick(
        (("range(2)", (0, 1)), ("range(1, 3)", (1, 2)), ("range(0, 4, 2)", (0, 2)))
    )
    return _loop(own, here, f"for {i} in {form}", Axis(i, values))


def over_words(own: Written, here: Here) -> str:
    name, (words, axis) = _word(own, here), own.words(here, 1 + own.pick(range(3)))
    form = own.pick(("[{}]", "({},)", "reversed([{}])", "sorted([{}])", "list(({},))"))
    return _loop(own, here, f"for {name} in {form.format(', '.join(words))}", bound(axis, name))


def over_constant(own: Written, here: Here) -> str:
    constant, name = own.fresh("NAMES_"), _word(own, here)
    words, axis = own.words(here, 2)
    own.define(f"\n{constant} = ({', '.join(words)})\n")
    form = own.pick(("{}", "list({})", "sorted({})", "{}[:2]", "reversed({})"))
    return _loop(own, here, f"for {name} in {form.format(constant)}", bound(axis, name))


def over_enumerate(own: Written, here: Here) -> str:
    i, name = _index(own, here), _word(own, here)
    words, axis = own.words(here, 2)
    start = own.pick(("", ", 1", ", start=1"))
    axes = own.pick(((bound(axis, name),), (Axis(i, (0, 1)),), (Axis(i, (0,)), bound(axis, name))))
    return _loop(own, here, f"for {i}, {name} in enumerate([{', '.join(words)}]{start})", *axes)


def over_zip(own: Written, here: Here) -> str:
    name, words_axis = _word(own, here), own.words(here, 2)
    words, axis = words_axis
    forms = (
        ("for {0}, scale in zip([{1}], (1.0, 2.0))", "for {0}, scale in zip(({1},), range(5))"),
        ("for {0}, prior in zip([{1}], [dist.Normal(0.0, 1.0), dist.Normal(1.0, 1.0)])",),
        ("for scale, {0} in zip((1.0, 2.0), [{1}])",),
    )
    head = own.pick(own.pick(forms)).format(name, ", ".join(words))
    return _loop(own, here, head, bound(axis, name))


def over_items(own: Written, here: Here) -> str:
    name, (words, axis) = _word(own, here), own.words(here, 2)
    table = ", ".join(f"{word}: dist.Normal({n}.0, 1.0)" for n, word in enumerate(words))
    forms = ("for {0}, prior in {1}.items()", "for {0} in {1}", "for {0} in {1}.keys()")
    held = f"{{{table}}}"
    if own.chance(50):
        constant = own.fresh("PRIORS_")
        own.define(f"\n{constant} = {held}\n")
        held = constant
    form = own.pick(forms)
    stem = own.fresh("x")
    inner = here.inside(bound(axis, name))
    text, names = own.named(inner, stem)
    own.use(names)
    fn = "prior" if "prior" in form else "dist.Normal(0.0, 1.0)"
    return f"{here.indent}{form.format(name, held)}:\n{inner.indent}{own.sample(here, text, fn)}\n"


def over_letters(own: Written, here: Here) -> str:
    name = _word(own, here)
    inner = here.inside(Axis(name, ("u", "w")))
    return f'{here.indent}for {name} in "uw":\n{own.body(inner)}'


def by_length(own: Written, here: Here) -> str:
    i, held = _index(own, here), own.variable(here, "names", "groups")
    words, axis = own.words(here, 2)
    setup = f"{here.indent}{held} = [{', '.join(words)}]\n"
    axes = own.pick(((Axis(i, (0, 1)),), (bound(axis, f"{held}[{i}]"),)))
    return setup + _loop(own, here, f"for {i} in range(len({held}))", *axes)


def nested_loops(own: Written, here: Here) -> str:
    name, (words, axis) = _word(own, here), own.words(here, 2)
    outer = here.inside(bound(axis, name))
    i = _index(own, outer)
    inner = outer.inside(Axis(i, (0, 1)))
    return (
        f"{here.indent}for {name} in [{', '.join(words)}]:\n"
        f"{outer.indent}for {i} in range(2):\n{own.body(inner)}"
    )


def counted_while(own: Written, here: Here) -> str:
    i = _index(own, here)
    first, test, step, values = own.pick(
        (
            ("0", "{} < 2", "{} += 1", (0, 1)),
            ("1", "{} <= 2", "{} += 1", (1, 2)),
            ("2", "{} > 0", "{} -= 1", (2, 1)),
            ("0", "{} < 2", "{0} = {0} + 1", (0, 1)),
        )
    )
    inner = here.inside(Axis(i, values))
    return (
        f"{here.indent}{i} = {first}\n{here.indent}while {test.format(i)}:\n"
        f"{own.body(inner)}{inner.indent}{step.format(i)}\n"
    )


def continued(own: Written, here: Here) -> str:
    i = _index(own, here)
    test = own.pick((f"{i} == 0", f"{i} != 1", f"not {i}", f"{i} < 1", f"{i} % 2 == 0"))
    inner = here.inside(Axis(i, (1,)))
    skip = f"{inner.indent}if {test}:\n{inner.indent}    continue\n"
    return f"{here.indent}for {i} in range(2):\n{skip}{own.body(inner)}"


def broken_off(own: Written, here: Here) -> str:
    name, (words, axis) = _word(own, here), own.words(here, 3)
    inner = here.inside(bound(axis, name))
    leave = f"{inner.indent}if {name} == {words[1]}:\n{inner.indent}    break\n"
    return f"{here.indent}for {name} in [{', '.join(words)}]:\n{own.body(inner)}{leave}"


def special_pass(own: Written, here: Here) -> str:
    """One pass is unlike the others."""
    i = _index(own, here)
    inner = here.inside(Axis(i, (0, 1, 2)))
    test = own.pick((f"{i} == 0", f"{i} > 0", f"{i} in (0, 2)"))
    deep = inner.inside()
    return (
        f"{here.indent}for {i} in range(3):\n{inner.indent}if {test}:\n{own.site(deep)}"
        f"{inner.indent}else:\n{own.site(deep)}"
    )


def arithmetic_index(own: Written, here: Here) -> str:
    i = _index(own, here)
    text = own.pick((f"{i} + 1", f"2 * {i}", f"{i} - 1"))
    stem = own.fresh("x")
    inner = here.inside(Axis(i, (0, 1)))
    rest = "".join(f"{{{axis.text}}}_" for axis in here.axes)
    name = f'f"{rest}{stem}_{{{text}}}"'
    fn = "dist.Normal(0.0, 1.0)"
    return f"{here.indent}for {i} in range(2):\n{inner.indent}{own.sample(here, name, fn)}\n"


def comprehension(own: Written, here: Here) -> str:
    name, (words, axis) = _word(own, here), own.words(here, 2)
    inner = here.inside(bound(axis, name))
    text, names = own.named(inner, own.fresh("x"))
    own.use(names)
    drawn = own.sample(here, text, "dist.Normal(0.0, 1.0)")
    over = f"for {name} in [{', '.join(words)}]"
    forms = (
        f"[{drawn} {over}]",
        f"{{{name}: {drawn} {over}}}",
        f"list({drawn} {over})",
        f"tuple([{drawn} {over}])",
        f"[{drawn} {over} if {name} != {words[0]}]",
    )
    return f"{here.indent}values = {own.pick(forms)}\n"


def called_in_comprehension(own: Written, here: Here) -> str:
    helper, i = own.fresh("helper_"), _index(own, here)
    inner = here.inside(Axis(i, (0, 1)))
    text, names = own.named(inner, own.fresh("t"))
    own.define(f"\ndef {helper}(tag):\n{own.body(here.apart(Axis('tag', tuple(names))))}")
    return f"{here.indent}[{helper}({text}) for {i} in range(2)]\n"


def grown_list(own: Written, here: Here) -> str:
    """Names are gathered first, and gone through afterwards."""
    held, i = own.variable(here, "names", "labels"), _index(own, here)
    stem = own.fresh("t")
    name = own.variable(here, "name", "tag")
    axis = Axis(name, (f"{stem}_0", f"{stem}_1"))
    how = own.pick(("append", "comprehension"))
    if how == "append":
        setup = (
            f"{here.indent}{held} = []\n{here.indent}for {i} in range(2):\n"
            f'{here.indent}    {held}.append(f"{stem}_{{{i}}}")\n'
        )
    else:
        setup = f'{here.indent}{held} = [f"{stem}_{{{i}}}" for {i} in range(2)]\n'
    return setup + _loop(own, here, f"for {name} in {held}", axis)


LOOPS = (
    over_range, over_words, over_constant, over_enumerate, over_zip, over_items, over_letters,
    by_length, nested_loops, counted_while, continued, broken_off, special_pass, arithmetic_index,
    comprehension, called_in_comprehension, grown_list,
)  # fmt: skip
