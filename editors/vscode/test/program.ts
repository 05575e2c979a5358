// Starts a real VS Code: its server, and a browser with its page. Everything that it writes goes
// to a folder of its own, which is removed at the end, as is every process.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { basename, delimiter, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

import { chromium, type Page } from "playwright-core";
import type * as vscode from "vscode";

const HERE = import.meta.dirname;
const CODE = join(HERE, "node_modules/code-server/lib/vscode/out/server-main.js");
const HOST = join(HERE, "host");
/** What stands in for the Python extension, where ours is not the one that is developed. */
const PYTHON = join(HERE, "python");
/** The environment that has numpyro-lint and NumPyro. */
export const ENVIRONMENT = resolve(
  process.env.NUMPYRO_LINT_ENV ?? join(HERE, "../../../.env-make"),
);

const SETTINGS = {
  "breadcrumbs.enabled": false,
  "chat.disableAIFeatures": true,
  "editor.minimap.enabled": false,
  "files.exclude": { "**/.venv": true },
  "security.workspace.trust.banner": "never",
  "security.workspace.trust.startupPrompt": "never",
  "telemetry.telemetryLevel": "off",
  "window.commandCenter": false,
  "workbench.activityBar.location": "hidden",
  "workbench.editor.useModal": "off",
  "workbench.layoutControl.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
};

/** How the extension gets into the program: as the folder it is developed in, or as a package. */
export type Extension = { folder: string } | { vsix: string };

type Body<A, R> = (api: typeof vscode, argument: A) => R | PromiseLike<R>;

export class Program {
  readonly page: Page;
  readonly workspace: string;
  readonly #started: Started;

  constructor(page: Page, started: Started) {
    this.page = page;
    this.workspace = started.workspace;
    this.#started = started;
  }

  /** Where a file of the workspace lies. */
  path(name: string): string {
    return join(this.workspace, name);
  }

