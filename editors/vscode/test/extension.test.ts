// The extension as it is developed, in a real VS Code: what the API says of it, and what the page
// shows. The pictures of the README are taken here, of what is asserted, where UPDATE_PICTURES is
// set.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";

import {
  begin,
  clickLens,
  command,
  configure,
  drawn,
  finding,
  findings,
  goTo,
  hover,
  keepFailure,
  notified,
  replace,
  show,
  status,
  textOf,
} from "./asking.ts";
import { ENVIRONMENT, open, type Program, until } from "./program.ts";

const EXTENSION = resolve(import.meta.dirname, "..");
const EXAMPLES = resolve(EXTENSION, "../../examples");
const SCHOOLS = "eight_schools.py";
const MISSPELT = "misspelt_key.py";
const SPRING = "linear_regression_handlers.py";
const NOTEBOOK = "radon_like.ipynb";
const WARNING = 1;

describe("the extension in its folder", () => {
  let program: Program;

  before(async () => {
    program = await open({
      extension: { folder: EXTENSION },
      files: [SCHOOLS, MISSPELT, SPRING, NOTEBOOK].map((name) => join(EXAMPLES, name)),
      environment: ENVIRONMENT,
    });
  });
  after(() => program.close());

  afterEach((context) => keepFailure(program, context));

  /** Take a picture of what the page shows; to be kept when all of a test holds. */
  async function picture(name: string): Promise<() => void> {
    // Where there is nothing to point at.
    await program.page.mouse.move(400, 585);
    const taken = await program.page.screenshot();
    return () => {
      if (process.env.UPDATE_PICTURES) {
        writeFileSync(join(EXTENSION, "images", `${name}.png`), taken);
      }
    };
  }

  test("nothing that a workspace brings along is started before it is trusted", async () => {
    await show(program, MISSPELT);
    const said = await status(program, /not installed/);
    assert.match(said, /not started before the workspace is trusted/);
    assert.deepEqual(await findings(program, MISSPELT), []);
  });

  test("models are read as text by another Python, and nothing is run", async () => {
    await configure(program, "python", join(ENVIRONMENT, "bin/python"));
    await finding(program, MISSPELT, "unknown-site-in-handler");
    await status(program, /read as text: not trusted/);
    await show(program, SCHOOLS);
    const told = await hover(program, SCHOOLS, '"theta"');
    assert.match(told, /theta/);
    assert.doesNotMatch(told, /\(8,\)/);
    await configure(program, "python", null);
  });

  test("once the workspace is trusted, its own Python traces its models", async () => {
    await command(program, "workbench.trust.manage");
    await program.page.getByRole("button", { name: "Trust", exact: true }).click();
    await command(program, "workbench.action.closeActiveEditor");
    await command(program, "workbench.action.closeSidebar");
    const said = await status(program, /Models are traced/);
    assert.match(said, /\.venv/);
  });

  test("a finding is marked in the text and listed under Problems", async () => {
    await goTo(program, SCHOOLS, 'numpyro.sample("theta"');
    const found = await until("the trace's finding", async () => {
      const all = await findings(program, SCHOOLS);
      return all.find((each) => each.rule === "funnel" && each.severity === WARNING);
    });
    assert.equal(found.text, 'numpyro.sample("theta", dist.Normal(mu, tau))');
    assert.equal(found.source, "numpyro-lint");
    assert.match(found.message, /12 %/);
    await program.page.locator(".squiggly-warning").first().waitFor();
    await command(program, "workbench.actions.view.problems");
    const row = program.page.locator(".markers-panel .monaco-list-row", { hasText: "funnel" });
    assert.match((await row.first().innerText()).replaceAll("\u00a0", " "), /the scale of 'theta'/);
    (await picture("problems"))();
  });

  test("hovering tells the shape that the trace has shown", async () => {
    const told = await hover(program, SCHOOLS, '"theta"');
    assert.match(told, /\(8,\)/);
    await command(program, "workbench.action.closePanel");
    await goTo(program, SCHOOLS, '"theta"');
    await command(program, "editor.action.showHover");
    const shown = program.page.locator(".monaco-hover:visible", { hasText: "(8,)" });
    await shown.first().waitFor();
    (await picture("hover"))();
    await program.page.keyboard.press("Escape");
  });

  test("a model's graph is drawn in a view, and anew on saving", async () => {
    await clickLens(program, "Model graph");
    const names = await until("the graph is drawn", () => drawn(program));
    assert.deepEqual(names.sort(), ["mu", "obs", "tau", "theta"]);
    (await picture("graph"))();
    await replace(program, SCHOOLS, '"mu"', '"average"');
    await command(program, "workbench.action.files.save");
    await until("the new name is drawn", async () => (await drawn(program))?.includes("average"));
    await command(program, "workbench.action.closeEditorsInOtherGroups");
  });

  test("what came of a trace is told, and short runs can be cancelled", async () => {
    await clickLens(program, "Trace now");
    await notified(program, "eight_schools: traced, 5 sites.");
    await command(program, "notifications.clearAll");
    await clickLens(program, "Verify");
    const work = await notified(program, "Verifying eight_schools");
    await work.getByRole("button", { name: "Cancel" }).click();
    await work.waitFor({ state: "hidden" });
    await command(program, "notifications.showList");
    assert.deepEqual(await program.page.locator(".notification-list-item").allInnerTexts(), []);
    await goTo(program, MISSPELT, '"start"');
    await command(program, "numpyroLint.verifyModel");
    await notified(program, "seedling: no site is drawn in a form that does it harm.");
    await command(program, "notifications.clearAll");
    await show(program, SCHOOLS);
  });

  test("settings reach the server, which can be started anew", async () => {
    await configure(program, "ignore", ["funnel"]);
    await until("nothing is found", async () => (await findings(program, SCHOOLS)).length === 0);
    await configure(program, "ignore", null);
    await finding(program, SCHOOLS, "funnel");
    await configure(program, "trace", "manual");
    await status(program, /traced when asked for/);
    await configure(program, "trace", null);
    await command(program, "numpyroLint.restart");
    await command(program, "numpyroLint.restartWorker");
    await finding(program, SCHOOLS, "funnel");
  });

  test("a quick fix is applied, and the finding is gone", async () => {
    await goTo(program, MISSPELT, "grow\"");
    await finding(program, MISSPELT, "unknown-site-in-handler");
    const before = await findings(program, MISSPELT);
    await begin(program, "editor.action.quickFix");
    const choice = program.page.locator(".action-widget .monaco-list-row", { hasText: "growth" });
    await choice.first().waitFor();
    const keep = await picture("fix");
    await choice.first().click();
    await until("the fix is in the text", async () =>
      (await textOf(program, MISSPELT)).includes('data={"growth": 0.4}'),
    );
    const left = await until("the finding is gone", async () => {
      const found = await findings(program, MISSPELT);
      return found.length < before.length && found;
    });
    assert.ok(left.every((each) => each.text !== '"grow"'));
    keep();
  });

  test("a site is renamed wherever a handler's key means it", async () => {
    await goTo(program, SPRING, 'stretch": 1.25');
    await begin(program, "editor.action.rename");
    const box = program.page.locator(".rename-box input");
    await box.waitFor();
    await box.fill("stiffness");
    await box.press("End");
    const keep = await picture("rename");
    await box.press("Enter");
    const text = await until("the new name is in the text", async () => {
      const text = await textOf(program, SPRING);
      return text.includes('"stiffness"') && text;
    });
    for (const renamed of [
      'stretch = numpyro.sample("stiffness", dist.Normal(2.0, 2.0))\n    noise = numpyro',
      'handlers.condition(data={"stiffness": 2.5, "length": LENGTH})',
      'draw = {"rest": 10.0, "stiffness": 2.5, "noise": 0.1}',
      'handlers.do(spring, data={"stiffness": 1.25})',
      'data={"left/stiffness": 2.5, "right/stiffness": 2.0}',
      'handlers.scope(prefix="only"), handlers.condition(data={"stiffness": 2.0})',
      'config={"stiffness": LocScaleReparam(0)}',
    ]) {
      assert.ok(text.includes(renamed), renamed);
    }
    // A site of the same name in another model.
    assert.ok(text.includes('numpyro.param("stretch", 1.0)'));
    keep();
  });

  test("a finding in a notebook stands in its cell", async () => {
    await show(program, NOTEBOOK);
    const found = await finding(program, NOTEBOOK, "unknown-site-in-handler");
    assert.equal(found.text, '"sigma"');
    await program.host((vscode) => {
      const editor = vscode.window.activeNotebookEditor!;
      editor.revealRange(new vscode.NotebookRange(9, 10), vscode.NotebookEditorRevealType.InCenter);
    });
    await program.page.locator(".notebookOverlay .squiggly-error").first().waitFor();
    (await picture("notebook"))();
  });
});
