"""What is executed of a file, and where."""

from __future__ import annotations

import ast
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from runtime.support import position

from numpyro_lint_runtime.protocol import Call, FileRequest, ModelRequest, Position, Scope
from numpyro_lint_runtime.worker.post_mortem import place_of_death
from numpyro_lint_runtime.worker.slice import SliceError, Target, load, load_text


def find(text: str, *starts: str) -> tuple[Position, ...]:
    """The positions of the statements that start with these texts, wherever they are nested."""
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.stmt)]
    found = []
    for start in starts:
        (node,) = [n for n in nodes if ast.unparse(n).startswith(start)][:1]
        found.append(position(node))
    return tuple(found)


def target_of(path: Path, text: str, model: ModelRequest) -> Target:
    request = FileRequest(str(path), text, (model,), str(path.parent))
    return load(load_text(request), model)


def failing(path: Path, text: str, model: ModelRequest) -> SliceError:
    with pytest.raises(SliceError) as caught:
        target_of(path, text, model)
    return caught.value


def test_only_the_selected_statements_run(tmp_path: Path) -> None:
    text = "a = 1\nraise RuntimeError\ndef model(x, y): return x + y\nb = a + 1\n"
    statements = find(text, "a = 1", "def model", "b =")
    call = Call(("a",), {"y": "b"})
    target = target_of(tmp_path / "m.py", text, ModelRequest("m", "model", statements, call=call))
    assert target.model(*target.args, **target.kwargs) == 3
    assert target.model.__code__.co_filename == str(tmp_path / "m.py")
    assert target.model.__code__.co_firstlineno == 3


def test_statements_nested_at_the_top_level(tmp_path: Path) -> None:
    text = textwrap.dedent(
        """
        try:
            import fast_numpy as np
        except ImportError:
            import numpy as np
        if __name__ == "__main__":
            n = 3
            raise RuntimeError
        def model(x): pass
        """
    )
    statements = find(text, "import numpy", "n = 3", "def model")
    model = ModelRequest("m", "model", statements, call=Call(("np.ones(n)",)))
    assert target_of(tmp_path / "m.py", text, model).args[0].shape == (3,)


def test_a_decorated_function_is_found_by_either_start(tmp_path: Path) -> None:
    text = "import functools\n@functools.cache\ndef model(): return 1\n"
    for start in (Position(2, 0, 3, 21), Position(3, 0, 3, 21)):
        model = ModelRequest("m", "model", (*find(text, "import"), start))
        assert hasattr(target_of(tmp_path / "m.py", text, model).model, "cache_info")


def test_a_model_inside_functions(tmp_path: Path) -> None:
    text = textwrap.dedent(
        """
        def outer(n: Unknown, *, scale=2):
            raise RuntimeError
            width = n * scale
            def inner(extra):
                if extra:
                    total = width + extra
                def model(x): return x + total
                mcmc.run(model)
            inner(1)
        """
    )
    scopes = (
        Scope(find(text, "def outer")[0], find(text, "width ="), Call(("4",))),
        Scope(find(text, "def inner")[0], find(text, "total =", "def model"), Call(("width",))),
    )
    model = ModelRequest("m", "model", (), scopes, Call(("total",)))
    target = target_of(tmp_path / "m.py", text, model)
    assert target.args == (16,)
    assert target.model(1) == 17


def test_starred_arguments(tmp_path: Path) -> None:
    text = "xs = [1, 2]\nkw = {'z': 3}\ndef model(*args, **kwargs): pass\n"
    statements = find(text, "xs", "kw", "def model")
    model = ModelRequest("m", "model", statements, call=Call(("0", "*xs"), {"y": "4", "**": "kw"}))
    target = target_of(tmp_path / "m.py", text, model)
    assert (target.args, target.kwargs) == ((0, 1, 2), {"y": 4, "z": 3})


def test_names_at_hand_in_arguments_do_not_cover_those_of_the_file(tmp_path: Path) -> None:
    text = "def model(x, y): return jnp\njax = 5\n"
    statements = find(text, "def model", "jax")
    model = ModelRequest("m", "model", statements, call=Call(("jnp.zeros(3)",), {"y": "jax"}))
    target = target_of(tmp_path / "m.py", text, model)
    assert np.shape(target.args[0]) == (3,)
    assert target.kwargs == {"y": 5}
    with pytest.raises(NameError):
        target.model(*target.args, **target.kwargs)


