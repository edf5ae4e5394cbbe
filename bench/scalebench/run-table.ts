/** One table of ScaleBench: fits, cross-validation, chosen runs, and predictions of its targets. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Engine, Law, Runs } from "../../src/node.ts";
import { mean } from "../../src/stats/moments.ts";
import { sequentialRuns } from "./choose-runs.ts";
import { choose, fitAll, parametersOf, partOf, predictedBy, type TargetFits } from "./fit-group.ts";
import { budgetsOf, cellsOf, clipped, type Group, groupsOf } from "./groups.ts";
import type { BenchTable } from "./tables.ts";

const FOLDER = "bench/results/scalebench";
/** Of so few runs each is a fold of its own. */
const FEW = 40;

/** A law on a group's target, fitted to the whole pool. */
export interface Fitted {
  readonly group: string;
  readonly target: string;
  readonly law: string;
  readonly parameters: number;
  readonly rows: number;
  readonly objective: number | null;
  readonly converged: boolean;
  /** Processor seconds over all threads. */
  readonly processor: number;
  /** R² of folds of the pool's rows. */
  readonly heldOut: number | null;
  /** Whether `validate` concludes that it is the law to use. */
  readonly picked: boolean;
}

/** What a share of the cost bought in a group. */
interface Bought {
  readonly group: string;
  readonly budget: number;
  readonly runs: number;
  /** Share of the cost of the pool. */
  readonly spent: number;
  /** By target; with a star where a law has as many parameters as there are runs, or more. */
  readonly laws: readonly string[];
}

export interface TableResult {
  readonly table: string;
  readonly fits: readonly Fitted[];
  readonly chosen: readonly Bought[];
  /** The number of the law that predicts with all data: the best of the held-out R². */
  readonly law: number;
}

/** Predictions at a group's target rows, by column of the results. */
type Columns = Record<string, Float64Array>;

/** Held-out R² by law, and the law that validation concludes to use. */
async function judged(
  engine: Engine,
  laws: readonly Law[],
  runs: Runs,
): Promise<{ readonly law: string | null; readonly r2: Readonly<Record<string, number | null>> }> {
  const { rows } = runs.train;
  const folds = rows <= FEW ? rows : 5;
  const options = { by: "row", folds, loss: "squared", seed: 1, backtest: false } as const;
  const validation = await engine.validate(laws, runs, options);
  return {
    law: validation.conclusion.law ?? validation.laws[0]?.law ?? null,
    r2: Object.fromEntries(validation.laws.map((each) => [each.law, each.mean.r2])),
  };
}

/** The fits of all laws to the whole pool, judged. */
async function judgeFits(
  engine: Engine,
  bench: BenchTable,
  { name, pool }: Group,
  whole: readonly TargetFits[],
): Promise<Fitted[]> {
  const fits: Fitted[] = [];
  for (const { target, files, processor } of whole) {
    const laws = bench.laws(target);
    const { law: picked, r2 } = await judged(engine, laws, partOf(pool, rowsOf(pool), [target]));
    for (const [l, file] of files.entries()) {
      const law = laws[l]?.name ?? "";
      const fit = file?.fits[0];
      fits.push({
        group: name,
        target,
        law,
        parameters: file === undefined ? NaN : parametersOf(file),
        rows: pool.train.rows,
        objective: fit?.objective ?? null,
        converged: fit?.search.status === "converged",
        processor: processor[l] ?? NaN,
        heldOut: r2[law] ?? null,
        picked: law === picked,
      });
    }
  }
  return fits;
}

const rowsOf = ({ train }: Runs): number[] => [...Array(train.rows).keys()];

/** Predictions of each target by a law for each, or the mean loss where it has none. */
function predictions(
  { points }: Group,
  fitted: Runs,
  fits: readonly TargetFits[],
  lawOf: (t: number) => number,
  when: string,
): Columns {
  return Object.fromEntries(
    fits.map(({ target, files }, t) => [
      `pred_${target}_${when}`,
      predictedBy(files[lawOf(t)], points) ?? constant(fitted, t, points),
    ]),
  );
}

