// What the extension is about, beside the language in the status bar.

import { basename, dirname } from "node:path";

import * as vscode from "vscode";

import { DOCUMENTS } from "./documents";
import type { Program } from "./server";
import { serverSettings } from "./settings";

export type State = "starting" | "missing" | "failed" | Program;

export class Status {
  readonly #item = vscode.languages.createLanguageStatusItem("numpyroLint", DOCUMENTS);

  constructor() {
    this.#item.name = "numpyro-lint";
  }

  async show(state: State): Promise<void> {
    const item = this.#item;
    item.busy = state === "starting";
    item.severity = vscode.LanguageStatusSeverity.Information;
    item.detail = undefined;
    item.command = { title: "Show Output", command: "numpyroLint.showOutput" };
    if (state === "starting") {
      item.text = "numpyro-lint is starting";
    } else if (state === "failed") {
      item.text = "numpyro-lint could not be started";
      item.severity = vscode.LanguageStatusSeverity.Error;
    } else if (state === "missing") {
      item.text = "numpyro-lint is not installed";
      item.severity = vscode.LanguageStatusSeverity.Warning;
      if (vscode.workspace.isTrusted) {
        item.command = { title: "Install", command: "numpyroLint.install" };
      } else {
        item.detail = "the workspace's own Python is not started before the workspace is trusted";
        item.command = { title: "Manage Trust", command: "workbench.trust.manage" };
      }
    } else {
      await this.#showRunning(state);
    }
  }

  async #showRunning(program: Program): Promise<void> {
    const item = this.#item;
    const settings = await serverSettings();
    if (!vscode.workspace.isTrusted) {
      item.text = "Models are read as text: not trusted";
      item.command = { title: "Manage Trust", command: "workbench.trust.manage" };
    } else {
      item.text = {
        on: "Models are traced",
        manual: "Models are traced when asked for",
        off: "Models are read as text",
      }[settings.trace];
    }
    item.detail = shortened(settings.python ?? program.python ?? program.command);
  }

  get text(): string {
    return this.#item.text;
  }

  get detail(): string | undefined {
    return this.#item.detail;
  }

  dispose(): void {
    this.#item.dispose();
  }
}

/** `.venv` for /some/where/.venv/bin/python, and the path as it is for others. */
function shortened(path: string): string {
  const bin = dirname(path);
  const isEnvironment = ["bin", "Scripts"].includes(basename(bin)) && dirname(bin) !== "/usr";
  return isEnvironment ? vscode.workspace.asRelativePath(dirname(bin)) : path;
}
