/** The parameters of a fit file as tidy tables: a number a row, with what is known of it. */
import { InputError } from "../../base/errors.ts";
import { itemAt, ownOf } from "../../base/known.ts";
import { option } from "../../base/option-text.ts";
import { tableOfRecords, type WrittenTable } from "../../data/write/written-table.ts";
import type { Reported } from "../../laws/parameters/parameters.ts";
import { restore } from "../predict.ts";
import type { Fit, FitFile } from "../result/fit-file.ts";
import { replicatesOf } from "../result/stored-replicates.ts";
import { type FittedNumber, fittedNumbers } from "./fitted-numbers.ts";
import { stacked } from "./stacked.ts";

/** What is to be known of a number: several in one cell, with a space between; null for none. */
function markOf({ state, atBound }: FittedNumber): string | null {
  const marks = [
    ...(state === "determined" ? [] : [state.replace(" ", "-")]),
    ...(atBound ? ["at-bound"] : []),
  ];
  return marks.length === 0 ? null : marks.join(" ");
}

/**
 * The parameters of all fits, a number a row: its standard error, its interval and how that was
 * made, its mark (`not-determined`, `at-bound`, `fixed`, `tied`) and the verdict on its fit.
 */
export const parametersTable = (file: FitFile): WrittenTable =>
  tableOfRecords(
    {
      law: "text",
      target: "text",
      parameter: "text",
      domain: "text",
      value: "number",
      error: "number",
      low: "number",
      high: "number",
      level: "number",
      interval: "text",
      mark: "text",
      verdict: "text",
    },
    file.fits.flatMap((fit) =>
      fittedNumbers(file, fit).map((number) => ({
        law: number.law,
        target: number.target,
        parameter: number.family,
        domain: number.domain,
        value: number.value,
        error: number.standardError,
        low: number.interval?.ends[0] ?? null,
        high: number.interval?.ends[1] ?? null,
        level: number.interval?.level ?? null,
        interval: number.interval?.by ?? null,
        mark: markOf(number),
        verdict: fit.verdict.status,
      })),
    ),
  );

/** One number of a report; NaN where it has none there. */
function numberIn(reported: Reported, family: string, domain: string | null): number {
  const value = ownOf(reported, family) ?? null;
  if (value === null || typeof value === "number") return value ?? NaN;
  return domain === null ? NaN : (ownOf(value, domain) ?? NaN);
}

/** The numbers of one fit's replicates, one replicate after the other. */
interface ReplicatesOfFit {
  readonly fit: Fit;
  readonly names: readonly Pick<FittedNumber, "family" | "domain">[];
  readonly values: Float64Array;
}

function replicateValues(file: FitFile, fit: Fit): ReplicatesOfFit[] {
  const { law } = restore(file, fit);
  const stored = replicatesOf(fit, law.size);
  if (stored === undefined) return [];
  const names = fittedNumbers(file, fit);
  const values = new Float64Array(stored.replicates.length * names.length);
  for (const [n, theta] of stored.replicates.entries()) {
    const reported = law.reportAt(theta);
    for (const [i, { family, domain }] of names.entries())
      values[n * names.length + i] = numberIn(reported, family, domain);
  }
  return [{ fit, names, values }];
}

/**
 * The parameters of every replicate of every bootstrap, a number a row.
 *
 * @throws InputError where no fit has a bootstrap.
 */
export function replicatesTable(file: FitFile): WrittenTable {
  const parts = file.fits.flatMap((fit) => replicateValues(file, fit));
  if (parts.length === 0)
    throw new InputError(
      `no fit of the file has a bootstrap: fit again with ${option("bootstrap", 1000)}`,
      { option: "bootstrap" },
    );
  const { rows, columnOf } = stacked(parts, ({ values }) => values.length);
  const nameAt = ({ names }: ReplicatesOfFit, row: number) => itemAt(names, row % names.length);
  return {
    rows,
    columns: [
      columnOf("law", "text", ({ fit }) => fit.law),
      columnOf("target", "text", ({ fit }) => fit.target),
      columnOf("replicate", "whole", ({ names }, row) => Math.floor(row / names.length) + 1),
      columnOf("parameter", "text", (part, row) => nameAt(part, row).family),
      columnOf("domain", "text", (part, row) => nameAt(part, row).domain),
      columnOf("value", "number", ({ values }, row) => itemAt(values, row)),
    ],
  };
}
