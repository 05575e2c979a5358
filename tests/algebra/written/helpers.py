"""Constructs: helper functions, and the ways in which they are given a name."""

from __future__ import annotations

from algebra.written.base import Axis, Here, Written, every


def _helper(
    own: Written, here: Here, made: list[tuple[str, list[str]]], head: str, text: str = ""
) -> str:
    """A helper with these parameters, the first of which varies; gives its name."""
    name = own.fresh("helper_")
    variable = text or head.partition("=")[0].partition(",")[0]
    body = own.body(here.apart(every(made, variable)))
    own.define(f"\ndef {name}({head}):\n{body}")
    return name


def _calls(here: Here, lines: list[str]) -> str:
    return "".join(f"{here.indent}{line}\n" for line in lines)


def positional_argument(own: Written, here: Here) -> str:
    made = own.texts(here, 1 + own.pick(range(2)))
    name = _helper(own, here, made, own.pick(("tag", "prefix", "name")))
    return _calls(here, [f"{name}({text})" for text, _ in made])


def keyword_argument(own: Written, here: Here) -> str:
    made = own.texts(here, 1 + own.pick(range(2)))
    name = _helper(own, here, made, own.pick(("tag", "tag, scale=1.0", "*, tag")), "tag")
    return _calls(here, [f"{name}(tag={text})" for text, _ in made])


def default_argument(own: Written, here: Here) -> str:
    if here.axes:
        return positional_argument(own, here)
    made = own.texts(here, 1 + own.pick(range(2)))
    name = _helper(own, here, made, f"prefix={made[0][0]}")
    return _calls(here, [f"{name}()", *(f"{name}({text})" for text, _ in made[1:])])


def local_prefix(own: Written, here: Here) -> str:
    (made,) = own.texts(here, 1)
    variable = own.variable(here, "prefix", "stem")
    body = own.body(Here(here.indent, (every([made], variable),), here.depth + 1, here.has_y))
    return f"{here.indent}{variable} = {made[0]}\n{body}"


def module_constant(own: Written, here: Here) -> str:
    constant, word = own.fresh("PREFIX_"), own.fresh("t")
    own.define(f'\n{constant} = "{word}"\n')
    inner = Here(here.indent, (*here.axes, Axis(constant, (word,))), here.depth + 1, here.has_y)
    return own.body(inner)


def returned_distribution(own: Written, here: Here) -> str:
    name, made = own.fresh("prior_"), own.named(here, own.fresh("x"))
    own.use(made[1])
    own.define(f"\ndef {name}(scale=1.0):\n    return dist.Normal(0.0, scale)\n")
    given = own.pick(("", "2.0", "scale=2.0"))
    return f"{here.indent}{own.sample(here, made[0], f'{name}({given})')}\n"


def returned_name(own: Written, here: Here) -> str:
    name, stem, (made,) = own.fresh("label_"), own.fresh("x"), own.texts(here, 1)
    own.use([f"{each}_{stem}" for each in made[1]])
    own.define(f'\ndef {name}(tag):\n    return f"{{tag}}_{stem}"\n')
    return f"{here.indent}{own.sample(here, f'{name}({made[0]})', 'dist.Normal(0.0, 1.0)')}\n"


def function_argument(own: Written, here: Here) -> str:
    made = own.texts(here, 1 + own.pick(range(2)))
    name, apply = _helper(own, here, made, "tag"), own.fresh("apply_")
    head, inner = own.pick((("f, tag", "f(tag)"), ("tag, f", "f(tag)"), ("f, tag", "f(tag=tag)")))
    own.define(f"\ndef {apply}({head}):\n    {inner}\n")
    order = "{name}, {text}" if head.startswith("f") else "{text}, {name}"
    return _calls(here, [f"{apply}({order.format(name=name, text=text)})" for text, _ in made])


