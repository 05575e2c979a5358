// A model's graph in a view of its own, drawn anew when the file is saved.

import { randomBytes } from "node:crypto";

import * as vscode from "vscode";

import type { Model } from "./models";

/** Asks the server for a model's graph; undefined where it has none to give. */
export type Draw = (model: Model) => Promise<string | undefined>;

export class Graphs {
  readonly #panels = new Map<string, vscode.WebviewPanel>();
  readonly #draw: Draw;
  readonly #renew: Draw;
  readonly #saving: vscode.Disposable;

  /** `renew` draws what is shown already: where it cannot, that stays, and nothing is said. */
  constructor(draw: Draw, renew: Draw) {
    this.#draw = draw;
    this.#renew = renew;
    const redraw = ({ uri }: { uri: vscode.Uri }) => this.#redraw(uri);
    this.#saving = vscode.Disposable.from(
      vscode.workspace.onDidSaveTextDocument(redraw),
      vscode.workspace.onDidSaveNotebookDocument(redraw),
    );
  }

  async show(model: Model): Promise<void> {
    const svg = await this.#draw(model);
    if (svg === undefined) {
      return;
    }
    const panel = this.#panels.get(key(model)) ?? this.#open(model);
    panel.webview.html = page(model, svg);
    panel.reveal(undefined, true);
  }

  #open(model: Model): vscode.WebviewPanel {
    const panel = vscode.window.createWebviewPanel(
      "numpyroLint.graph",
      `Graph of ${model.model}`,
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { enableScripts: false, enableFindWidget: true, localResourceRoots: [] },
    );
    this.#panels.set(key(model), panel);
    panel.onDidDispose(() => this.#panels.delete(key(model)));
    return panel;
  }

  async #redraw(saved: vscode.Uri): Promise<void> {
    const trace = vscode.workspace.getConfiguration("numpyroLint", saved).get<string>("trace", "on");
    // A graph shows a trace: where these are made when asked for, it is too.
    for (const [id, panel] of trace === "manual" ? [] : this.#panels) {
      const model = JSON.parse(id) as Model;
      // The cells of a notebook have its path.
      const isOf = vscode.Uri.parse(model.uri).fsPath === saved.fsPath;
      const svg = isOf ? await this.#renew(model) : undefined;
      if (svg !== undefined) {
        panel.webview.html = page(model, svg);
      }
    }
  }

  dispose(): void {
    this.#saving.dispose();
    for (const panel of this.#panels.values()) {
      panel.dispose();
    }
  }
}

function key({ uri, model }: Model): string {
  return JSON.stringify({ uri, model });
}

/** The page of a graph: it may hold styles of ours, and nothing else at all. */
function page(model: Model, svg: string): string {
  const nonce = randomBytes(16).toString("base64");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'">
<title>${escaped(model.model)}</title>
<style nonce="${nonce}">
body { padding: 0; margin: 0; }
svg { display: block; margin: 1em auto; max-width: 100%; height: auto; }
/* The graph in the colours of the editor. */
.nl-picture {
  --paper: var(--vscode-editor-background) !important;
  --ink: var(--vscode-editor-foreground) !important;
  --faint: var(--vscode-descriptionForeground) !important;
}
</style>
</head>
<body>
${svg.replaceAll("<style>", `<style nonce="${nonce}">`)}
</body>
</html>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
