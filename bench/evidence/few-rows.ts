/**
 * Does a profile interval hold the truth where there are few runs? Tables of 22 and 40 runs are
 * drawn from an additive law of 13 parameters with 0.5 % noise, and fitted with the usual loss,
 * whose δ is far below the noise, and with squared loss. Counted is how often E's and α's profile
 * intervals hold what is true; open ends and widths stand apart.
 */
import { entryOf, firstOf } from "../../src/base/known.ts";
import type { Runs } from "../../src/data/runs/run-set.ts";
import { toRuns } from "../../src/data/runs/runs.ts";
import { parseTable } from "../../src/data/table/parse-table.ts";
import { laws, openEngine } from "../../src/node.ts";
import { stream } from "../../src/random/rng.ts";
import { drawTruth, type Truth } from "../../src/simulate/draw-truth.ts";
import { simulate } from "../../src/simulate/simulate.ts";
import { median } from "../../src/stats/moments.ts";
import type { Effort, Part } from "./part.ts";

const DOMAINS = ["web", "code", "papers", "books"];
const TARGETS = ["loss_web"];
const NOISE = 0.005;
/** What E and α truly are. */
const TRUE = { E: 1.578, alpha: 0.272 } as const;
const ROWS = [22, 40] as const;
const LOSSES = ["huber", "squared"] as const;
const DESIGN = {
  domains: DOMAINS,
  targets: TARGETS,
  sizes: [2e7, 5e7, 1.2e8, 3e8, 7e8],
  tokens: { perParam: 20, checkpoints: 4 },
  mixtures: 30,
};

function truth(): Truth {
  const usual = drawTruth(laws.additive, DOMAINS, TARGETS, {
    signs: "positive",
    seed: 3,
    noise: { kind: "lognormal", sigma: NOISE },
  });
  const target = firstOf(usual.targets);
  return { ...usual, targets: [{ ...target, coordinates: { ...target.coordinates, ...TRUE } }] };
}

/** Table number `n`: `rows` runs of the design. */
async function drawn(n: number, rows: number): Promise<Runs> {
  const { columns, rows: all } = simulate(laws.additive, { ...truth(), seed: 7000 + n }, DESIGN);
  const draws = stream(78, n + 1);
  const chosen = all
    .map((row, i) => ({ row, key: draws.uniform(i, 0) }))
    .sort((a, b) => a.key - b.key)
    .slice(0, rows);
  const text = [columns.join(), ...chosen.map(({ row }) => row.join())].join("\n");
  return toRuns(await parseTable(new TextEncoder().encode(text), "csv", `table ${n}`));
}

/** How one parameter's intervals did. */
interface Tally {
  held: number;
  open: number;
  readonly widths: number[];
}

/** How the intervals of E and α did on tables of `rows` runs. */
export async function fewRows(
  rows: number,
  sets: number,
  loss: (typeof LOSSES)[number],
): Promise<Record<keyof typeof TRUE, Tally>> {
  const tallies = { E: empty(), alpha: empty() };
  const engine = await openEngine({ backend: "cpu" });
  for (let n = 0; n < sets; n++) {
    const options = { loss, restarts: 64, seed: n, profile: Object.keys(TRUE), backtest: false };
    const { fits } = await engine.fit(laws.additive, await drawn(n, rows), options);
    const { profile = {} } = firstOf(fits);
    for (const name of ["E", "alpha"] as const) {
      const [low, high] = entryOf(profile, name).interval;
      const tally = tallies[name];
      if ((low ?? -Infinity) <= TRUE[name] && TRUE[name] <= (high ?? Infinity)) tally.held++;
      if (low === null || high === null) tally.open++;
      else tally.widths.push(high - low);
    }
  }
  await engine.close();
  return tallies;
}

const empty = (): Tally => ({ held: 0, open: 0, widths: [] });

/** The study. */
export async function fewRowsPart({ sets }: Effort): Promise<Omit<Part, "measured">> {
  const rows: string[][] = [];
  const failures: string[] = [];
  for (const count of ROWS) {
    for (const loss of LOSSES) {
      const tallies = await fewRows(count, sets, loss);
      for (const [name, { held, open, widths }] of Object.entries(tallies)) {
        const share = (100 * held) / sets;
        rows.push([`${count}`, loss, name, `${share.toFixed(1)} %`, `${open}`, median(widths).toFixed(3)]); // prettier-ignore
        if (loss === "huber" && share < 90)
          failures.push(`${name} of ${count} runs: ${share.toFixed(1)} %`);
      }
    }
    process.stderr.write(`few rows: ${count} done\n`);
  }
  return {
    title: "Profile intervals of few runs",
    method: `${sets} tables of each size drawn from a known additive law of 13 parameters (4 domains, ${100 * NOISE} % noise). A row counts how often 95 % profile intervals held the truth; δ of the Huber loss is a tenth of the noise.`,
    head: ["runs", "loss", "parameter", "held", "open", "median width"],
    rows,
    failures,
  };
}
