"""Workspaces of several folders: each has its interpreter, its settings and its configuration."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pytest_lsp import LanguageClient
from server.support import (
    MISSPELT,
    Editor,
    begin,
    capabilities,
    command,
    has,
    has_not,
    rules,
    server_config,
    until,
)

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.trace]

# What it reads is found from the folder of the workspace alone.
READS = """\
import numpy as np
import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS

DATA = np.loadtxt("data/values.txt")


def model(y):
    with numpyro.plate("rows", len(y)):
        numpyro.sample("y", dist.Normal(numpyro.sample("mean", dist.Normal(0, 1)), 1), obs=y)


MCMC(NUTS(model), num_warmup=1, num_samples=1).run(None, DATA)
"""


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    root = tmp_path_factory.mktemp("folders")
    for name in ("first", "second"):
        for part in ("data", "models"):
            (root / name / part).mkdir(parents=True)
        (root / name / "models" / "reads.py").write_text(READS)
    (root / "first" / "data" / "values.txt").write_text("1.0 2.0 3.0")
    (root / "second" / "data" / "values.txt").write_text("1.0 2.0")
    (root / "second" / "numpyro-lint.toml").write_text('ignore = ["handlers"]\n')
    return root / "first", root / "second"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def client(folders: tuple[Path, Path]) -> AsyncIterator[LanguageClient]:
    client = await server_config().start()
    assert isinstance(client, LanguageClient)
    able = capabilities()
    assert able.workspace is not None
    able.workspace.configuration = True
    client.set_configuration({"python": sys.executable}, section="numpyroLint")
    for folder in folders:
        client.set_configuration({}, section="numpyroLint", scope_uri=folder.as_uri())
    await begin(client, folders[0], able, trusted=True, folders=folders)
    yield client
    await client.shutdown_session()
    await client.stop()


async def configure(client: LanguageClient, folder: Path, **settings: object) -> None:
    """Settings of one folder, which the client says have changed."""
    client.set_configuration(settings, section="numpyroLint", scope_uri=folder.as_uri())
    client.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))


async def refusal(client: LanguageClient, asked: types.ExecuteCommandParams) -> str:
    """Why a command is refused, once the server has asked for the settings that have changed."""
    for _ in range(100):
        try:
            await client.workspace_execute_command_async(asked)
        except JsonRpcException as error:
            return error.message
        await asyncio.sleep(0.05)
    return "it is not refused"


async def test_each_folder_has_its_configuration(
    client: LanguageClient, folders: tuple[Path, Path]
) -> None:
    first, second = (Editor(client, each / "models" / "a.py", MISSPELT) for each in folders)
    await first.pushed(has("unknown-site-in-handler"))
    assert rules(await second.pushed(lambda found: True)) == []
    await configure(client, folders[0], ignore=["unknown-site-in-handler"])
    await first.pushed(has_not("unknown-site-in-handler"))
    await configure(client, folders[1], ignore=["names"])
    await second.pushed(has("unknown-site-in-handler"))
    await configure(client, folders[0])
    await first.pushed(has("unknown-site-in-handler"))
    await configure(client, folders[1])
    await second.pushed(has_not("unknown-site-in-handler"))
    first.close()
    second.close()


async def test_models_run_in_their_own_folder(
    client: LanguageClient, folders: tuple[Path, Path]
) -> None:
    for folder, size in zip(folders, (3, 2), strict=True):
        editor = Editor(client, folder / "models" / "reads.py", READS)
        asked = command("trace", {"uri": editor.uri, "model": "model"})
        model = await client.workspace_execute_command_async(asked)
        assert model["trace"]["status"] == "ok"
        shapes = {site["name"]: site["shape"] for site in model["trace"]["sites"]}
        assert shapes["y"] == [size]
        editor.close()


async def test_each_folder_has_its_interpreter(
    client: LanguageClient, folders: tuple[Path, Path]
) -> None:
    missing = folders[1] / "env" / "bin" / "python"
    await configure(client, folders[1], python="env/bin/python")
    first, second = (Editor(client, each / "models" / "reads.py", READS) for each in folders)
    await until(lambda: any(str(missing) in each.message for each in client.messages))
    asked = command("trace", {"uri": first.uri, "model": "model"})
    model = await client.workspace_execute_command_async(asked)
    assert model["trace"]["python"] == ".".join(map(str, sys.version_info[:3]))
    # Off in one folder is not off in the other.
    await configure(client, folders[1], trace="off")
    asked.arguments = [{"uri": second.uri, "model": "model"}]
    assert "the setting numpyroLint.trace is off" in await refusal(client, asked)
    asked.arguments = [{"uri": first.uri, "model": "model"}]
    assert await client.workspace_execute_command_async(asked) is not None
    await configure(client, folders[1])
    first.close()
    second.close()


async def test_a_folder_is_added_and_taken_away(
    client: LanguageClient, folders: tuple[Path, Path], tmp_path: Path
) -> None:
    (tmp_path / "new.py").write_text(MISSPELT)
    editor = Editor(client, tmp_path / "new.py", MISSPELT)
    await editor.pushed(has("unknown-site-in-handler"))
    folder = types.WorkspaceFolder(tmp_path.as_uri(), "new")
    client.set_configuration({"ignore": ["ALL"]}, section="numpyroLint", scope_uri=folder.uri)
    for event in (
        types.WorkspaceFoldersChangeEvent(added=[folder], removed=[]),
        types.WorkspaceFoldersChangeEvent(added=[], removed=[folder]),
    ):
        client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
        await editor.pushed((has_not if event.added else has)("unknown-site-in-handler"))
    editor.close()
