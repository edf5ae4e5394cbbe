/** Which columns of a table play which part. */
import { ownOf } from "../../base/known.ts";
import { InputError } from "../../base/errors.ts";
import { given } from "../../base/objects.ts";
import { option } from "../../base/option-text.ts";
import { columnOf, type Pick, pickColumns } from "../table/columns.ts";
import { type CountUnits, unitOf } from "../../options/count-units.ts";
import { nearFirst, shorten, suggest } from "../../base/wording.ts";
import { printable } from "../../options/printable.ts";
import { precisionColumns, precisionOf } from "./precision.ts";
import { LIMITS } from "../../options/limits.ts";
import type { InputRole, Roles, TargetRole } from "./roles.ts";
import { fractionInputs, resolvePhases } from "./phase-roles.ts";
import { oneDomain, resolveSupply, UNIQUE_TOKENS } from "./supply-roles.ts";
import { OTHER_COLUMNS, type RunsOptions, USUAL_COLUMNS } from "./runs-options.ts";
import { type Column, isMissing, numberAt, rowsOf, type Table } from "../table/cells.ts";

/**
 * The sum of the weights before they were normalized, which tables keep beside them: `h_*` matches
 * it, and it is no domain.
 */
const SUM_COLUMN = /^h_sum(_|$)/;

/**
 * Finds the column of every role.
 *
 * @throws InputError for columns that are not there, naming near ones and the option that maps the
 *   role.
 */
export function resolveRoles(table: Table, options: RunsOptions): Roles {
  const notes: string[] = [];
  const optional = (name: "rowWeights" | "group"): Column | undefined => {
    const column = options[name];
    return column === undefined ? undefined : columnOf(table, column, name);
  };
  const phased = resolvePhases(table, options);
  const weights = phased?.weights ?? ownWeights(table, options, notes);
  const phases = phased?.phases;
  const domains = phases?.domains ?? weights.map(({ domain }) => domain);
  const roles = {
    inputs: [
      ...resolveInputs(table, options),
      ...resolveSupply(table, options, domains),
      ...(phases === undefined ? [] : fractionInputs(phases)),
    ],
    weights,
    ...given({ phases }),
    normalize: options.normalize === true,
    targets: resolveTargets(table, options, notes),
    rowWeights: optional("rowWeights"),
    group: optional("group"),
    filters: given({ where: options.where, test: options.test }),
    notes,
  };
  checkTargets(table, roles);
  return roles;
}

/** A list of columns that an option names, or the usual one that the table has. */
function listOf(table: Table, role: "weights" | "targets", named: string | undefined): string {
  if (named !== undefined) return named;
  const usual = USUAL_COLUMNS[role];
  return [usual, ...OTHER_COLUMNS[role]].find((list) => pickColumns(table, list, role, true).length > 0) ?? usual; // prettier-ignore
}

/** Whether a table has columns that are taken for the shares of a mixture. */
export const hasShares = (table: Table): boolean =>
  (table.shares ?? []).length > 0 ||
  pickColumns(table, listOf(table, "weights", undefined), "weights", true).length > 0;

/** Whether a law reads the supply and the table has no shares: all tokens are of one domain. */
const isOneDomain = (table: Table, { need, weights, phases }: RunsOptions): boolean =>
  need?.supply === true && (weights ?? phases) === undefined && !hasShares(table);

/** The shares of runs without phases. */
const ownWeights = (table: Table, options: RunsOptions, notes: string[]): Roles["weights"] =>
  isOneDomain(table, options) ? oneDomain(table) : resolveWeights(table, options, notes);

/** Columns that `*` takes and that hold text, or how precise others are, are no targets. */
function resolveTargets(
  table: Table,
  { targets, sigma }: RunsOptions,
  notes: string[],
): TargetRole[] {
  if (targets?.trim() === "") return [];
  const list = listOf(table, "targets", targets);
  const picks = pickColumns(table, list, "targets");
  const taken = sigma === undefined ? new Set<Column>() : precisionColumns(table, sigma, picks);
  const kept = picks.filter((pick) => {
    if (pick.named) return true;
    if (taken.has(pick.column)) return false;
    if (!isText(pick.column)) return true;
    notes.push(`column ${pick.column.name} holds text: it is no target`);
    return false;
  });
  if (kept.length === 0) throw noTarget(table, list, picks);
  return kept.map((pick) => ({
    ...pick,
    precision: sigma === undefined ? undefined : precisionOf(table, sigma, pick),
  }));
}

/** Whether a column has cells and none of them is a number. */
function isText(column: Column): boolean {
  let isFilled = false;
  for (let row = 0; row < rowsOf(column); row++) {
    if (isMissing(column, row)) continue;
    if (numberAt(column, row) !== undefined) return false;
    isFilled = true;
  }
  return isFilled;
}

function noTarget(table: Table, list: string, picks: readonly Pick[]): InputError {
  const names = shorten(
    picks.map(({ column }) => column.name),
    6,
  );
  return new InputError(
    `${option("targets")} ${list} matches no column of ${table.source} that holds losses: ${names} hold text, or how precise others are; name the losses`,
    { file: table.source, option: "targets" },
  );
}

