"""How a function is entered on the way to a run: with what of the arguments of its call."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from numpyro_lint.model.ir import Argument, Arguments
from numpyro_lint.model.program import Function
from numpyro_lint.routes import Hop
from numpyro_lint.syntax.blocks import Unusable
from numpyro_lint.syntax.evidence import name_of
from numpyro_lint.syntax.parametrize import parametrized
from numpyro_lint.text import ELSEWHERE, Source, Span
from numpyro_lint_runtime import protocol

_Definition = ast.FunctionDef | ast.AsyncFunctionDef
_FILLER = "None"


def enter(source: Source, hop: Hop, node: _Definition, needed: frozenset[str]) -> protocol.Call:
    """The call of a function of which only the parameters `needed` matter.

    Raises Unusable where one of these is given nothing in sight.
    """
    function, call = hop.function, hop.call
    if call is None or not (call.arguments.known and call.callee.bound.known):
        return _called_out_of_sight(hop, node, needed)
    items = (*call.callee.bound.items, *call.arguments.items)
    if any((item.holder or item.span).start >= ELSEWHERE for item in items):
        raise Unusable(f"'{function.name}' is called in another file")
    if any(item.starred or item.holder is not None for item in items):
        return passed(source, Arguments(items))
    names = [p.name for p in function.params if p.kind == "positional"]
    positional = [
        _text(source, item, name, needed)
        for item, name in zip(_positional(items), _and_rest(names), strict=False)
    ]
    own = {p.name for p in function.params}
    keyword = {
        item.keyword: _text(source, item, item.keyword if item.keyword in own else None, needed)
        for item in items
        if item.keyword is not None
    }
    lacking = [
        name
        for name in required(function)
        if name not in keyword and name not in names[: len(positional)]
    ]
    return protocol.Call(tuple(positional), keyword | _filled(function, node, lacking, needed))


def passed(source: Source, arguments: Arguments) -> protocol.Call:
    """Arguments as they are written."""
    positional: dict[Span, str] = {}
    keyword: dict[str, str] = {}
    held = Counter(item.holder for item in arguments.positional)
    for item in arguments.items:
        span = item.holder or item.span
        text = source.slice(span)
        whole = text.lstrip("*")
        if item.keyword is not None:
            keyword[item.keyword] = _held(whole, item.keyword) if item.holder else whole
        elif item.holder is not None:
            # The first that it holds may be passed to something else.
            positional[span] = f"*[*{whole}][-{held[span]}:]"
        else:
            positional[span] = f"*{whole}" if item.starred else text
    return protocol.Call(tuple(positional.values()), keyword)


def _held(table: str, key: str) -> str:
    return f"{table if table.isidentifier() else f'({table})'}[{key!r}]"


def required(function: Function) -> list[str]:
    """The parameters without which a function cannot be called."""
    return [each.name for each in function.taken if each.default is None]


def _positional(items: tuple[Argument, ...]) -> list[Argument]:
    return [item for item in items if item.keyword is None]


def _and_rest(names: list[str]) -> Iterator[str | None]:
    yield from names
    while True:
        yield None


def _text(source: Source, item: Argument, name: str | None, needed: frozenset[str]) -> str:
    """An argument as it is written; nothing looks at the others."""
    return source.slice(item.span) if name is None or name in needed else _FILLER


def _called_out_of_sight(hop: Hop, node: _Definition, needed: frozenset[str]) -> protocol.Call:
    function = hop.function
    own = [function.params[0].name] if function.is_method and function.params else []
    return protocol.Call((), _filled(function, node, own + required(function), needed))


def _filled(
    function: Function, node: _Definition, lacking: list[str], needed: frozenset[str]
) -> dict[str, str]:
    """What a command line gives to parameters, and something to those that do not matter."""
    options = _options(node)
    found = {name: options.get(name, _FILLER) for name in lacking}
    found |= {name: text for name, text in options.items() if name in needed}
    for name in lacking:
        if name in needed and name not in options:
            raise Unusable(_uncalled(function, name))
    return found


def _uncalled(function: Function, name: str) -> str:
    owner, _, own = function.qualname.rpartition(".")
    if function.is_method and own == "__init__":
        return f"nothing in sight makes a '{owner}' with its '{name}'"
    if function.is_method and name == function.params[0].name:
        return f"nothing in sight calls the method '{function.qualname}'"
    return f"nothing in sight calls '{function.name}' with its '{name}'"


def _options(node: _Definition) -> dict[str, str]:
    """What decorators of click and pytest, and `typer.Option`, give to parameters."""
    slots = [*node.args.posonlyargs, *node.args.args]
    pairs = list(zip(reversed(slots), reversed(node.args.defaults), strict=False))
    pairs += [(slot, each) for slot, each in zip(node.args.kwonlyargs, node.args.kw_defaults,
                                                strict=True) if each is not None]  # fmt: skip
    found = {}
    for slot, default in pairs:
        if isinstance(default, ast.Call) and name_of(default.func) in ("Option", "Argument"):
            first = default.args[:1] or [k.value for k in default.keywords if k.arg == "default"]
            found[slot.arg] = ast.unparse(first[0]) if first else _FILLER
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and name_of(decorator.func) in ("option", "argument"):
            found |= dict(_click(decorator))
    return found | dict(parametrized(node.decorator_list))


def _click(decorator: ast.Call) -> Iterator[tuple[str, str]]:
    """The parameter of a `click.option(...)`, and its default."""
    words = [each.value for each in decorator.args if isinstance(each, ast.Constant)]
    names = [word for word in words if isinstance(word, str)]
    own = [name for name in names if not name.startswith("-")]
    if not names:
        return
    name = own[0] if own else max(names, key=len).partition("/")[0]
    keywords = {each.arg: each.value for each in decorator.keywords}
    default = keywords.get("default")
    if default is not None:
        yield name.lstrip("-").replace("-", "_"), ast.unparse(default)
    elif "is_flag" in keywords:
        yield name.lstrip("-").replace("-", "_"), "False"
