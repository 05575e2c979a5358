from __future__ import annotations

import dataclasses

import pytest

from numpyro_lint_runtime import protocol
from numpyro_lint_runtime.protocol import (
    Began,
    Call,
    Change,
    Failure,
    FileDone,
    FileRequest,
    Guess,
    Hierarchy,
    Levels,
    ModelRequest,
    Parameter,
    Plate,
    Position,
    Ready,
    Ridge,
    Scope,
    TracedSite,
    TraceResult,
    ValueResult,
)

SPAN = Position(3, 4, 5, 6, "/elsewhere.py")
SITE = TracedSite(
    name="a/x",
    name_as_written="x",
    type="sample",
    position=SPAN,
    shape=(3, 2),
    batch_shape=(3,),
    event_shape=(2,),
    plates=(Plate("p", -1, 3),),
    handlers=("scope",),
    history=(Change("scope", "name", "x", "a/x"),),
    depends={"loc": ("mu",), "scale": ()},
)


@pytest.mark.parametrize(
    "message",
    [
        Ready("3.11", "/usr/bin/python", failure=Failure("start", "E", "no", SPAN, "yes")),
        Began("m"),
        TraceResult("m", "ok", sites=(SITE,), failure=Failure("model", "E", "text")),
        ValueResult("m", "ok", ridges=(Ridge(("a", "b"), -0.999, 44.7, {"a": 3.0}, (1, 1), 0.1),)),
        FileDone("/x.py"),
    ],
)
def test_an_answer_comes_back_as_it_was_sent(message: protocol.Answer) -> None:
    line = protocol.frame(message)
    assert line.endswith("\n")
    assert line.count("\n") == 1
    assert protocol.unframe(line) == message


def test_a_request_comes_back_as_it_was_sent() -> None:
    scope = Scope(SPAN, (SPAN,), Call(("*xs",), {"**": "kw"}))
    model = ModelRequest("m", "f(x)", (SPAN,), (scope,), Call(("1",), {"y": "None"}), 3, "concrete")
    levels = Levels(("a", "b"), (Hierarchy("theta", scales=("tau",)),))
    models = (model, dataclasses.replace(model, levels=levels))
    request = FileRequest("/x.py", "é = 1\n", models, "/")
    assert protocol.decode_request(protocol.encode(request)) == request


def test_parameters_whose_guesses_have_parts() -> None:
    part = Parameter("hidden_dim", (Guess("size"),))
    guesses = (Guess("fields", parts=(part,)), Guess("array", "real", 2))
    parameters = (Parameter("args", guesses), Parameter("n", (Guess("size"),), scope=0))
    model = ModelRequest("g", "f", (SPAN,), parameters=parameters, like="m")
    request = FileRequest("/x.py", "", (model,), "/")
    assert protocol.decode_request(protocol.encode(request)) == request


def test_a_line_that_is_no_message_is_refused() -> None:
    with pytest.raises(ValueError, match="not a message"):
        protocol.unframe("hello from a print")
