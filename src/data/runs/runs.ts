/** A table → runs made ready to fit. */
import { InputError } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import { dataNotes } from "./notes.ts";
import { packRows, type PackedRows } from "./read-rows.ts";
import { resolveRoles, type Roles } from "./column-roles.ts";
import { selectRows, type Selection } from "../filter/select-rows.ts";
import type { Table } from "../table/cells.ts";
import type { Runs } from "./run-set.ts";
import { type RunsOptions, runsOptions } from "./runs-options.ts";

/**
 * Gives a table's columns their roles, selects and checks its rows and packs them. Only rows that
 * are used are checked.
 *
 * @throws InputError naming file, row, column or option, and what to do.
 * @example
 * const runs = toRuns(table, { where: "split == 'train'", test: "split == 'eval'" });
 * runs.train.losses[runs.targets.indexOf("loss_c4")][0] // nats per token of the first train row
 */
export function toRuns(table: Table, asked: RunsOptions = {}): Runs {
  const options = runsOptions(asked);
  const selection = selectRows(table, options);
  const roles = dropEmptyTargets(table, resolveRoles(table, options), selection);
  const train = packRows(table, roles, selection.train);
  const test = selection.test === undefined ? undefined : packRows(table, roles, selection.test);
  checkLeft(table, train, selection.train.length, "train", "where");
  if (test !== undefined && selection.test !== undefined)
    checkLeft(table, test, selection.test.length, "test", "test");

  const missing = (what: "input" | "weight" | "loss"): number =>
    train.missing[what] + (test?.missing[what] ?? 0);
  const dropped = [
    { reason: "where", rows: selection.left },
    { reason: "missing input", rows: missing("input") },
    { reason: "missing weight", rows: missing("weight") },
    { reason: "missing loss", rows: missing("loss") },
  ];
  return {
    source: table.source,
    sha256: table.sha256,
    domains: roles.weights.map(({ domain }) => domain),
    targets: roles.targets.map(({ column }) => column.name),
    train: train.set,
    test: test?.set,
    ...(roles.group === undefined ? {} : { group: roles.group.name }),
    dropped: dropped.filter(({ rows }) => rows > 0),
    notes: dataNotes(roles, train, test),
  };
}

/**
 * A target without a single train row cannot be fitted: an error when it was asked for by name,
 * left out with a note when a glob found it.
 */
function dropEmptyTargets(table: Table, roles: Roles, selection: Selection): Roles {
  const filled = roles.targets.filter(({ column }) =>
    selection.train.some((row) => column.cells[row] !== null),
  );
  const empty = roles.targets.filter((target) => !filled.includes(target));
  const named =
    empty.find((target) => target.named) ?? (filled.length === 0 ? empty[0] : undefined);
  if (named !== undefined) {
    const problem = `column "${named.column.name}" of ${table.source} is empty in all ${selection.train.length} train rows: choose other ${option("targets")}, or other rows with ${option("where")}`;
    throw new InputError(problem, {
      file: table.source,
      column: named.column.name,
      option: "targets",
    });
  }
  const notes = empty.map(
    ({ column }) => `column ${column.name} is empty in every train row: it is no target`,
  );
  return { ...roles, targets: filled, notes: [...roles.notes, ...notes] };
}

/** Throws an InputError where no row is left, saying what the rows lack. */
function checkLeft(
  table: Table,
  packed: PackedRows,
  selected: number,
  what: "train" | "test",
  path: string,
): void {
  if (packed.set.rows > 0) return;
  const { input, weight, loss } = packed.missing;
  const reasons = [
    `${input} lack an input`,
    `${weight} lack a weight`,
    `${loss} have no loss`,
  ].filter((reason) => !reason.startsWith("0 "));
  const columns = [...packed.missingColumns.keys()];
  const named = columns.length === 0 ? "" : ` (${columns.slice(0, 5).join(", ")})`;
  const problem = `no ${what} rows are left of ${table.source}: of ${selected} selected, ${reasons.join(", ")}${named}; fill the cells, or select other rows with ${option(path)}`;
  throw new InputError(problem, { file: table.source, option: path });
}
