"""Traces: only with trust, only for the text that was traced, and gone when the server is."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest
from lsprotocol import types
from pytest_lsp import LanguageClient
from server.support import (
    EXAMPLES,
    Editor,
    begin,
    capabilities,
    children,
    has,
    has_not,
    lives,
    process_of,
    rules,
    server_config,
    until,
)

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.trace]

RUN = """\
import numpyro
import numpyro.distributions as dist
from numpyro import handlers


def scale():
    raise RuntimeError("this code was run")


SCALE = scale()


def model():
    numpyro.sample("x", dist.Normal(0.0, SCALE))


handlers.trace(handlers.seed(model, 0)).get_trace()
"""


def trust(client: LanguageClient, trusted: object) -> None:
    client.protocol.notify("numpyroLint/trust", {"trusted": trusted})


def untrusted_notes(client: LanguageClient) -> list[str]:
    return [each.message for each in client.messages if '"trusted": true' in each.message]


async def test_nothing_runs_without_trust(push: LanguageClient, workspace: Path) -> None:
    path = EXAMPLES / "column_of_observations.py"
    editors = [
        Editor(push, workspace / "run.py", RUN),
        Editor(push, path, path.read_text()),
        Editor(push, workspace / "eight.py", (EXAMPLES / "eight_schools.py").read_text()),
    ]
    for wrong in ("yes", 1, None, ["true"]):
        trust(push, wrong)
    push.workspace_did_change_configuration(
        types.DidChangeConfigurationParams({"numpyroLint": {"trusted": True, "trace": "on"}})
    )
    for editor in editors:
        editor.save()
    await editors[2].pushed(has("funnel"))
    with pytest.raises(Exception, match="trust"):
        await push.workspace_execute_command_async(
            types.ExecuteCommandParams("numpyroLint.trace", [{"uri": editors[2].uri}])
        )
    for editor in editors:
        await editor.pushed(lambda found: True)
    assert len(untrusted_notes(push)) == 1
    assert children(process_of(push)) == []
    assert rules(editors[0].sent) == rules(editors[1].sent) == []

    trust(push, True)
    found = await editors[0].pushed(has("not-traced"))
    assert "this code was run" in found[0].message
    await editors[1].pushed(has("broadcast-observation"))
    assert children(process_of(push))

    trust(push, False)
    await editors[1].pushed(has_not("broadcast-observation"))
    await until(lambda: children(process_of(push)) == [])
    for editor in editors:
        editor.close()


async def test_a_trace_is_of_one_text(pull: LanguageClient, workspace: Path) -> None:
    text = (EXAMPLES / "column_of_observations.py").read_text()
    editor = Editor(pull, workspace / "column.py", text)
    assert rules((await editor.pull()).items) == []
    before = pull.diagnostic_refresh_count
    await until(lambda: pull.diagnostic_refresh_count > before)
    await editor.pulled(has("broadcast-observation"))
    report = await editor.pull()
    assert rules(report.items) == ["broadcast-observation"]
    editor.type(text + "\n# a remark\n")
    assert rules((await editor.pull(report.result_id)).items) == []
    editor.type(text)
    assert rules((await editor.pull()).items) == ["broadcast-observation"]
    editor.type(text.replace("TABLE[:, 1:]", "TABLE[:, 1]"))
    editor.save()
    # What is left is true of the mended model: its data stand in no plate.
    assert rules(await editor.pulled(has("undeclared-batch-dim"))) == ["undeclared-batch-dim"]
    editor.close()


async def test_the_server_answers_while_a_trace_runs(pull: LanguageClient, workspace: Path) -> None:
    slow = RUN.replace("raise RuntimeError", "import time; time.sleep(300); raise RuntimeError")
    editor = Editor(pull, workspace / "slow.py", slow)
    await editor.pull()
    await asyncio.sleep(0.5)
    begin = time.monotonic()
    await editor.pull()
    assert time.monotonic() - begin < 1.0
    editor.type(RUN)
    editor.save()
    (found,) = await editor.pulled(has("not-traced"))
    assert "this code was run" in found.message
    editor.close()


async def test_the_command_gives_the_model(pull: LanguageClient, workspace: Path) -> None:
    text = (EXAMPLES / "eight_schools.py").read_text()
    editor = Editor(pull, workspace / "command.py", text)
    await pull.workspace_execute_command_async(
        types.ExecuteCommandParams("numpyroLint.restartWorker")
    )
    model = await pull.workspace_execute_command_async(
        types.ExecuteCommandParams(
            "numpyroLint.trace", [{"uri": editor.uri, "model": "eight_schools"}]
        )
    )
    assert model["trace"]["status"] == "ok"
    shapes = {site["name"]: site["shape"] for site in model["trace"]["sites"]}
    assert shapes["theta"] == [8]
    editor.close()


async def test_a_client_that_cannot_be_told_to_ask_is_sent_all(workspace: Path) -> None:
    client = await server_config().start()
    assert isinstance(client, LanguageClient)
    answer = await begin(client, workspace, capabilities(pulls=True), trusted=True)
    assert answer.capabilities.diagnostic_provider is None
    text = (EXAMPLES / "column_of_observations.py").read_text()
    editor = Editor(client, workspace / "both.py", text)
    assert await editor.pushed(lambda found: True) == []
    await editor.pushed(has("broadcast-observation"))

    (worker,) = children(process_of(client))
    server = client._server
    await client.shutdown_session()
    assert server is not None
    assert server.returncode == 0
    assert not lives(worker)
    await client.stop()


async def test_a_server_that_is_killed_leaves_no_worker(workspace: Path) -> None:
    client = await server_config().start()
    assert isinstance(client, LanguageClient)
    await begin(client, workspace, capabilities(), trusted=True)
    text = (EXAMPLES / "column_of_observations.py").read_text()
    editor = Editor(client, workspace / "killed.py", text)
    await editor.pushed(has("broadcast-observation"))
    (worker,) = children(process_of(client))
    os.kill(process_of(client), signal.SIGKILL)
    await until(lambda: not lives(worker))
    await client.stop()


async def test_a_python_without_numpyro_is_said_once(workspace: Path, tmp_path: Path) -> None:
    missing = tmp_path / "no" / "python"
    client = await server_config().start()
    assert isinstance(client, LanguageClient)
    await begin(client, workspace, capabilities(), trusted=True, python=str(missing))
    text = (EXAMPLES / "eight_schools.py").read_text()
    editors = [Editor(client, workspace / f"{number}.py", text) for number in range(2)]
    await until(lambda: bool(client.messages))
    for editor in editors:
        editor.save()
        assert rules(await editor.pushed(has("funnel"))) == ["funnel"]
    told = [each.message for each in client.messages]
    assert len(told) == 1
    assert str(missing) in told[0]
    await client.shutdown_session()
    await client.stop()
