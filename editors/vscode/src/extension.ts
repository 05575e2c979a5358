import * as vscode from "vscode";
import { DidChangeConfigurationNotification, State } from "vscode-languageclient/node";
import type { LanguageClient } from "vscode-languageclient/node";

import { createClient, messageTrace } from "./client";
import { usesNumPyro } from "./documents";
import { Graphs } from "./graph";
import { onDidSelectPython } from "./interpreters";
import {
  ask,
  GRAPH,
  type Model,
  modelAtCursor,
  tellTrace,
  tellVerified,
  TRACE,
  VERIFY,
  wasCancelled,
} from "./models";
import { findServer, offerToInstall, type Program, showFailure } from "./server";
import { meansAnotherServer, SECTION } from "./settings";
import { type State as Shown, Status } from "./status";

/** How long a server may take to end by itself. */
const STOP_MS = 5000;

function showReason(reason: string): void {
  void vscode.window.showErrorMessage(`numpyro-lint: ${reason}`);
}

/** The extension while it is active: one server, started and stopped in turn. */
class Extension {
  readonly output = vscode.window.createOutputChannel("numpyro-lint", { log: true });
  readonly status = new Status();
  readonly graphs = new Graphs(
    (model) => this.#ask<string>(GRAPH, model),
    (model) => this.#ask<string>(GRAPH, model, () => undefined),
  );
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
      await this.#start(await this.#find());
    });
  }

  stop(): Promise<void> {
    return this.#enqueue(() => this.#stop());
  }

  /** Another Python may be meant: take the server from there, or offer to install it. */
  async reselect(): Promise<void> {
    this.#offered = false;
    await this.#follow((client) => configurationChanged(client));
    await this.#offerForOpen();
  }

  /** The workspace is trusted now: its own Python may be started, and its models traced. */
  async trust(): Promise<void> {
    await this.#follow((client) => client.sendNotification("numpyroLint/trust", { trusted: true }));
    await this.#offerForOpen();
  }

  /** Start another server where that is meant now; else tell the one that runs. */
  #follow(tell: (client: LanguageClient) => Promise<void>): Promise<void> {
    return this.#enqueue(async () => {
      const program = await this.#find();
      const isSame = JSON.stringify(program) === JSON.stringify(this.#program);
      if (isSame && this.#client?.isRunning()) {
        await tell(this.#client);
        await this.#show();
      } else {
        await this.#stop();
        await this.#start(program);
      }
    });
  }

  async install(): Promise<void> {
    if (await offerToInstall(this.output)) {
      await this.restart();
    }
  }

  /** Once for each Python, to one who has a file open that uses NumPyro. */
  async offer(document: vscode.TextDocument): Promise<void> {
    await this.#queue;
    const wanted = this.#program === undefined && vscode.workspace.isTrusted;
    if (wanted && !this.#offered && usesNumPyro(document)) {
      this.#offered = true;
      await this.install();
    }
  }

  async #offerForOpen(): Promise<void> {
    await Promise.all(vscode.workspace.textDocuments.map((document) => this.offer(document)));
  }

  async configure(event: vscode.ConfigurationChangeEvent): Promise<void> {
    if (meansAnotherServer(event)) {
      await this.reselect();
    } else if (event.affectsConfiguration(SECTION) && this.#client?.isRunning()) {
      await configurationChanged(this.#client);
      await this.#client.setTrace(messageTrace());
      await this.#show();
    }
  }

  /** What is shown of the server's commands; undefined for those that show nothing. */
  readonly handle = (command: string, args: unknown[]): Promise<void> | undefined => {
    const model = args[0] as Model;
    switch (command) {
      case GRAPH:
        return this.graphs.show(model);
      case TRACE:
        return this.#trace(model);
      case VERIFY:
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
    const traced = await this.#ask<Parameters<typeof tellTrace>[0]>(TRACE, model);
    if (traced !== undefined) {
      void tellTrace(traced, this.output);
    }
  }

  async #verify(model: Model): Promise<void> {
    const found = await this.#ask<Parameters<typeof tellVerified>[0]>(VERIFY, model);
    if (found !== undefined) {
      void tellVerified(found, model);
    }
  }

  /** The server's answer; undefined where it refuses, which the user is told. */
  async #ask<R>(command: string, model: Model, tell = showReason): Promise<R | undefined> {
    try {
      return this.#client && (await ask<R>(this.#client, command, model));
    } catch (error) {
      if (!wasCancelled(error)) {
        tell(error instanceof Error ? error.message : String(error));
      }
      return undefined;
    }
  }

  async #find(): Promise<Program | undefined> {
    await this.status.show("starting");
    return findServer(this.output);
  }

  async #start(program: Program | undefined): Promise<void> {
    this.#program = program;
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
    try {
      // A client that never came up has nothing to stop.
      if (stopping?.isRunning()) {
        await stopping.stop(STOP_MS);
      }
      await stopping?.dispose();
    } catch (error) {
      // Its process is ended all the same.
      this.output.warn(String(error));
    }
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

/** Tell the server, which then asks for what it wants to know. */
function configurationChanged(client: LanguageClient): Promise<void> {
  return client.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
}

let extension: Extension | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const active = new Extension();
  extension = active;
  const commands = {
    restart: () => active.restart(),
    install: () => active.install(),
    showOutput: () => active.output.show(),
    traceModel: () => active.atCursor(TRACE),
    showGraph: () => active.atCursor(GRAPH),
    verifyModel: () => active.atCursor(VERIFY),
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
  context.subscriptions.push(await onDidSelectPython(() => active.reselect()));
  // Offers wait for the user: nothing else is to wait for them.
  void active.reselect();
}

export async function deactivate(): Promise<void> {
  await extension?.stop();
}
