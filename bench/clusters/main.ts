/**
 * How the cost of a job depends on the number of shards: the same bootstrap in 1, 2, 4, … shards
 * that run at the same time, each on one core, and the run that joins them.
 *
 *     npm run bench:clusters -- --replicates 1000 --shards 1,2,4
 *
 * What counts is processor time: it is what a shard takes on a core of its own, and does not depend
 * on what else this machine does. The model is t(n) = a + b/n for a shard, and a constant for the
 * joining run. The fewest and the most shards give a and b; those between check them.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { firstOf } from "../../src/base/known.ts";
import { keep } from "../child.ts";
import { machine } from "../machine.ts";

const root = join(import.meta.dirname, "../..");

/** Seconds that a process took: of the clock, and of the processor. */
interface Cost {
  readonly clock: number;
  readonly processor: number;
}

/** One way of doing the job. */
interface Division {
  readonly shards: number;
  /** One a shard. */
  readonly costs: readonly Cost[];
  readonly joining: Cost;
}

const { values: flags } = parseArgs({
  options: {
    replicates: { type: "string", default: "1000" },
    shards: { type: "string", default: "1,2,4" },
    law: { type: "string", default: "additive" },
    out: { type: "string", default: "bench/results" },
  },
});
const fit = `fit test/simulated/runs.csv --law ${flags.law} --bootstrap ${flags.replicates} --group mixture_id --backend cpu --threads 1`; // prettier-ignore

/** Runs the command with more flags. Bash says what it cost. */
async function cost(...more: string[]): Promise<Cost> {
  const words = [process.execPath, join(root, "dist/cli.js"), ...fit.split(" "), ...more];
  const script = `TIMEFORMAT='cost %R %U %S'; time "$@" >/dev/null`;
  const child = spawn("bash", ["-c", script, "bash", ...words], {
    cwd: root,
    env: { ...process.env, LC_ALL: "C" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let text = "";
  child.stderr.setEncoding("utf8").on("data", (some: string) => (text += some));
  const code = await new Promise((resolve) => child.once("close", resolve));
  const [, clock, user, system] = /^cost (\S+) (\S+) (\S+)$/m.exec(text) ?? [];
  if (code !== 0 || clock === undefined) throw new Error(text);
  return { clock: Number(clock), processor: Number(user) + Number(system) };
}

async function divide(shards: number): Promise<Division> {
  const folder = mkdtempSync(join(tmpdir(), "mixlaw-shards-"));
  try {
    const costs = await Promise.all(
      Array.from({ length: shards }, (_, i) =>
        cost("--resume", folder, "--shard", `${i}/${shards}`),
      ),
    );
    return { shards, costs, joining: await cost("--resume", folder) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const longest = ({ costs }: Division): number =>
  Math.max(...costs.map(({ processor }) => processor));

/** Seconds of the slowest of n shards. */
type Model = (n: number) => number;

/** The model through the fewest and the most shards. */
function modelOf(
  divisions: readonly Division[],
): Model & { readonly a: number; readonly b: number } {
  const sorted = divisions.toSorted((x, y) => x.shards - y.shards);
  const [few, many] = [firstOf(sorted), firstOf(sorted.toReversed())];
  const b = (longest(few) - longest(many)) / (1 / few.shards - 1 / many.shards);
  const a = longest(few) - b / few.shards;
  return Object.assign((n: number) => a + b / n, { a, b });
}

function tables(single: Cost, divisions: readonly Division[]): string {
  const { cpu, node, date } = machine();
  const model = modelOf(divisions);
  const joined =
    divisions.reduce((sum, { joining }) => sum + joining.processor, 0) / divisions.length;
  const seconds = (x: number): string => x.toFixed(1);
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const measured = divisions.map((division) =>
    row([
      String(division.shards),
      seconds(longest(division)),
      seconds(model(division.shards)),
      seconds(division.costs.reduce((sum, { processor }) => sum + processor, 0)),
      seconds(division.joining.processor),
    ]),
  );
  const further = [8, 32, 100, 1000].map((n) =>
    row([String(n), "", seconds(model(n)), seconds(n * model(n)), seconds(joined)]),
  );
  return `# Shards

\`mixlaw ${fit}\`, in seconds of one core: ${cpu}, Node ${node}, ${date}.
Alone, without records: ${seconds(single.processor)} s.

t(n) = ${seconds(model.a)} + ${seconds(model.b)}/n, and ${seconds(joined)} to join.

| shards | slowest shard | by the model | all shards | joining |
|---|---|---|---|---|
${[...measured, ...further].join("\n")}
`;
}

const single = await cost();
const divisions: Division[] = [];
for (const n of flags.shards.split(",").map(Number)) divisions.push(await divide(n));
keep(join(root, flags.out), "clusters", { fit, single, divisions }, tables(single, divisions));
