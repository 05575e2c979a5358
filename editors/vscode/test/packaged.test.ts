// The extension as it is packaged, installed into a real VS Code, where the server is not.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";

import { command, drawn, finding, goTo, hover, keepFailure, notified, show, status } from "./asking.ts";
import { ENVIRONMENT, open, type Program, until } from "./program.ts";

const EXTENSION = resolve(import.meta.dirname, "..");
const SCHOOLS = "eight_schools.py";

/** An environment with nothing but a pip, which installs by a link to what is tested. */
function makeEmpty(folder: string): void {
  const python = join(ENVIRONMENT, "bin/python");
  execFileSync(python, ["-m", "venv", "--without-pip", folder]);
  const site = (python: string): string =>
    execFileSync(python, ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], {
      encoding: "utf8",
    }).trim();
  const here = site(join(folder, "bin/python"));
  mkdirSync(join(here, "pip"));
  writeFileSync(
    join(here, "pip/__main__.py"),
    `import pathlib, sys

if sys.argv[1] == "install":
    assert sys.argv[-1] == "numpyro-lint", sys.argv
    tested = ${JSON.stringify(site(python))}
    link = f"import site; site.addsitedir({tested!r})"
    pathlib.Path(${JSON.stringify(here)}, "numpyro_lint.pth").write_text(link)
`,
  );
}

describe("the extension as a package", () => {
  let program: Program;
  const environment = mkdtempSync(join(tmpdir(), "numpyro-lint-empty-"));

  before(async () => {
    makeEmpty(environment);
    program = await open({
      extension: { vsix: join(EXTENSION, "numpyro-lint.vsix") },
      files: [join(EXTENSION, "../../examples", SCHOOLS)],
      environment,
      settings: { "security.workspace.trust.enabled": false },
    });
  });
  after(async () => {
    await program.close();
    rmSync(environment, { recursive: true });
  });

  afterEach((context) => keepFailure(program, context));

  test("the server is installed into the workspace's Python, where it is missing", async () => {
    await show(program, SCHOOLS);
    const offer = await notified(program, "is not installed in");
    assert.match(await offer.innerText(), /models\/\.venv\/bin\/python/);
    await offer.getByRole("button", { name: "Install" }).click();
    await finding(program, SCHOOLS, "funnel");
    assert.match(await status(program, /Models are traced/), /\.venv/);
  });

  test("it is the package that runs", async () => {
    const found = await program.host((vscode) => {
      const extension = vscode.extensions.getExtension("numpyro-lint.numpyro-lint");
      return { path: extension?.extensionPath, active: extension?.isActive };
    });
    assert.ok(found.path?.startsWith(join(program.workspace, "../extensions")), found.path);
    assert.ok(found.active);
  });

  test("hovering tells a traced shape, and a graph is drawn", async () => {
    const told = await until("the trace", async () => {
      const told = await hover(program, SCHOOLS, '"theta"');
      return told.includes("shape") && told;
    });
    assert.match(told, /\(8,\)/);
    await goTo(program, SCHOOLS, 'numpyro.sample("theta"');
    await command(program, "numpyroLint.showGraph");
    const names = await until("the graph is drawn", () => drawn(program));
    assert.deepEqual(names.sort(), ["mu", "obs", "tau", "theta"]);
  });

  test("the Python that is selected in the Python extension is taken", async () => {
    await program.host(
      (vscode, path) => vscode.extensions.getExtension("ms-python.python")!.exports.select(path),
      join(ENVIRONMENT, "bin/python"),
    );
    await until("that Python is shown", async () => {
      const said = await status(program, /Models are traced/);
      return said.includes(ENVIRONMENT);
    });
    await finding(program, SCHOOLS, "funnel");
  });
});
