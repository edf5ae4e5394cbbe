/** A table read as the fit of a file read it. */
import { InputError } from "../base/errors.ts";
import { itemAt } from "../base/known.ts";
import { option } from "../base/option-text.ts";
import { count } from "../base/wording.ts";
import { checkedRuns } from "../data/runs/check-runs.ts";
import type { RunSet, Runs } from "../data/runs/run-set.ts";
import type { RunsOptions } from "../data/runs/runs-options.ts";
import { toRuns } from "../data/runs/runs.ts";
import type { Table } from "../data/table/cells.ts";
import { type Row, tableOf } from "../data/table/rows.ts";
import type { FitFile } from "../fit/result/fit-file.ts";
import { phaseOfFraction } from "../options/phases.ts";
import { domainOfSupply } from "../options/supply.ts";
import { withTarget } from "../formula-tables/formula-problem.ts";

/**
 * The table's runs by the columns, filters and units that the file records, with domains and
 * targets in the file's order, wherever the table has its columns.
 *
 * @throws InputError for a table that cannot be read so; it says when the table is another one.
 */
export function readAgain(file: FitFile, from: Table | Runs | readonly Row[]): Runs {
  if ("train" in from) return inOrderOf(file, checkedRuns(from));
  const table = Array.isArray(from) ? tableOf(from as readonly Row[]) : (from as Table);
  const targets = recordedTargets(file);
  checkFilters(file);
  try {
    const whole = targets.reduce(withTarget, table);
    const { join: _, long: __, sources: ___, ...asked } = file.data.reading ?? {};
    return inOrderOf(file, toRuns(whole, { ...asked, need: needOf(file) }));
  } catch (error) {
    if (!(error instanceof InputError) || table.sha256 === file.data.sha256) throw error;
    // The table is read as it was fitted: what the message may suggest is for another fit.
    const flags = error.where.option === undefined ? "" : "; options named here are those of a fit";
    throw new InputError(
      `${error.message} (this is not the table that was fitted: its SHA-256 is ${table.sha256}, and the fit file records ${file.data.sha256} of ${file.data.source}${flags})`,
      error.where,
    );
  }
}

/** Throws the InputError for a file that does not say which rows of the table it used. */
function checkFilters({ schema, data }: FitFile): void {
  const { reading, testRows, dropped } = data;
  const isOld = (schema as string) === "mixlaw/fit@1" && reading === undefined;
  const left = dropped.find(({ reason }) => reason === "where")?.rows ?? 0;
  if (!isOld || testRows + left === 0) return;
  const rows =
    testRows > 0 ? `${count(testRows, "row")} held out` : `${count(left, "row")} left out`;
  throw new InputError(
    `the fit file is of version 1, which does not record ${option("where")} and ${option("test")}, and it has ${rows}: fit the table again`,
  );
}

/** What was read of the table, as far as the file shows it. */
function needOf({ data }: FitFile): NonNullable<RunsOptions["need"]> {
  const { params, tokens, inputs = {} } = data.range;
  return {
    params: params !== null,
    tokens: tokens !== null,
    weights: data.domains.length > 0,
    inputs: Object.keys(inputs).filter(
      (input) => domainOfSupply(input) === undefined && phaseOfFraction(input) === undefined,
    ),
    supply: Object.keys(inputs).some((input) => domainOfSupply(input) !== undefined),
  };
}

/** The targets of a file, in the order of the table where its rows tell that. */
export const recordedTargets = ({ rows, fits, failed = [] }: FitFile): string[] => [
  ...new Set([
    ...Object.keys(rows?.train.losses ?? {}),
    ...[...fits, ...failed].map(({ target }) => target),
  ]),
];

/** The runs with the file's targets alone, and domains in its order where they are the same. */
function inOrderOf(file: FitFile, runs: Runs): Runs {
  const targets = recordedTargets(file);
  const missing = targets.find((target) => !runs.targets.includes(target));
  if (missing !== undefined)
    throw new InputError(
      `${runs.source} has no losses of ${missing}, which was fitted: give the table of the fit`,
      { file: runs.source, column: missing },
    );
  const targetAt = targets.map((target) => runs.targets.indexOf(target));
  const { domains } = file.data;
  const same =
    domains.length === runs.domains.length && domains.every((name) => runs.domains.includes(name));
  const domainAt = (same ? domains : runs.domains).map((name) => runs.domains.indexOf(name));
  const ordered = (set: RunSet): RunSet => ({
    ...set,
    weights: Float64Array.from(set.weights, (_, i) => {
      const k = domainAt.length;
      return itemAt(set.weights, Math.floor(i / k) * k + itemAt(domainAt, i % k));
    }),
    losses: targetAt.map((t) => itemAt(set.losses, t)),
    ...(set.sigmas === undefined
      ? {}
      : { sigmas: targetAt.map((t) => itemAt(set.sigmas ?? [], t)) }),
  });
  return {
    ...runs,
    targets,
    domains: same ? domains : runs.domains,
    train: ordered(runs.train),
    test: runs.test === undefined ? undefined : ordered(runs.test),
  };
}
