// Which program is the server, and how it gets into an environment that lacks it.

import { execFile, spawn } from "node:child_process";

import * as vscode from "vscode";

import { expanded, interpreters, onPath } from "./interpreters";

/** A program and its arguments; `python` is the interpreter that it runs in, where that is known. */
export interface Program {
  command: string;
  args: string[];
  python: string | null;
}

const NAME = "numpyro-lint";
const SCRIPT = process.platform === "win32" ? "numpyro-lint-server.exe" : "numpyro-lint-server";
// -P: what lies in the current folder must not stand in for an installed module.
const PROBE = [
  "-P",
  "-c",
  "import importlib.util as u, sys; sys.exit(u.find_spec('numpyro_lint_server') is None)",
];
const PROBE_MS = 20_000;

/**
 * The server that the settings name, or that of the first interpreter which has one, or the one
 * on the path.
 */
export async function findServer(output: vscode.LogOutputChannel): Promise<Program | undefined> {
  const configured = vscode.workspace
    .getConfiguration("numpyroLint")
    .get<string[] | null>("server.command", null);
  if (configured?.length) {
    const [command, ...args] = configured.map((part) => expanded(part));
    return { command: command!, args, python: null };
  }
  for (const python of await interpreters()) {
    if (await hasServer(python)) {
      return { command: python, args: ["-P", "-m", "numpyro_lint_server"], python };
    }
    output.info(`${python} has no ${NAME} (or is older than Python 3.11)`);
  }
  const [script] = onPath([SCRIPT]);
  return script === undefined ? undefined : { command: script, args: [], python: null };
}

function hasServer(python: string): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(python, PROBE, { timeout: PROBE_MS }, (error) => resolve(error === null));
  });
}

/**
 * Offer to install numpyro-lint into the interpreter that is selected.
 *
 * Gives true where it was installed.
 */
export async function offerToInstall(output: vscode.LogOutputChannel): Promise<boolean> {
  const [python] = await interpreters();
  if (python === undefined) {
    void vscode.window.showWarningMessage(`${NAME}: no Python was found.`);
    return false;
  }
  const choice = await vscode.window.showWarningMessage(
    `${NAME} is not installed in ${python}.`,
    "Install",
    "Choose Another Python",
  );
  if (choice === "Choose Another Python") {
    await choosePython();
  }
  return choice === "Install" && (await install(python, output));
}

async function choosePython(): Promise<void> {
  const commands = await vscode.commands.getCommands(true);
  if (commands.includes("python.setInterpreter")) {
    await vscode.commands.executeCommand("python.setInterpreter");
  } else {
    await vscode.commands.executeCommand("workbench.action.openSettings", "numpyroLint.python");
  }
}

/** Gives true where it was installed; what goes wrong is shown. */
async function install(python: string, output: vscode.LogOutputChannel): Promise<boolean> {
  const progress = {
    location: vscode.ProgressLocation.Notification,
    title: `Installing ${NAME} into ${python}`,
    cancellable: true,
  };
  return vscode.window.withProgress(progress, async (_, token) => {
    // An environment that uv has made has no pip.
    const hasPip = (await run(python, ["-P", "-m", "pip", "--version"], output, token)) === 0;
    const [command, args] = hasPip
      ? [python, ["-P", "-m", "pip", "install", "--disable-pip-version-check", NAME]]
      : ["uv", ["pip", "install", "--python", python, NAME]];
    const status = await run(command as string, args as string[], output, token);
    if (status !== 0 && !token.isCancellationRequested) {
      void showFailure(`${NAME} could not be installed into ${python}.`, output);
    }
    return status === 0;
  });
}

function run(
  command: string,
  args: string[],
  output: vscode.LogOutputChannel,
  token: vscode.CancellationToken,
): Promise<number | null> {
  output.info([command, ...args].join(" "));
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    const stopping = token.onCancellationRequested(() => child.kill());
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => output.info(text.trimEnd()));
    }
    child.on("error", (error) => {
      output.error(String(error));
      resolve(null);
    });
    child.on("close", (status) => {
      stopping.dispose();
      resolve(status);
    });
  });
}

export async function showFailure(text: string, output: vscode.LogOutputChannel): Promise<void> {
  if ((await vscode.window.showErrorMessage(text, "Show Output")) !== undefined) {
    output.show();
  }
}
