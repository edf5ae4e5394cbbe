/**
 * `npm run evidence`: what takes too long for every run of the tests. Writes docs/evidence.md, from
 * bench/results/evidence.json, in which a part that is not run again keeps what it found.
 *
 *     npm run evidence                               everything, some hours
 *     npm run evidence -- --only coverage            one part: coverage, fewRows, groups, ladders, basins, gain, fuzz,
 *                                                    soak, float64 or trained
 *     npm run evidence -- --ladder Farseer           ladders with this in their names, printed and not kept
 *     npm run evidence -- --sets 20 --minutes 1      smaller; --replicates, --fits, --points, --backend
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { openEngine } from "../../src/node.ts";
import { machine } from "../machine.ts";
import { described, table } from "../report.ts";
import { basinsPart } from "../basins/basins.ts";
import { coverage } from "./coverage.ts";
import { fewRowsPart } from "./few-rows.ts";
import { float64Part } from "./float64.ts";
import { fuzz } from "./fuzz.ts";
import { groupsPart } from "./groups.ts";
import { gain } from "./gain.ts";
import { ladders } from "./ladders.ts";
import type { Effort, Part } from "./part.ts";
import { soak } from "./soak.ts";
import { trained } from "./trained.ts";

const PARTS = {
  coverage,
  ladders,
  basins: basinsPart,
  gain,
  fuzz,
  soak,
  fewRows: fewRowsPart,
  groups: groupsPart,
  float64: ({ points }: Effort) => float64Part(points),
  trained,
} as const;
type Name = keyof typeof PARTS;
const KEPT = "bench/results/evidence.json";

const { values: flags } = parseArgs({
  options: {
    only: { type: "string" },
    ladder: { type: "string" },
    sets: { type: "string", default: "200" },
    replicates: { type: "string", default: "400" },
    minutes: { type: "string", default: "30" },
    fits: { type: "string", default: "500" },
    points: { type: "string", default: "200000" },
    backend: { type: "string", default: "auto" },
  },
});
const effort: Effort = {
  sets: Number(flags.sets),
  ladder: flags.ladder,
  replicates: Number(flags.replicates),
  minutes: Number(flags.minutes),
  fits: Number(flags.fits),
  points: Number(flags.points),
  backend: flags.backend as Effort["backend"],
};
const names = Object.keys(PARTS) as Name[];
if (flags.only !== undefined && !names.includes(flags.only as Name))
  throw new Error(`--only is ${flags.only}; the parts are ${names.join(", ")}`);

/** The commit and the machine, as a line below each part. */
async function measured(): Promise<string> {
  const engine = await openEngine({ backend: effort.backend });
  const { adapter } = await engine.describe();
  await engine.close();
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  return `Commit ${commit}. ${described(machine(), adapter?.description ?? "none")}`;
}

/** Lines of at most 100 columns, as in every page. */
const wrapped = (text: string): string => text.replace(/(.{1,100})(?: |$)/g, "$1\n").trimEnd();

function page(parts: Readonly<Partial<Record<Name, Part>>>): string {
  const sections = names.flatMap((name) => {
    const part = parts[name];
    if (part === undefined) return [];
    const failures =
      part.failures.length === 0
        ? "Nothing failed."
        : `Failed:\n\n${part.failures.map((failure) => `* ${failure}`).join("\n")}`;
    return [
      `## ${part.title}`,
      wrapped(part.method),
      table(part.head, part.rows),
      failures,
      wrapped(part.measured),
    ];
  });
  const intro =
    "Written by `npm run evidence`: studies that take too long for every run of the tests.";
  return `${["# Evidence", intro, ...sections].join("\n\n")}\n`;
}

if (flags.ladder !== undefined) {
  const { head, rows } = await ladders(effort);
  console.log(table(head, rows));
  process.exit();
}
const parts: Partial<Record<Name, Part>> = existsSync(KEPT)
  ? (JSON.parse(readFileSync(KEPT, "utf8")) as Partial<Record<Name, Part>>)
  : {};
for (const name of flags.only === undefined ? names : [flags.only as Name]) {
  parts[name] = { ...(await PARTS[name](effort)), measured: await measured() };
  writeFileSync(KEPT, `${JSON.stringify(parts, undefined, 2)}\n`);
  writeFileSync("docs/evidence.md", page(parts));
}
if (names.some((name) => (parts[name]?.failures.length ?? 0) > 0)) process.exitCode = 1;
