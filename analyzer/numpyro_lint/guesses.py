"""What the arguments of a function may be, read off its signature and its body.

The worker tries these guesses, with a prime of its own for every free dim, until the model can be
traced. Nothing is run here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from numpyro_lint.record import record
from numpyro_lint.syntax.evidence import Evidence
from numpyro_lint.syntax.parametrize import parametrized
from numpyro_lint.syntax.reading import Functions, read
from numpyro_lint_runtime.protocol import Guess, Parameter

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_DEEPEST = 3

# The scope of the object whose method a model is.
OWNER = -1
ABSENT = Guess("absent")
_IDENTITY = Guess("literal", "lambda x=0.5, *args, **kwargs: x")
_KERNEL = Guess("literal", "lambda X, Z, *args, **kwargs: jnp.eye(len(X), len(Z))")
_KEY = Guess("literal", "jax.random.PRNGKey(0)")
_NORMAL = Guess("literal", "dist.Normal(0.0, 1.0)")
_FLAGS = (Guess("literal", "True"), Guess("literal", "False"))
_NUMBER = Guess("number", "positive")
_SIZE = Guess("size")
_PLAIN = (
    Guess("array", "real", 1),
    _NUMBER,
    _SIZE,
    Guess("array", "real", 2),
    Guess("array", "index", 1),
    Guess("literal", "None"),
)
_LAST = (*_PLAIN, _IDENTITY, _KEY, _NORMAL, Guess("items", "", 0, (Parameter("a", _PLAIN),)))

# What names are given to, the first that matches.
_NAMES = (
    ("shape", re.compile(r"(^|_)shape$")),
    ("key", re.compile(r"^(rng|key|prng)$|rng_?key|_key$|_rng$")),
    ("size", re.compile(r"^(n|num|nb|n\d?)_|^N(_|$)|^[nKTDMJPL]$|_(size|dim|dims|len|length)$")),
    ("size", re.compile(r"^num|^n[A-Z]|_?(horizon|n_steps|seasonality|future|forecast|order)$")),
    ("function", re.compile(r"(_fn|_fun|_func|^fn|^func|^link|_link|^kernel|_kernel)$")),
    ("index", re.compile(r"(_|^)(idx|id|ids|index|indices|codes?|groups?|grp|labels_idx)$")),
    ("text", re.compile(r"^(name|prefix|suffix)$|_name$|_prefix$")),
    ("flag", re.compile(r"^(is|use|with|has|do|include|fit|return|non)_")),
    ("mask", re.compile(r"(^|_)mask$")),
    ("matrix", re.compile(r"(_|^)(cov|covariance|corr|correlation|adj|adjacency)(_|$)")),
    ("sequence", re.compile(r"_list$")),
    ("table", re.compile(r"^X(_|$)|^design|features|^covariates$|^phi$|^basis")),
    ("number", re.compile(r"_(scale|sd|sigma|std|loc|mean|rate|prob|alpha|beta|nu|df|factor)$")),
)


@record
class Signature:
    """A parameter as written. `scope`: as in `protocol.Parameter`."""

    name: str
    annotation: ast.expr | None
    default: ast.expr | None
    scope: int | None


def parameters_of(
    node: _Function,
    functions: Functions,
    classes: Mapping[str, ast.ClassDef],
    scope: int | None = None,
    owner: str | None = None,
    depth: int = 0,
) -> tuple[Parameter, ...]:
    """The parameters of a function whose arguments are to be made up, with their guesses.

    Those with a default keep it, but where it is None. `owner`: the class whose method it is.
    """
    signatures = list(_signatures(node, scope))
    known = {each.name: Evidence() for each in signatures}
    read(node, known, functions)
    written = dict(parametrized(node.decorator_list, unwritten=True))
    # Where every default is None, None has been tried for all of them, and does not do.
    all_none = all(each.default is not None for each in signatures[owner is not None :])
    found = []
    for number, each in enumerate(signatures):
        if number == 0 and owner is not None:
            own = Guess("object", owner, 0, _made_with(classes[owner], functions, classes, depth))
            found.append(Parameter(each.name, (own,), OWNER if scope is None else scope))
        elif each.default is None or _is_none(each.default):
            guesses = tuple(_guesses(each, known[each.name], functions, classes, depth))
            if all_none and guesses[0] == ABSENT and not known[each.name].observed:
                guesses = (guesses[1], ABSENT, *guesses[2:])
            if each.name in written:
                guesses = (Guess("written", written[each.name]), *guesses)
            found.append(Parameter(each.name, guesses, scope, known[each.name].observed))
    return tuple(found)


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _signatures(node: _Function, scope: int | None) -> Iterator[Signature]:
    arguments = node.args
    slots = [*arguments.posonlyargs, *arguments.args]
    defaults = [*[None] * (len(slots) - len(arguments.defaults)), *arguments.defaults]
    pairs = [
        *zip(slots, defaults, strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    for slot, default in pairs:
        yield Signature(slot.arg, slot.annotation, default, scope)


def _made_with(
    node: ast.ClassDef, functions: Functions, classes: Mapping[str, ast.ClassDef], depth: int
) -> tuple[Parameter, ...]:
    """What an object of a class of the file is made with."""
    if depth >= _DEEPEST:
        return ()
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef) and statement.name == "__init__":
            return parameters_of(statement, functions, classes, None, None, depth + 1)[1:]
    fields = [each for each in node.body if isinstance(each, ast.AnnAssign) and not each.value]
    parts = [
        Signature(each.target.id, each.annotation, None, None)
        for each in fields
        if isinstance(each.target, ast.Name) and "ClassVar" not in ast.unparse(each.annotation)
    ]
    if parts:
        return tuple(
            Parameter(each.name, tuple(_guesses(each, Evidence(), functions, classes, depth + 1)))
            for each in parts
        )
    for base in node.bases:
        if isinstance(base, ast.Name) and base.id in classes and base.id != node.name:
            return _made_with(classes[base.id], functions, classes, depth + 1)
    return ()


def _guesses(
    signature: Signature,
    evidence: Evidence,
    functions: Functions,
    classes: Mapping[str, ast.ClassDef],
    depth: int,
) -> Iterator[Guess]:
    """The guesses for one parameter, the likeliest first, each once."""
    found: list[Guess] = []
    if _is_none(signature.default):
        found.append(ABSENT)
    hint = _hint(signature.name)
    if signature.annotation is not None:
        annotation = _text(signature.annotation)
        for name, node in classes.items():
            if re.search(rf"\b{name}\b", annotation) and depth < _DEEPEST:
                parts = _made_with(node, functions, classes, depth + 1)
                found.append(Guess("object", name, 0, parts))
        found += _of_annotation(annotation, signature.name, evidence, hint)
    votes = dict(evidence.votes)
    if hint:
        votes[hint] = votes.get(hint, 0) + 2
    for kind in sorted(votes, key=lambda kind: -votes[kind]):
        found += _of_kind(kind, signature.name, evidence, hint)
    yield from dict.fromkeys([*found, *_LAST])


def _hint(name: str) -> str:
    return next((kind for kind, pattern in _NAMES if pattern.search(name)), "")


def _text(annotation: ast.expr) -> str:
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return annotation.value
    return ast.unparse(annotation)


def _elements(evidence: Evidence, hint: str) -> str:
    if evidence.elements:
        return max(evidence.elements, key=lambda name: evidence.elements[name])
    return hint if hint in ("index", "mask", "matrix") else "real"


def _of_kind(kind: str, name: str, evidence: Evidence, hint: str) -> Iterator[Guess]:
    """The guesses of one kind."""
    elements = _elements(evidence, hint)
    if kind in ("array", "index", "mask", "matrix", "table"):
        least = 2 if elements == "matrix" or kind == "table" else 1
        yield Guess("array", elements, max(evidence.rank, least))
    elif kind == "number":
        yield Guess("number", elements if evidence.elements else "positive")
        yield Guess("array", elements, max(evidence.rank, 1))
    elif kind == "size":
        yield _SIZE
    elif kind == "key":
        yield _KEY
    elif kind == "function":
        yield from (_KERNEL, _IDENTITY) if "kernel" in name else (_IDENTITY, _KERNEL)
    elif kind == "distribution":
        yield _NORMAL
    elif kind == "shape":
        yield from (Guess("literal", "(5,)"), Guess("literal", "()"))
    elif kind == "flag":
        yield from _FLAGS
    elif kind == "text":
        for text in dict.fromkeys([*evidence.texts, name]):
            yield Guess("literal", repr(text))
    elif kind in ("fields", "items", "frame"):
        yield from _table(kind, evidence)
    elif kind == "sequence":
        part = Guess("array", "real", 1)
        names = [str(number) for number in range(evidence.length or 2)]
        yield Guess("sequence", "", 0, tuple(_part(each, Evidence(), (part,)) for each in names))


def _table(kind: str, evidence: Evidence) -> Iterator[Guess]:
    parts = evidence.attributes if kind == "fields" else evidence.keys
    made = tuple(_part(name, known) for name, known in parts.items())
    if kind == "frame":
        columns = made or (_part("x", Evidence()),)
        yield Guess("frame", "", 0, columns)
    else:
        yield Guess(kind, "", 0, made or (_part("a", Evidence()),) if kind == "items" else made)


def _part(name: str, evidence: Evidence, first: tuple[Guess, ...] = ()) -> Parameter:
    signature = Signature(name, None, None, None)
    guesses = (*first, *_guesses(signature, evidence, {}, {}, _DEEPEST))
    return Parameter(name, tuple(dict.fromkeys(guesses)), None, evidence.observed)


_SHAPED = re.compile(r"\b(Float|Int|Integer|Bool|Num|Shaped|Real|UInt)\w*\[.*,\s*['\"]([^'\"]*)")
_ARRAYS = re.compile(r"Array|ndarray|jnp\.|Tensor|Series")


def _of_annotation(text: str, name: str, evidence: Evidence, hint: str) -> Iterator[Guess]:
    """What an annotation says."""
    shaped = _SHAPED.search(text)
    if shaped:
        elements = {"I": "index", "U": "index", "B": "mask"}.get(shaped[1][0], "")
        dims = [each for each in shaped[2].split() if "..." not in each and each[0] != "*"]
        yield Guess("array", elements or _elements(evidence, hint), len(dims))
    elif re.search(r"Key", text):
        yield _KEY
    elif re.search(r"Callable", text):
        yield from _of_kind("function", name, evidence, hint)
    elif re.search(r"DataFrame", text):
        yield from _table("frame", evidence)
    elif _ARRAYS.search(text):
        kind = "array" if evidence.rank or not evidence.votes.get("number") else "number"
        yield from _of_kind(kind, name, evidence, hint)
    elif re.search(r"Distribution", text):
        yield _NORMAL
    elif re.search(r"\b(dict|Dict|Mapping)\b", text):
        yield from _table("items", evidence)
    elif re.search(r"\b(list|List|Sequence|tuple|Tuple)\b", text):
        yield from _of_list(text, evidence)
    elif re.search(r"\bbool\b", text):
        yield from _FLAGS
    elif re.search(r"\bint\b", text):
        yield _SIZE
    elif re.search(r"\bfloat\b", text):
        yield from _of_kind("number", name, evidence, hint)
    elif re.search(r"\b(str|Literal)\b", text):
        given = re.findall(r"['\"]([^'\"]+)['\"]", text) if "Literal" in text else []
        yield from (Guess("literal", repr(each)) for each in given)
        yield from _of_kind("text", name, evidence, hint)


def _of_list(text: str, evidence: Evidence) -> Iterator[Guess]:
    kinds = (("int", _SIZE), ("float", _NUMBER), ("str", Guess("literal", "'a'")))
    inner = [guess for word, guess in kinds if re.search(rf"\b{word}\b", text)]
    first = (*inner, Guess("array", "real", 1))
    names = [str(number) for number in range(evidence.length or 2)]
    yield Guess("sequence", "", 0, tuple(Parameter(each, (*first, *_LAST)) for each in names))