  /** Run a function where extensions run. Only its text gets there: it sees its arguments alone. */
  async host<R>(body: Body<undefined, R>): Promise<R>;
  async host<A, R>(body: Body<A, R>, argument: A): Promise<R>;
  async host<A, R>(body: Body<A, R>, argument?: A): Promise<R> {
    const text = JSON.stringify({ body: String(body), argument });
    const answer = await post(this.#started.socket, "/", text);
    if (answer.error !== undefined) {
      throw new Error(answer.error);
    }
    return answer.value as R;
  }

  async close(): Promise<void> {
    await post(this.#started.socket, "/end", "");
    const code = await this.#started.over;
    await this.page.context().browser()?.close();
    await this.#started.stop();
    if (code !== 0) {
      throw new Error(`VS Code says that the tests ended with ${code}`);
    }
  }
}

interface Started {
  socket: string;
  workspace: string;
  /** The status with which VS Code says that the tests are over. */
  over: Promise<number>;
  stop(): Promise<void>;
}

interface Setting {
  extension: Extension;
  /** Files that are copied into the workspace. */
  files: string[];
  /** The environment that is the workspace's `.venv`. */
  environment: string;
  settings?: Record<string, unknown>;
}

/** Start VS Code, with a workspace of its own. */
export async function open({ extension, files, environment, settings }: Setting): Promise<Program> {
  const root = mkdtempSync(join(tmpdir(), "numpyro-lint-vscode-"));
  const workspace = join(root, "models");
  for (const each of [workspace, join(root, "home"), join(root, "server/data/User")]) {
    mkdirSync(each, { recursive: true });
  }
  for (const file of files) {
    cpSync(file, join(workspace, basename(file)));
  }
  symlinkSync(environment, join(workspace, ".venv"));
  writeFileSync(
    join(root, "server/data/User/settings.json"),
    JSON.stringify({ ...SETTINGS, ...settings }),
  );

  const socket = join(root, "host.sock");
  const { PYTHONPATH: _, ...inherited } = process.env;
  const variables = {
    ...inherited,
    HOME: join(root, "home"),
    NUMPYRO_LINT_TEST_SOCKET: socket,
  };
  const folders = [
    ...["--server-data-dir", join(root, "server")],
    ...["--extensions-dir", join(root, "extensions")],
  ];
  if ("vsix" in extension) {
    await install(extension.vsix, folders, variables);
  }
  const server = spawn(
    process.execPath,
    [
      CODE,
      ...["--host", "127.0.0.1", "--port", "0", "--without-connection-token"],
      ...["--accept-server-license-terms", "--telemetry-level", "off", "--enable-smoke-test-driver"],
      ...folders,
    ],
    { env: variables, detached: true, stdio: ["ignore", "pipe", "ignore"] },
  );
  const clean = (): void => {
    end(server);
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once("exit", clean);
  const port = await portOf(server);

  const browser = await chromium.launch({
    executablePath: onPath(process.env.CHROMIUM ?? "chromium"),
    args: ["--no-sandbox"],
  });
  const page = await browser.newPage({ viewport: { width: 960, height: 600 } });
  const over = new Promise<number>((ended) => page.exposeFunction("codeAutomationExit", ended));
  await page.exposeFunction("codeAutomationLog", (_kind: string, said: unknown[]) => {
    if (process.env.VERBOSE) {
      console.log(...said);
    }
  });
  const remote = (path: string): string => `vscode-remote://127.0.0.1:${port}${path}`;
  const payload = JSON.stringify([
    ["extensionDevelopmentPath", remote("folder" in extension ? extension.folder : PYTHON)],
    ["extensionTestsPath", remote(join(HOST, "index.js"))],
  ]);
  const query = new URLSearchParams({ folder: workspace, payload });
  await page.goto(`http://127.0.0.1:${port}/?${query}`);
  await until("the extension host answers", () => existsSync(socket), 60);

  const stop = async (): Promise<void> => {
    const gone = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGTERM");
    await gone;
    try {
      await until("all that was started ends", () => leftovers(root).length === 0);
    } finally {
      clean();
      process.removeListener("exit", clean);
    }
  };
  return new Program(page, { socket, workspace, over, stop });
}

/** Try again and again, until it gives something that is true. */
export async function until<R>(
  what: string,
  get: () => R | Promise<R>,
  seconds = 60,
): Promise<Exclude<R, false | undefined | null>> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await get();
    if (found) {
      return found as Exclude<R, false | undefined | null>;
    }
    if (Date.now() > end) {
      throw new Error(`waited ${seconds} s in vain: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function install(vsix: string, folders: string[], env: NodeJS.ProcessEnv): Promise<void> {
  // What it says on the way is of parts that are not installed, and that nothing here needs.
  await promisify(execFile)(process.execPath, [CODE, "--install-extension", vsix, ...folders], {
    env,
    timeout: 60_000,
  });
}

async function portOf(server: ChildProcess): Promise<number> {
  for await (const line of createInterface({ input: server.stdout! })) {
    const port = /agent listening on (\d+)/.exec(line)?.[1];
    if (port !== undefined) {
      server.stdout!.resume();
      return Number(port);
    }
  }
  throw new Error("VS Code's server ended before it listened");
}

function onPath(name: string): string {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = folders.map((folder) => resolve(folder, name)).find(existsSync);
  if (found === undefined) {
    throw new Error(`${name} is not on the path`);
  }
  return found;
}

/** End a process and all that it started. */
function end(server: ChildProcess): void {
  try {
    process.kill(-server.pid!, "SIGKILL");
  } catch {
    // None of them is left.
  }
}

/** The processes that run for a VS Code which was started with a folder of its own. */
function leftovers(root: string): string[] {
  return readdirSync("/proc").filter((id) => {
    try {
      return /^\d+$/.test(id) && readFileSync(`/proc/${id}/environ`, "utf8").includes(root);
    } catch {
      return false; // It has ended since.
    }
  });
}

interface Answer {
  value?: unknown;
  error?: string;
}

function post(socketPath: string, path: string, text: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, path, method: "POST" }, async (response) => {
      resolve(JSON.parse((await response.setEncoding("utf8").toArray()).join("")));
    });
    asking.on("error", reject);
    asking.end(text);
  });
}
