"""Constructs: closures and factories, branches that arguments settle, and contexts."""

from __future__ import annotations

from algebra.written.base import Axis, Here, Written, every


def _deeper(own: Written, here: Here) -> str:
    return own.body(here.inside())


def nested_function(own: Written, here: Here) -> str:
    """A function inside the model, which sees what varies around it."""
    name = own.variable(here, "inner", "part")
    return f"{here.indent}def {name}():\n{_deeper(own, here)}\n{here.indent}{name}()\n"


def nested_with_argument(own: Written, here: Here) -> str:
    name, ends = own.variable(here, "inner", "part"), [own.fresh("t") for _ in range(2)]
    variable = own.variable(here, "end", "name")
    body = own.body(here.inside(Axis(variable, tuple(ends))))
    calls = "".join(f'{here.indent}{name}("{end}")\n' for end in ends)
    return f"{here.indent}def {name}({variable}):\n{body}\n{calls}"


def factory(own: Written, here: Here) -> str:
    made = own.texts(here, 1 + own.pick(range(2)))
    name, inner = own.fresh("make_"), own.pick(("inner", "part", "model"))
    body = own.body(here.apart(every(made, "tag"), indent="        "))
    own.define(f"\ndef {name}(tag):\n    def {inner}():\n{body}\n    return {inner}\n")
    if not here.axes and own.chance(50):
        held = [own.fresh("made_") for _ in made]
        for each, (text, _) in zip(held, made, strict=True):
            own.define(f"\n{each} = {name}({text})\n")
        return "".join(f"{here.indent}{each}()\n" for each in held)
    return "".join(f"{here.indent}{name}({text})()\n" for text, _ in made)


def factory_of_prefixes(own: Written, here: Here) -> str:
    """A factory whose name is made outside of the function that it gives."""
    (made,), stem = own.texts(here, 1), own.fresh("t")
    name = own.fresh("make_")
    axis = Axis("label", tuple(f"{each}_{stem}" for each in made[1]))
    body = own.body(here.apart(axis, indent="        "))
    own.define(
        f'\ndef {name}(tag):\n    label = f"{{tag}}_{stem}"\n\n'
        f"    def inner():\n{body}\n    return inner\n"
    )
    return f"{here.indent}{name}({made[0]})()\n"


def function_table(own: Written, here: Here) -> str:
    """Functions that are held in a list or a dictionary."""
    made = own.texts(here, 2)
    names = []
    for each in made:
        names.append(own.fresh("helper_"))
        own.define(f"\ndef {names[-1]}(tag):\n{own.body(here.apart(every([each], 'tag')))}")
    first, second = ((name, text) for name, (text, _) in zip(names, made, strict=True))
    if own.chance(50):
        f = own.variable(here, "draw", "f")
        pairs = f"[({first[0]}, {first[1]}), ({second[0]}, {second[1]})]"
        tag = own.variable(here, "tag", "name")
        return f"{here.indent}for {f}, {tag} in {pairs}:\n{here.indent}    {f}({tag})\n"
    held = own.fresh("TABLE_")
    own.define(f'\n{held} = {{"one": {first[0]}, "two": {second[0]}}}\n')
    return f'{here.indent}{held}["two"]({second[1]})\n'


def on_data(own: Written, here: Here) -> str:
    if not here.has_y:
        return on_flag(own, here)
    test = own.pick(("y is None", "y is not None"))
    form = own.pick(("if", "else", "both"))
    text = f"{here.indent}if {test}:\n"
    text += _deeper(own, here) if form != "else" else f"{here.indent}    pass\n"
    return text + ("" if form == "if" else f"{here.indent}else:\n{_deeper(own, here)}")


def on_flag(own: Written, here: Here) -> str:
    """A helper with a flag, left at its default or given."""
    (made,) = own.texts(here, 1)
    name, axis = own.fresh("helper_"), every([made], "tag")
    inner = here.apart(axis, indent="        ")
    test = own.pick(("extra", "not extra"))
    default = own.pick(("True", "False"))
    body = f"    if {test}:\n{own.body(inner)}    else:\n{own.body(inner)}"
    own.define(f"\ndef {name}(tag, extra={default}):\n{body}")
    given = own.pick(("", ", True", ", extra=False", ", extra=True"))
    return f"{here.indent}{name}({made[0]}{given})\n"


def on_text(own: Written, here: Here) -> str:
    """A helper that does this or that by a word."""
    (made,) = own.texts(here, 1)
    name, inner = own.fresh("helper_"), here.apart(every([made], "tag"), indent="        ")
    forms = (
        ('kind == "one"', 'kind == "two"'),
        ('kind in ("one",)', 'kind != "one"'),
        ('kind != "two"', 'kind == "two"'),
    )
    first, second = own.pick(forms)
    body = f"    if {first}:\n{own.body(inner)}    elif {second}:\n{own.body(inner)}"
    own.define(f'\ndef {name}(tag, kind="one"):\n{body}')
    given = own.pick(("", ', "two"', ', kind="one"', ', kind="two"'))
    return f"{here.indent}{name}({made[0]}{given})\n"


def early_return(own: Written, here: Here) -> str:
    (made,) = own.texts(here, 1)
    name, inner = own.fresh("helper_"), here.apart(every([made], "tag"))
    test = own.pick(("value is None", "not flag", "value is not None", "flag"))
    leave = f"    if {test}:\n        return None\n"
    own.define(
        f"\ndef {name}(tag, value=None, flag=True):\n{own.site(inner)}{leave}{own.body(inner)}"
    )
    given = own.pick(("", f", value={own.literal(4)}", ", flag=False"))
    return f"{here.indent}{name}({made[0]}{given})\n"


