/**
 * The work of an evaluation, dealt to the members of a team. A *piece* is some runs of one group,
 * all or a part of them: its member computes what the mixture gives, and sums over the runs.
 * Pieces of one group have the same mixture and the same factor G of the Jacobian, so that the
 * matrix, a sum over pieces, is exactly that of whole groups.
 *
 * Pieces are dealt longest first, `DEAL` at a time (the longest-processing-time rule): members that
 * work side by side then have about as many runs each. The order does not depend on the size of a
 * team, nor does that in which sums are made.
 */
import type { Program } from "../../expr/program.ts";

/** Pieces that are dealt at once: every size of a team divides it. */
export const DEAL = 32;

/** The pieces, in the order in which they are dealt. */
export interface Pieces {
  /** How many. */
  readonly count: number;
  readonly group: Int32Array;
  /** Where the piece's runs begin among the packed ones, and how many there are. */
  readonly from: Int32Array;
  readonly size: Int32Array;
  /**
   * The row of the kernel's table that has the piece's first run; the next are `DEAL` rows further
   * each, so that neighbouring members read neighbouring rows.
   */
  readonly row: Int32Array;
  /** Rows of that table. */
  readonly rows: number;
}

/** What parts of an evaluation cost, in units of their own. */
export interface PieceCosts {
  /** A run. */
  readonly run: number;
  /** What is done once a mixture, by one member. */
  readonly mixture: number;
  /** Adding a piece to the matrix, which a whole team does. */
  readonly sum: number;
}

/** Roughly the instructions that a program's evaluation and its bend take. */
export function costsOf(program: Program): PieceCosts {
  const { params: p, columns, slots, bent } = program;
  const q = columns.length;
  const all = [...slots, ...(bent?.slots ?? [])];
  const at = (level: string): number =>
    all.filter((slot) => slot.kind === "op" && slot.level === level).length;
  return { run: 1.3 * at("run") + (q * (q + 5)) / 2 + 40, mixture: 1.3 * at("mix") + 20, sum: 1.3 * p + 2 * q + 15 }; // prettier-ignore
}

/** So many runs as pieces of at most `cap`, of nearly the same size. */
function cut(runs: number, cap: number): number[] {
  const parts = Math.max(1, Math.ceil(runs / cap));
  return Array.from({ length: parts }, (_, n) => Math.ceil((runs - n) / parts));
}

/** The longest piece of each deal, by the sizes of groups and the most runs of a piece. */
function longestOf(sizes: readonly number[], cap: number): { count: number; longest: number[] } {
  const pieces = Float64Array.from(sizes.flatMap((size) => cut(size, cap)));
  pieces.sort((a, b) => b - a);
  return { count: pieces.length, longest: Array.from(pieces).filter((_, n) => n % DEAL === 0) };
}

/** Deals that a large group may be cut to fill. */
const MOST_DEALS = 16;

/** The most runs of a piece with which an evaluation costs least. */
function bestCap(sizes: readonly number[], costs: PieceCosts): number {
  const total = sizes.reduce((a, b) => a + b, 0);
  const whole = sizes.reduce((a, b) => Math.max(a, b), 1);
  const caps = Array.from({ length: MOST_DEALS }, (_, n) => Math.ceil(total / (DEAL * (n + 1))));
  const costOf = (cap: number): number => {
    const { count, longest } = longestOf(sizes, cap);
    const runs = longest.reduce((a, b) => a + b, 0);
    return runs * costs.run + longest.length * costs.mixture + count * costs.sum;
  };
  let [best, least] = [whole, costOf(whole)];
  for (const cap of new Set(caps.filter((size) => size > 0 && size < whole))) {
    const cost = costOf(cap);
    if (cost < least) [best, least] = [cap, cost];
  }
  return best;
}

/**
 * Deals the runs of groups, of which group g has those from start[g] to start[g+1] − 1.
 *
 * @example dealPieces(Int32Array.of(0, 64), costs).count // 32: two runs of the one group each
 */
export function dealPieces(start: Int32Array, costs: PieceCosts): Pieces {
  const sizes = Array.from(start.subarray(1), (end, g) => end - start[g]);
  const cap = bestCap(sizes, costs);
  const pieces = sizes.flatMap((runs, group) => {
    let from = start[group];
    return cut(runs, cap).map((size) => {
      const piece = { group, from, size };
      from += size;
      return piece;
    });
  });
  pieces.sort((a, b) => b.size - a.size); // keeps the order of pieces of the same size
  let rows = 0;
  const row = pieces.map(({ size }, n) => {
    if (n % DEAL === 0) rows += DEAL * size;
    return rows - DEAL * pieces[n - (n % DEAL)].size + (n % DEAL);
  });
  return {
    count: pieces.length,
    group: Int32Array.from(pieces, ({ group }) => group),
    from: Int32Array.from(pieces, ({ from }) => from),
    size: Int32Array.from(pieces, ({ size }) => size),
    row: Int32Array.from(row),
    rows,
  };
}
