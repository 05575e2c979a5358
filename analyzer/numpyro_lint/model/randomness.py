"""Random keys: where they are made, and what uses them up."""

from __future__ import annotations

from numpyro_lint.model.ir import (
    Argument,
    Arguments,
    Const,
    Data,
    Opaque,
    Param,
    RandomKey,
    Sequence,
    Value,
)
from numpyro_lint.model.scope import Body, together
from numpyro_lint.record import replace
from numpyro_lint.text import Span

_MADE = frozenset({"PRNGKey", "key"})
# Functions of a key that draw nothing.
_KEPT = frozenset({"key_data", "wrap_key_data", "key_impl", "clone", "default_prng_impl"})
# What of numpy.random and random draws nothing from the hidden state.
_QUIET = frozenset(
    """
    seed RandomState default_rng Generator SeedSequence PCG64 MT19937 Philox SFC64 get_state
    set_state getstate setstate Random SystemRandom BitGenerator PCG64DXSM
    """.split()
)


def random_call(body: Body, leaf: str, arguments: Arguments, span: Span) -> Value:
    """A call of `jax.random`: a key, several, or a draw."""
    values = [item.value for item in arguments.items]
    depends = together(*values)
    if leaf in _MADE:
        constant = bool(values) and _is_constant(values[0])
        return RandomKey(born=span, constant=constant, loops=body.loops, depends=depends)
    source = given(arguments, "key")
    if leaf in _KEPT:
        return source.value if leaf == "clone" and source is not None else Data(depends=depends)
    constant = source is not None and _is_constant(source.value)
    if leaf == "fold_in":
        constant = constant and len(values) > 1 and _is_constant(values[1])
        return RandomKey(born=span, constant=constant, loops=body.loops, depends=depends)
    note_key(body, source, f"jax.random.{leaf}", span)
    if leaf == "split":
        return RandomKey(born=span, constant=constant, loops=body.loops, depends=depends)
    return Data(depends=depends)


def _is_constant(value: Value) -> bool:
    return isinstance(value, Const) or (isinstance(value, RandomKey) and value.constant)


def given(arguments: Arguments, name: str) -> Argument | None:
    """The key among the arguments of a call: the first, or by its name."""
    if name in arguments.keyword:
        return arguments.keyword[name]
    first = arguments.positional[0] if arguments.positional else None
    return None if first is None or first.starred else first


def note_key(body: Body, key: Argument | None, detail: str, span: Span) -> None:
    """`span` uses up the key that it is given; `detail` says how."""
    if key is None or not isinstance(key.value, (RandomKey, Param)):
        return
    born = key.value.loops if isinstance(key.value, RandomKey) else ()
    if body.turning and set(body.loops) - set(born):
        if body.file.written(key.span) in body.turning:
            # A key from outside of the loop in the first pass, another one in the next.
            return
    body.note("key", span, detail, value=key.value)


def handed_back(body: Body, value: Value, of_method: bool, span: Span) -> Value:
    """What a call at `span` gives, with its keys as new as the call.

    An object may have gone on to its next key, and a function makes one of its arguments. What a
    plain function makes of a constant is the same each time.
    """
    if isinstance(value, Sequence):
        items = tuple(handed_back(body, each, of_method, span) for each in value.items)
        return replace(value, items=items)
    if not isinstance(value, RandomKey) or (value.constant and not value.parts and not of_method):
        return value
    constant, parts = value.constant and not of_method, (value.born.start, *value.parts)
    return replace(value, born=span, parts=parts, constant=constant, loops=body.loops)


def note_hidden_state(body: Body, qualified: str, span: Span) -> None:
    """A draw from numpy's or Python's own hidden state."""
    home, _, leaf = qualified.rpartition(".")
    if home in ("numpy.random", "random") and leaf not in _QUIET:
        body.note("random", span, qualified)


def part_of(key: RandomKey, index: int | None) -> Value:
    """One of the keys that a split made; without an index, any."""
    if index is None:
        return Opaque(depends=key.depends)
    return RandomKey(
        born=key.born,
        parts=(*key.parts, index),
        constant=key.constant,
        loops=key.loops,
        depends=key.depends,
    )
