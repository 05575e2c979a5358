"""What a call means: a site, a handler, a step into another function, or nothing of interest."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from numpyro_lint.facts.api import (
    CONTROL_FLOW,
    INFERENCE,
    PRIMITIVES,
    REPARAMS,
    RUNNERS,
    handler_kind,
    may_send_messages,
)
from numpyro_lint.facts.distributions import FAMILIES
from numpyro_lint.facts.tracing import TRACING
from numpyro_lint.model import engines, hazards, inference, randomness, results, sites, strings
from numpyro_lint.model.arithmetic import called
from numpyro_lint.model.binding import bind, bind_names, resolve, resolve_arguments
from numpyro_lint.model.branches import in_branch
from numpyro_lint.model.containers import spoil
from numpyro_lint.model.derive import BUILTINS, derive
from numpyro_lint.model.ir import (
    NO_ARGUMENTS,
    NOTHING,
    UNKNOWN,
    Argument,
    Arguments,
    Branch,
    Call,
    Callee,
    ClassRef,
    Const,
    Data,
    Derived,
    Engine,
    Entered,
    HandlerRef,
    Instance,
    Key,
    Opaque,
    Origins,
    Param,
    Sequence,
    Symbol,
    Table,
    Text,
    Value,
    symbol,
    unknown,
)
from numpyro_lint.model.name import Name
from numpyro_lint.model.program import Iteration, Measure
from numpyro_lint.model.scope import Body, together
from numpyro_lint.model.shapes import length
from numpyro_lint.record import replace
from numpyro_lint.text import Span

_ANY = Arguments(known=False)
# Functions that give back the function they are given, as far as sites are concerned.
_TRANSPARENT = frozenset(
    {
        "jax.jit",
        "jax.vmap",
        "jax.pmap",
        "jax.checkpoint",
        "jax.remat",
        "jax.named_call",
        "functools.wraps",
        "builtins.staticmethod",
        "builtins.classmethod",
        "numpyro.contrib.funsor.markov",
        "equinox.filter_jit",
        "contextlib.contextmanager",
    }
)

# Decorators that run the function each time as it is written.
_QUIET_PACKAGES = ("pytest", "typing", "typing_extensions", "abc", "jax", "jaxtyping", "numba")
_QUIET = frozenset({"builtins.property", "functools.cached_property", "functools.wraps"})


def is_transparent(qualified: str) -> bool:
    """Whether a decorator of this name leaves the sites of a function as they are."""
    root = qualified.partition(".")[0]
    return qualified in _TRANSPARENT | _QUIET or root in _QUIET_PACKAGES


def call(body: Body, function: Value, arguments: Arguments, span: Span) -> Value:
    """The value of `function(*arguments)`; its sites and calls become steps of `body`."""
    if isinstance(function, Symbol):
        if function.bound is not None:
            arguments = Arguments(function.bound.items + arguments.items)
        return call_symbol(body, function.qualified, arguments, span)
    if isinstance(function, Callee):
        return call_function(body, function, arguments, span)
    if isinstance(function, HandlerRef):
        inner = arguments.positional[0].value if arguments.positional else Opaque()
        return sites.put_around(body, function.handler, inner, span)
    if isinstance(function, ClassRef):
        return _instantiate(body, function, arguments, span)
    if isinstance(function, Instance):
        method = body.file.find_method(function.key, "__call__")
        if method is None:
            return call_unknown(body, function, "<object>", arguments, span)
        bound = Arguments((Argument(function, span),))
        return call_function(body, Callee(method, "__call__", (), bound, span), arguments, span)
    if isinstance(function, Engine):
        return inference.call_engine(body, function, arguments, span)
    if isinstance(function, Data):
        return Data(depends=together(function, *_values(arguments)))
    return call_unknown(body, function, "<unknown>", arguments, span)


def _values(arguments: Arguments) -> list[Value]:
    return [item.value for item in arguments.items]


def _instantiate(body: Body, cls: ClassRef, arguments: Arguments, span: Span) -> Value:
    file = body.file
    passed: dict[str, Value] = {}
    method = file.find_method(cls.key, "__init__")
    if method is not None:
        results.hand_on(body, arguments)
        owner = Arguments((Argument(Instance(cls.key), span),))
        body.add(
            Call(
                Callee(method, file.classes[cls.key].name, (), owner, span),
                arguments,
                span,
                body.place,
            )
        )
        passed = _passed_to_inits(body, method, owner, arguments)
    held = file.attributes_of(cls.key).items()
    known = {name: resolve(value, passed) for name, value in held if value is not None}
    if method is None:
        known |= _given_fields(file.fields_of(cls.key), arguments)
    if cls.param is None:
        return Instance(cls.key, attributes=tuple(known.items()))
    if any("__init__" in info.methods for info in file.derived(cls.key)):
        known = {}
    made = tuple(known.items())
    return Instance(cls.key, False, made, cls.param, depends=frozenset({cls.param}))


def _given_fields(fields: dict[str, Value | None], arguments: Arguments) -> dict[str, Value]:
    """What the fields of an object are: an argument each, or the default."""
    bound = bind_names(arguments, tuple(fields))
    defaults = {name: value for name, value in fields.items() if value and arguments.complete}
    return defaults | {name: item.value for name, item in bound.items() if name in fields}


def _passed_to_inits(
    body: Body, method: int, owner: Arguments, arguments: Arguments, depth: int = 0
) -> dict[str, Value]:
    """What the parameters of an `__init__` are given, and those of the ones that it calls."""
    function = body.file.function(method)
    if function is None or depth > 8:
        return {}
    passed = bind(function, owner, arguments)
    for step in function.calls:
        callee = step.callee
        if callee.function is not None and callee.display.endswith(".__init__"):
            given = resolve_arguments(step.arguments, passed)
            passed |= _passed_to_inits(body, callee.function, owner, given, depth + 1)
    return passed


def call_unknown(
    body: Body, function: Value, display: str, arguments: Arguments, span: Span
) -> Value:
    """A call of something that is not in sight: it may send any message."""
    depends = together(function, *_values(arguments))
    results.hand_on(body, arguments)
    param = function.key if isinstance(function, Param) else None
    derived = function if isinstance(function, Derived) else None
    callee = Callee(None, display, (), NO_ARGUMENTS, span, (), None, param, derived)
    body.add(Call(callee, arguments, span, body.place))
    return unknown(depends)


def _run_passed_functions(
    body: Body, arguments: Arguments, span: Span, qualified: str = ""
) -> None:
    """JAX's transformations run the functions of the file that they are given."""
    for value in _values(arguments):
        if isinstance(value, Callee) and value.function is not None and not value.handlers:
            body.add(Call(value, _ANY, span, body.place))
            if qualified in TRACING:
                body.note("transform", span, qualified)


