/** What a reader of the results should know about the data, in words. */
import { equalRows, firstAlike, type RowValues } from "../../stats/equal-rows.ts";
import { entryOf, itemAt } from "../../base/known.ts";
import { significant } from "../../base/format-number.ts";
import { countInWords } from "../../options/count-units.ts";
import { phaseOfFraction } from "../../options/phases.ts";
import { domainOfSupply } from "../../options/supply.ts";
import { option } from "../../base/option-text.ts";
import { count, shorten } from "../../base/wording.ts";
import type { Roles } from "./roles.ts";
import type { PackedRows } from "./read-rows.ts";
import type { RunSet } from "./run-set.ts";

/** Sentences without a full stop. */
export function dataNotes(roles: Roles, train: PackedRows, test: PackedRows | undefined): string[] {
  const both = test === undefined ? [train] : [train, test];
  return [
    ...roles.notes,
    ...scaledCounts(roles),
    ...renormalized(roles, both),
    ...leftOut(both),
    ...missingLosses(
      roles,
      both.map((packed) => packed.set),
    ),
    ...repeats(train.set),
    ...equalColumns(roles, train.set),
    ...constantInputs(roles, train.set),
    ...constantWeights(roles, train.set),
  ];
}

/** Columns whose counts are not absolute in the table. */
function scaledCounts({ inputs }: Roles): string[] {
  const scaled = inputs
    .filter(({ unit }) => unit !== 1)
    .map(({ column, unit }) => `${column.name} is in units of ${countInWords(unit)}`);
  return scaled.length === 0 ? [] : [`${scaled.join(", ")}, as ${option("units")} says`];
}

function renormalized({ normalize }: Roles, both: readonly PackedRows[]): string[] {
  const rows = both.reduce((sum, packed) => sum + packed.renormalized.rows, 0);
  if (rows === 0) return [];
  const least = Math.min(...both.map((packed) => packed.renormalized.least));
  const most = Math.max(...both.map((packed) => packed.renormalized.most));
  const largest = Math.max(1 - least, most - 1);
  return [
    normalize
      ? `weights of ${count(rows, "row")} were divided by their sum (${significant(least, 3)} to ${significant(most, 3)})`
      : `weights of ${count(rows, "row")} summed to 1 within 1e-3 and were renormalized (largest deviation ${significant(largest, 2)})`,
  ];
}

function leftOut(both: readonly PackedRows[]): string[] {
  const columns = new Map<string, number>();
  for (const { missingColumns } of both)
    for (const [name, cells] of missingColumns) columns.set(name, (columns.get(name) ?? 0) + cells);
  const rows = both.reduce((sum, { missing }) => sum + missing.input + missing.weight, 0);
  if (rows === 0) return [];
  const list = shorten([...columns].map(([name, cells]) => `${name} ${cells}`));
  return [
    `${count(rows, "row")} left out because a needed cell is missing (${list}); an empty weight is not read as 0`,
  ];
}

function missingLosses(roles: Roles, sets: readonly RunSet[]): string[] {
  const cells = roles.targets.map((_, t) =>
    sets.reduce((sum, set) => sum + itemAt(set.losses, t).filter(Number.isNaN).length, 0),
  );
  const total = cells.reduce((sum, n) => sum + n, 0);
  if (total === 0) return [];
  const list = shorten(
    roles.targets
      .map(({ column }, t) => `${column.name} ${cells[t]}`)
      .filter((_, t) => itemAt(cells, t) > 0),
  );
  const [verb, rest] =
    total === 1
      ? ["is", "its row is left out for that target"]
      : ["are", "those rows are left out for those targets"];
  return [`${count(total, "loss cell")} ${verb} missing (${list}): ${rest} only`];
}

/**
 * Rows that repeat an earlier one count twice in every sum. They may be meant, so they are told and
 * kept. A checkpoint saved twice repeats the losses at a slightly different token count: two losses
 * that are equal to the last digit are no coincidence.
 */
