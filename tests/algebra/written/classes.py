"""Constructs: objects and their methods, by Python's rules of inheritance."""

from __future__ import annotations

from algebra.written.base import Axis, Here, Written, every

_INIT = "    def __init__(self, prefix):\n        self.prefix = prefix\n"
_DEEP = "        "


def _method(own: Written, here: Here, axis: Axis, head: str) -> str:
    return f"\n    def {head}:\n{own.body(here.apart(axis, indent=_DEEP))}"


def _object(own: Written, here: Here, made: str) -> tuple[str, str]:
    """What makes an object, and the expression that it is reached by."""
    if own.chance(50):
        return "", made
    if not here.axes and own.chance(50):
        held = own.fresh("thing_")
        own.define(f"\n{held} = {made}\n")
        return "", held
    held = own.variable(here, "part", "thing")
    return f"{here.indent}{held} = {made}\n", held


def plain_methods(own: Written, here: Here) -> str:
    (made,) = own.texts(here, 1)
    cls, axis = own.fresh("Part"), every([made], "self.prefix")
    second = _method(own, here, axis, "second(self)")
    first = _method(own, here, axis, "first(self)")
    inner = own.pick(("", f"{_DEEP}self.second()\n"))
    own.define(f"\nclass {cls}:\n{_INIT}{second}{first}{inner}")
    setup, thing = _object(own, here, f"{cls}({own.pick(('', 'prefix='))}{made[0]})")
    also = "" if inner else f"{here.indent}{thing}.second()\n"
    return f"{setup}{here.indent}{thing}.first()\n{also}"


def several_objects(own: Written, here: Here) -> str:
    made = own.texts(here, 2)
    cls, axis = own.fresh("Part"), every(made, "self.prefix")
    own.define(f"\nclass {cls}:\n{_INIT}{_method(own, here, axis, 'draw(self)')}")
    if own.chance(50):
        return "".join(f"{here.indent}{cls}({text}).draw()\n" for text, _ in made)
    name = own.variable(here, "part", "each")
    listed = ", ".join(f"{cls}({text})" for text, _ in made)
    return f"{here.indent}for {name} in [{listed}]:\n{here.indent}    {name}.draw()\n"


def overridden_method(own: Written, here: Here) -> str:
    made = own.texts(here, 2)
    base, derived = own.fresh("Base"), own.fresh("Derived")
    axis = every(made, "self.prefix")
    hook = _method(own, here, axis, "hook(self)")
    own.define(f"\nclass {base}:\n{_INIT}{hook}\n    def draw(self):\n{_DEEP}self.hook()\n")
    more = own.pick(("", f"{_DEEP}super().hook()\n"))
    own.define(f"\nclass {derived}({base}):{_method(own, here, axis, 'hook(self)')}{more}")
    calls = [f"{derived}({made[0][0]}).draw()", f"{base}({made[1][0]}).draw()"]
    return "".join(f"{here.indent}{call}\n" for call in calls[: 1 + own.pick(range(2))])


def super_init(own: Written, here: Here) -> str:
    (made,) = own.texts(here, 1)
    base, derived, stem = own.fresh("Base"), own.fresh("Derived"), own.fresh("t")
    axis = Axis("self.prefix", tuple(f"{each}_{stem}" for each in made[1]))
    own.define(f"\nclass {base}:\n{_INIT}{_method(own, here, axis, 'draw(self)')}")
    init = f'    def __init__(self, key):\n{_DEEP}super().__init__(f"{{key}}_{stem}")\n'
    own.define(f"\nclass {derived}({base}):\n{init}")
    setup, thing = _object(own, here, f"{derived}({made[0]})")
    return f"{setup}{here.indent}{thing}.draw()\n"


def abstract_base(own: Written, here: Here) -> str:
    (made,) = own.texts(here, 1)
    base, derived, axis = own.fresh("Base"), own.fresh("Derived"), every([made], "self.prefix")
    empty = own.pick(("raise NotImplementedError", "pass", "..."))
    own.define(
        f"\nclass {base}:\n{_INIT}\n    def hook(self):\n{_DEEP}{empty}\n"
        f"\n    def draw(self):\n{_DEEP}return self.hook()\n"
    )
    own.define(f"\nclass {derived}({base}):{_method(own, here, axis, 'hook(self)')}")
    return f"{here.indent}{derived}({made[0]}).draw()\n"


def property_name(own: Written, here: Here) -> str:
    (made,) = own.texts(here, 1)
    cls, stem = own.fresh("Part"), own.fresh("t")
    axis = Axis("self.label", tuple(f"{each}_{stem}" for each in made[1]))
    label = f'\n    @property\n    def label(self):\n{_DEEP}return f"{{self.prefix}}_{stem}"\n'
    own.define(f"\nclass {cls}:\n{_INIT}{label}{_method(own, here, axis, 'draw(self)')}")
    return f"{here.indent}{cls}({made[0]}).draw()\n"


