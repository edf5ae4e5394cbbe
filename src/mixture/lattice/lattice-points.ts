/** All mixtures of multiples of 1/n within linear constraints, those near a mixture first. */
import type { Limit } from "../constraints/kinds/kind.ts";

/** Linear constraints may be violated by rounding. */
const SLACK = 1e-9;

export interface Lattice {
  readonly n: number;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly limits: readonly Limit[];
  /** Shares near these come first. */
  readonly near: Float64Array;
}

/**
 * min ≤ Σ coefficientᵢ·unitsᵢ ≤ max, with the least and most that domains from each one on can add.
 */
interface UnitRow {
  readonly coefficients: Float64Array;
  readonly min: number;
  readonly max: number;
  readonly least: Float64Array;
  readonly most: Float64Array;
}

/**
 * The numbers of units by domain, in one array that is written again for each. Domain after domain
 * is given its units, the nearest first, as far as the limits leave something for those after it.
 * `undefined` stands for a step that gave no mixture, so that whoever asks can stop counting.
 * @example for (const units of latticePoints(lattice)) if (units !== undefined) look(units);
 */
export function* latticePoints(lattice: Lattice): Generator<Int32Array | undefined> {
  const { n, lower, upper } = lattice;
  const k = lower.length;
  const low = Int32Array.from(lower, (x) => Math.ceil(x * n - SLACK * n));
  const high = Int32Array.from(upper, (x) => Math.floor(x * n + SLACK * n));
  const rows = rowsOf(lattice, low, high);
  const choices = Array.from({ length: k }, (_, i) =>
    choicesOf(low[i], high[i], lattice.near[i] * n),
  );
  const units = new Int32Array(k);
  const next = new Int32Array(k);
  const sums = rows.map(() => new Float64Array(k + 1));
  for (let i = 0; i >= 0;) {
    if (next[i] >= choices[i].length) {
      next[i--] = 0;
      continue;
    }
    units[i] = choices[i][next[i]++];
    const fits = rows.every(({ coefficients, min, max, least, most }, j) => {
      const sum = sums[j][i] + coefficients[i] * units[i];
      sums[j][i + 1] = sum;
      return sum + least[i + 1] <= max && sum + most[i + 1] >= min;
    });
    if (fits && i === k - 1) yield units;
    else yield undefined;
    if (fits && i < k - 1) i++;
  }
}

/** The rows in units: the sum of all shares, and the limits. */
function rowsOf({ n, limits }: Lattice, low: Int32Array, high: Int32Array): UnitRow[] {
  const k = low.length;
  const sum = { coefficients: new Float64Array(k).fill(1), min: 1, max: 1 };
  return [sum, ...limits].map(({ coefficients, min, max }) => {
    const least = new Float64Array(k + 1);
    const most = new Float64Array(k + 1);
    for (let i = k - 1; i >= 0; i--) {
      const ends = [coefficients[i] * low[i], coefficients[i] * high[i]];
      least[i] = least[i + 1] + Math.min(...ends);
      most[i] = most[i + 1] + Math.max(...ends);
    }
    return { coefficients, min: (min - SLACK) * n, max: (max + SLACK) * n, least, most };
  });
}

/** Whole numbers from low to high, those near a number first. */
const choicesOf = (low: number, high: number, near: number): number[] =>
  Array.from({ length: Math.max(0, high - low + 1) }, (_, i) => low + i).toSorted(
    (a, b) => Math.abs(a - near) - Math.abs(b - near),
  );