Meaning = Callable[[Body, str, Arguments, Span], Value]


def call_symbol(body: Body, qualified: str, arguments: Arguments, span: Span) -> Value:
    """A call of something imported or built in."""
    meaning, name = _meaning(qualified)
    return meaning(body, name, arguments, span)


@lru_cache(maxsize=4096)
def _meaning(qualified: str) -> tuple[Meaning, str]:
    """What a call of a name means, and the name by which that knows it."""
    home, _, leaf = qualified.rpartition(".")
    if qualified in PRIMITIVES:
        return sites.make_site, qualified
    if (handler := handler_kind(qualified)) is not None:
        return sites.make_handler, handler
    if home == "numpyro.distributions" and leaf in FAMILIES:
        return sites.make_dist, leaf
    if home == "numpyro.infer.reparam" and leaf in REPARAMS:
        return sites.make_reparam, leaf
    if qualified in CONTROL_FLOW:
        return _control_flow, qualified
    if qualified in INFERENCE:
        return engines.make_engine, qualified
    if qualified in RUNNERS:
        return inference.run_now, qualified
    if qualified == "functools.partial":
        return _partial, qualified
    if qualified in _TRANSPARENT:
        return _transparent, qualified
    if home == "builtins":
        return _builtin, leaf
    if home == "jax.random":
        return randomness.random_call, leaf
    return _out_of_sight if may_send_messages(qualified) else _library_call, qualified


