/**
 * The example's runs beside what was registered before the largest of them were trained: the
 * tables of docs/loop.md, into bench/results/loop.md.
 *
 *     npm run bench -- loop                          some minutes on two cores
 *     npm run bench -- loop --only proposals         one part: proposals, noise, few, sizes
 *     npm run bench -- loop --table T.csv --plans FOLDER
 *
 * FOLDER has a plan of each goal, and all.json, of all targets.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { itemAt } from "../../src/base/known.ts";
import { check, laws, openEngine, parsePlan, readRuns } from "../../src/node.ts";
import type { Plan } from "../../src/register/plan.ts";
import { machine } from "../machine.ts";
import { described } from "../report.ts";
import { runRows } from "../registered/mixtures.ts";
import { fewMixtures } from "./few-mixtures.ts";
import { noiseTable } from "./noise.ts";
import { weightsOf } from "./outcomes.ts";
import {
  belowTrainedTable,
  lawsTable,
  promisesTable,
  proposalsTable,
  repetitionTable,
} from "./proposals.ts";
import { optimaBySize } from "./sizes.ts";

const { values: flags } = parseArgs({
  options: {
    table: { type: "string", default: "examples/runs.csv" },
    plans: { type: "string", default: "examples/train/registered" },
    only: { type: "string", multiple: true },
    out: { type: "string", default: "bench/results/loop.md" },
  },
});
/** The domain that runs have to repeat. */
const REPEATED = "austen";
/** How many mixtures are fitted where few are. */
const COUNTS = [8, 12, 16, 20, 30];

const isWanted = (part: string): boolean => flags.only?.includes(part) ?? true;
const planIn = (name: string): Plan => {
  const path = join(flags.plans, name);
  return parsePlan(readFileSync(path, "utf8"), path);
};
const all = planIn("all.json");
const goals = new Map(
  readdirSync(flags.plans)
    .filter((name) => /^(?!all|train).*\.json$/.test(name))
    .map((name) => [name.replace(".json", ""), planIn(name)]),
);
const point = itemAt(all.points, 0);
const [params, tokens] = [point.at.params ?? NaN, point.at.tokens ?? NaN];
const rows = runRows(flags.table);
const smaller = `n_params < ${params}`;
const largest = `n_params == ${params} and n_tokens == ${tokens}`;
const parts: string[] = [];
const say = (title: string, ...texts: string[]): void => {
  parts.push(`## ${title}`, ...texts);
  process.stdout.write(`## ${title}\n\n${texts.join("\n\n")}\n\n`);
};

const fitted = rows.filter((row) => Number(row["n_params"]) < params);
/** The least share of each domain in the runs of smaller sizes. */
const least = new Map(
  all.domains.map((domain) => [domain, Math.min(...fitted.map((row) => Number(row[`h_${domain}`])))]), // prettier-ignore
);

if (isWanted("proposals")) {
  const runs = await readRuns(flags.table, { units: "absolute", where: largest });
  for (const [goal, plan] of goals) {
    const checked = check(plan, runs);
    say(`Goal: ${goal}`, proposalsTable(plan, checked), promisesTable(plan, checked));
  }
  const checked = check(all, runs);
  say("Laws", lawsTable(checked));
  say("Shares below any that was fitted", belowTrainedTable(all, checked, least));
  say(`Repetition of ${REPEATED}`, repetitionTable(all, checked, REPEATED));
}
if (isWanted("noise")) say("Noise of seeds", noiseTable(rows));

const engine = await openEngine({ backend: "cpu" });
if (isWanted("few")) {
  const mixtures = [...new Set(rows.flatMap((row) => Number(row["n_params"]) < params ? [row["mixture_id"] ?? ""] : []))]; // prettier-ignore
  const where = { table: flags.table, smaller, largest, least };
  say("Few mixtures against many", await fewMixtures(engine, mixtures, COUNTS, where));
}
if (isWanted("sizes")) {
  const runs = await readRuns(flags.table, { units: "absolute", where: smaller });
  const file = await engine.fit(laws.joint, runs, { seed: 1 });
  const sizes = [...new Set(rows.map((row) => Number(row["n_params"])))].toSorted((a, b) => a - b);
  const objectives = new Map([...goals].map(([goal, plan]) => [goal, weightsOf(plan)]));
  say("Best mixtures by the joint law", await optimaBySize(file, "joint", objectives, sizes, tokens)); // prettier-ignore
}
await engine.close();

const about = `Made by \`npm run bench -- loop\`: what was registered before the runs of ${params} parameters, and what they are. ${described(machine(), "none")}`;
if (flags.only === undefined)
  writeFileSync(flags.out, `${["# The loop", about, ...parts].join("\n\n")}\n`);
