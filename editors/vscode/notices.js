// Writes the licences of what is bundled into the extension, as they ask for.

const { execFileSync } = require("node:child_process");
const { readdirSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const list = ["ls", "--omit=dev", "--all", "--parseable"];
const [, ...packages] = execFileSync("npm", list, { encoding: "utf8" }).trim().split("\n");
const texts = packages.map((folder) => {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (file === undefined) {
    throw new Error(`${folder} has no licence`);
  }
  const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return `${name} ${version}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
});
writeFileSync("out/ThirdPartyNotices.txt", texts.join(`\n${"-".repeat(72)}\n\n`));
