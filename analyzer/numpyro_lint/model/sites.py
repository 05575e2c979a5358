"""Calls of primitives, distributions and handlers: what each makes."""

from __future__ import annotations

import ast

from numpyro_lint.facts.api import HANDLERS, PRIMITIVES, RANDOM_MODULES, REPARAMS
from numpyro_lint.facts.distributions import FAMILIES
from numpyro_lint.model import hazards, randomness
from numpyro_lint.model.binding import bind_names
from numpyro_lint.model.files import Definition, File
from numpyro_lint.model.ir import (
    Argument,
    Arguments,
    Callee,
    Const,
    Data,
    Derived,
    Dist,
    Expression,
    Handler,
    HandlerRef,
    Instance,
    Opaque,
    Origins,
    Param,
    PlateRef,
    Predicate,
    RandomKey,
    Reparam,
    Sequence,
    Site,
    Text,
    Value,
)
from numpyro_lint.model.name import Hole, Name
from numpyro_lint.model.predicate import compared_names
from numpyro_lint.model.scope import Body, together
from numpyro_lint.model.strings import part_of
from numpyro_lint.record import replace
from numpyro_lint.text import Span

_MESSAGE_FUNCTIONS = frozenset({"hide_fn", "condition_fn", "substitute_fn", "config_fn"})


def name_of(value: Value | None) -> Name:
    """The site name that an argument gives."""
    if isinstance(value, (Text, Param, Derived)):
        return part_of(value)
    return Name((Hole(),))


def make_site(body: Body, primitive: str, arguments: Arguments, span: Span) -> Value:
    """A call of a primitive: adds its sites to the body, gives what it returns."""
    bound = bind_names(arguments, PRIMITIVES[primitive])
    values = {name: item.value for name, item in bound.items()}
    kind = primitive.rpartition(".")[2]
    if kind == "plate_stack":
        return _plate_stack(body, values, span)
    first = "name" if "name" in PRIMITIVES[primitive] else None
    named = values.pop("name", None) if first else None
    name = name_of(named) if first else Name(())
    if name.origins or isinstance(named, (Const, Sequence)):
        body.note("name", bound["name"].span, kind, name.origins, named)
    if kind == "sample" and not arguments.complete and "obs" not in values:
        values["obs"] = Opaque()
    dist = values.pop("fn", None) if kind == "sample" else None
    obs = values.pop("obs", None) if kind == "sample" else None
    if kind.endswith("module"):
        return _module(body, primitive, name, values, span)
    site = Site(
        kind,
        name,
        span,
        bound["name"].span if "name" in bound else None,
        body.place,
        dist,
        obs,
        tuple(values.items()),
        body.file.written(bound["fn"].span) if "fn" in bound else None,
        bound["obs"].span if "obs" in bound else None,
        "obs" in arguments.keyword,
        tuple((key, item.span) for key, item in bound.items()) if kind == "plate" else (),
    )
    body.add(site)
    if (size := values.get("size") or values.get("sample_shape")) is not None:
        hazards.note_shape(body, size, f"the shape of a {kind}", span)
    if kind == "plate":
        return PlateRef((site,))
    if "rng_key" in bound:
        randomness.note_key(body, bound["rng_key"], "numpyro.sample", span)
    return _returned(kind, site, values)


def _returned(kind: str, site: Site, values: dict[str, Value]) -> Value:
    own: Origins = frozenset({site.span})
    if kind == "sample":
        made = Expression("sample", (site.dist or Opaque(), site.obs or Const(None)))
        return Data(made=made, depends=own, drawn=own)
    if kind == "deterministic":
        value = values.get("value") or Data()
        return value if isinstance(value, Data) else Data(depends=value.depends, drawn=value.drawn)
    if kind == "prng_key":
        return RandomKey(born=site.span, loops=site.place.loops)
    if kind == "subsample":
        return values.get("data") or Opaque()
    if kind == "param":
        held = values.get("constraint", Const(None)), values.get("init_value", Opaque())
        made = Expression("param", held)
        return Data(made=made, depends=own, drawn=own)
    return Data(depends=own) if kind == "mutable" else Opaque()


def _plate_stack(body: Body, values: dict[str, Value], span: Span) -> Value:
    prefix = name_of(values.get("prefix"))
    sizes = values.get("sizes")
    first = values.get("rightmost_dim", Const(-1))
    if not isinstance(sizes, Sequence):
        site = Site("plate", prefix + Name(("_", Hole())), span, None, body.place)
        body.add(site)
        return PlateRef((site,))
    made = []
    for index, size in enumerate(reversed(sizes.items)):
        dim: Value = Opaque()
        if isinstance(first, Const) and isinstance(first.value, int):
            dim = Const(first.value - index)
        args = (("size", size), ("dim", dim))
        made.append(Site("plate", prefix + Name.of(f"_{index}"), span, None, body.place, args=args))
    return PlateRef(tuple(made))


