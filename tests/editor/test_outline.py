"""The outline of a file: models, their sites, plates as parents."""

from __future__ import annotations

from typing import Any

from static.support import read

from numpyro_lint.editor.outline import Entry, outline, symbols

TEXT = """
def effect(name):
    return numpyro.sample(f"{name}_effect", dist.Normal(0.0, 1.0))


def model(y=None):
    tau = numpyro.sample("tau", dist.HalfNormal(1.0))
    with numpyro.plate("groups", 3):
        theta = numpyro.sample("theta", dist.Normal(0.0, tau))
        with numpyro.plate("rows", 2):
            numpyro.sample("y", dist.Normal(theta, 1.0), obs=y)
    return numpyro.deterministic("twice", 2 * tau) + effect("first")


def unrelated():
    return 1
"""


def tree(entries: tuple[Entry, ...]) -> dict[str, Any]:
    return {each.name: tree(each.inside) for each in entries}


def test_plates_are_parents() -> None:
    report = read(TEXT)
    found = outline(report.context)
    assert tree(found) == {
        "effect": {"*_effect": {}},
        "model": {"tau": {}, "groups": {"theta": {}, "rows": {"y": {}}}, "twice": {}},
    }
    assert [each.kind for each in found] == ["helper", "model"]
    tau, groups, _ = found[1].inside
    assert (tau.kind, tau.detail) == ("sample", "dist.HalfNormal(1.0)")
    assert report.source.slice(groups.name_span) == 'numpyro.plate("groups", 3)'


def test_an_entry_lies_within_its_parent() -> None:
    def check(entry: Entry) -> None:
        assert entry.span.start <= entry.name_span.start < entry.name_span.end <= entry.span.end
        for each in entry.inside:
            assert entry.span.start <= each.span.start < each.span.end <= entry.span.end
            check(each)

    for entry in outline(read(TEXT).context):
        check(entry)


def test_symbols_say_what_they_stand_in() -> None:
    source = read(TEXT).source
    found = symbols(source)
    assert [(each.name, each.inside) for each in found] == [
        ("effect", ""),
        ("*_effect", "effect"),
        ("model", ""),
        ("tau", "model"),
        ("groups", "model"),
        ("theta", "groups"),
        ("rows", "groups"),
        ("y", "rows"),
        ("twice", "model"),
    ]
    assert source.slice(found[3].span) == 'numpyro.sample("tau", dist.HalfNormal(1.0))'