/** Throws an InputError for a target whose column has another role too. */
function checkTargets(table: Table, { inputs, weights, targets }: Roles): void {
  for (const { column } of targets) {
    const input = inputs.find((other) => other.column === column);
    const isWeight = weights.some((other) => other.column === column);
    if (input === undefined && !isWeight) continue;
    const role = input === undefined || isWeight ? "a weight" : `the input ${input.name}`;
    const problem = `column "${column.name}" of ${table.source} is both ${role} and a target: change ${option("targets")}, or the option that maps the other`;
    throw new InputError(problem, { file: table.source, column: column.name, option: "targets" });
  }
}

/** An input, and where its column may be. */
interface InputRequest {
  readonly name: string;
  /** The column that the user named. */
  readonly column: string | undefined;
  /** The column that it has without being named. */
  readonly usual: string;
  /** The option that names it. */
  readonly option: string;
  /** Whether the laws need it; undefined: it is read where it is there. */
  readonly needed: boolean | undefined;
}

function resolveInputs(table: Table, options: RunsOptions): InputRole[] {
  const { need, units } = options;
  const mapped = options.inputs ?? {};
  if (Object.hasOwn(mapped, "weights"))
    throw new InputError(`weights are mapped with ${option("weights")}, not ${option("inputs")}`, {
      option: "inputs",
    });
  const ofCount = (name: "params" | "tokens"): InputRequest => ({
    name,
    column: options[name] ?? ownOf(mapped, name),
    usual: USUAL_COLUMNS[name],
    option: name,
    needed: need?.[name],
  });
  const others = new Set([...Object.keys(mapped), ...(need?.inputs ?? [])]);
  const requests = [
    ofCount("params"),
    ofCount("tokens"),
    ...[...others]
      .filter((name) => name !== "params" && name !== "tokens")
      .map((name) => ({
        name,
        column: ownOf(mapped, name),
        usual: name,
        option: `inputs.${name}`,
        needed: need?.inputs.includes(name),
      })),
  ];
  const names = requests.map(({ name }) => name);
  checkUnits(isOneDomain(table, options) ? [...new Set([...names, UNIQUE_TOKENS])] : names, units);
  return requests.flatMap((request) => inputRole(table, request, units));
}

/** Throws an InputError for a unit of what is no input. */
function checkUnits(names: readonly string[], units: CountUnits | undefined): void {
  const odd = Object.keys(units === "absolute" ? {} : (units ?? {})).find(
    (name) => !names.includes(name),
  );
  if (odd === undefined) return;
  throw new InputError(
    `${option("units")} names "${odd}", which is no input: ${suggest(odd, names, "inputs")}`,
    { option: "units" },
  );
}

/** The role of an input; none where it has no column and needs none. */
function inputRole(
  table: Table,
  { name, needed, usual, ...request }: InputRequest,
  units: CountUnits | undefined,
): InputRole[] {
  // A column the user names must be there even when no law needs it: it is a typo otherwise.
  const column =
    request.column === undefined
      ? (table.columns.get(usual) ?? onlyIn(table, usual))
      : columnOf(table, request.column, request.option);
  if (column === undefined && needed === true)
    throw missingRole(table, name, usual, request.option);
  return column === undefined || needed === false
    ? []
    : [
        {
          name,
          column,
          positive: name === "params" || name === "tokens",
          unit: unitOf(units, name),
        },
      ];
}

/** The one column that has a name in a folder of names, as W&B has "config/n_params". */
function onlyIn(table: Table, name: string): Column | undefined {
  const found = [...table.columns.values()].filter((column) => column.name.endsWith(`/${name}`));
  return found.length === 1 ? found[0] : undefined;
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
  const list = listOf(table, "weights", options.weights);
  const found = pickColumns(table, list, "weights", options.weights === undefined);
  const picks =
    options.weights === undefined && found.length === 0 ? sharesOf(table, notes) : found;
  if (needed === false) return [];
  const kept = picks.filter((pick) => pick.named || !SUM_COLUMN.test(pick.column.name));
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
  if (kept.length > LIMITS.domains.most) {
    const problem = `${option("weights")} ${list} matches ${kept.length} columns of ${table.source}, and a mixture has at most ${LIMITS.domains.most} domains: name fewer`;
    throw new InputError(problem, { file: table.source, option: "weights" });
  }
  const weights = kept.map(({ column, stem, named }) => ({
    // What is left of "h_ web" begins with a space, which no name does.
    domain: printable(named ? column.name.replace(/^h_(?=.)/, "") : stem),
    column,
  }));
  checkDomains(table, weights);
  return weights;
}

/** The columns that are shares by what the table was joined from. */
function sharesOf(table: Table, notes: string[]): Pick[] {
  const { shares = [] } = table;
  if (shares.length > 0)
    notes.push(
      `the columns ${shorten(shares, 4)} are taken for the shares, since they sum to 1 (${option("weights")} names others)`,
    );
  return shares.flatMap((name) => {
    const column = table.columns.get(name);
    return column === undefined ? [] : [{ column, stem: name, named: false }];
  });
}

/** Throws an InputError where two columns would be the same domain. */
function checkDomains(table: Table, weights: Roles["weights"]): void {
  const byDomain = new Map<string, string>();
  for (const { domain, column } of weights) {
    const other = byDomain.get(domain);
    if (other !== undefined) {
      const problem = `columns "${other}" and "${column.name}" of ${table.source} would both be the domain "${domain}": rename one, or leave it out of ${option("weights")}`;
      throw new InputError(problem, { file: table.source, column: column.name, option: "weights" });
    }
    byDomain.set(domain, column.name);
  }
}