def lambda_argument(own: Written, here: Here) -> str:
    (made,) = own.texts(here, 1)
    name, apply = _helper(own, here, [made], "tag"), own.fresh("apply_")
    own.define(f"\ndef {apply}(draw):\n    return draw()\n")
    return f"{here.indent}{apply}(lambda: {name}({made[0]}))\n"


def lambda_helper(own: Written, here: Here) -> str:
    made = own.texts(here, 1 + own.pick(range(2)))
    variable = own.variable(here, "draw", "site")
    stem = own.fresh("x")
    own.use([f"{each}_{stem}" for _, names in made for each in names])
    head = f'{variable} = lambda tag: numpyro.sample(f"{{tag}}_{stem}", dist.Normal(0.0, 1.0))'
    return _calls(here, [head, *(f"{variable}({text})" for text, _ in made)])


def partial_argument(own: Written, here: Here) -> str:
    made = own.texts(here, 1 + own.pick(range(2)))
    name = _helper(own, here, made, "tag, scale=1.0", "tag")
    how = own.pick(("positional", "keyword", "held"))
    if how == "held":
        variable = own.variable(here, "draw", "bound")
        head = f"{variable} = partial({name}, scale=2.0)"
        return _calls(here, [head, *(f"{variable}({text})" for text, _ in made)])
    key = "tag=" if how == "keyword" else ""
    return _calls(here, [f"partial({name}, {key}{text})()" for text, _ in made])


def star_arguments(own: Written, here: Here) -> str:
    made = own.texts(here, 1 + own.pick(range(2)))
    name = _helper(own, here, made, "tag")
    forms = ("{}(*[{}])", "{}(*({},))", '{}(**{{"tag": {}}})', "{}(**dict(tag={}))")
    return _calls(here, [own.pick(forms).format(name, text) for text, _ in made])


def handed_on(own: Written, here: Here) -> str:
    """A helper that calls a helper, with what it was given itself."""
    made = own.texts(here, 1 + own.pick(range(2)))
    inner, outer = _helper(own, here, made, "tag"), own.fresh("outer_")
    forms = (
        "(name):\n    return {}(name)",
        "(tag, more=None):\n    {}(tag=tag)",
        "(*args, **kwargs):\n    return {}(*args, **kwargs)",
        "(*args):\n    {}(*args)",
        "(**options):\n    {}(**options)",
        "(**options):\n    {}(options['tag'])",
        "(config):\n    {}(config['tag'])",
        "(pair):\n    tag, scale = pair\n    {}(tag)",
    )
    form = own.pick(forms)
    own.define(f"\ndef {outer}{form.format(inner)}\n")
    call = {"(**": "{}(tag={})", "(con": '{}({{"tag": {}}})', "(pai": "{}(({}, 1.0))"}
    line = call.get(form[:4] if form[1] != "*" else form[:3], "{}({})")
    return _calls(here, [line.format(outer, text) for text, _ in made])


def several_names(own: Written, here: Here) -> str:
    """A helper that is given all its names at once."""
    made = own.texts(here, 2)
    name = own.fresh("helper_")
    inner = here.apart(every(made, "tag"), indent="        ")
    head = own.pick(("*tags", "tags"))
    own.define(f"\ndef {name}({head}):\n    for tag in tags:\n{own.body(inner)}")
    listed = ", ".join(text for text, _ in made)
    return f"{here.indent}{name}({listed if head == '*tags' else f'[{listed}]'})\n"


def decorated_helper(own: Written, here: Here) -> str:
    made = own.texts(here, 1)
    name = _helper(own, here, made, "tag")
    head = own.pick(("handlers.mask(mask=False)", 'handlers.scope(prefix="s")'))
    own.definitions[-1] = own.definitions[-1].replace("\ndef", f"\n@{head}\ndef", 1)
    return _calls(here, [f"{name}({text})" for text, _ in made])


HELPERS = (
    positional_argument, keyword_argument, default_argument, local_prefix, module_constant,
    returned_distribution, returned_name, function_argument, lambda_argument, lambda_helper,
    partial_argument, star_arguments, handed_on, several_names, decorated_helper,
)  # fmt: skip
