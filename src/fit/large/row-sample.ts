/**
 * A sample of the rows of a large table. Rows of one mixture and size are a stratum. Each stratum
 * has a row in the sample while there is room, and beyond that as large a part of the sample as of
 * the table. Which rows are drawn is a pure function of the seed.
 */
import type { RunSet, Runs } from "../../data/runs/run-set.ts";
import { stream } from "../../random/rng.ts";
import { equalRows } from "../../stats/equal-rows.ts";

/** The stream of random numbers that samples are drawn from. */
const PURPOSE = 401;
/** Integers below this are exact, and have room for a random number and a row. */
const EXACT = 2 ** 53;

/** Samples by the runs they are of: several laws, and back-tests, ask for the same. */
const known = new WeakMap<Runs, Map<string, Runs>>();

/** The runs with about `size` of the rows to fit for each target, in the order of the table. */
export function sampleOf(runs: Runs, size: number, seed: number): Runs {
  const samples = known.get(runs) ?? new Map<string, Runs>();
  known.set(runs, samples);
  const key = `${size} ${seed}`;
  const sample = samples.get(key) ?? drawSample(runs, size, seed);
  samples.set(key, sample);
  return sample;
}

function drawSample(runs: Runs, size: number, seed: number): Runs {
  const { train } = runs;
  const order = shuffled(train.rows, seed);
  const strata = equalRows(train.rows, [
    { values: train.weights, width: train.weights.length / train.rows },
    ...(train.inputs["params"] === undefined ? [] : [{ values: train.inputs["params"], width: 1 }]),
  ]);
  const isIn = new Uint8Array(train.rows);
  for (const losses of train.losses) {
    const present = order.filter((row) => !Number.isNaN(losses[row]));
    for (const row of drawn(present, strata.groupOf, strata.count, size)) isIn[row] = 1;
  }
  const rows = Int32Array.from({ length: train.rows }, (_, row) => row);
  return { ...runs, train: rowsIn(train, rows.filter((row) => isIn[row] === 1)) }; // prettier-ignore
}

/** All rows in an order that the seed decides: by a random number and, of equal ones, by place. */
function shuffled(rows: number, seed: number): Int32Array {
  const draws = stream(seed, PURPOSE);
  const keys = Float64Array.from({ length: rows }, (_, row) => {
    const random = Math.floor(draws.uniform(Math.floor(row / 4), row % 4) * (EXACT / 2 / rows));
    return random * rows + row;
  }).sort();
  return Int32Array.from(keys, (key) => key % rows);
}

/** `size` of some rows: the first of each stratum, then those that are a smaller part of theirs. */
function drawn(rows: Int32Array, stratumOf: Int32Array, strata: number, size: number): Int32Array {
  const sizes = new Int32Array(strata);
  for (const row of rows) sizes[stratumOf[row]]++;
  const before = new Int32Array(strata);
  const shares = Float64Array.from(rows, (row) => {
    const stratum = stratumOf[row];
    return before[stratum]++ / sizes[stratum];
  });
  // Where there are too many strata, shares of 0 are cut by the order of the rows, which is random.
  const most = shares.slice().sort()[Math.min(size, rows.length) - 1] ?? 0;
  const below = shares.reduce((n, share) => n + (share < most ? 1 : 0), 0);
  let room = size - below;
  return rows.filter((_, at) => shares[at] < most || (shares[at] === most && room-- > 0));
}

/** Some rows of a set, in the order given. */
function rowsIn(set: RunSet, rows: Int32Array): RunSet {
  const domains = set.weights.length / set.rows;
  const pick = (values: Float64Array): Float64Array =>
    Float64Array.from(rows, (row) => values[row]);
  const weights = new Float64Array(rows.length * domains);
  for (const [at, row] of rows.entries())
    weights.set(set.weights.subarray(row * domains, (row + 1) * domains), at * domains);
  const { sigmas, rowWeights, groups } = set;
  return {
    rows: rows.length,
    rowNumbers: rows.map((row) => set.rowNumbers[row]),
    inputs: Object.fromEntries(
      Object.entries(set.inputs).map(([name, values]) => [name, pick(values)]),
    ),
    weights,
    losses: set.losses.map(pick),
    ...(sigmas === undefined ? {} : { sigmas: sigmas.map(pick) }),
    ...(rowWeights === undefined ? {} : { rowWeights: pick(rowWeights) }),
    ...(groups === undefined ? {} : { groups: Array.from(rows, (row) => groups[row]) }),
  };
}
