import { InputError } from "../errors.ts";
import { describe } from "./notes.ts";
import { pack, type Packed } from "./read.ts";
import { resolveRoles, type Roles } from "./roles.ts";
import { selectRows, type Selection } from "./select.ts";
import type { Table } from "./table.ts";

/** Which columns play which part, and which rows are used. Columns are matched by name, never by position. */
export interface RunsOptions {
  /** Column of the parameter count N (absolute, > 0); "n_params" when it is there. */
  readonly params?: string;
  /** Column of the token count D (absolute, > 0); "n_tokens" when it is there. */
  readonly tokens?: string;
  /**
   * Columns of the mixture weights: globs or names, comma-separated, `!name` to leave one out; "h_*". A domain's name is what the glob's text
   * before `*` does not cover, or the column's name without "h_".
   */
  readonly weights?: string;
  /** Columns of the losses, likewise; "loss_*". A target's name is the full column name. "" reads none (points to predict at). */
  readonly targets?: string;
  /** Other inputs of a law and their columns; a needed input is found under its own name too. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Column of block labels, kept as text for resampling. */
  readonly group?: string;
  /** Filter of the rows to fit; see `parseWhere`. */
  readonly where?: string;
  /** Filter of the rows held out: scored, never fitted. They need not pass `where`. */
  readonly test?: string;
  /** What the laws need: only that is read, and all of it must be there. Without it, whatever is found is read. */
  readonly need?: { readonly params: boolean; readonly tokens: boolean; readonly weights: boolean; readonly inputs: readonly string[] };
}

/** Runs packed for computing: float64, one run a row. */
export interface RunSet {
  readonly rows: number;
  /** Which data row of the file each one is, from 1 (the header is not counted). */
  readonly rowNumbers: Int32Array;
  /** "params", "tokens" and others by law input name; each has `rows` finite numbers in the file's units. */
  readonly inputs: Readonly<Record<string, Float64Array>>;
  /** rows × domains, row-major; each row is ≥ 0 and sums to 1 up to rounding. */
  readonly weights: Float64Array;
  /** One array of `rows` a target, NaN where the cell is missing. */
  readonly losses: readonly Float64Array[];
  /** Block labels, when a group column was named. */
  readonly groups?: readonly string[];
}

/** A table made ready to fit. */
export interface Runs {
  readonly source: string;
  readonly sha256: string;
  readonly domains: readonly string[];
  readonly targets: readonly string[];
  readonly train: RunSet;
  readonly test: RunSet | undefined;
  /** Rows in neither set, by reason: "where" (no filter asks for them), "missing input", "missing weight", "missing loss" (of every target). */
  readonly dropped: readonly { readonly reason: string; readonly rows: number }[];
  /** Sentences for the summary: what was renormalized, masked, repeated, constant. */
  readonly notes: readonly string[];
}

/**
 * Gives a table's columns their roles, selects and checks its rows and packs them. Only rows that are used are checked.
 *
 * @throws InputError naming file, row, column or flag, and what to do.
 * @example
 * const runs = toRuns(table, { where: "split == 'train'", test: "split == 'eval'" });
 * runs.train.losses[runs.targets.indexOf("loss_c4")][0] // nats per token of the first train row
 */
export function toRuns(table: Table, options: RunsOptions = {}): Runs {
  const selection = selectRows(table, options);
  const roles = dropEmptyTargets(table, resolveRoles(table, options), selection);
  const train = pack(table, roles, selection.train);
  const test = selection.test === undefined ? undefined : pack(table, roles, selection.test);
  checkLeft(table, train, selection.train.length, "train", "--where");
  if (test !== undefined && selection.test !== undefined) checkLeft(table, test, selection.test.length, "test", "--test");

  const lost = (what: "input" | "weight" | "loss"): number => train.missing[what] + (test?.missing[what] ?? 0);
  const dropped = [
    { reason: "where", rows: selection.left },
    { reason: "missing input", rows: lost("input") },
    { reason: "missing weight", rows: lost("weight") },
    { reason: "missing loss", rows: lost("loss") },
  ];
  return {
    source: table.source,
    sha256: table.sha256,
    domains: roles.weights.map(({ domain }) => domain),
    targets: roles.targets.map(({ column }) => column.name),
    train: train.set,
    test: test?.set,
    dropped: dropped.filter(({ rows }) => rows > 0),
    notes: describe(roles, train, test),
  };
}

/** A target without a single train row cannot be fitted: an error when it was asked for by name, left out with a note when a glob found it. */
function dropEmptyTargets(table: Table, roles: Roles, selection: Selection): Roles {
  const filled = roles.targets.filter(({ column }) => selection.train.some((row) => column.cells[row] !== null));
  const empty = roles.targets.filter((target) => !filled.includes(target));
  const named = empty.find((target) => target.named) ?? (filled.length === 0 ? empty[0] : undefined);
  if (named !== undefined) {
    const problem = `column "${named.column.name}" of ${table.source} is empty in all ${selection.train.length} train rows: choose other --targets, or other rows with --where`;
    throw new InputError(problem, { file: table.source, column: named.column.name, flag: "--targets" });
  }
  const notes = empty.map(({ column }) => `column ${column.name} is empty in every train row: it is no target`);
  return { ...roles, targets: filled, notes: [...roles.notes, ...notes] };
}

function checkLeft(table: Table, packed: Packed, selected: number, what: "train" | "test", flag: string): void {
  if (packed.set.rows > 0) return;
  const { input, weight, loss } = packed.missing;
  const reasons = [`${input} lack an input`, `${weight} lack a weight`, `${loss} have no loss`].filter(
    (reason) => !reason.startsWith("0 "),
  );
  const columns = [...packed.missingColumns.keys()];
  const named = columns.length === 0 ? "" : ` (${columns.slice(0, 5).join(", ")})`;
  const problem = `no ${what} rows are left of ${table.source}: of ${selected} selected, ${reasons.join(", ")}${named}; fill the cells, or select other rows with ${flag}`;
  throw new InputError(problem, { file: table.source, flag });
}
