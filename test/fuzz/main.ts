/**
 * Fuzzing from the command line:
 *
 *     npm run fuzz -- --minutes 30 --seed 7 --only fit-files,formulas --save
 *
 * --leaves goes through all files with one leaf changed instead, for as many minutes at most
 * (default: 600).
 *
 * --save writes each finding to test/fuzz/cases, where `npm test` replays it, and not to
 * .cache/fuzz/found; --replay FILE runs the one input that such a file holds.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fuzz, goThrough } from "./driver.ts";
import { GROUP_NAMES, GROUPS } from "./harnesses.ts";
import { CASES, readCase, writeCase } from "./cases.ts";
import { problemOf } from "./judge.ts";
import { root } from "./seeds.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string" },
    leaves: { type: "boolean", default: false },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
    but: { type: "string" },
    replay: { type: "string" },
    save: { type: "boolean", default: false },
  },
});
const loaded = await Promise.all(
  GROUP_NAMES.map(async (group) => (await GROUPS[group]()).map((each) => ({ ...each, group }))),
);
const HARNESSES = loaded.flat();
const names = (list: string | undefined): string[] => list?.split(",") ?? [];
const chosen = HARNESSES.filter(
  ({ name }) =>
    (values.only === undefined || names(values.only).includes(name)) &&
    !names(values.but).includes(name),
);
const unknown = [...names(values.only), ...names(values.but)].find((name) => HARNESSES.every((each) => each.name !== name)); // prettier-ignore
if (unknown !== undefined)
  throw new Error(`no harness ${unknown}; there are ${HARNESSES.map(({ name }) => name).join(", ")}`); // prettier-ignore

if (values.replay !== undefined) {
  const { harness: name, input } = readCase(values.replay);
  const harness = HARNESSES.find((each) => each.name === name);
  console.log(harness === undefined ? `no harness ${name}` : await problemOf(harness, input));
  // The error itself, with where it comes from.
  await harness?.run(input);
  process.exit();
}

const { runs, findings } = await (values.leaves ? goThrough : fuzz)({
  seconds: 60 * Number(values.minutes ?? (values.leaves ? 600 : 1)),
  seed: Number(values.seed),
  harnesses: chosen,
  child: join(import.meta.dirname, "child.js"),
  tell: (line) => console.log(line),
});

const folder = values.save ? CASES : join(root, ".cache/fuzz/found");
for (const [n, finding] of findings.entries())
  console.log(writeCase(folder, `${finding.harness}-${finding.seed}-${n}`, finding));
const total = [...runs.values()].reduce((sum, count) => sum + count, 0);
console.log([...runs].map(([name, count]) => `${name} ${count}`).join(", "));
console.log(`${total} inputs, ${findings.length} findings`);
process.exit(findings.length === 0 ? 0 : 1);