def name_method(own: Written, here: Here) -> str:
    (made,) = own.texts(here, 1)
    cls, stem = own.fresh("Part"), own.fresh("x")
    own.use([f"{each}_{stem}" for each in made[1]])
    sample = own.sample(Here(), f'self.label("{stem}")', "dist.Normal(0.0, 1.0)")
    own.define(
        f"\nclass {cls}:\n{_INIT}\n    def label(self, end):\n"
        f'{_DEEP}return f"{{self.prefix}}_{{end}}"\n'
        f"\n    def draw(self):\n{_DEEP}return {sample}\n"
    )
    return f"{here.indent}{cls}({made[0]}).draw()\n"


def call_method(own: Written, here: Here) -> str:
    made = own.texts(here, 1)
    cls, axis = own.fresh("Part"), every(made, "self.prefix")
    own.define(f"\nclass {cls}:\n{_INIT}{_method(own, here, axis, '__call__(self)')}")
    setup, thing = _object(own, here, f"{cls}({made[0][0]})")
    return f"{setup}{here.indent}{thing}()\n"


def class_method(own: Written, here: Here) -> str:
    (made,) = own.texts(here, 1)
    cls, axis = own.fresh("Part"), every([made], "self.prefix")
    make = f"\n    @classmethod\n    def make(cls, tag):\n{_DEEP}return cls(tag)\n"
    own.define(f"\nclass {cls}:\n{_INIT}{make}{_method(own, here, axis, 'draw(self)')}")
    return f"{here.indent}{cls}.make({made[0]}).draw()\n"


def static_method(own: Written, here: Here) -> str:
    made = own.texts(here, 1 + own.pick(range(2)))
    cls = own.fresh("Part")
    body = own.body(here.apart(every(made, "tag"), indent=_DEEP))
    own.define(f"\nclass {cls}:\n    @staticmethod\n    def draw(tag):\n{body}")
    return "".join(f"{here.indent}{cls}.draw({text})\n" for text, _ in made)


def method_argument(own: Written, here: Here) -> str:
    """A method that is given a name besides the object's own."""
    (made,), ends = own.texts(here, 1), [own.fresh("t") for _ in range(2)]
    cls, axes = own.fresh("Part"), (every([made], "self.prefix"), Axis("end", tuple(ends)))
    body = own.body(here.apart(*axes, indent=_DEEP))
    own.define(f"\nclass {cls}:\n{_INIT}\n    def draw(self, end):\n{body}")
    setup, thing = _object(own, here, f"{cls}({made[0]})")
    return setup + "".join(f'{here.indent}{thing}.draw("{end}")\n' for end in ends)


def class_attribute(own: Written, here: Here) -> str:
    if here.axes:
        return static_method(own, here)
    base, derived = own.fresh("Part"), own.fresh("Part")
    words = [own.fresh("t") for _ in range(2)]
    body = own.body(here.apart(Axis("self.prefix", tuple(words)), indent=_DEEP))
    own.define(f'\nclass {base}:\n    prefix = "{words[0]}"\n\n    def draw(self):\n{body}')
    own.define(f'\nclass {derived}({base}):\n    prefix = "{words[1]}"\n')
    return f"{here.indent}{base}().draw()\n{here.indent}{derived}().draw()\n"


def data_class(own: Written, here: Here) -> str:
    (made,) = own.texts(here, 1)
    cls, axis = own.fresh("Part"), every([made], "self.prefix")
    fields = "    prefix: str\n    scale: float = 1.0\n"
    own.define(f"\n@dataclass\nclass {cls}:\n{fields}{_method(own, here, axis, 'draw(self)')}")
    given = own.pick(("{}", "prefix={}", "{}, scale=2.0")).format(made[0])
    return f"{here.indent}{cls}({given}).draw()\n"


def listed_attribute(own: Written, here: Here) -> str:
    made = own.texts(here, 2)
    cls = own.fresh("Part")
    inner = here.apart(every(made, "name"), indent=f"{_DEEP}    ")
    own.define(
        f"\nclass {cls}:\n    def __init__(self, names):\n{_DEEP}self.names = names\n"
        f"\n    def draw(self):\n{_DEEP}for name in self.names:\n{own.body(inner)}"
    )
    return f"{here.indent}{cls}([{', '.join(text for text, _ in made)}]).draw()\n"


def held_object(own: Written, here: Here) -> str:
    """An object that holds another one."""
    (made,) = own.texts(here, 1)
    inner, outer = own.fresh("Part"), own.fresh("Whole")
    own.define(
        f"\nclass {inner}:\n{_INIT}{_method(own, here, every([made], 'self.prefix'), 'draw(self)')}"
    )
    own.define(
        f"\nclass {outer}:\n    def __init__(self, part):\n{_DEEP}self.part = part\n"
        f"\n    def draw(self):\n{_DEEP}self.part.draw()\n"
    )
    return f"{here.indent}{outer}({inner}({made[0]})).draw()\n"


CLASSES = (
    plain_methods, several_objects, overridden_method, super_init, abstract_base, property_name,
    name_method, call_method, class_method, static_method, method_argument, class_attribute,
    data_class, listed_attribute, held_object,
)  # fmt: skip
