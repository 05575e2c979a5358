"""Method calls on what is neither a module nor an object of a class in sight."""

from __future__ import annotations

import ast

from numpyro_lint.facts.api import SILENT_METHODS
from numpyro_lint.model import calls, contexts, hazards, inference, randomness, sites, strings
from numpyro_lint.model.arithmetic import called, indexed
from numpyro_lint.model.derive import METHODS, derive
from numpyro_lint.model.ir import (
    NOTHING,
    Argument,
    Arguments,
    Call,
    Callee,
    Const,
    Data,
    Derived,
    Dist,
    Engine,
    HandlerRef,
    Opaque,
    Origins,
    Param,
    PlateRef,
    Sequence,
    Table,
    Text,
    TraceRef,
    Value,
)
from numpyro_lint.model.name import Hole, Name
from numpyro_lint.model.scope import Body, together
from numpyro_lint.text import Span


def call_method(
    body: Body, base: Value, node: ast.Attribute, arguments: Arguments, span: Span
) -> Value:
    """A method call on something that is neither a module nor an object of a class in sight."""
    method = node.attr
    values = [item.value for item in arguments.items]
    depends = together(base, *values)
    drawn = hazards.method_call(body, base, method, arguments, span) if depends else NOTHING
    if isinstance(base, Callee) and method == "get_trace":
        return inference.get_trace(body, base, arguments, span)
    if isinstance(base, Engine):
        return inference.engine_method(body, base, method, arguments, span)
    if isinstance(base, Dist):
        if method in ("expand", "to_event", "mask", "expand_by"):
            return sites.wrap_dist(base, method, arguments)
        if method == "sample":
            randomness.note_key(body, randomness.given(arguments, "key"), ".sample()", span)
        return Data(depends=depends, drawn=drawn)
    if method in METHODS and arguments.complete and not arguments.keyword:
        if isinstance(base, (Text, Table, Param, Derived)):
            return derive(method, base, *values)
    if isinstance(base, Text):
        if method == "format":
            return Text(strings.formatted(base, arguments).name, depends=depends)
        return Text(Name((Hole(),)), depends=depends)
    if isinstance(base, (Table, TraceRef, Sequence)):
        return _of_container(base, method, values, depends)
    if method == "enter_context" and values and contexts.enters(body, values[0], span):
        return Data() if isinstance(values[0], (PlateRef, HandlerRef)) else Opaque()
    if isinstance(base, Data):
        made = called(f".{method}", arguments, base)
        return Data(made=made, depends=depends, drawn=drawn)
    if method in SILENT_METHODS or isinstance(base, Const):
        return Opaque(depends=depends, drawn=drawn)
    if isinstance(base, (Param, Derived)):
        owner = Arguments((Argument(base, span),))
        late = Callee(None, body.file.shown(node), bound=owner, span=span, method=method)
        body.add(Call(late, arguments, span, body.place))
        return Opaque(depends=depends)
    return calls.call_unknown(body, base, body.file.shown(node), arguments, span)


def _of_container(base: Value, method: str, values: list[Value], depends: Origins) -> Value:
    if method == "copy":
        return base
    if method == "get" and values and isinstance(base, Table):
        found = indexed(base, values[0], False)
        return found if isinstance(found, PlateRef) else Opaque(depends=depends)
    return Opaque(depends=depends)
