"""What a call tells of the values that it is given: see evidence.py."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping

from numpyro_lint.facts.distributions import FAMILIES, constraint_of
from numpyro_lint.syntax.evidence import Evidence, elements_of, family_called, name_of

# The evidence for what an expression stands for.
Known = Callable[[ast.AST | None], Evidence | None]
Keywords = Mapping[str, ast.expr]

_FILLED = frozenset(("zeros", "ones", "full", "empty", "eye", "identity", "arange", "broadcast_to"))
_SIZED = frozenset(("expand", "range", "expand_by", "to_event", "reshape", "one_hot", "tile"))
_OF_KEYS = frozenset(("split", "PRNGKey", "fold_in"))
_MATRICES = frozenset(("cholesky", "inv", "slogdet", "det", "eigh", "cho_factor", "logdet"))


_PLATE = ("name", "size", "subsample_size")


def keywords_of(node: ast.Call) -> dict[str, ast.expr]:
    """The keyword arguments of a call, but for `**`."""
    return {each.arg: each.value for each in node.keywords if each.arg}


def call(known: Known, node: ast.Call) -> None:
    """Adds what a call tells to the evidence for its arguments, and for what is called."""
    name, keywords = name_of(node.func), keywords_of(node)
    called = known(node.func)
    if called is not None:
        called.vote("function", 5)
    first = known(node.args[0]) if node.args else None
    reader = _CALLS.get(name)
    if reader is not None:
        reader(known, node, keywords)
    elif name in FAMILIES:
        _distribution(known, name, node, keywords)
    elif name in _FILLED | _SIZED:
        shape = node.args if name in _SIZED else node.args[:1]
        _sizes(known, [*shape, *filter(None, [keywords.get("shape")])])
    elif first is not None:
        _plain(first, name, node.func)


def _inside(known: Known, node: ast.AST | None) -> Iterator[Evidence]:
    """The evidence for all that stands in an expression."""
    for child in ast.walk(node) if node is not None else ():
        found = known(child)
        if found is not None:
            yield found


def _plate(known: Known, node: ast.Call, keywords: Keywords) -> None:
    given = {**dict(zip(_PLATE, node.args, strict=False)), **keywords}
    if (size := known(given.get("size"))) is not None:
        size.vote("size", 4)
    if (part := known(given.get("subsample_size"))) is not None:
        part.vote("number", 6)
        part.of("count", 6)


def _dot(known: Known, node: ast.Call, keywords: Keywords) -> None:
    for rank, operand in zip((2, 1), node.args, strict=False):
        if (used := known(operand)) is not None:
            used.array(rank)


def _einsum(known: Known, node: ast.Call, keywords: Keywords) -> None:
    if not node.args or not isinstance(node.args[0], ast.Constant):
        return
    terms = str(node.args[0].value).partition("->")[0].replace(" ", "").split(",")
    for term, operand in zip(terms, node.args[1:], strict=False):
        if (used := known(operand)) is not None:
            used.array(len(term.replace("...", "")), 3)


def _take(known: Known, node: ast.Call, keywords: Keywords) -> None:
    if len(node.args) > 1 and (used := known(node.args[1])):
        used.array(1)
        used.of("index", 3)


def _plain(first: Evidence, name: str, function: ast.expr) -> None:
    """A function that says something of its first argument alone."""
    if name in _MATRICES:
        first.array(2, 3)
        first.of("matrix", 3)
    elif name in ("len", "unique", "zip", "enumerate", "list", "sorted"):
        first.array()
    elif name in ("float", "int"):
        first.vote("number")
    elif name in _OF_KEYS or "random" in ast.unparse(function).split(".")[:-1]:
        first.vote("key", 3)


def _sizes(known: Known, arguments: list[ast.expr]) -> None:
    for argument in arguments:
        for each in argument.elts if isinstance(argument, (ast.Tuple, ast.List)) else [argument]:
            for child in ast.walk(each) if isinstance(each, ast.BinOp) else [each]:
                if (size := known(child)) is not None:
                    size.vote("size", 3)


def _sample(known: Known, node: ast.Call, keywords: Keywords) -> None:
    for each in _inside(known, node.args[0] if node.args else keywords.get("name")):
        each.vote("text", 3)
    fn = node.args[1] if len(node.args) > 1 else keywords.get("fn")
    obs = node.args[2] if len(node.args) > 2 else keywords.get("obs")
    built = family_called(fn) if fn is not None else None
    for each in _inside(known, obs):
        each.observed = True
        family = FAMILIES[built[0]] if built else None
        event = (family.event_dim if family else 0) or 0
        each.array(max(event, 1), 4)
        if family is None:
            continue
        within = elements_of(family.support, family.discrete)
        each.of("count" if event and family.discrete else within, 3)
    if (mask := known(keywords.get("obs_mask"))) is not None:
        mask.array()
        mask.of("mask", 3)
    if fn is not None and (used := known(fn)) is not None:
        used.vote("distribution", 4)


def _param(known: Known, node: ast.Call, keywords: Keywords) -> None:
    if len(node.args) < 2:
        return
    used = known(node.args[1])
    for each in _inside(known, node.args[0]):
        each.vote("text", 3)
    constraint = keywords.get("constraint")
    if used is None or constraint is None:
        return
    name = constraint.attr if isinstance(constraint, ast.Attribute) else ""
    event = constraint_of(name).event_dim
    if event:
        used.array(event, 3)
    else:
        used.vote("number", 2)
    used.of(elements_of(name) if name else "unit", 2)


def _distribution(known: Known, name: str, node: ast.Call, keywords: Keywords) -> None:
    family = FAMILIES[name]
    given = [*zip(family.args, node.args, strict=False), *keywords.items()]
    for argument, value in given:
        used = known(value)
        if used is None:
            continue
        constraint = family.constraint(argument)
        event = constraint_of(constraint).event_dim if constraint else 0
        vector = event or (name.startswith("Dirichlet") and argument == "concentration")
        if vector:
            used.array(max(event, 1), 3)
        elif argument in ("dimension", "num_steps"):
            used.vote("size", 4)
        else:
            used.vote("number")
        used.of(elements_of(constraint), 2)


_CALLS: Mapping[str, Callable[[Known, ast.Call, Keywords], None]] = {
    "sample": _sample,
    "param": _param,
    "plate": _plate,
    "plate_stack": _plate,
    "dot": _dot,
    "matmul": _dot,
    "einsum": _einsum,
    "take": _take,
}
