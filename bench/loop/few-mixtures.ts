/**
 * Few mixtures against many: laws fitted to the smaller sizes of some of the mixtures, and asked
 * about the largest size.
 */
import { firstOf, itemAt, lastOf } from "../../src/base/known.ts";
import { predict } from "../../src/fit/predict.ts";
import type { FitFile } from "../../src/fit/result/fit-file.ts";
import { type Engine, laws, readRuns, type Runs } from "../../src/node.ts";
import { stream } from "../../src/random/rng.ts";
import { table } from "../report.ts";
import { isBelowTrained, meanOf } from "./outcomes.ts";

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
  /** The least share of each domain in the smaller runs. */
  readonly least: ReadonlyMap<string, number>;
}

/** Mean relative errors in percent at the largest size: of all losses, and of some of them. */
interface Errors {
  readonly all: number;
  /** Without the losses of a domain of which the mixture has less than any smaller run. */
  readonly within: number;
}

/** How wrong laws are at the largest size, fitted to smaller runs of so many mixtures. */
export async function fewMixtures(
  engine: Engine,
  mixtures: readonly string[],
  counts: readonly number[],
  { table: path, smaller, largest, least }: FewMixtures,
): Promise<string> {
  const fresh = await readRuns(path, { units: "absolute", where: largest });
  const errorsOf = async (names: readonly string[], law: (typeof FITTED)[number]): Promise<Errors> => {
    const where = `${smaller} and mixture_id in (${quoted(names)})`;
    const runs = await readRuns(path, { units: "absolute", where });
    return errorsAt(await engine.fit(laws[law], runs, { seed: 1, backtest: false }), fresh, least);
  }; // prettier-ignore
  const rows: string[][] = [];
  for (const count of counts) {
    const cells: string[] = [];
    for (const law of FITTED) {
      const draws = count < mixtures.length ? DRAWS : 1;
      const errors: Errors[] = [];
      for (let draw = 0; draw < draws; draw++)
        errors.push(await errorsOf(shuffled(mixtures, draw).slice(0, count), law));
      cells.push(spread(errors.map(({ all }) => all)), spread(errors.map(({ within }) => within)));
    }
    rows.push([String(count), ...cells]);
  }
  const titles = FITTED.flatMap((law) => [`${law}, all, error %`, `${law}, within, error %`]);
  return table(["mixtures", ...titles], rows);
}

function errorsAt(file: FitFile, fresh: Runs, least: FewMixtures["least"]): Errors {
  const { targets, domains, train } = fresh;
  const shareAt = (domain: string, row: number): number | undefined =>
    train.weights[row * domains.length + domains.indexOf(domain)];
  const errors = predict(file, fresh).flatMap(({ target, values }) => {
    const measured = itemAt(train.losses, targets.indexOf(target));
    return [...values].map((value, row) => ({
      error: 100 * Math.abs(value / itemAt(measured, row) - 1),
      isWithin: isBelowTrained(least, target, (domain) => shareAt(domain, row)) !== true,
    }));
  });
  return {
    all: meanOf(errors.map(({ error }) => error)),
    within: meanOf(errors.flatMap((each) => (each.isWithin ? [each.error] : []))),
  };
}

/** "2.31 (1.90 … 4.20)": the middle one, the least, the most. */
function spread(errors: readonly number[]): string {
  const sorted = errors.toSorted((a, b) => a - b);
  const middle = itemAt(sorted, Math.floor(sorted.length / 2)).toFixed(2);
  return sorted.length === 1
    ? middle
    : `${middle} (${firstOf(sorted).toFixed(2)} … ${lastOf(sorted).toFixed(2)})`;
}