def observed_argument(own: Written, here: Here) -> str:
    """Data that come through a helper."""
    made = own.texts(here, 2)
    name, stem = own.fresh("helper_"), own.fresh("x")
    own.use([f"{each}_{stem}" for _, names in made for each in names])
    own.define(
        f"\ndef {name}(tag, data=None):\n"
        f'    numpyro.sample(f"{{tag}}_{stem}", dist.Normal(0.0, 1.0), obs=data)\n'
    )
    given = [
        own.pick(("", ", None", f", {own.literal(4)}", f", data={own.literal(4)}")) for _ in made
    ]
    if here.has_y:
        given[0] = own.pick((", y", ", data=y", given[0]))
    return "".join(
        f"{here.indent}{name}({text}{more})\n" for (text, _), more in zip(made, given, strict=True)
    )


def conditional_name(own: Written, here: Here) -> str:
    """A name that a flag chooses."""
    (made,), ends = own.texts(here, 1), [own.fresh("t") for _ in range(2)]
    name = own.fresh("helper_")
    chosen = f'"{ends[0]}" if flag else "{ends[1]}"'
    body = own.body(here.apart(every([made], "tag"), Axis("end", tuple(ends))))
    own.define(f"\ndef {name}(tag, flag=True):\n    end = {chosen}\n{body}")
    return f"{here.indent}{name}({made[0]}{own.pick(('', ', False', ', flag=True'))})\n"


def handler_in_helper(own: Written, here: Here) -> str:
    made = own.texts(here, 1 + own.pick(range(2)))
    name, inner = own.fresh("helper_"), here.apart(every(made, "tag"))
    body = own.body(Here("        ", inner.axes, inner.depth))
    own.define(f"\ndef {name}(tag):\n    with {own.context(inner)}:\n{body}")
    return "".join(f"{here.indent}{name}({text})\n" for text, _ in made)


def scope_by_argument(own: Written, here: Here) -> str:
    """One helper with plain names, in a scope for each of its calls."""
    made = own.texts(here, 2)
    name = own.fresh("helper_")
    own.define(f"\ndef {name}():\n{own.body(here.apart())}")
    if own.chance(50):
        return "".join(
            f"{here.indent}handlers.scope({name}, prefix={text})()\n" for text, _ in made
        )
    return "".join(
        f"{here.indent}with handlers.scope(prefix={text}):\n{here.indent}    {name}()\n"
        for text, _ in made
    )


def handler_around(own: Written, here: Here) -> str:
    return f"{here.indent}with {own.context(here)}:\n{_deeper(own, here)}"


def handler_in_variable(own: Written, here: Here) -> str:
    held = own.variable(here, "around", "context")
    return (
        f"{here.indent}{held} = {own.context(here)}\n"
        f"{here.indent}with {held}:\n{_deeper(own, here)}"
    )


def returned_handler(own: Written, here: Here) -> str:
    (made,) = own.texts(here, 1)
    name = own.fresh("within_")
    own.define(f"\ndef {name}(tag):\n    return handlers.scope(prefix=tag)\n")
    return f"{here.indent}with {name}({made[0]}):\n{_deeper(own, here)}"


def own_context(own: Written, here: Here) -> str:
    (made,) = own.texts(here, 1)
    name, inner = own.fresh("within_"), here.apart(every([made], "tag"))
    first = own.pick(("", own.site(inner)))
    around = own.pick(("handlers.scope(prefix=tag)", own.plate(inner), own.context(inner)))
    own.define(f"\n@contextmanager\ndef {name}(tag):\n{first}    with {around}:\n        yield\n")
    return f"{here.indent}with {name}({made[0]}):\n{_deeper(own, here)}"


def exit_stack(own: Written, here: Here) -> str:
    contexts = [own.context(here.inside()) for _ in range(1 + own.pick(range(2)))]
    inner = here.inside()
    entered = "".join(f"{inner.indent}stack.enter_context({each})\n" for each in contexts)
    return f"{here.indent}with ExitStack() as stack:\n{entered}{own.body(inner)}"


def plate_around(own: Written, here: Here) -> str:
    return f"{here.indent}with {own.plate(here)}:\n{_deeper(own, here)}"


def plate_in_variable(own: Written, here: Here) -> str:
    held = own.variable(here, "plate", "groups")
    inner = here.inside()
    return (
        f"{here.indent}{held} = {own.plate(here)}\n"
        f"{here.indent}with {held}:\n{own.site(inner)}{here.indent}with {held}:\n{own.site(inner)}"
    )


def plate_from_helper(own: Written, here: Here) -> str:
    (made,) = own.texts(here, 1)
    name, stem = own.fresh("groups_"), own.fresh("n")
    own.use([f"{each}_{stem}" for each in made[1]], size=3)
    own.define(f'\ndef {name}(tag, size=3):\n    return numpyro.plate(f"{{tag}}_{stem}", size)\n')
    return f"{here.indent}with {name}({made[0]}):\n{_deeper(own, here)}"


FLOW = (
    nested_function, nested_with_argument, factory, factory_of_prefixes, function_table, on_data,
    on_flag, on_text, early_return, observed_argument, conditional_name,
)  # fmt: skip
CONTEXTS = (
    handler_in_helper, scope_by_argument, handler_around, handler_in_variable, returned_handler,
    own_context, exit_stack, plate_around, plate_in_variable, plate_from_helper,
)  # fmt: skip
