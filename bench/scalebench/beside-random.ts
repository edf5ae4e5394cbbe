/**
 * Chosen runs beside random ones of the same cost, inside the pool: its dearest fifth is held out
 * and takes the place of the targets, whose losses are withheld.
 */
import type { Engine, Runs } from "../../src/node.ts";
import { stream } from "../../src/random/rng.ts";
import { mean } from "../../src/stats/moments.ts";
import { cheapestOf, sequentialRuns } from "./choose-runs.ts";
import { choose, fitAll, partOf, predictedBy } from "./fit-group.ts";
import { budgetsOf, clipped, type Group, groupsOf } from "./groups.ts";
import type { BenchTable } from "./tables.ts";

/** The share of the pool's rows that are held out, and how many at most. */
const HELD_OUT = { share: 0.2, most: 120 } as const;
/** Starts of each fit. */
const RESTARTS = 24;
/** What the draws are for. */
const PURPOSE = { held: 0x64657305, random: 0x64657306 } as const;

/** One way to spend a budget, judged on what is held out; of a target, or their mean. */
export interface Judged {
  /** R², clipped to −1 … 1. */
  readonly r2: number;
  /** How many runs it bought. */
  readonly runs: number;
}

/** What a budget buys by choice and by chance, mean over groups and targets. */
export interface Compared {
  readonly table: string;
  readonly budget: number;
  readonly chosen: Judged;
  /** By seed. */
  readonly random: readonly Judged[];
}

/** A group with its dearest runs held out. */
interface Split {
  readonly pool: Runs;
  readonly costs: Float64Array;
  readonly heldOut: Runs;
}

/** Of runs of equal cost, those held out are drawn. */
function splitOf({ pool, costs }: Group): Split {
  const draws = stream(1, PURPOSE.held);
  const order = [...costs.keys()]
    .map((row) => ({ row, cost: costs[row] ?? 0, key: draws.uniform(0, row) }))
    .toSorted((a, b) => b.cost - a.cost || a.key - b.key)
    .map(({ row }) => row);
  const count = Math.min(HELD_OUT.most, Math.max(2, Math.round(HELD_OUT.share * order.length)));
  const kept = order.slice(count).toSorted((a, b) => a - b);
  return {
    pool: partOf(pool, kept),
    costs: Float64Array.from(kept, (row) => costs[row] ?? NaN),
    heldOut: partOf(
      pool,
      order.slice(0, count).toSorted((a, b) => a - b),
    ),
  };
}

/** Runs in a random order, each that the budget still has room for. */
function randomRuns(costs: Float64Array, budget: number, seed: number): number[] {
  const draws = stream(seed, PURPOSE.random);
  const order = [...costs.keys()]
    .map((row) => ({ row, key: draws.uniform(0, row) }))
    .toSorted((a, b) => a.key - b.key);
  const rows: number[] = [];
  let left = budget;
  for (const { row } of order) {
    if ((costs[row] ?? 0) > left) continue;
    rows.push(row);
    left -= costs[row] ?? 0;
  }
  return rows.length > 0 ? rows : [cheapestOf(costs)];
}

/** R² of the held-out losses by fits to some runs, by target. */
async function scores(
  engine: Engine,
  bench: BenchTable,
  { pool, heldOut }: Split,
  rows: readonly number[],
): Promise<number[]> {
  const part = partOf(pool, rows);
  const fits = await fitAll(engine, bench.laws, part, RESTARTS);
  return fits.map(({ files }, t) => {
    const constant = mean(part.train.losses[t] ?? new Float64Array());
    const observed = heldOut.train.losses[t] ?? new Float64Array();
    const predicted = predictedBy(files[choose(files, rows.length)], heldOut) ?? observed.map(() => constant); // prettier-ignore
    const center = mean(observed);
    const sum = (of: (y: number, i: number) => number): number => observed.reduce((all, y, i) => all + of(y, i) ** 2, 0); // prettier-ignore
    return clipped(1 - sum((y, i) => y - (predicted[i] ?? NaN)) / sum((y) => y - center));
  });
}

/** A table's budgets, spent by choice and at random. */
export async function besideRandom(
  engine: Engine,
  bench: BenchTable,
  seeds: number,
): Promise<Compared[]> {
  const groups = await groupsOf(bench);
  const byBudget = bench.budgets.map(() => ({
    chosen: [] as Judged[],
    random: Array.from({ length: seeds }, () => [] as Judged[]),
  }));
  for (const group of groups) {
    const split = splitOf(group);
    const { pool, costs, heldOut } = split;
    const budgets = budgetsOf(bench, costs);
    const chosen = await sequentialRuns({ engine, lawsOf: bench.laws, pool, points: heldOut, costs, budgets }); // prettier-ignore
    for (const [b, at] of byBudget.entries()) {
      const judge = async (rows: readonly number[]): Promise<Judged[]> =>
        (await scores(engine, bench, split, rows)).map((r2) => ({ r2, runs: rows.length }));
      at.chosen.push(...(await judge(chosen[b] ?? [])));
      for (const [seed, some] of at.random.entries())
        some.push(...(await judge(randomRuns(costs, budgets[b] ?? 0, seed + 1))));
    }
  }
  const over = (each: readonly Judged[]): Judged => ({
    r2: mean(each.map(({ r2 }) => r2)),
    runs: mean(each.map(({ runs }) => runs)),
  });
  return byBudget.map(({ chosen, random }, b) => ({
    table: bench.name,
    budget: bench.budgets[b] ?? NaN,
    chosen: over(chosen),
    random: random.map(over),
  }));
}
