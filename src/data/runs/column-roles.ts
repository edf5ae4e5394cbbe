import { InputError } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import { columnOf, type Pick, pickColumns } from "../table/columns.ts";
import { nearFirst, shorten } from "../../base/wording.ts";
import { type Precision, precisionOf } from "./precision.ts";
import type { RunsOptions } from "./run-set.ts";
import type { Column, Table } from "../table/cells.ts";

/** A law input and the column it comes from. */
export interface InputRole {
  readonly name: string;
  readonly column: Column;
  /** Counts of parameters and tokens must be above 0. */
  readonly positive: boolean;
}

/** A column of losses, and where their standard deviations are. */
export interface TargetRole extends Pick {
  readonly precision: Precision | undefined;
}

/** Which column plays which part. */
export interface Roles {
  readonly inputs: readonly InputRole[];
  readonly weights: readonly { readonly domain: string; readonly column: Column }[];
  readonly targets: readonly TargetRole[];
  readonly rowWeights: Column | undefined;
  readonly group: Column | undefined;
  readonly notes: readonly string[];
}

const mostDomains = 64;

// The sum of the weights before they were normalized, which tables keep beside them: `h_*` matches
// it, and it is no domain.
const sumColumn = /^h_sum(_|$)/;

/**
 * Finds the column of every role.
 *
 * @throws InputError for columns that are not there, naming near ones and the option that maps the
 *   role.
 */
export function resolveRoles(table: Table, options: RunsOptions): Roles {
  const notes: string[] = [];
  const inputs = resolveInputs(table, options);
  const weights = resolveWeights(table, options, notes);
  const picked =
    options.targets?.trim() === ""
      ? []
      : pickColumns(table, options.targets ?? "loss_*", "targets");
  const { sigma } = options;
  const targets = picked.map((pick): TargetRole => ({
    ...pick,
    precision: sigma === undefined ? undefined : precisionOf(table, sigma, pick),
  }));
  const rowWeights =
    options.rowWeights === undefined
      ? undefined
      : columnOf(table, options.rowWeights, "rowWeights");
  const group = options.group === undefined ? undefined : columnOf(table, options.group, "group");

  for (const { column } of targets) {
    const input = inputs.find((other) => other.column === column);
    const taken = weights.some((other) => other.column === column)
      ? "a weight"
      : input === undefined
        ? undefined
        : `the input ${input.name}`;
    if (taken !== undefined) {
      const problem = `column "${column.name}" of ${table.source} is both ${taken} and a target: change ${option("targets")}, or the option that maps the other`;
      throw new InputError(problem, { file: table.source, column: column.name, option: "targets" });
    }
  }
  return { inputs, weights, targets, rowWeights, group, notes };
}

function resolveInputs(table: Table, options: RunsOptions): InputRole[] {
  const { need } = options;
  const mapped = options.inputs ?? {};
  if (Object.hasOwn(mapped, "weights"))
    throw new InputError(`weights are mapped with ${option("weights")}, not ${option("inputs")}`, {
      option: "inputs",
    });
  const roles: InputRole[] = [];
  const add = (
    name: string,
    given: string | undefined,
    usual: string,
    path: string,
    needed: boolean | undefined,
  ): void => {
    // A column the user names must be there even when no law needs it: it is a typo otherwise.
    const column = given === undefined ? table.columns.get(usual) : columnOf(table, given, path);
    if (column === undefined && needed === true) throw missingRole(table, name, usual, path);
    if (column !== undefined && needed !== false)
      roles.push({ name, column, positive: name === "params" || name === "tokens" });
  };
  add("params", options.params ?? mapped["params"], "n_params", "params", need?.params);
  add("tokens", options.tokens ?? mapped["tokens"], "n_tokens", "tokens", need?.tokens);
  for (const name of new Set([...Object.keys(mapped), ...(need?.inputs ?? [])])) {
    if (name !== "params" && name !== "tokens")
      add(name, mapped[name], name, `inputs.${name}`, need?.inputs.includes(name));
  }
  return roles;
}

function missingRole(table: Table, role: string, usual: string, path: string): InputError {
  const near = shorten(nearFirst(usual, table.columns.keys()), 6);
  const problem = `${table.source} has no column "${usual}" for the input ${role}: say with ${option(path, "COL")} which column it is; there are: ${near}`;
  return new InputError(problem, { file: table.source, column: usual, option: path });
}

function resolveWeights(
  table: Table,
  options: RunsOptions,
  notes: string[],
): { domain: string; column: Column }[] {
  const needed = options.need?.weights;
  const list = options.weights ?? "h_*";
  const picks = pickColumns(table, list, "weights", options.weights === undefined);
  if (needed === false) return [];
  const kept = picks.filter((pick) => pick.named || !sumColumn.test(pick.column.name));
  for (const pick of picks.filter((other) => !kept.includes(other))) {
    notes.push(
      `column ${pick.column.name} is taken for the sum of the weights, not for a domain (name it in ${option("weights")} to make it one)`,
    );
  }
  if (kept.length === 0 && (needed === true || options.weights !== undefined)) {
    const near = shorten(nearFirst("h_", table.columns.keys()), 6);
    const problem = `${table.source} has no columns ${list} for the mixture weights: say with ${option("weights")} which they are (a glob or a comma list); there are: ${near}`;
    throw new InputError(problem, { file: table.source, option: "weights" });
  }
  if (kept.length > mostDomains) {
    const problem = `${option("weights")} ${list} matches ${kept.length} columns of ${table.source}, and a mixture has at most ${mostDomains} domains: name fewer`;
    throw new InputError(problem, { file: table.source, option: "weights" });
  }
  const weights = kept.map(({ column, stem, named }) => ({
    domain: named ? column.name.replace(/^h_(?=.)/, "") : stem,
    column,
  }));
  const byDomain = new Map<string, string>();
  for (const { domain, column } of weights) {
    const other = byDomain.get(domain);
    if (other !== undefined) {
      const problem = `columns "${other}" and "${column.name}" of ${table.source} would both be the domain "${domain}": rename one, or leave it out of ${option("weights")}`;
      throw new InputError(problem, { file: table.source, column: column.name, option: "weights" });
    }
    byDomain.set(domain, column.name);
  }
  return weights;
}