def test_relative_imports_and_future_features(tmp_path: Path) -> None:
    package = tmp_path / "rt_package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "sibling.py").write_text("N = 7\n")
    text = (
        "from __future__ import annotations\nfrom .sibling import N\ndef model(x: Missing): pass\n"
    )
    statements = find(text, "from __future__", "from .sibling", "def model")
    model = ModelRequest("m", "model", statements, call=Call(("N",)))
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(tmp_path))
        assert target_of(package / "m.py", text, model).args == (7,)


def test_dataclasses_find_their_module(tmp_path: Path) -> None:
    text = (
        "from __future__ import annotations\nimport dataclasses\n"
        "@dataclasses.dataclass\nclass Prior:\n    scale: float = 1.0\n"
        "def model(p): return p.scale\n"
    )
    statements = find(text, "from", "import", "@dataclasses", "def model")
    model = ModelRequest("m", "model", statements, call=Call(("Prior()",)))
    target = target_of(tmp_path / "m.py", text, model)
    assert target.model(*target.args) == 1.0


def test_failures_say_what_stage_and_where(tmp_path: Path) -> None:
    path = tmp_path / "m.py"
    text = "import nowhere_to_be_found\nx = 1 / 0\ndef model(x): pass\nthing = 3\n"
    missing, division, define, thing = find(text, "import", "x =", "def", "thing")

    used = Call(("nowhere_to_be_found.f()",))
    failure = failing(path, text, ModelRequest("m", "model", (missing, define), (), used)).failure
    assert (failure.stage, failure.exception) == ("import", "ModuleNotFoundError")
    assert failure.position == Position(1, 0, 1, 26)
    assert "nowhere_to_be_found" in (failure.advice or "")

    failure = failing(path, text, ModelRequest("m", "x", (division,))).failure
    assert (failure.stage, failure.exception) == ("slice", "ZeroDivisionError")
    assert failure.position == Position(2, 4, 2, 9)

    model = ModelRequest("m", "model", (define,), call=Call(("y",)))
    failure = failing(path, text, model).failure
    assert (failure.stage, failure.exception, failure.position) == ("arguments", "NameError", None)

    model = ModelRequest("m", "model", (define,), call=Call(("1 +",)))
    assert failing(path, text, model).failure.stage == "arguments"
    assert failing(path, text, ModelRequest("m", "gone", ())).failure.stage == "slice"
    assert (
        failing(path, text, ModelRequest("m", "thing", (thing,))).failure.exception == "TypeError"
    )
    nothing = ModelRequest("m", "model", (Position(2, 2, 2, 3),))
    assert failing(path, text, nothing).failure.exception == "LookupError"


def test_text_that_does_not_parse(tmp_path: Path) -> None:
    request = FileRequest(str(tmp_path / "m.py"), "x = 1\ndef (:\n", ())
    with pytest.raises(SliceError) as caught:
        load_text(request)
    failure = caught.value.failure
    assert (failure.stage, failure.exception) == ("slice", "SyntaxError")
    assert failure.position is not None
    assert failure.position.line == 2


def test_what_would_help_against_an_import_that_fails(tmp_path: Path) -> None:
    (tmp_path / "later_syntax.py").write_text("def (\n")
    text = "import later_syntax\nimport sklearn.no_such_part\nx = eval('1 +')\n"
    later, renamed, parsed = find(text, "import later", "import sklearn", "x =")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(tmp_path))
        patch.setitem(sys.modules, "sklearn", None)
        failures = [
            failing(tmp_path / "m.py", text, ModelRequest("m", name, (at,))).failure
            for name, at in (("later_syntax", later), ("sklearn", renamed), ("x", parsed))
        ]
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert [failure.advice for failure in failures] == [
        f"{sys.executable} is Python {version}; --python names another interpreter",
        f"install 'scikit-learn' for {sys.executable}, or name another interpreter by --python",
        None,
    ]


def test_a_place_in_an_installed_package_is_told_with_the_package(tmp_path: Path) -> None:
    own = str(tmp_path / "m.py")
    faults = (
        "Current thread 0x1 (most recent call first):\n"
        '  File "/usr/lib/python3/site-packages/jax/_src/compiler.py", line 353 in compile\n'
        f'  File "{own}", line 3 in model\n'
    )
    place = place_of_death(faults, own)
    assert place.within == " (in jax/_src/compiler.py, line 353)"
    assert place.position == Position(3, 0, 3, 0)
