/** Runs whose numbers are so large or small that sums of their squares are no float64. */
import { InputError } from "../../base/errors.ts";
import { ownOf } from "../../base/known.ts";
import { inputInFilter, leavingOut, type RowsOf, unitInColumn } from "../filter/leave-out.ts";
import { nameInFilter } from "../filter/write-filter.ts";
import { MOST_IN_SIZE } from "../../options/limits.ts";
import { HALF_WIDTH } from "./precision.ts";
import type { Runs, RunSet } from "./run-set.ts";

/**
 * The least that a number of the runs may be in size where it is divided by or its logarithm is
 * taken, if it is not 0: what may be 0 is checked where it is read.
 */
const LEAST = 1 / MOST_IN_SIZE;

/**
 * Throws the InputError that names the first number beyond the limits. Losses and inputs may be as
 * small as they like beside others; a column of losses that are all nearly 0 may not.
 */
export function checkMagnitudes(runs: Runs): void {
  checkSet(runs, runs.train, "train");
  if (runs.test !== undefined) checkSet(runs, runs.test, "test");
}

/** The filter of rows whose cell lies within the limits, or is missing. */
function within(column: string | undefined, bad: number, unit = 1): string | undefined {
  if (column === undefined) return undefined;
  const [least, most] = [LEAST / unit, MOST_IN_SIZE / unit];
  if (Math.abs(bad) < LEAST) return `not (${column} > ${-least} and ${column} < ${least})`;
  return bad > 0 ? `not (${column} > ${most})` : `not (${column} < ${-most})`;
}

/** The same of a standard deviation: of its column, or of how far two ends lie apart. */
function sigmaWithin(columns: readonly string[], bad: number): string | undefined {
  const [first, second] = columns.map(nameInFilter);
  return second === undefined
    ? within(first, bad)
    : within(`${second} - ${first}`, bad, 1 / (2 * HALF_WIDTH));
}

function checkSet(runs: Runs, set: RunSet, name: RowsOf["set"]): void {
  const { source, targets } = runs;
  const rows: RowsOf = { runs, set: name };
  const check = (
    what: string,
    values: ArrayLike<number>,
    least = 0,
    remedy: (bad: number) => string | undefined = () => undefined,
  ): void => {
    const row = Array.prototype.findIndex.call(
      values,
      (x: number) => Math.abs(x) > MOST_IN_SIZE || (x !== 0 && Math.abs(x) < least),
    );
    if (row < 0) return;
    throw new InputError(
      `${source}, data row ${set.rowNumbers[row]}: ${what} is ${values[row]}; numbers ${least === 0 ? `up to ${MOST_IN_SIZE}` : `from ${LEAST} to ${MOST_IN_SIZE}`} in size can be fitted. Write the column in another unit, or leave the row out with ${leavingOut(rows, remedy(values[row] ?? 0))}.`,
      { file: source, row: set.rowNumbers[row] ?? 0 },
    );
  };
  for (const [input, values] of Object.entries(set.inputs))
    check(input, values, input === "params" || input === "tokens" ? LEAST : 0, (bad) =>
      within(inputInFilter(rows, input), bad, unitInColumn(rows, input)),
    );
  const weight = runs.reading?.rowWeights;
  if (set.rowWeights !== undefined)
    check("the row's weight", set.rowWeights, LEAST, (bad) =>
      within(weight === undefined ? undefined : nameInFilter(weight), bad),
    );
  for (const [t, target] of targets.entries()) {
    const losses = set.losses[t] ?? new Float64Array();
    check(`the loss ${target}`, losses, 0, (bad) => within(nameInFilter(target), bad));
    check(`the standard deviation of ${target}`, set.sigmas?.[t] ?? [], LEAST, (bad) =>
      sigmaWithin(ownOf(runs.columns?.sigmas, target) ?? [], bad),
    );
    const largest = losses.reduce((most, y) => (Math.abs(y) > most ? Math.abs(y) : most), 0);
    if (largest > 0 && largest < LEAST)
      throw new InputError(
        `${source}: no loss ${target} is larger than ${largest}; some must be ${LEAST} or more in size to be fitted. Write the column in another unit.`,
        { file: source, column: target },
      );
  }
}
