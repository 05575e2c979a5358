"""Random small models: what `generate` puts handlers around."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

import numpyro

if TYPE_CHECKING:
    from algebra.generate import Writer

T = TypeVar("T")

_SITES = ("a", "b", "c", "e", "g", "h")
_PARAMS = ("p", "q")
# Plates by name: what follows the name, and how many elements are taken.
_PLATES = {"N": (", 3", 3), "M": (", 2", 2), "S": (", 4, subsample_size=2", 2)}
DISTS = (
    "dist.Normal(0.0, 1.0)",
    "dist.Normal(0.0, 1.0)",
    "dist.Normal(0.0, scale=2.0)",
    "dist.Cauchy(0.0, 1.0)",
    "dist.HalfNormal(1.0)",
    "dist.StudentT(3.0, 0.0, 1.0)",
    "dist.Bernoulli(0.5)",
    "dist.Normal(0.0, 1.0).mask(False)",
    "dist.Normal(jnp.zeros(2), 1.0).to_event(1)",
    "dist.Delta(jnp.zeros(()))",
)
_INNER = (
    ("scope", 'prefix="s"'),
    ("scope", 'prefix="t", divider="."'),
    ("mask", "mask=False"),
    ("mask", "mask=True"),
    ("scale", "scale=3.0"),
)
# What may stand around a part of a model; a part that seeds itself is no part of the model.
_KINDS = (
    "trace", "condition", "substitute", "do", "block", "uncondition", "lift", "reparam", "seed",
    "infer_config",
)  # fmt: skip


def exists(handler: str) -> bool:
    """Whether the NumPyro at hand has a handler: `uncondition` is there from 0.20 on."""
    return hasattr(numpyro.handlers, handler)


_ANY = tuple(filter(exists, _KINDS))


class Models:
    """Writes a model with its helper functions, and knows the names in it."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._used: list[str] = []
        self._plates: list[str] = []
        self._functions = ""
        self._count = 0
        self._may_fail = False
        self._in_model = True
        self.model = ""
        self.entry = "model"

    def write(self) -> str:
        """The functions that the model calls; `model` is the model itself, undecorated, and `entry`
        the expression that is put under handlers."""
        first = self._sample("    ", 0)
        rest = self._block("    ", 0, 1 + self._pick(range(4)))
        self.model = f"def model(y=None):\n{first}{rest}"
        return self._functions

    @property
    def is_replayable(self) -> bool:
        """Whether a trace of the bare model is sure to succeed."""
        return not self._may_fail and "cond(" not in self._functions + self.model

    def plate_size(self, key: str) -> int | None:
        name = key.rpartition("/")[2]
        return _PLATES[name][1] if name in _PLATES else None

    def keys(self, most: int = 3) -> list[str]:
        """Names to key a handler on: mostly present ones, some scoped, some made by others."""
        names = [*self._used, *self._plates, "absent"]
        found: list[str] = []
        for _ in range(1 + self._pick(range(most)) if most else 0):
            form = self._pick(
                ("{}",) * 8
                + ("s/{}", "s/{}", "t.{}", "{}__CF", "{}_decentered", "{}_centered", "s/s/{}")
            )
            found.append(form.format(self._pick(names)))
        return list(dict.fromkeys(found))

    def other(self) -> str:
        """Another model that has some of the names, perhaps as something else."""
        names = list(dict.fromkeys([*self._used, *self._plates, "s/a", "a_decentered"]))
        text = "\ndef other():\n    numpyro.sample('a_base', dist.Normal(0.0, 1.0))\n"
        for name in names:
            plate = name in _PLATES
            form = self._pick(_OTHER_FORMS[plate])
            text += form.format(
                name=name, size=_PLATES[name][0] if plate else "", value=self._writer.literal(6)
            )
        return text + "\n"

    def _pick(self, options: Sequence[T]) -> T:
        return self._writer.pick(options)

    def _name(self, pool: tuple[str, ...]) -> str:
        free = [name for name in pool if name not in self._used]
        if not free or self._writer.chance(4):
            self._may_fail = True
            return str(self._pick(pool))
        self._used.append(free[0])
        return free[0]

    def _block(self, indent: str, depth: int, count: int, plain: bool = False) -> str:
        return "".join(self._statement(indent, depth, plain) for _ in range(count))

    def _statement(self, indent: str, depth: int, plain: bool) -> str:
        forms = ["sample"] * 6 + ["param", "param", "deterministic", "factor"]
        if depth < 2:
            forms += ["plate", "plate", "plate", "helper", "inner", "inner"]
        if depth == 0:
            forms += ["scan", "cond", "masked", "mutable", "tagged", "branch"]
        elif not plain:
            forms += ["masked"]
        return str(getattr(self, f"_{self._pick(forms)}")(indent, depth))

    def _sample(self, indent: str, depth: int) -> str:
        name = self._name(_SITES)
        obs = self._pick(("", "", "", "", "", f", obs={self._writer.literal(4)}", ", obs=None"))
        if not obs and self._in_model and self._writer.chance(15):
            obs = ", obs=y"
        return f'{indent}numpyro.sample("{name}", {self._pick(DISTS)}{obs})\n'

    def _param(self, indent: str, depth: int) -> str:
        return f'{indent}numpyro.param("{self._name(_PARAMS)}", {self._writer.literal(5)})\n'

    def _deterministic(self, indent: str, depth: int) -> str:
        value = self._writer.literal(6)
        return f'{indent}numpyro.deterministic("{self._name(("d", "d2"))}", {value})\n'

    def _factor(self, indent: str, depth: int) -> str:
        return f'{indent}numpyro.factor("{self._name(("f", "f2"))}", 0.5)\n'

    def _mutable(self, indent: str, depth: int) -> str:
        return f'{indent}mutable("{self._name(("v", "v2"))}", {self._writer.literal(6)})\n'

    def _masked(self, indent: str, depth: int) -> str:
        name = self._name(("m", "m2"))
        obs = self._pick((self._writer.literal(4), "None"))
        mask = self._pick(("True", "False"))
        self._used += [f"{name}_observed", f"{name}_unobserved"]
        return (
            f'{indent}numpyro.sample("{name}", dist.Normal(0.0, 1.0), obs={obs}, obs_mask={mask})\n'
        )

    def _plate(self, indent: str, depth: int) -> str:
        free = [name for name in _PLATES if name not in self._plates] or list(_PLATES)
        name = self._pick(free)
        self._plates.append(name)
        dim = self._pick(("", "", "", "", "", "", "", ", dim=-1", ", dim=-2"))
        self._may_fail = self._may_fail or bool(dim)
        inside = self._block(indent + "    ", depth + 1, 1 + self._pick(range(2)))
        return f'{indent}with numpyro.plate("{name}"{_PLATES[name][0]}{dim}):\n{inside}'

    def _helper(self, indent: str, depth: int) -> str:
        """A helper function, called plainly, under a handler, or twice in two scopes."""
        name = self._define("helper", "", depth)
        how = self._pick(("plain", "wrapper", "twice"))
        if how == "plain":
            return f"{indent}{name}()\n"
        if how == "wrapper":
            kind, arguments = self._around()
            return f"{indent}handlers.{kind}({name}{', ' * bool(arguments)}{arguments})()\n"
        return "".join(
            f'{indent}with handlers.scope(prefix="{prefix}"):\n{indent}    {name}()\n'
            for prefix in ("s", "t")
        )

    def _tagged(self, indent: str, depth: int) -> str:
        """A helper function that makes names of what it is passed."""
        self._count += 1
        name = f"tagged_{self._count}"
        self._functions += (
            f"\ndef {name}(tag, value=None):\n"
            f'    numpyro.sample(f"{{tag}}_x", {self._pick(DISTS)}, obs=value)\n'
            '    numpyro.deterministic(tag + "_y", 6000.25)\n\n'
        )
        tags = ["u", "w"][: 1 + self._pick(range(2))]
        self._used += [f"{tag}{end}" for tag in tags for end in ("_x", "_y")]
        self._may_fail = self._may_fail or name != "tagged_1"
        values = [self._pick(("", f", value={self._writer.literal(4)}")) for _ in tags]
        return "".join(
            f'{indent}{name}("{tag}"{value})\n' for tag, value in zip(tags, values, strict=True)
        )

    def _branch(self, indent: str, depth: int) -> str:
        """A branch that the arguments settle; both arms may have the same names."""
        used = list(self._used)
        yes = self._sample(indent + "    ", depth)
        later, self._used = self._used, used
        no = self._sample(indent + "    ", depth)
        self._used = list(dict.fromkeys([*later, *self._used]))
        test = self._pick(("y is None", "y is not None", "y", "not y"))
        return f"{indent}if {test}:\n{yes}{indent}else:\n{no}"

    def _around(self) -> tuple[str, str]:
        if self._writer.chance(50):
            self._may_fail = True
            kind = self._pick(_ANY)
            return kind, self._writer.arguments(kind)
        return self._pick(_INNER)

    def _define(self, stem: str, parameters: str, depth: int, ending: str = "") -> str:
        self._count += 1
        name = f"{stem}_{self._count}"
        inside, self._in_model = self._in_model, False
        body = self._block("    ", depth + 1, 1 + self._pick(range(2)), plain=stem != "helper")
        self._in_model = inside
        self._functions += f"\ndef {name}({parameters}):\n{body}{ending}\n"
        return name

    def _inner(self, indent: str, depth: int) -> str:
        entered = ", ".join(
            f"handlers.{kind}({arguments})"
            for kind, arguments in (self._around() for _ in range(1 + self._pick(range(2))))
        )
        inside = self._block(indent + "    ", depth + 1, 1 + self._pick(range(2)))
        return f"{indent}with {entered}:\n{inside}"

    def _scan(self, indent: str, depth: int) -> str:
        name = self._define("step", "carry, x", 1, "    return carry, None\n")
        return f"{indent}scan({name}, 0.0, None, length=2)\n"

    def _cond(self, indent: str, depth: int) -> str:
        name = self._define("arm", "x", 1, "    return x\n")
        arms = f"{name}, {name}" if self._writer.chance(80) else f"{name}, lambda x: x"
        return f"{indent}cond(True, {arms}, 0.0)\n"


_OTHER_FORMS = {
    False: (
        '    numpyro.sample("{name}", dist.Normal(0.0, 1.0))\n',
        '    numpyro.sample("{name}", dist.Normal(0.0, 1.0))\n',
        '    numpyro.sample("{name}", dist.Normal(0.0, 1.0))\n',
        "",
        "",
        '    numpyro.sample("{name}", dist.Normal(0.0, 1.0), obs={value})\n',
        '    numpyro.deterministic("{name}", {value})\n',
        '    numpyro.param("{name}", {value})\n',
    ),
    True: (
        '    numpyro.plate("{name}"{size})\n',
        '    numpyro.plate("{name}"{size})\n',
        '    numpyro.plate("{name}"{size})\n',
        '    numpyro.sample("{name}", dist.Normal(0.0, 1.0))\n',
    ),
}
