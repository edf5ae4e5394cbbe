/** Folds: the rows that are held out in turn, and the samples that the laws are fitted to. */
import { extremesOf } from "../stats/moments.ts";
import { stream } from "../random/rng.ts";
import type { Runs } from "../data/runs/run-set.ts";
import { blocksOf, type Samples } from "../random/resampling.ts";
import { InputError } from "../base/errors.ts";
import { option } from "../base/option-text.ts";

/** What the draws are for; see fit/starts/starts.ts. */
const PURPOSE = 401;

/**
 * What may be held out. group: folds of the group column's values. largest: the rows with its
 * largest value. mixture: folds of the distinct mixtures. row: folds of rows. test: the runs' own
 * test rows.
 */
export const BY = ["group", "largest", "mixture", "row", "test"] as const;
/** One of `BY`. */
export type By = (typeof BY)[number];

/** Whether a column says what belongs together: the runs' group column. */
export const needsColumn = (by: By): boolean => by === "group" || by === "largest";

/** The cluster of each row. Rows of one cluster share their errors, and are resampled together. */
export interface Clusters {
  readonly blocks: number;
  readonly blockOf: Int32Array;
}

/** Parts of the mixtures to fit, and what each leaves out. */
export interface Curve {
  /** Sample repeat·sizes + s has sizes[s] mixtures. */
  readonly samples: Samples;
  /** By sample: the rows held out. */
  readonly held: readonly Int32Array[];
  readonly sizes: readonly number[];
  readonly repeats: number;
}

export interface Folds {
  /** Sample s is what fold s is fitted to. Undefined for "test", where that is all the runs. */
  readonly samples: Samples | undefined;
  /** By fold: the rows held out. */
  readonly held: readonly Int32Array[];
  /** Of the rows that are scored. */
  readonly clusters: Clusters;
  /** "5 folds of 60 values of mixture_id". */
  readonly title: string;
}

/** Rows with equal shares have the same label. */
export function mixturesOf({ train, domains }: Pick<Runs, "train" | "domains">): Clusters {
  const k = domains.length;
  return blocksOf(
    Array.from({ length: train.rows }, (_, row) =>
      train.weights.subarray(row * k, (row + 1) * k).join(),
    ),
  );
}

const rowsOf = ({ train }: Pick<Runs, "train">): Clusters => ({
  blocks: train.rows,
  blockOf: Int32Array.from({ length: train.rows }, (_, row) => row),
});

/**
 * What shares its errors: the mixture, which the law gets wrong alike at every size. Groups that
 * cross mixtures (sizes, say) do instead, and where there are neither, rows stand alone.
 */
export function clustersOf(runs: Pick<Runs, "train" | "domains">, groups?: Clusters): Clusters {
  if (runs.domains.length === 0) return groups ?? rowsOf(runs);
  const mixtures = mixturesOf(runs);
  const mixtureOf = new Map<number, number>();
  const within =
    groups === undefined ||
    groups.blockOf.every((group, row) => {
      const first = mixtureOf.get(group) ?? mixtures.blockOf[row];
      mixtureOf.set(group, first);
      return first === mixtures.blockOf[row];
    });
  return within || groups === undefined ? mixtures : groups;
}

/**
 * The default of what is held out: test rows where there are some, else groups, else mixtures, else
 * rows.
 */
export function usual({ test, train, domains }: Pick<Runs, "test" | "train" | "domains">): By {
  if (test !== undefined) return "test";
  if (train.groups !== undefined) return "group";
  return domains.length > 0 ? "mixture" : "row";
}

/** Throws InputError where there is nothing to hold out. */
export function foldsOf(runs: Runs, by: By, folds: number, seed: number): Folds {
  if (by === "test") return testFold(runs);
  const { blocks, name } = blocksToHold(runs, by);
  if (blocks.blocks < 2)
    throw new InputError(
      `there is only one of the ${name}: nothing is left to fit when it is held out. Name another column with ${option("by")}.`,
      { file: runs.source, option: "by" },
    );
  const { fold, title } =
    by === "largest"
      ? largest(runs.train.groups ?? [], blocks, runs)
      : deal(blocks, Math.min(folds, blocks.blocks), seed, name);
  const count = extremesOf(fold)[1] + 1;
  const held = Array.from({ length: count }, (_, number) =>
    Int32Array.from(
      [...blocks.blockOf.keys()].filter((row) => fold[blocks.blockOf[row]] === number),
    ),
  );
  return {
    samples: { count, ...blocks, source: { kind: "without", group: fold, first: 0 } },
    held,
    clusters: by === "largest" ? clustersOf(runs) : clustersOf(runs, blocks),
    title,
  };
}

