"""What pytest gives to the parameters of a test, as it is written."""

from __future__ import annotations

import ast

import pytest

from numpyro_lint.syntax.parametrize import parametrized


def _given(decorator: str, unwritten: bool) -> dict[str, str]:
    (function,) = ast.parse(f"@pytest.mark.{decorator}\ndef test(): ...").body
    assert isinstance(function, ast.FunctionDef)
    return dict(parametrized(function.decorator_list, unwritten=unwritten))


@pytest.mark.parametrize(
    ("decorator", "given"),
    [
        ("parametrize('a', [1.0, 2.0])", {"a": "1.0"}),
        ("parametrize('a', [(1, 2)])", {"a": "(1, 2)"}),
        ("parametrize('a, b', [(1, f(2)), (3, 4)])", {"a": "1", "b": "f(2)"}),
        ("parametrize(('a', 'b'), ([1, 2],))", {"a": "1", "b": "2"}),
        ("parametrize(argvalues=[7], argnames='a')", {"a": "7"}),
        ("parametrize('a', [pytest.param(1, id='one')])", {"a": "1"}),
        ("parametrize('a,b', [pytest.param(1, 2)])", {"a": "1", "b": "2"}),
        ("usefixtures('a')", {}),
        ("parametrize", {}),
        ("parametrize()", {}),
        ("parametrize(NAMES, [1])", {}),
    ],
)
def test_what_is_written(decorator: str, given: dict[str, str]) -> None:
    assert _given(decorator, unwritten=False) == given
    assert _given(decorator, unwritten=True) == given


@pytest.mark.parametrize(
    ("decorator", "given"),
    [
        ("parametrize('a', ROWS)", {"a": "list(ROWS)[0]"}),
        ("parametrize('a,b', ROWS)", {"a": "list(ROWS)[0][0]", "b": "list(ROWS)[0][1]"}),
        ("parametrize('a', [*ROWS])", {"a": "list([*ROWS])[0]"}),
        ("parametrize('a,b', [ROW])", {"a": "list([ROW])[0][0]", "b": "list([ROW])[0][1]"}),
        ("parametrize('a,b', [(1,)])", {"a": "list([(1,)])[0][0]", "b": "list([(1,)])[0][1]"}),
        ("parametrize('a', [pytest.param()])", {"a": "list([pytest.param()])[0]"}),
        ("parametrize('a', [pytest.param(*ROW)])", {"a": "list([pytest.param(*ROW)])[0]"}),
        ("parametrize('a', [])", {"a": "list([])[0]"}),
    ],
)
def test_what_stands_elsewhere_or_does_not_go_together(
    decorator: str, given: dict[str, str]
) -> None:
    assert _given(decorator, unwritten=False) == {}
    assert _given(decorator, unwritten=True) == given
