/** A small form of the study in bench/evidence/ladders.ts: how often intervals hold new runs. */
import { expect, test } from "vitest";
import { itemAt } from "../../../src/base/known.ts";
import type { Runs } from "../../../src/data/runs/run-set.ts";
import { predict } from "../../../src/fit/predict.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { cpuEngine } from "../engines.ts";
import { draw } from "../fixture.ts";

const SIZES = [1e8, 2e8, 4e8, 8e8, 1.6e9];
const TOKENS = Array.from({ length: 12 }, (_, i) => 2e9 * 1.4 ** i);

/** The rows of some runs that are wanted. */
function rowsOf(runs: Runs, isWanted: (row: number) => boolean): Runs {
  const { train } = runs;
  const keep = <T extends Float64Array | Int32Array>(column: T): T =>
    column.filter((_, row) => isWanted(row)) as T;
  const rowNumbers = keep(train.rowNumbers);
  const inputs = Object.fromEntries(
    Object.entries(train.inputs).map(([name, column]) => [name, keep(column)]),
  );
  const losses = train.losses.map(keep);
  return { ...runs, train: { ...train, rows: rowNumbers.length, rowNumbers, inputs, losses } };
}

test("95 % intervals hold new runs of a law that is right about that often, inside and one size up", async () => {
  const engine = await cpuEngine();
  const count = { inside: [0, 0], beyond: [0, 0] };
  for (let seed = 1; seed <= 5; seed++) {
    const { runs } = draw(laws.chinchilla, {
      noise: 8e-3,
      targets: 6,
      seed,
      sizes: SIZES,
      tokens: TOKENS,
    });
    const size = (row: number): number => itemAt(runs.train.inputs["params"] ?? [], row);
    const isFitted = (row: number): boolean => size(row) < 1e9 && row % 3 !== 1;
    const options = { restarts: 24, backtest: true };
    const file = await engine.fit(laws.chinchilla, rowsOf(runs, isFitted), options);
    for (const [where, isMeant] of [
      ["inside", (row: number): boolean => size(row) < 1e9 && row % 3 === 1],
      ["beyond", (row: number): boolean => size(row) > 1e9],
    ] as const) {
      const points = rowsOf(runs, isMeant);
      for (const [t, { band }] of predict(file, points).entries())
        for (const [row, loss] of itemAt(points.train.losses, t).entries()) {
          count[where][1]++;
          if (band !== undefined && loss >= band.low[row] && loss <= band.high[row])
            count[where][0]++;
        }
    }
  }
  const share = ([held, all]: readonly number[]): number => held / all;
  // 480 losses inside, of which noise alone leaves out 5 % ± 1 %, and 360 beyond.
  expect(count.inside[1]).toBe(480);
  expect(share(count.inside)).toBeGreaterThan(0.92);
  expect(share(count.inside)).toBeLessThan(0.98);
  expect(share(count.beyond)).toBeGreaterThan(0.92);
});
