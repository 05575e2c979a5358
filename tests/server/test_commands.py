"""Commands on a model: its graph, its trace, short runs of NUTS; shown at work, and cancelled."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcRequestCancelled
from pytest_lsp import LanguageClient
from server.support import EXAMPLES, Editor, children, command, has, process_of, until

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.trace]

EIGHT = (EXAMPLES / "eight_schools.py").read_text()
# The first model, which has a funnel, takes its time where it is traced.
TWO = """\
import time

import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

Y = jnp.array([1.0, 2.0])


def model(y):
    scale = numpyro.sample("scale", dist.HalfNormal(1.0))
    with numpyro.plate("rows", 2):
        effect = numpyro.sample("effect", dist.Normal(0.0, scale))
        numpyro.sample("y", dist.Normal(effect, 5.0), obs=y)


def plain(y):
    mean = numpyro.sample("mean", dist.Normal(0.0, 1.0))
    with numpyro.plate("rows", 2):
        numpyro.sample("y", dist.Normal(mean, 1.0), obs=y)


MCMC(NUTS(model), num_warmup=10, num_samples=10).run(random.key(0), Y)
MCMC(NUTS(plain), num_warmup=10, num_samples=10).run(random.key(0), Y)
"""
SLOW = TWO.replace("def model(y):\n", "def model(y):\n    time.sleep(300)\n")


def about(editor: Editor, model: str) -> dict[str, str]:
    return {"uri": editor.uri, "model": model}


def words(svg: str) -> str:
    """The text of a picture, whose long lines are broken."""
    return " ".join(re.sub("<[^>]*>", " ", svg).split())


def kinds(client: LanguageClient, token: types.ProgressToken) -> list[str]:
    return [each.kind for each in client.progress_reports[token]]


async def begun(client: LanguageClient, before: set[types.ProgressToken]) -> types.ProgressToken:
    """The token of work that has begun and was not among those before."""

    def new() -> list[types.ProgressToken]:
        return [t for t in client.progress_reports if t not in before and kinds(client, t)]

    await until(lambda: bool(new()))
    return new()[0]


async def test_without_trust_a_model_is_drawn_as_its_text_tells(
    push: LanguageClient, workspace: Path
) -> None:
    editor = Editor(push, workspace / "drawn.py", EIGHT)
    asked = about(editor, "eight_schools")
    svg = await push.workspace_execute_command_async(command("graph", asked))
    assert svg.startswith("<svg")
    assert 'data-site="theta"' in svg
    assert "drawn.py, line 23: as the text tells it, not traced" in words(svg)
    assert str(workspace) not in words(svg)
    for name in ("trace", "verify"):
        with pytest.raises(JsonRpcException, match="as text only"):
            await push.workspace_execute_command_async(command(name, asked))
    assert children(process_of(push)) == []
    editor.close()


async def test_what_is_no_model_is_said(push: LanguageClient, workspace: Path) -> None:
    editor = Editor(push, workspace / "unknown.py", EIGHT)
    for asked, why in (
        (about(editor, "nine_schools"), "no model 'nine_schools' in this file; there are eight_"),
        ({"uri": "file:///nowhere.py", "model": "m"}, "numpyroLint.graph needs the uri of an open"),
    ):
        with pytest.raises(JsonRpcException, match=why):
            await push.workspace_execute_command_async(command("graph", asked))
    with pytest.raises(JsonRpcException, match="there is no command"):
        await push.workspace_execute_command_async(command("nothing"))
    editor.close()


async def test_where_nothing_can_be_sampled_verify_gives_no_all_clear(
    push_trusted: LanguageClient, workspace: Path
) -> None:
    text = EIGHT[: EIGHT.index("def main()")]  # nothing calls the model
    editor = Editor(push_trusted, workspace / "uncalled.py", text)
    with pytest.raises(JsonRpcException, match="cannot be verified: its arguments are made up"):
        await push_trusted.workspace_execute_command_async(
            command("verify", about(editor, "eight_schools"))
        )
    editor.close()


async def test_with_trust_a_model_is_drawn_as_its_trace_shows(
    pull: LanguageClient, workspace: Path
) -> None:
    editor = Editor(pull, workspace / "traced.py", EIGHT)
    asked = about(editor, "eight_schools")
    svg = await pull.workspace_execute_command_async(command("graph", asked))
    assert ": traced" in words(svg)
    assert "Normal (8,)" in words(svg)
    editor.type(EIGHT.replace('"J", J', '"J", J + 0'))
    again = await pull.workspace_execute_command_async(command("graph", asked))
    assert ": traced" in words(again)
    editor.close()


async def test_a_trace_is_shown_at_work_and_can_be_cancelled(
    pull: LanguageClient, workspace: Path
) -> None:
    before = set(pull.progress_reports)
    editor = Editor(pull, workspace / "cancelled.py", SLOW)
    # On opening: nobody has asked, and it is shown since it takes its time.
    token = await begun(pull, before)
    pull.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
    await until(lambda: kinds(pull, token) == ["begin", "end"])
    begin = pull.progress_reports[token][0]
    assert begin.title == "Tracing cancelled.py"
    assert begin.cancellable
    # Asked for, and cancelled where it is shown.
    before = set(pull.progress_reports)
    asked = command("trace", about(editor, "plain"))
    work = asyncio.ensure_future(pull.workspace_execute_command_async(asked))
    token = await begun(pull, before)
    pull.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
    with pytest.raises(JsonRpcRequestCancelled):
        await work
    # The request itself cancelled, with a token of the client's own.
    pull.progress_reports["mine"] = []
    asked.work_done_token = "mine"
    work = asyncio.ensure_future(pull.workspace_execute_command_async(asked))
    await until(lambda: kinds(pull, "mine") == ["begin"])
    (number,) = pull.protocol._request_futures
    pull.cancel_request(types.CancelParams(number))
    with pytest.raises(JsonRpcRequestCancelled):
        await work
    await until(lambda: kinds(pull, "mine") == ["begin", "end"])
    # The worker is free again.
    editor.type(TWO)
    model = await pull.workspace_execute_command_async(command("trace", about(editor, "plain")))
    assert model["trace"]["status"] == "ok"
    editor.close()


async def test_a_funnel_is_verified(push_trusted: LanguageClient, workspace: Path) -> None:
    client = push_trusted
    editor = Editor(client, workspace / "verified.py", TWO)
    await editor.pushed(has("funnel"))
    # Of a model without findings nothing is sampled.
    nothing = command("verify", about(editor, "plain"))
    assert await client.workspace_execute_command_async(nothing) == []
    client.progress_reports["verify"] = []
    asked = command("verify", about(editor, "model"))
    asked.work_done_token = "verify"
    (found,) = await client.workspace_execute_command_async(asked)
    assert found["rule"] == "funnel"
    assert found["evidence"]["verify"]["verdict"] == "helps"
    first, *reports, last = client.progress_reports["verify"]
    assert (first.title, last.kind) == ("Verifying model", "end")
    done = [each.percentage for each in reports if each.percentage is not None]
    assert done == sorted(done)
    assert 0 < done[-1] <= 100

    def settled(found: object) -> bool:
        return any("in short runs of NUTS that helps" in each.message for each in editor.sent)

    await editor.pushed(settled)
    # It holds for this text, traced anew or not, and for no other.
    editor.save()
    await client.workspace_execute_command_async(command("trace", about(editor, "model")))
    await editor.pushed(settled)
    editor.type(TWO.replace("5.0", "6.0"))
    await editor.pushed(lambda found: has("funnel")(found) and not settled(found))
    editor.close()


async def test_verifying_ends_when_it_is_cancelled_or_the_text_moves_on(
    push_trusted: LanguageClient, workspace: Path
) -> None:
    client = push_trusted
    editor = Editor(client, workspace / "left.py", TWO)
    workers = await warm(client, editor)
    for token, code in (("cancel", -32800), ("type", -32801), ("restart", -32800)):
        client.progress_reports[token] = []
        asked = command("verify", about(editor, "model"))
        asked.work_done_token = token
        work = asyncio.ensure_future(client.workspace_execute_command_async(asked))
        await until(lambda: len(children(process_of(client))) > workers)
        if token == "cancel":
            client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
        elif token == "type":
            editor.type(TWO + "# more\n")
        else:
            await client.workspace_execute_command_async(command("restartWorker"))
        with pytest.raises(JsonRpcException) as error:
            await work
        assert error.value.code == code
        await until(lambda: len(children(process_of(client))) <= workers)
        assert kinds(client, token)[-1] == "end"
    editor.close()


async def warm(client: LanguageClient, editor: Editor) -> int:
    """How many workers there are once the file was traced."""
    await client.workspace_execute_command_async(command("trace", about(editor, "model")))
    return len(children(process_of(client)))
