import * as vscode from "vscode";
import { LanguageClient, Trace, TransportKind } from "vscode-languageclient/node";

import { needsRestart, SECTION, serverCommand, serverSettings } from "./settings";

const DOCUMENTS = [
  { scheme: "file", language: "python" },
  { scheme: "untitled", language: "python" },
  { scheme: "vscode-notebook-cell", language: "python" },
];

let client: LanguageClient | undefined;
// Starts and stops are done one after the other, however fast they are asked for.
let queue: Promise<void> = Promise.resolve();

function createClient(output: vscode.LogOutputChannel): LanguageClient {
  const { command, args } = serverCommand();
  return new LanguageClient(
    SECTION,
    "numpyro-lint",
    { command, args, transport: TransportKind.stdio },
    {
      documentSelector: DOCUMENTS,
      outputChannel: output,
      initializationOptions: () => ({
        trusted: vscode.workspace.isTrusted,
        settings: serverSettings(),
      }),
      synchronize: {
        configurationSection: SECTION,
        fileEvents: vscode.workspace.createFileSystemWatcher(
          "**/{pyproject.toml,numpyro-lint.toml}",
        ),
      },
    },
  );
}

async function start(output: vscode.LogOutputChannel): Promise<void> {
  client = createClient(output);
  try {
    await client.start();
    await client.setTrace(messageTrace());
  } catch (error) {
    const { command } = serverCommand();
    output.error(`The server could not be started: ${String(error)}`);
    const choice = await vscode.window.showErrorMessage(
      `numpyro-lint: cannot start "${command}". Is numpyro-lint installed, and the setting ` +
        "numpyroLint.server.command right?",
      "Open Settings",
      "Show Output",
    );
    if (choice === "Open Settings") {
      await vscode.commands.executeCommand(
        "workbench.action.openSettings",
        `${SECTION}.server.command`,
      );
    } else if (choice === "Show Output") {
      output.show();
    }
  }
}

async function stop(): Promise<void> {
  const stopping = client;
  client = undefined;
  // A client that never came up has nothing to stop.
  if (stopping?.isRunning()) {
    await stopping.stop();
  }
  await stopping?.dispose().catch(() => undefined);
}

function enqueue(task: () => Promise<void>): Promise<void> {
  queue = queue.then(task, task);
  return queue;
}

function messageTrace(): Trace {
  const level = vscode.workspace.getConfiguration(SECTION).get("messages", "off");
  return Trace.fromString(level);
}

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel("numpyro-lint", { log: true });
  const restart = (): Promise<void> =>
    enqueue(async () => {
      await stop();
      await start(output);
    });

  context.subscriptions.push(
    output,
    vscode.commands.registerCommand("numpyroLint.restart", restart),
    vscode.commands.registerCommand("numpyroLint.showOutput", () => output.show()),
    vscode.workspace.onDidGrantWorkspaceTrust(async () => {
      if (client?.isRunning()) {
        await client.sendNotification("numpyroLint/trust", { trusted: true });
      }
    }),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (needsRestart(event)) {
        await restart();
      } else if (event.affectsConfiguration(`${SECTION}.messages`)) {
        await client?.setTrace(messageTrace());
      }
    }),
  );
  await enqueue(() => start(output));
}

export function deactivate(): Promise<void> {
  return enqueue(stop);
}
