/** Runs drawn from a known law, and how often intervals of a new run hold new ones. */
import { itemAt } from "../../src/base/known.ts";
import type { Runs } from "../../src/data/runs/run-set.ts";
import { toRuns } from "../../src/data/runs/runs.ts";
import { parseTable } from "../../src/data/table/parse-table.ts";
import { type Engine, laws } from "../../src/node.ts";
import { drawTruth } from "../../src/simulate/draw-truth.ts";
import { simulate } from "../../src/simulate/simulate.ts";
import { median } from "../../src/stats/moments.ts";
import { type Scored, scoredAt, scoreRow } from "./score-intervals.ts";

const DOMAINS = ["web", "code", "books", "papers", "wiki", "forum", "news"];
const TARGETS = ["loss_web", "loss_code", "loss_books"];
const NOISE = 0.005;
const SIZES = [1e8, 2e8, 4e8, 8e8];
const DESIGN = { domains: DOMAINS, targets: TARGETS, tokens: [2e9, 8e9, 3.2e10], mixtures: 40 };
const TRUTH = drawTruth(laws.additive, DOMAINS, TARGETS, {
  signs: "positive",
  seed: 3,
  noise: { kind: "lognormal", sigma: NOISE },
});

/** Table number n: its own mixtures and noise, the same truth. */
async function drawn(n: number, sizes: readonly number[]): Promise<Runs> {
  const truth = { ...TRUTH, seed: 1000 + n };
  const { columns, rows } = simulate(laws.additive, truth, { ...DESIGN, sizes });
  const text = [columns.join(), ...rows.map((row) => row.join())].join("\n");
  return toRuns(await parseTable(new TextEncoder().encode(text), "csv", `table ${n}`));
}

/** Coverage of new runs inside and one size up, over tables of a law that is right. */
export async function simulatedRows(
  engine: Engine,
  sets: number,
  replicates: number,
): Promise<string[][]> {
  const inside: Scored[] = [];
  const beyond: Scored[] = [];
  const ratios: number[] = [];
  for (let n = 0; n < sets; n++) {
    const options = { restarts: 32, bootstrap: replicates, backtest: true, seed: n };
    const file = await engine.fit(laws.additive, await drawn(n, SIZES), options);
    const within = await drawn(5000 + n, SIZES);
    const runs = scoredAt(file, within, "additive", "run");
    inside.push(...runs);
    beyond.push(...scoredAt(file, await drawn(6000 + n, [1.6e9]), "additive", "run"));
    if (replicates > 0)
      for (const [i, { low, high }] of scoredAt(file, within, "additive", "law").entries()) {
        const { low: least, high: most, predicted } = itemAt(runs, i);
        ratios.push((most - least) / 2 / Math.hypot((high - low) / 2, 1.96 * NOISE * predicted));
      }
    if ((n + 1) % 10 === 0) process.stderr.write(`simulated: ${n + 1} of ${sets} tables\n`);
  }
  const ratio = ratios.length === 0 ? "" : `half width × ${median(ratios).toFixed(3)}`;
  return [
    scoreRow(
      "simulated, inside",
      ["new run", ratio].filter((text) => text !== "").join("; "),
      inside,
    ),
    scoreRow("simulated, one size up", "new run", beyond),
  ];
}