def _transparent(body: Body, qualified: str, arguments: Arguments, span: Span) -> Value:
    first = arguments.positional[0].value if arguments.positional else None
    if isinstance(first, Callee) and qualified in TRACING:
        return replace(first, under=qualified)
    return first if isinstance(first, (Callee, HandlerRef)) else Opaque()


def _out_of_sight(body: Body, qualified: str, arguments: Arguments, span: Span) -> Value:
    return call_unknown(body, UNKNOWN, qualified, arguments, span)


def _library_call(body: Body, qualified: str, arguments: Arguments, span: Span) -> Value:
    """A call of something imported that has no meaning of its own to us."""
    home = qualified.rpartition(".")[0]
    if home.startswith("jax") or qualified == "functools.reduce":
        _run_passed_functions(body, arguments, span, qualified)
    elif any(_may_send(body, item.value) for item in arguments.items):
        return call_unknown(body, UNKNOWN, qualified, arguments, span)
    if home in ("numpy.random", "random"):
        randomness.note_hidden_state(body, qualified, span)
    return hazards.array_call(body, qualified, arguments, span)


def _may_send(body: Body, value: Value) -> bool:
    """Whether a function of the file does anything that may reach a primitive."""
    if not isinstance(value, Callee) or value.function is None or body.function is None:
        return False
    function = body.file.function(value.function)
    return function is None or bool(function.body)


def _builtin(body: Body, name: str, arguments: Arguments, span: Span) -> Value:
    values = _values(arguments)
    depends = together(*values)
    if name == "dict":
        first = arguments.positional[0].value if arguments.positional else Table(())
        keys = tuple(
            Key(k, item.span, item.value, item.span) for k, item in arguments.keyword.items()
        )
        base = first if isinstance(first, Table) else Table((), False)
        return Table(base.keys + keys, base.complete and arguments.complete, depends=depends)
    drawn = hazards.builtin_call(body, name, values, span) if depends else NOTHING
    if name == "enumerate" and list(arguments.keyword) == ["start"] and len(values) == 2:
        return derive(name, *values)
    if name in BUILTINS and values and arguments.complete and not arguments.keyword:
        derived = derive(name, *values)
        if name != "range" or isinstance(derived, (Sequence, Derived)):
            return derived
    if name in ("list", "tuple", "set", "frozenset", "sorted"):
        if not values:
            return Sequence(())
        return values[0] if isinstance(values[0], Sequence) else derive("elements", values[0])
    if name == "getattr" and len(values) >= 2:
        return _attribute(values[0], values[1], depends)
    if name == "len":
        if values and isinstance(values[0], Param):
            note_measure(body, values[0], span)
        size = length(values[0]) if values else None
        known = derive("len", *values) if len(values) == 1 and size is None else None
        return known if isinstance(known, Const) else Data() if size is None else Const(size)
    if name == "print" and body.function is not None:
        body.note("effect", span, "print() shows a value without a number")
    if name in ("float", "int", "bool", "abs", "sum", "min", "max", "round", "range"):
        made = called(f"builtins.{name}", arguments)
        return Data(made=made, depends=depends, drawn=drawn)
    if name == "str":
        return Text(strings.part_of(values[0]) if values else Name.of(""), depends=depends)
    if name == "map" and len(values) == 2 and isinstance(values[0], Callee):
        _mapped(body, values[0], values[1], span)
    elif name in ("map", "filter"):
        _run_passed_functions(body, arguments, span)
    return Opaque(depends=depends)


def _mapped(body: Body, callee: Callee, over: Value, span: Span) -> None:
    """`map(f, xs)`: a loop of calls."""
    key, loops = f"each@{span.start}", body.loops
    each = Param("each", key, depends=over.depends | {key})
    body.loops = (*loops, span)
    body.iterations[span] = Iteration(span, derive("elements", over), ((key, ()),))
    body.add(Call(callee, Arguments((Argument(each, span),)), span, body.place))
    body.loops = loops