function constant({ train }: Runs, target: number, points: Runs): Float64Array {
  const losses = train.losses[target] ?? new Float64Array();
  return new Float64Array(points.train.rows).fill(mean(losses));
}

/** What each budget buys, and the predictions from it. */
async function atBudgets(
  engine: Engine,
  bench: BenchTable,
  group: Group,
): Promise<{ readonly bought: Bought[]; readonly columns: Columns }> {
  const { pool, points, costs } = group;
  const total = costs.reduce((a, b) => a + b, 0);
  const budgets = budgetsOf(bench, costs);
  const sequence = { engine, lawsOf: bench.laws, pool, points, costs, budgets };
  const bought: Bought[] = [];
  const columns: Columns = {};
  for (const [b, rows] of (await sequentialRuns(sequence)).entries()) {
    const budget = bench.budgets[b] ?? NaN;
    const part = partOf(pool, rows);
    const fits = await fitAll(engine, bench.laws, part);
    const picks = fits.map(({ files }) => choose(files, rows.length));
    const when = `at_${Math.round(100 * budget)}_percent`;
    Object.assign(
      columns,
      predictions(group, part, fits, (t) => picks[t] ?? 0, when),
    );
    const tooMany = fits.map(({ files }) =>
      files.some((file) => file === undefined || parametersOf(file) >= rows.length),
    );
    columns[`simpler_law_${when}`] = new Float64Array(points.train.rows).fill(
      Number(tooMany.includes(true)),
    );
    bought.push({
      group: group.name,
      budget,
      runs: rows.length,
      spent: rows.reduce((sum, row) => sum + (costs[row] ?? 0), 0) / total,
      laws: fits.map(({ target }, t) => {
        const name = bench.laws(target)[picks[t] ?? -1]?.name ?? "constant";
        return `${name}${(tooMany.at(t) ?? false) ? "*" : ""}`;
      }),
    });
  }
  return { bought, columns };
}

/** The law with the best mean of the held-out R², by its number. */
function bestLaw(bench: BenchTable, fits: readonly Fitted[]): number {
  const scores = bench.laws(bench.targets[0] ?? "").map(({ name }) => {
    const some = fits.filter(({ law }) => law === name).map(({ heldOut }) => clipped(heldOut));
    return mean(some);
  });
  return scores.indexOf(Math.max(...scores));
}

/** One table, all its groups; writes the predictions. */
export async function runTable(engine: Engine, bench: BenchTable): Promise<TableResult> {
  const { columns, cell } = await cellsOf(bench);
  const fits: Fitted[] = [];
  const done: { group: Group; whole: TargetFits[]; bought: Bought[]; columns: Columns }[] = [];
  for (const group of await groupsOf(bench)) {
    const whole = await fitAll(engine, bench.laws, group.pool);
    fits.push(...(await judgeFits(engine, bench, group, whole)));
    done.push({ group, whole, ...(await atBudgets(engine, bench, group)) });
  }
  const law = bestLaw(bench, fits);
  const inputs = [...columns.keys()].filter((name) => !bench.targets.includes(name));
  const lines = done.flatMap(({ group, whole, columns: atBudget }) => {
    const all = { ...atBudget, ...predictions(group, group.pool, whole, () => law, "all_data") };
    return Array.from(group.points.train.rowNumbers, (row, i) => ({
      row,
      header: [...inputs, ...Object.keys(all)].join(),
      text: [...inputs.map((name) => cell(name, row)), ...Object.values(all).map((values) => values[i])].join(), // prettier-ignore
    }));
  });
  const text = lines.toSorted((a, b) => a.row - b.row).map(({ text: line }) => line);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(
    join(FOLDER, `${bench.name}.csv`),
    `${[lines[0]?.header ?? "", ...text].join("\n")}\n`,
  );
  return { table: bench.name, fits, chosen: done.flatMap(({ bought }) => bought), law };
}
