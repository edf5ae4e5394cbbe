/** A table → runs made ready to fit. */
import { checkLimit } from "../../options/limits.ts";
import { InputError } from "../../base/errors.ts";
import { byNames, given, pick } from "../../base/objects.ts";
import { option } from "../../base/option-text.ts";
import { checkedRuns } from "./check-runs.ts";
import { checkCounts } from "./check-counts.ts";
import { dataNotes } from "./notes.ts";
import { count } from "../../base/wording.ts";
import { readRowWeight } from "./read-cells.ts";
import { packRows, type PackedRows } from "./read-rows.ts";
import { resolveRoles } from "./column-roles.ts";
import { namesIn } from "./precision.ts";
import type { Roles } from "./roles.ts";
import { selectRows, type Selection } from "../filter/select-rows.ts";
import { type Column, isMissing, type Table } from "../table/cells.ts";
import { type Row, tableOf } from "../table/rows.ts";
import type { Runs } from "./run-set.ts";
import { type RunsOptions, runsOptions } from "./runs-options.ts";

/** Runs, or rows as plain objects that are read into runs. */
export type RunsOrRows = Runs | readonly Row[];

/** The runs themselves, checked; rows are read by `toRuns`. */
export const runsFrom = (runs: RunsOrRows, options: RunsOptions = {}): Runs =>
  Array.isArray(runs) ? toRuns(runs as readonly Row[], options) : checkedRuns(runs as Runs);

/**
 * Gives a table's columns their roles, selects and checks its rows and packs them. Only rows that
 * are used are checked.
 *
 * @param from a table, or rows as plain objects: `tableOf`
 * @throws InputError naming file, row, column or option, and what to do.
 * @example
 * const runs = toRuns(table, { where: "split == 'train'", test: "split == 'eval'" });
 * runs.train.losses[runs.targets.indexOf("loss_c4")][0] // nats per token of the first train row
 */
export function toRuns(from: Table | readonly Row[], asked: RunsOptions = {}): Runs {
  const table = Array.isArray(from) ? tableOf(from as readonly Row[]) : (from as Table);
  const options = runsOptions(asked);
  checkLimit("inputs", Object.keys(options.inputs ?? {}).length, {
    what: table.source,
    remedy: `name fewer ${option("inputs")}`,
    where: { option: "inputs" },
  });
  const selection = selectRows(table, options);
  const allRoles = resolveRoles(table, options);
  const counted = selectCounted(table, allRoles, selection);
  const roles = dropEmptyTargets(table, allRoles, counted);
  const train = packRows(table, roles, counted.train, "where");
  const test =
    counted.test === undefined ? undefined : packRows(table, roles, counted.test, "test");
  const arePoints = roles.targets.length === 0;
  checkLeft(table, train, counted.train.length, arePoints ? "points" : "train");
  if (test !== undefined && counted.test !== undefined)
    checkLeft(table, test, counted.test.length, "test");
  checkCounts(table, roles, test === undefined ? [train] : [train, test], options.units);

  const missing = (what: "input" | "weight" | "loss"): number =>
    train.missing[what] + (test?.missing[what] ?? 0);
  const dropped = [
    { reason: "where", rows: selection.left },
    { reason: "zero weight", rows: counted.weightless },
    { reason: "missing input", rows: missing("input") },
    { reason: "missing weight", rows: missing("weight") },
    { reason: "missing loss", rows: missing("loss") },
  ];
  return {
    source: table.source,
    sha256: table.sha256,
    domains: roles.weights.map(({ domain }) => domain),
    ...(roles.phases === undefined ? {} : { phases: pick(roles.phases, ["names", "domains"]) }),
    columns: {
      inputs: columnsIn(
        table,
        roles.inputs.map(({ name, column }) => [name, column]),
      ),
      shares: columnsIn(
        table,
        roles.weights.map(({ domain, column }) => [domain, column]),
      ),
      sigmas: byNames(
        roles.targets.flatMap(({ column, precision }) =>
          precision === undefined ? [] : [[column.name, namesIn(precision)] as const],
        ),
      ),
    },
    targets: roles.targets.map(({ column }) => column.name),
    train: train.set,
    test: test?.set,
    ...(options.units === undefined ? {} : { units: options.units }),
    ...(roles.group === undefined ? {} : { group: roles.group.name }),
    ...readingOf(table, options),
    dropped: dropped.filter(({ rows }) => rows > 0),
    notes: [...table.notes, ...dataNotes(roles, train, test)],
  };
}

/** Names of the columns that a table has: a supply that was given is none of them. */
const columnsIn = (table: Table, columns: readonly (readonly [string, Column])[]) =>
  byNames(
    columns.flatMap(([name, column]) =>
      table.columns.has(column.name) ? [[name, column.name] as const] : [],
    ),
  );

/** What was asked of the table, without what laws need of it and what says nothing. */
function readingOf({ shape }: Table, options: RunsOptions): Pick<Runs, "reading"> {
  const { need: _, inputs, ...asked } = options;
  const named = inputs === undefined || Object.keys(inputs).length === 0 ? undefined : inputs;
  const reading = given({ ...asked, ...shape, inputs: named });
  return Object.keys(reading).length === 0 ? {} : { reading };
}

/**
 * The rows that weigh something. A row of weight 0 counts nowhere: not in the fit, and not in what
 * is said of the data, so that it might as well not be in the table.
 *
 * @throws InputError where every train row, or every test row, has weight 0
 */
function selectCounted(
  table: Table,
  roles: Roles,
  selection: Selection,
): Selection & { readonly weightless: number } {
  const { rowWeights } = roles;
  if (rowWeights === undefined) return { ...selection, weightless: 0 };
  const counted = (rows: readonly number[], what: "train" | "test"): readonly number[] => {
    const reading = { table, roles, filter: what === "train" ? "where" : "test" } as const;
    const kept = rows.filter((row) => readRowWeight(reading, rowWeights, row) > 0);
    if (kept.length > 0) return kept;
    throw new InputError(
      `column "${rowWeights.name}" of ${table.source}: all ${count(rows.length, `${what} row`)} have weight 0, and a row of weight 0 counts nowhere. Give the rows that count a weight above 0, or name another column with ${option("rowWeights")}.`,
      { file: table.source, column: rowWeights.name, option: "rowWeights" },
    );
  };
  const train = counted(selection.train, "train");
  const test = selection.test && counted(selection.test, "test");
  const before = selection.train.length + (selection.test?.length ?? 0);
  const weightless = before - train.length - (test?.length ?? 0);
  return { train, test, left: selection.left, weightless };
}

/**
 * A target without a single train row cannot be fitted: an error when it was asked for by name,
 * left out with a note when a glob found it.
 */
function dropEmptyTargets(table: Table, roles: Roles, selection: Selection): Roles {
  const filled = roles.targets.filter(({ column }) =>
    selection.train.some((row) => !isMissing(column, row)),
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
  what: "train" | "test" | "points",
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
  const path = what === "test" ? "test" : "where";
  const problem =
    what === "points"
      ? `no rows are left of ${table.source}: of ${selected}, ${reasons.join(", ")}${named}; fill the cells`
      : `no ${what} rows are left of ${table.source}: of ${selected} selected, ${reasons.join(", ")}${named}; fill the cells, or select other rows with ${option(path)}`;
  throw new InputError(problem, { file: table.source, option: path });
}
