import * as vscode from "vscode";
import { DidChangeConfigurationNotification, State } from "vscode-languageclient/node";
import type { LanguageClient } from "vscode-languageclient/node";

import { createClient, messageTrace } from "./client";
import { usesNumPyro } from "./documents";
import { Graphs } from "./graph";
import { onDidSelectPython } from "./interpreters";
import { ask, type Model, modelAtCursor, tellTrace, tellVerified } from "./models";
import { findServer, offerToInstall, type Program, showFailure } from "./server";
import { needsRestart, SECTION } from "./settings";
import { type State as Shown, Status } from "./status";

/** The extension while it is active: one server, started and stopped in turn. */
class Extension {
  readonly output = vscode.window.createOutputChannel("numpyro-lint", { log: true });
  readonly status = new Status();
  readonly graphs = new Graphs((model) => this.#ask<string>("numpyroLint.graph", model));
  readonly configurations = vscode.workspace.createFileSystemWatcher(
    "**/{pyproject.toml,numpyro-lint.toml}",
  );
  #client: LanguageClient | undefined;
  #program: Program | undefined;
  #offered = false;
  // Starts and stops are done one after the other, however fast they are asked for.
  #queue: Promise<void> = Promise.resolve();

  restart(): Promise<void> {
    return this.#enqueue(async () => {
      await this.#stop();
      await this.#start();
    });
  }

  stop(): Promise<void> {
    return this.#enqueue(() => this.#stop());
  }

  async install(): Promise<void> {
    if (await offerToInstall(this.output)) {
      await this.restart();
    }
  }

  /** Once in a session, to one who has a file open that uses NumPyro. */
  async offer(document: vscode.TextDocument): Promise<void> {
    await this.#queue;
    const wanted = this.#program === undefined && vscode.workspace.isTrusted;
    if (wanted && !this.#offered && usesNumPyro(document)) {
      this.#offered = true;
      await this.install();
    }
  }

  /** The workspace is trusted now: its own Python may be started, and its models traced. */
  async trust(): Promise<void> {
    await this.#client?.sendNotification("numpyroLint/trust", { trusted: true });
    const program = await findServer(this.output);
    if (program?.command !== this.#program?.command) {
      await this.restart();
    }
    await this.#show();
  }

  async configure(event: vscode.ConfigurationChangeEvent): Promise<void> {
    if (needsRestart(event)) {
      await this.restart();
    } else if (event.affectsConfiguration(SECTION)) {
      // The server asks for what it wants to know.
      await this.#client?.sendNotification(DidChangeConfigurationNotification.type, {
        settings: null,
      });
      await this.#client?.setTrace(messageTrace());
      await this.#show();
    }
  }

  /** What is shown of the server's commands; undefined for those that show nothing. */
  readonly handle = (command: string, args: unknown[]): Promise<void> | undefined => {
    const model = args[0] as Model;
    switch (command) {
      case "numpyroLint.graph":
        return this.graphs.show(model);
      case "numpyroLint.trace":
        return this.#trace(model);
      case "numpyroLint.verify":
        return this.#verify(model);
      default:
        return undefined;
    }
  };

  /** A command of the server, for the model at the cursor. */
  async atCursor(command: string): Promise<void> {
    const model = this.#client && (await modelAtCursor(this.#client));
    if (model !== undefined) {
      await this.handle(command, [model]);
    }
  }

  async #trace(model: Model): Promise<void> {
    const traced = await this.#ask<Parameters<typeof tellTrace>[0]>("numpyroLint.trace", model);
    if (traced !== undefined) {
      await tellTrace(traced, this.output);
    }
  }

  async #verify(model: Model): Promise<void> {
    const found = await this.#ask<Parameters<typeof tellVerified>[0]>("numpyroLint.verify", model);
    if (found !== undefined) {
      await tellVerified(found, model);
    }
  }

  /** The server's answer; undefined where it refuses, which the user is told. */
  async #ask<R>(command: string, model: Model): Promise<R | undefined> {
    try {
      return this.#client && (await ask<R>(this.#client, command, model));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      void vscode.window.showErrorMessage(`numpyro-lint: ${reason}`);
      return undefined;
    }
  }

  async #start(): Promise<void> {
    await this.status.show("starting");
    this.#program = await findServer(this.output);
    if (this.#program !== undefined) {
      const { command, args } = this.#program;
      this.output.info(`starting ${[command, ...args].join(" ")}`);
      this.#client = await createClient(
        this.#program,
        this.output,
        this.configurations,
        this.handle,
      );
      this.#client.onDidChangeState(() => this.#show());
      try {
        await this.#client.start();
        await this.#client.setTrace(messageTrace());
      } catch (error) {
        this.output.error(`the server could not be started: ${String(error)}`);
        void showFailure(`numpyro-lint: cannot start "${command}".`, this.output);
      }
    }
    await this.#show();
  }

  async #stop(): Promise<void> {
    const stopping = this.#client;
    this.#client = undefined;
    // A client that never came up has nothing to stop.
    if (stopping?.isRunning()) {
      await stopping.stop();
    }
    await stopping?.dispose().catch(() => undefined);
  }

  async #show(): Promise<void> {
    const shown = this.#shown();
    const running = typeof shown === "object";
    await vscode.commands.executeCommand("setContext", `${SECTION}.running`, running);
    await this.status.show(shown);
  }

  #shown(): Shown {
    if (this.#program === undefined) {
      return "missing";
    }
    switch (this.#client?.state) {
      case State.Running:
        return this.#program;
      case State.Starting:
        return "starting";
      default:
        return "failed";
    }
  }

  #enqueue(task: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(task, task);
    return this.#queue;
  }
}

let extension: Extension | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const active = new Extension();
  extension = active;
  const commands = {
    restart: () => active.restart(),
    install: () => active.install(),
    showOutput: () => active.output.show(),
    traceModel: () => active.atCursor("numpyroLint.trace"),
    showGraph: () => active.atCursor("numpyroLint.graph"),
    verifyModel: () => active.atCursor("numpyroLint.verify"),
  };
  context.subscriptions.push(
    active.output,
    active.status,
    active.graphs,
    active.configurations,
    ...Object.entries(commands).map(([name, run]) =>
      vscode.commands.registerCommand(`${SECTION}.${name}`, run),
    ),
    vscode.workspace.onDidGrantWorkspaceTrust(() => active.trust()),
    vscode.workspace.onDidChangeConfiguration((event) => active.configure(event)),
    vscode.workspace.onDidOpenTextDocument((document) => active.offer(document)),
  );
  await active.restart();
  context.subscriptions.push(await onDidSelectPython(() => active.restart()));
  void Promise.all(vscode.workspace.textDocuments.map((document) => active.offer(document)));
}

export async function deactivate(): Promise<void> {
  await extension?.stop();
}