def _module(body: Body, primitive: str, name: Name, values: dict[str, Value], span: Span) -> Value:
    args = tuple(values.items())
    param = Site("param", name + Name.of("$params"), span, None, body.place, args=args)
    body.add(param)
    if primitive in RANDOM_MODULES:
        layer = Site("sample", name + Name(("/", Hole())), span, None, body.place, Opaque())
        body.add(layer)
    return Data(depends=frozenset({span}))


def make_dist(body: Body, family: str, arguments: Arguments, span: Span) -> Value:
    """A distribution that is built in sight; `family` is a public name of NumPyro's."""
    facts = FAMILIES.get(family)
    if facts is None:
        return Opaque(depends=together(*(item.value for item in arguments.items)))
    bound = bind_names(arguments, facts.args)
    args = tuple((name, item.value) for name, item in bound.items())
    return Dist(family, args, span, depends=together(*(value for _, value in args)))


def wrap_dist(dist: Dist, method: str, arguments: Arguments) -> Value:
    """`dist.expand(...)` and the like; `mask(True)` gives the distribution as it is."""
    if method == "mask" and [item.value for item in arguments.items] == [Const(True)]:
        return dist
    depends = together(dist, *(item.value for item in arguments.items))
    wraps = (*dist.wraps, method)
    events, expanded = dist.events, dist.expanded
    given = [item.value for item in arguments.items]
    if method == "to_event" and events is not None:
        made = given[0].value if len(given) == 1 and isinstance(given[0], Const) else None
        events = events + made if isinstance(made, int) else None
    elif method.startswith("expand"):
        whole = method == "expand" and len(given) == 1 and events is not None
        expanded = (given[0] if whole else Opaque(), events or 0)
    return Dist(dist.family, dist.args, dist.span, wraps, events, expanded, depends=depends)


def make_reparam(body: Body, kind: str, arguments: Arguments, span: Span) -> Value:
    bound = bind_names(arguments, REPARAMS[kind][0])
    return Reparam(kind, tuple((name, item.value) for name, item in bound.items()), span)


def make_handler(body: Body, kind: str, arguments: Arguments, span: Span) -> Value:
    """A handler: a `HandlerRef`, or the `Callee` that it is put around."""
    bound = bind_names(arguments, HANDLERS[kind])
    wrapped = bound.pop("fn", None)
    args = tuple((name, _handler_argument(body, name, item.value)) for name, item in bound.items())
    complete = arguments.complete
    around = (("fn", wrapped.value),) if wrapped is not None else ()
    body.file.handlers.append(Handler(kind, span, around + args, complete=complete))
    if kind == "seed" and "rng_seed" in bound:
        randomness.note_key(body, bound["rng_seed"], "seed", span)
    if wrapped is None or (isinstance(wrapped.value, Const) and wrapped.value.value is None):
        return HandlerRef(Handler(kind, span, args, "context", complete))
    return put_around(body, Handler(kind, span, args, "wrapper", complete), wrapped.value, span)


def put_around(body: Body, handler: Handler, inner: Value, span: Span) -> Callee:
    """`inner` with one more handler around it."""
    file = body.file
    callee = inner if isinstance(inner, Callee) else _as_callee(body, inner, span)
    file.consumed.update(each.span for each in callee.handlers)
    callee = replace(callee, handlers=(handler, *callee.handlers), span=span)
    file.wrappers[handler.span] = callee
    file.wrapper_homes[handler.span] = body.function
    return callee


def _as_callee(body: Body, value: Value, span: Span) -> Callee:
    """An object that is called, a parameter, or something out of sight."""
    display = body.file.written(span)
    if isinstance(value, Instance):
        method = body.file.find_method(value.key, "__call__")
        bound = Arguments((Argument(value, Span(0, 0)),)) if method is not None else Arguments()
        return Callee(method, display, (), bound, depends=value.depends)
    param = value.key if isinstance(value, Param) else None
    return Callee(None, display, param=param, depends=value.depends)


def _handler_argument(body: Body, name: str, value: Value) -> Value:
    if name in _MESSAGE_FUNCTIONS and isinstance(value, Callee) and value.function is not None:
        predicate = predicate_of(body.file, body.file.definitions.get(value.function))
        if predicate is not None:
            return predicate
    return value


def predicate_of(file: File, definition: Definition | None) -> Predicate | None:
    """A one-expression function of a message (`lambda site: site["type"] == "param"`)."""
    if definition is None or len(definition.node.args.args) != 1:
        return None
    node = definition.node
    message = node.args.args[0].arg
    if isinstance(node, ast.Lambda):
        return Predicate(message, node.body, compared_names(node.body, message, file.span))
    statements = [s for s in node.body if not _is_docstring(s)]
    if len(statements) == 1 and isinstance(statements[0], ast.Return) and statements[0].value:
        test = statements[0].value
        return Predicate(message, test, compared_names(test, message, file.span))
    return None


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
