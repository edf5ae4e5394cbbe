import { option } from "../../base/option-text.ts";
import type { Packed } from "./read-rows.ts";
import { count, shorten } from "../../base/wording.ts";
import type { Roles } from "./column-roles.ts";
import type { RunSet } from "./run-set.ts";
import { significant } from "../../base/format-number.ts";

/** What a reader of the results should know about the data, as sentences without a full stop. */
export function describe(roles: Roles, train: Packed, test: Packed | undefined): string[] {
  const both = test === undefined ? [train] : [train, test];
  return [
    ...roles.notes,
    ...renormalized(both),
    ...leftOut(both),
    ...missingLosses(
      roles,
      both.map((packed) => packed.set),
    ),
    ...repeats(train.set),
    ...constants(roles, train.set),
  ];
}

function renormalized(both: readonly Packed[]): string[] {
  const rows = both.reduce((sum, { renormalized: { rows: n } }) => sum + n, 0);
  const largest = Math.max(...both.map((packed) => packed.renormalized.largest));
  if (rows === 0) return [];
  return [
    `weights of ${count(rows, "row")} summed to 1 within 1e-3 and were renormalized (largest deviation ${significant(largest, 2)})`,
  ];
}

function leftOut(both: readonly Packed[]): string[] {
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
    sets.reduce((sum, set) => sum + set.losses[t].filter(Number.isNaN).length, 0),
  );
  const total = cells.reduce((sum, n) => sum + n, 0);
  if (total === 0) return [];
  const list = shorten(
    roles.targets
      .map(({ column }, t) => `${column.name} ${cells[t]}`)
      .filter((_, t) => cells[t] > 0),
  );
  const [verb, rest] =
    total === 1
      ? ["is", "its row is left out for that target"]
      : ["are", "those rows are left out for those targets"];
  return [`${count(total, "loss cell")} ${verb} missing (${list}): ${rest} only`];
}

/**
 * Repeats are counted twice in every sum; they may be meant, so they are told and kept. A
 * checkpoint saved twice repeats the losses at a slightly different token count: with two losses
 * equal to the last digit, that is no coincidence.
 */
function repeats(set: RunSet): string[] {
  const inputs = Object.values(set.inputs);
  const domains = set.rows === 0 ? 0 : set.weights.length / set.rows;
  const seen = new Map<string, number>();
  const seenLosses = new Map<string, number>();
  const exact: string[] = [];
  const alike: string[] = [];
  for (let row = 0; row < set.rows; row++) {
    const losses = set.losses.map((values) => values[row]);
    const measured = [...set.weights.subarray(row * domains, (row + 1) * domains), ...losses].join(
      " ",
    );
    const all = `${inputs.map((values) => values[row]).join(" ")} ${measured}`;
    const same = seen.get(all);
    const near =
      losses.filter((loss) => !Number.isNaN(loss)).length >= 2
        ? seenLosses.get(measured)
        : undefined;
    if (same !== undefined) exact.push(`row ${set.rowNumbers[row]} is row ${set.rowNumbers[same]}`);
    else if (near !== undefined)
      alike.push(`row ${set.rowNumbers[row]} like row ${set.rowNumbers[near]}`);
    if (same === undefined) seen.set(all, row);
    if (!seenLosses.has(measured)) seenLosses.set(measured, row);
  }
  const remedy = `drop them with ${option("where")} if they are copies`;
  const tell = (found: readonly string[], one: string, many: string, what: string): string[] =>
    found.length === 0
      ? []
      : [
          `${count(found.length, "row")} ${found.length === 1 ? one : many} ${what} (${shorten(found, 3)}) and count as runs of their own: ${remedy}`,
        ];
  return [
    ...tell(exact, "repeats", "repeat", "an earlier row exactly"),
    ...tell(
      alike,
      "has",
      "have",
      "the weights and losses of an earlier row exactly, at other inputs",
    ),
  ];
}

// A power law over a range this narrow changes by less than the noise of a loss.
const narrow = 1.02;

function constants(roles: Roles, set: RunSet): string[] {
  if (set.rows < 2) return [];
  const symbols: Readonly<Record<string, string>> = { params: "N", tokens: "D" };
  const notes = roles.inputs.flatMap(({ name, column, positive }) => {
    const symbol = Object.hasOwn(symbols, name) ? symbols[name] : name;
    const [least, most] = set.inputs[name].reduce(
      ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
      [Infinity, -Infinity],
    );
    if (least === most)
      return [
        `constant column ${column.name} = ${least} in every train row: terms in ${symbol} are not identified`,
      ];
    if (!positive || most > narrow * least) return [];
    return [
      `nearly constant column ${column.name}, ${least} to ${most} in the train rows: terms in ${symbol} are hardly identified`,
    ];
  });
  const k = roles.weights.length;
  const still = roles.weights.filter((_, domain) => {
    for (let row = 1; row < set.rows; row++)
      if (set.weights[row * k + domain] !== set.weights[domain]) return false;
    return true;
  });
  if (k > 1 && still.length > 0) {
    const list = shorten(
      still.map(
        ({ column }) =>
          `${column.name} = ${set.weights[roles.weights.findIndex((other) => other.column === column)]}`,
      ),
    );
    notes.push(`constant weights in every train row (${list}): their effect is not identified`);
  }
  return notes;
}
