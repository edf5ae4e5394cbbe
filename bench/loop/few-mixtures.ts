/**
 * Few mixtures against many: laws fitted to the smaller sizes of some of the mixtures, and asked
 * about the largest size.
 */
import { firstOf, itemAt } from "../../src/base/known.ts";
import { predict } from "../../src/fit/predict.ts";
import { type Engine, laws, readRuns } from "../../src/node.ts";
import { stream } from "../../src/random/rng.ts";
import { table } from "../report.ts";
import { meanOf } from "./outcomes.ts";

/** Laws that can be fitted to any number of mixtures. */
const FITTED = ["additive", "joint"] as const;
/** So many draws of each number of mixtures. */
const DRAWS = 5;

/** Mixtures in a random order, the same each time. */
function shuffled(names: readonly string[], draw: number): string[] {
  const draws = stream(11, draw);
  return names
    .map((name, i) => ({ name, key: draws.uniform(0, i) }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ name }) => name);
}

const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join();

export interface FewMixtures {
  readonly table: string;
  /** Rows whose size is fitted. */
  readonly smaller: string;
  /** Rows that are predicted. */
  readonly largest: string;
}

/** Mean relative errors in percent over all targets at the largest size. */
export async function fewMixtures(
  engine: Engine,
  mixtures: readonly string[],
  counts: readonly number[],
  { table: path, smaller, largest }: FewMixtures,
): Promise<string> {
  const fresh = await readRuns(path, { units: "absolute", where: largest });
  const targets = fresh.targets;
  const errorOf = async (names: readonly string[], law: "additive" | "joint"): Promise<number> => {
    const where = `${smaller} and mixture_id in (${quoted(names)})`;
    const runs = await readRuns(path, { units: "absolute", where });
    const file = await engine.fit(laws[law], runs, { seed: 1, backtest: false });
    const errors = predict(file, fresh).flatMap(({ target, values }) => {
      const measured = itemAt(fresh.train.losses, targets.indexOf(target));
      return [...values].map((value, row) => Math.abs(value / itemAt(measured, row) - 1));
    });
    return 100 * meanOf(errors);
  };
  const rows: string[][] = [];
  for (const count of counts) {
    const cells: string[] = [];
    for (const law of FITTED) {
      const draws = count < mixtures.length ? DRAWS : 1;
      const errors: number[] = [];
      for (let draw = 0; draw < draws; draw++)
        errors.push(await errorOf(shuffled(mixtures, draw).slice(0, count), law));
      errors.sort((a, b) => a - b);
      const middle = itemAt(errors, Math.floor(errors.length / 2));
      const ends = draws > 1 ? ` (${firstOf(errors).toFixed(2)} … ${itemAt(errors, draws - 1).toFixed(2)})` : ""; // prettier-ignore
      cells.push(`${middle.toFixed(2)}${ends}`);
    }
    rows.push([String(count), ...cells]);
  }
  return table(["mixtures", ...FITTED.map((law) => `${law}, mean error %`)], rows);
}
