"""Text to `Module`: reads every function of a file and settles what each is for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from itertools import islice

from numpyro_lint.model.evaluate import evaluate
from numpyro_lint.model.files import Definition, File
from numpyro_lint.model.imports import Imports
from numpyro_lint.model.ir import (
    UNKNOWN,
    Call,
    Callee,
    ClassRef,
    Instance,
    Param,
    Step,
    Value,
)
from numpyro_lint.model.later import later
from numpyro_lint.model.program import (
    Function,
    Module,
    Parameter,
    ParameterKind,
    Problem,
    Stack,
)
from numpyro_lint.model.project import Project
from numpyro_lint.model.roles import kept_stacks, versions_of, with_roles
from numpyro_lint.model.scope import Body, Scope, join
from numpyro_lint.model.statements import execute
from numpyro_lint.record import replace
from numpyro_lint.syntax.comments import comments
from numpyro_lint.syntax.parse import Tree, parse
from numpyro_lint.syntax.walk import walk
from numpyro_lint.text import ELSEWHERE, Source, Span

_SHARED = r"(?m)(?:^|[:;])[ \t]*(?:global|nonlocal)[ \t]+\w"


def lift(source: Source, tree: Tree | None = None, project: Project | None = None) -> Module:
    """The model of a file. What does not parse is named in `problems`.

    With a `project`, what the file imports from others of it is read there.
    """
    tree = tree or parse(source)
    text = source.text
    file = File(source, _read, walrus=":=" in text, yields="yield" in text)
    if project is not None:
        file.imports = Imports(project, _executed)
    module = _executed(file, tree)
    queue: Iterable[int] = tuple(file.definitions)
    while queue:
        # To read a function is to meet those that are defined in it.
        known = len(file.definitions)
        for key in queue:
            if key < ELSEWHERE:
                file.function(key)
        queue = tuple(islice(file.definitions, known, None))
    if file.imports is not None and file.imports.files:
        _read_others(file, module)
    _note_unused_wrappers(file)
    changed = later(file, module.scope, _read)
    functions = with_roles(file, versions_of(file, changed))
    others = {key: each for key, each in functions.items() if key >= ELSEWHERE}
    if others and file.imports is not None:
        source = replace(source, elsewhere=file.imports.sources)
        functions = {key: each for key, each in functions.items() if key < ELSEWHERE}
    stacks = tuple(kept_stacks(file, functions))
    file.close()
    return Module(
        source,
        functions,
        stacks,
        tuple(file.runs),
        tuple(module.steps),
        tuple(comments(source, tree)),
        tuple(Problem(each.span, each.message) for each in tree.unreadable),
        tuple({handler.span: handler for handler in file.handlers}.values()),
        tuple(file.dropped),
        tuple(read for read in file.reads if read.engine not in file.changed),
        tuple(file.held),
        tuple(file.measures),
        methods={key: file.methods_of(key) for key in file.classes},
        uses=tuple(module.uses),
        others=others,
        later=changed,
    )


def _executed(file: File, tree: Tree) -> Body:
    """The statements of a file, read."""
    if ("global" in tree.text or "nonlocal" in tree.text) and re.search(_SHARED, tree.text):
        file.shared = _shared_names(tree)
    body = Body(file, Scope(shared=file.shared))
    execute(body, tree.body)
    return body


def _read_others(file: File, module: Body) -> None:
    """Reads the functions of other files that this one leads to, at any remove."""
    pending = [*(stack.model for stack in file.stacks), *file.wrappers.values()]
    pending += [each.model for run in file.runs for each in (run.stack, run.guide) if each]
    bodies = [module.steps, *(function.body for function in file.functions.values())]
    pending += [callee for body in bodies for callee in _called(body)]
    seen: set[int] = set()
    while pending:
        key = pending.pop().function
        if key is None or key < ELSEWHERE or key in seen:
            continue
        seen.add(key)
        function = file.function(key)
        if function is not None:
            pending += _called(function.body)


def _called(steps: Iterable[Step]) -> Iterator[Callee]:
    """The functions that steps call, or pass on."""
    for step in steps:
        if isinstance(step, Call):
            yield step.callee
            yield from (i.value for i in step.arguments.items if isinstance(i.value, Callee))


def _shared_names(tree: Tree) -> frozenset[str]:
    """The names that some function rebinds outside of itself."""
    nodes = (node for statement in tree.body for node in walk(statement))
    shared = (node.names for node in nodes if isinstance(node, (ast.Global, ast.Nonlocal)))
    return frozenset(name for names in shared for name in names)


def _read(file: File, key: int) -> None:
    definition = file.definitions[key]
    file.reading.add(key)
    try:
        file.functions[key] = _function(key, definition)
    finally:
        file.reading.discard(key)


def _function(key: int, definition: Definition) -> Function:
    node = definition.node
    file = definition.home
    body = Body(file, definition.scope, key, definition.qualname)
    params = _parameters(key, node, definition)
    for number, parameter in enumerate(params):
        passed = _passed(parameter, definition, first=number == 0)
        body.variables[parameter.name] = passed
        definition.scope.bind(parameter.name, passed, key, sure=True)
    if isinstance(node, ast.Lambda):
        returns: Value = evaluate(body, node.body)
    else:
        execute(body, node.body)
        returns = _joined(body.returns)
    name = "<lambda>" if isinstance(node, ast.Lambda) else node.name
    span = file.span(node)
    return Function(
        key,
        name,
        definition.qualname,
        span,
        _name_span(file, span, name),
        params,
        tuple(body.steps),
        returns,
        definition.handlers,
        definition.class_key is not None,
        definition.enclosing,
        uses=tuple(body.uses),
        iterations=body.iterations,
        changed=frozenset(body.changed),
        yields=tuple(body.yields),
        free=frozenset(body.free),
    )


def _passed(parameter: Parameter, definition: Definition, first: bool) -> Value:
    """What a parameter holds; of an object or a class, more is known only with the call."""
    key = parameter.key
    own = frozenset({key})
    if first and definition.class_key is not None:
        if definition.kind in ("plain", "property"):
            return Instance(definition.class_key, exact=False, param=key, depends=own)
        if definition.kind == "class":
            return ClassRef(definition.class_key, key, depends=own)
    return Param(parameter.name, key, depends=own, drawn=own)


def _joined(values: list[Value]) -> Value:
    if not values:
        return UNKNOWN
    result = values[0]
    for value in values[1:]:
        result = join(result, value)
    return result


def _name_span(file: File, span: Span, name: str) -> Span:
    at = file.written(span).find(name) if name != "<lambda>" else -1
    start = span.start + max(at, 0)
    return Span(start, start + len(name)) if at >= 0 else Span(span.start, span.start + 6)


def _parameters(
    key: int, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, definition: Definition
) -> tuple[Parameter, ...]:
    arguments = node.args
    slots: list[tuple[ast.arg, ParameterKind]] = [
        *((each, "positional") for each in (*arguments.posonlyargs, *arguments.args)),
        *((each, "args") for each in (arguments.vararg,) if each),
        *((each, "keyword") for each in arguments.kwonlyargs),
        *((each, "kwargs") for each in (arguments.kwarg,) if each),
    ]
    return tuple(_parameter(key, each, kind, definition) for each, kind in slots)


def _parameter(key: int, node: ast.arg, kind: ParameterKind, definition: Definition) -> Parameter:
    annotation = definition.home.shown(node.annotation) if node.annotation is not None else ""
    optional = "None" in annotation or "Optional" in annotation
    default = definition.defaults.get(node.arg)
    return Parameter(node.arg, f"{node.arg}@{key}", kind, default, optional)


def _note_unused_wrappers(file: File) -> None:
    """A composition that is built and not run in sight is a stack of its own."""
    for span, callee in file.wrappers.items():
        if span not in file.consumed:
            home = file.wrapper_homes.get(span)
            place = callee.span or span
            file.stacks.append(
                Stack("wrapper", callee.handlers, callee, place, None, None, home, callee.span)
            )