function repeats(set: RunSet): string[] {
  const { rows, rowNumbers, losses } = set;
  const column = (values: Float64Array): RowValues => ({ values, width: 1 });
  const measured = [
    { values: set.weights, width: rows === 0 ? 0 : set.weights.length / rows },
    ...losses.map(column),
  ];
  const all = equalRows(rows, [...Object.values(set.inputs).map(column), ...measured]);
  const alikes = equalRows(rows, measured);
  const exact: string[] = [];
  const alike: string[] = [];
  for (let row = 0; row < rows; row++) {
    const [same, near] = [firstAlike(all, row), firstAlike(alikes, row)];
    const number = rowNumbers[row];
    if (same < row) exact.push(`row ${number} is row ${rowNumbers[same]}`);
    else if (near < row && losses.filter((y) => !Number.isNaN(y[row])).length >= 2)
      alike.push(`row ${number} like row ${rowNumbers[near]}`);
  }
  const inOther = "the weights and losses of an earlier row exactly, at other inputs";
  return [
    ...repeated(exact, ["repeats", "repeat"], "an earlier row exactly"),
    ...repeated(alike, ["has", "have"], inOther),
  ];
}

/** `verbs`: for one row and for several. */
function repeated(
  rows: readonly string[],
  verbs: readonly [string, string],
  what: string,
): string[] {
  if (rows.length === 0) return [];
  const verb = verbs[rows.length === 1 ? 0 : 1];
  return [
    `${count(rows.length, "row")} ${verb} ${what} (${shorten(rows, 3)}) and count as runs of their own: take them out of the table if they are copies`,
  ];
}

/** A power law over a range this narrow changes by less than the noise of a loss. */
const NARROW = 1.02;

const SYMBOLS: Readonly<Record<string, string>> = { params: "N", tokens: "D" };

function constantInputs(roles: Roles, set: RunSet): string[] {
  if (set.rows < 2) return [];
  // One supply for all runs is usual: epochs vary with the shares. So are phases of one length.
  const inputs = roles.inputs.filter(
    ({ name }) => domainOfSupply(name) === undefined && phaseOfFraction(name) === undefined,
  );
  return inputs.flatMap(({ name, column, positive }) => {
    const symbol = Object.hasOwn(SYMBOLS, name) ? SYMBOLS[name] : name;
    const least = entryOf(set.inputs, name).reduce((a, b) => Math.min(a, b));
    const most = entryOf(set.inputs, name).reduce((a, b) => Math.max(a, b));
    if (least === most)
      return [
        `constant column ${column.name} = ${least} in every train row: terms in ${symbol} are not identified`,
      ];
    if (!positive || most > NARROW * least) return [];
    return [
      `nearly constant column ${column.name}, ${least} to ${most} in the train rows: terms in ${symbol} are hardly identified`,
    ];
  });
}

function constantWeights(roles: Roles, set: RunSet): string[] {
  const domains = roles.weights.length;
  if (set.rows < 2 || domains < 2) return [];
  const constant = roles.weights.flatMap(({ column }, domain) => {
    for (let row = 1; row < set.rows; row++)
      if (set.weights[row * domains + domain] !== set.weights[domain]) return [];
    return [`${column.name} = ${set.weights[domain]}`];
  });
  return constant.length === 0
    ? []
    : [
        `constant weights in every train row (${shorten(constant)}): their effect is not identified`,
      ];
}

/** Numbers at the beginning of a column by which equal ones are looked for. */
const BEGINNING = 8;

/** What is said of losses that are the same in each of several rows. */
function equalColumns({ targets }: Roles, { rows, losses }: RunSet): string[] {
  if (rows < 2) return [];
  const byBeginning = new Map<string, number[]>();
  const pairs: string[] = [];
  for (const [n, { column }] of targets.entries()) {
    const own = itemAt(losses, n);
    const beginning = own.slice(0, BEGINNING).join();
    const earlier = byBeginning.get(beginning) ?? [];
    byBeginning.set(beginning, earlier);
    const twin = earlier.find((other) => isEqual(own, itemAt(losses, other)));
    if (twin === undefined) earlier.push(n);
    else if (varies(own)) pairs.push(`${column.name} equals ${itemAt(targets, twin).column.name}`);
  }
  if (pairs.length === 0) return [];
  return [
    `${shorten(pairs, 3)} in every train row, and counts as a target of its own: leave it out with ${option("targets")} if it is a copy`,
  ];
}

/** Missing losses, NaN, are equal. */
const isEqual = (a: Float64Array, b: Float64Array): boolean =>
  a.every((value, row) => Object.is(value, b[row]));

const varies = (values: Float64Array): boolean =>
  values.some((value) => !Object.is(value, values[0]));