def _attribute(owner: Value, name: Value, depends: Origins) -> Value:
    """`getattr(owner, "name")` of a module."""
    literal = name.name.literal if isinstance(name, Text) else None
    if isinstance(owner, Symbol) and literal is not None:
        return symbol(f"{owner.qualified}.{literal}")
    return Opaque(depends=depends)


def note_measure(body: Body, value: Param, span: Span) -> None:
    """A length or shape of what a parameter holds is taken, which must not be None then."""
    if body.function is not None:
        body.file.measures.append(Measure(value.key, span, body.place, body.function))


def _partial(body: Body, qualified: str, arguments: Arguments, span: Span) -> Value:
    if not arguments.positional:
        return Opaque()
    inner = arguments.positional[0].value
    rest = arguments.without(1)
    if isinstance(inner, Callee):
        bound = Arguments(inner.bound.items + rest.items, inner.bound.known)
        return Callee(inner.function, inner.display, inner.handlers, bound, span)
    if isinstance(inner, Symbol):
        before = inner.bound.items if inner.bound else ()
        return Symbol(inner.qualified, Arguments(before + rest.items))
    return Opaque(depends=together(inner, *_values(rest)))


def _control_flow(body: Body, qualified: str, arguments: Arguments, span: Span) -> Value:
    bound = bind_names(arguments, CONTROL_FLOW[qualified])
    via = "scan" if qualified.endswith("scan") else "cond"
    passed = [bound[name].value for name in ("f", "true_fun", "false_fun") if name in bound]
    callees = [value if isinstance(value, Callee) else Callee(None, via) for value in passed]
    arms = sum(callee.function is not None for callee in callees)
    for arm, callee in enumerate(callees):
        body.add(Call(callee, _ANY, span, body.place, via, arm, arms))  # type: ignore[arg-type]
    if via == "scan" and arguments.complete:
        through = [bound[name].value for name in ("xs", "length") if name in bound]
        if all(value == Const(None) for value in through):
            body.note("control", span, "this scan has neither xs nor a length")
    returned = Opaque(depends=together(*(item.value for item in bound.values())))
    if via == "scan":
        return Sequence((returned, returned), depends=returned.depends)
    return returned


def _call_generator(body: Body, callee: Callee, arguments: Arguments, span: Span) -> Value:
    """A generator is run by whoever goes through it, perhaps in part; a context is entered."""
    function = body.file.function(callee.function) if callee.function is not None else None
    if function is None:
        return call_unknown(body, callee, callee.display, arguments, span)
    if len(function.yields) == 1 and body.file.definitions[function.key].is_context:
        return Entered(callee, arguments, span)
    in_branch(
        body,
        Branch(span.start, 0),
        lambda: body.add(Call(callee, arguments, span, body.place)),
    )
    return Opaque(depends=together(callee, *_values(arguments)))


def call_function(body: Body, callee: Callee, arguments: Arguments, span: Span) -> Value:
    """A call of a function of the file, perhaps with handlers around it."""
    definition = body.file.definitions.get(callee.function) if callee.function is not None else None
    if definition is not None and definition.is_generator:
        return _call_generator(body, callee, arguments, span)
    inference.note_stack(body, "call", callee, arguments, span, span)
    results.hand_on(body, arguments)
    if callee.under:
        body.note("transform", span, callee.under)
    body.add(Call(callee, arguments, span, body.place))
    function = body.file.function(callee.function) if callee.function is not None else None
    if function is None:
        return Opaque(depends=together(callee, *_values(arguments)))
    values = {**dict(callee.closure), **bind(function, callee.bound, arguments)}
    spoil(body, function, values)
    of_method = definition is not None and definition.class_key is not None
    return resolve(randomness.handed_back(body, function.returns, of_method, span), values)
