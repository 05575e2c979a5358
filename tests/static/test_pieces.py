"""A long text is parsed in pieces: the tree is that of the whole text."""

import ast
import sysconfig
from pathlib import Path

import pytest

from numpyro_lint.syntax.parse import parse
from numpyro_lint.text import Source

FILLER = "".join(f"def f{n}(a, b):\n    return a + {n} * b\n\n\n" for n in range(500))
STANDARD = Path(sysconfig.get_path("stdlib"))
NAMES = ("argparse.py", "typing.py", "ast.py", "_pydecimal.py", "subprocess.py", "inspect.py")


def same_tree(text: str) -> bool:
    """Whether what was parsed is, place by place, what Python itself makes of a text."""
    tree, whole = parse(Source("model.py", text)), ast.parse(text)
    read = ast.Module(tree.body, [])
    whole.type_ignores = []
    return ast.dump(read, include_attributes=True) == ast.dump(whole, include_attributes=True)


@pytest.mark.parametrize("name", NAMES)
def test_files_of_the_standard_library_are_read_as_they_are(name: str) -> None:
    assert same_tree((STANDARD / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "middle",
    [
        '"""A text with code in it:\n\ndef inside(a):\n    return a\n\n\n"""\n',
        "x = [\n\n1,\n\n\n2]\n",
        "@first\n\ndef decorated():\n    pass\n\n\n",
        "@first(\n\n    1,\n)\n@second\nasync def decorated():\n    pass\n\n\n",
        "if f1:\n\n    def one(): ...\n\nelse:\n\n    def one(): ...\n\n",
        "try:\n    pass\n\n\nfinally:\n    pass\n\nclass Last:\n    pass\n\n",
        'x = 1 + \\\n  "é" + "\N{GRINNING FACE}"; y = 2\n\n',
        'x = f"""{\n\n1}"""\n',
        "def old():\n    pass\n\r\ndef lone():\r    pass\r\n\n",
        "\x0c\n\ndef after_a_form_feed():\n    pass\n\n",
    ],
)
def test_what_stands_between_definitions_is_never_cut(middle: str) -> None:
    half = FILLER[: FILLER.index("def f250")]
    assert same_tree(half + middle + FILLER)
    assert same_tree(middle * 3000 + FILLER)


def test_an_error_is_told_where_it_is() -> None:
    (refused,) = parse(Source("model.py", FILLER + "def broken(:\n\n\n" + FILLER)).unreadable
    assert refused.span.start == len(FILLER) + len("def broken(")
