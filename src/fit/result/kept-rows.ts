/**
 * The rows that a fit used, as the fit file keeps them: columns by name, so that plots, checks and
 * refits need no table. Each column is text: its values in float64, little-endian, in base64.
 */
import { encode64 } from "../../base/base64.ts";
import { itemAt } from "../../base/known.ts";
import { byNames, given } from "../../base/objects.ts";
import type { Runs, RunSet } from "../../data/runs/run-set.ts";

/** A column: one float64 a row, little-endian, in base64. */
type Column = string;
type Columns = Readonly<Record<string, Column>>;

/** The rows of one set. All columns are in the same order of rows. */
export interface KeptSet {
  /** How many rows. */
  readonly count: number;
  /** Which data row of the table each one is, from 1 (the header is not counted). */
  readonly rowNumbers: Column;
  /** N ("params"), D ("tokens") and other inputs of the laws, by name; counts are absolute. */
  readonly inputs: Columns;
  /** Shares, by domain; those of a row sum to 1. */
  readonly shares: Columns;
  /** Losses, by target; NaN where the cell is missing. */
  readonly losses: Columns;
  /** Standard deviations of the losses, by target, where columns were named; NaN where missing. */
  readonly sigmas?: Columns;
  /** What the rows weigh, where a column was named. */
  readonly rowWeights?: Column;
  /** Labels of the blocks, where a group column was named. */
  readonly groups?: {
    /** The distinct labels. */
    readonly labels: readonly string[];
    /** For each row the place of its label in the list, from 0. */
    readonly places: Column;
  };
}

/** The rows of a fit, `rows` of the fit file. */
export interface KeptRows {
  /** The column of the block labels, when one was named. */
  readonly group?: string;
  /** The rows that were fitted. */
  readonly train: KeptSet;
  /** The rows that were held out; not there without a `test` filter. */
  readonly test?: KeptSet;
}

/** Rows of a table from which on they are not kept: 11 bytes for each of their numbers. */
const MOST_KEPT = 1e5;

/** Whether a fit file can keep so many rows. */
export const canKeep = ({ rows, testRows }: { rows: number; testRows: number }): boolean =>
  rows + testRows <= MOST_KEPT;

/** The rows of the runs as text. @example keepRows(runs).train.losses.loss_web // "AAAAAAAA8D8…" */
export const keepRows = (runs: Runs): KeptRows => ({
  ...given({ group: runs.group }),
  train: keepSet(runs.train, runs),
  ...(runs.test === undefined ? {} : { test: keepSet(runs.test, runs) }),
});

function keepSet(set: RunSet, { domains, targets }: Runs): KeptSet {
  const byTarget = (columns: readonly Float64Array[]): Columns =>
    byNames(targets.map((target, t) => [target, encode64(itemAt(columns, t))]));
  const shareOf = (domain: number): Float64Array =>
    Float64Array.from({ length: set.rows }, (_, row) =>
      itemAt(set.weights, row * domains.length + domain),
    );
  const { sigmas, rowWeights, groups } = set;
  return {
    count: set.rows,
    rowNumbers: encode64(Float64Array.from(set.rowNumbers)),
    inputs: byNames(Object.entries(set.inputs).map(([name, values]) => [name, encode64(values)])),
    shares: byNames(domains.map((domain, d) => [domain, encode64(shareOf(d))])),
    losses: byTarget(set.losses),
    ...(sigmas === undefined ? {} : { sigmas: byTarget(sigmas) }),
    ...(rowWeights === undefined ? {} : { rowWeights: encode64(rowWeights) }),
    ...(groups === undefined ? {} : { groups: keepLabels(groups) }),
  };
}

function keepLabels(groups: readonly string[]): NonNullable<KeptSet["groups"]> {
  const labels = [...new Set(groups)];
  const places = new Map(labels.map((label, place) => [label, place]));
  return { labels, places: encode64(Float64Array.from(groups, (label) => places.get(label) ?? 0)) };
}
