/** Sequential design: runs of a pool chosen round by round, each from fits to those before. */
import { stream } from "../../src/random/rng.ts";
import { chooseRuns, type DesignProblem } from "../../src/design/bayesian-design.ts";
import { pointProblem } from "../../src/design/point-problem.ts";
import { type Engine, type FitFile, InputError, type Law, type Runs } from "../../src/node.ts";
import { fitAll, partOf } from "./fit-group.ts";

/** Rounds of fitting up to the first budget, and from each to the next. */
const ROUNDS = 3;
/** Candidates that a round looks at: of more, these many at random. */
const CANDIDATES = 300;
/** Points that a round is about: of more, these many at random. */
const POINTS = 40;
/** What the draws are for. */
const PURPOSE = 0x64657304;
/** Starts of a fit within a round. */
const RESTARTS = 24;

export interface Sequence {
  readonly engine: Engine;
  readonly lawsOf: (target: string) => readonly Law[];
  readonly pool: Runs;
  readonly points: Runs;
  readonly costs: Float64Array;
  /** Absolute, increasing. */
  readonly budgets: readonly number[];
}

/** The runs within each budget, rows of the pool from 0; each contains those before. */
export async function sequentialRuns(sequence: Sequence): Promise<number[][]> {
  const { pool, costs, budgets } = sequence;
  const chosen: number[] = [];
  const spent = (): number => chosen.reduce((sum, row) => sum + (costs[row] ?? 0), 0);
  const all: number[][] = [];
  let before = 0;
  let round = 0;
  for (const budget of budgets) {
    for (let part = 1; part <= ROUNDS; part++) {
      const limit = before + ((budget - before) * part) / ROUNDS;
      const next = await nextRows(sequence, chosen, budget - spent(), round);
      if (next === undefined) chosen.push(...spreadRuns(pool, costs, limit - spent(), chosen));
      // A dear run may take more than a round's part of the budget.
      for (const row of next ?? []) if (spent() < limit) chosen.push(row);
      round++;
    }
    before = budget;
    all.push([...chosen]);
  }
  return all;
}

/**
 * Before there is a fit that says what is open: cheap runs far from each other. The first is the
 * cheapest one, whatever the budget. Each next one has the largest distance from those chosen over
 * the root of its cost.
 */
function spreadRuns(
  pool: Runs,
  costs: Float64Array,
  room: number,
  chosen: readonly number[],
): number[] {
  const { rows, inputs, weights } = pool.train;
  const k = pool.domains.length;
  const columns = [
    ...Object.values(inputs).map((values) => scaled(Array.from(values, (x) => Math.log(x + 1e-3)))),
    ...pool.domains.map((_, j) => scaled(Array.from({ length: rows }, (__, i) => Math.sqrt(weights[i * k + j] ?? 0)))), // prettier-ignore
  ];
  const cheapest = cheapestOf(costs);
  const more = chosen.length === 0 ? [cheapest] : [];
  let left = room - (chosen.length === 0 ? (costs[cheapest] ?? 0) : 0);
  const apart = new Float64Array(rows).fill(Infinity);
  const settle = (last: number): void => {
    for (let row = 0; row < rows; row++) {
      const square = columns.reduce((sum, column) => sum + ((column[row] ?? 0) - (column[last] ?? 0)) ** 2, 0); // prettier-ignore
      apart[row] = Math.min(apart[row] ?? 0, square);
    }
  };
  for (const row of [...chosen, ...more]) settle(row);
  for (;;) {
    let best = { row: -1, score: 0 };
    for (const [row, cost] of costs.entries()) {
      const score = Math.sqrt((apart[row] ?? 0) / cost);
      if (cost <= left && score > best.score) best = { row, score };
    }
    if (best.row < 0) return more;
    more.push(best.row);
    left -= costs[best.row] ?? 0;
    settle(best.row);
  }
}

/** The row that costs least. */
export const cheapestOf = (costs: Float64Array): number =>
  [...costs.keys()].reduce((a, b) => ((costs[b] ?? 0) < (costs[a] ?? 0) ? b : a));

/** Between 0 and 1. */
function scaled(values: readonly number[]): number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return values.map((value) => (value - low) / (high - low || 1));
}

/**
 * Rows of the pool that tell most about the points, by fits to those chosen; undefined where no law
 * can be fitted to them yet.
 */
async function nextRows(
  { engine, lawsOf, pool, points, costs }: Sequence,
  chosen: readonly number[],
  room: number,
  round: number,
): Promise<number[] | undefined> {
  if (chosen.length === 0) return undefined;
  const taken = new Set(chosen);
  const free = [...costs.keys()].filter((row) => !taken.has(row) && (costs[row] ?? 0) <= room);
  if (free.length === 0) return [];
  const fits = await fitAll(engine, lawsOf, partOf(pool, chosen), RESTARTS);
  const files = fits.flatMap(({ files: some }) =>
    some.filter((file): file is FitFile => file !== undefined),
  );
  const candidates = sample(free, CANDIDATES, 2 * round);
  const some = sample([...Array(points.train.rows).keys()], POINTS, 2 * round + 1);
  const problem = problemOf(
    files,
    partOf(pool, candidates),
    partOf(points, some),
    Float64Array.from(candidates, (row) => costs[row] ?? NaN),
  );
  if (problem === undefined) return undefined;
  const { picks } = chooseRuns(problem, { runs: Infinity, budget: room });
  return picks.flatMap(({ candidate }) => candidates[candidate] ?? []);
}

/** Undefined where no fit says what it leaves open. */
function problemOf(...known: Parameters<typeof pointProblem>): DesignProblem | undefined {
  try {
    return pointProblem(...known).problem;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** Some of the items, in their order. */
function sample(items: readonly number[], count: number, index: number): number[] {
  if (items.length <= count) return [...items];
  const draws = stream(1, PURPOSE);
  return items
    .map((item, i) => ({ item, key: draws.uniform(index, i) }))
    .toSorted((a, b) => a.key - b.key)
    .slice(0, count)
    .map(({ item }) => item)
    .toSorted((a, b) => a - b);
}