/** The runs' own test rows as the one fold. */
function testFold({ test, domains }: Runs): Folds {
  if (test === undefined)
    throw new InputError(
      `there are no test rows to validate on: give ${option("test")}, or say with ${option("by")} what to hold out.`,
      { option: "test" },
    );
  const rows = Int32Array.from({ length: test.rows }, (_, row) => row);
  const clusters = clustersOf({ domains, train: test });
  return { samples: undefined, held: [rows], clusters, title: `${test.rows} test rows` };
}

/** What stays together in a fold, and what messages call it. */
function blocksToHold(
  runs: Runs,
  by: Exclude<By, "test">,
): { readonly blocks: Clusters; readonly name: string } {
  if (by === "row") return { blocks: rowsOf(runs), name: "rows" };
  if (by === "mixture") {
    if (runs.domains.length === 0)
      throw new InputError(
        `${option("by", "mixture")} holds mixtures out, and the runs have no mixture weights. Name a column with ${option("by")}, or hold out rows with ${option("by", "row")}.`,
        { option: "by" },
      );
    return { blocks: mixturesOf(runs), name: "mixtures" };
  }
  const { groups } = runs.train;
  if (groups === undefined)
    throw new InputError(`${option("by")} needs the column whose values are held out.`, {
      option: "by",
    });
  return { blocks: blocksOf(groups), name: `values of ${runs.group ?? "the group column"}` };
}

/** By block, its fold; -1 for one that is never held out. */
interface Dealt {
  readonly fold: Int32Array;
  readonly title: string;
}

/** Blocks in random order, each into the fold that has the fewest rows so far. */
function deal({ blocks, blockOf }: Clusters, folds: number, seed: number, name: string): Dealt {
  const draws = stream(seed, PURPOSE);
  const rows = new Float64Array(blocks);
  for (const block of blockOf) rows[block]++;
  const order = Array.from({ length: blocks }, (_, block) => block).sort(
    (a, b) => draws.word(a, 0) - draws.word(b, 0) || a - b,
  );
  const sizes = new Float64Array(folds);
  const fold = new Int32Array(blocks);
  for (const block of order) {
    fold[block] = sizes.indexOf(Math.min(...sizes));
    sizes[fold[block]] += rows[block];
  }
  return { fold, title: `${folds} folds of ${blocks} ${name}` };
}

/** One fold, of the block with the largest number; the others are never held out. */
function largest(labels: readonly string[], { blocks, blockOf }: Clusters, runs: Runs): Dealt {
  const values = new Float64Array(blocks);
  for (const [row, label] of labels.entries()) {
    values[blockOf[row]] = Number(label);
    if (!Number.isFinite(values[blockOf[row]]))
      throw new InputError(
        `${runs.source}, data row ${runs.train.rowNumbers[row]}, column "${runs.group ?? ""}": ${JSON.stringify(label)} is no number, and ${option("by")} largest:COL holds out the largest.`,
        { file: runs.source, row: runs.train.rowNumbers[row], option: "by" },
      );
  }
  const most = values.indexOf(Math.max(...values));
  return {
    fold: Int32Array.from(values, (_, block) => (block === most ? 0 : -1)),
    title: `the rows with the largest ${runs.group ?? "value"}, ${values[most]}`,
  };
}

/**
 * For the learning curve: of each repeat, a fifth of the mixtures (at least 3) is held out, and the
 * first m of the others are fitted.
 */
export function curveOf(
  runs: Runs,
  sizes: readonly number[],
  repeats: number,
  seed: number,
): Curve {
  const { blocks, blockOf } = mixturesOf(runs);
  const heldCount = Math.max(3, Math.round(blocks / 5));
  const possible = sizes.filter((size) => size <= blocks - heldCount);
  if (possible.length < 2)
    throw new InputError(
      `the learning curve needs more mixtures: there are ${blocks}, of which ${heldCount} are held out.`,
      { file: runs.source, option: "curve" },
    );
  const draws = stream(seed, PURPOSE);
  const weights = new Uint32Array(repeats * possible.length * blocks);
  const held: Int32Array[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const order = Array.from({ length: blocks }, (_, block) => block).sort(
      (a, b) => draws.word(a, 4 * (repeat + 1)) - draws.word(b, 4 * (repeat + 1)) || a - b,
    );
    const unseen = new Set(order.slice(0, heldCount));
    const rows = Int32Array.from([...blockOf.keys()].filter((row) => unseen.has(blockOf[row])));
    for (const [s, size] of possible.entries()) {
      for (const block of order.slice(heldCount, heldCount + size))
        weights[(repeat * possible.length + s) * blocks + block] = 1;
      held.push(rows);
    }
  }
  return {
    samples: { count: held.length, blocks, blockOf, source: { kind: "given", weights } },
    held,
    sizes: possible,
    repeats,
  };
}
