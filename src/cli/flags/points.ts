/**
 * Points to predict at: what a fit file knows of a table's columns, and points on the command line.
 */
import type { Command } from "commander";
import { InputError } from "../../base/errors.ts";
import { ownOf } from "../../base/known.ts";
import { byNames, given } from "../../base/objects.ts";
import { type RunsOptions, USUAL_COLUMNS } from "../../data/runs/runs-options.ts";
import type { CountUnits } from "../../options/count-units.ts";
import { numberAt, rowPlace, type Table } from "../../data/table/cells.ts";
import { pickColumns } from "../../data/table/columns.ts";
import { type Row, tableOf } from "../../data/table/rows.ts";
import { listed, plural } from "../../base/wording.ts";
import type { Runs } from "../../data/runs/run-set.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import { inputNamed } from "../../mixture/request/named-inputs.ts";
import { supplyOfFit } from "../../mixture/request/with-supply.ts";
import { cellOf, fractionOf, phaseOfFraction } from "../../options/phases.ts";
import { domainOfSupply } from "../../options/supply.ts";
import { quoted } from "../../syntax/names.ts";
import { countUnits, UNITS_HELP } from "./counts.ts";
import { phaseParts, weighted } from "./shares.ts";
import { joined, mapping } from "./values.ts";

/** Flags that name the columns of a table which is read as that of a fit was, in order of help. */
export const columnFlags = (command: Command): Command =>
  command
    .option(
      "--params <COL>",
      `column of the parameter count N (default: the fit's, else ${USUAL_COLUMNS.params})`,
    )
    .option(
      "--tokens <COL>",
      `column of the token count D (default: the fit's, else ${USUAL_COLUMNS.tokens})`,
    )
    .option("--units <UNITS>", UNITS_HELP, countUnits)
    .option("--input <NAME=COL>", "column of another input of the laws; may be repeated", mapping)
    .option(
      "--weights <COLS>",
      `columns of the mixture's shares: names and globs, comma-separated (default: the fit's, else ${USUAL_COLUMNS.weights})`,
      joined,
    )
    .option(
      "--phases <PHASES>",
      'phases of the rows and their parts of the tokens, as for "mixlaw fit" (default: the fit\'s)',
      phaseParts,
    );

/** What a fit file knows of the table that was fitted, as far as other tables are read by it. */
export interface FittedTable {
  readonly data: Pick<FitFile["data"], "reading" | "domains" | "range">;
}

/** The roles of the columns that were fitted, as far as a table has columns of these names. */
export function rolesOfFit({ data }: FittedTable, table: Table): RunsOptions {
  const { params, tokens, weights, phases, inputs = {}, normalize, targets } = data.reading ?? {};
  const ifThere = (name: string | undefined): string | undefined =>
    name !== undefined && table.columns.has(name) ? name : undefined;
  const kept = Object.entries(inputs).filter(([, column]) => table.columns.has(column));
  return given({
    params: ifThere(params),
    tokens: ifThere(tokens),
    weights: phases === undefined ? weightsIn(table, weights, data.domains) : undefined,
    phases,
    normalize,
    targets: targets !== undefined && isThere(table, targets) ? targets : undefined,
    inputs: kept.length === 0 ? undefined : Object.fromEntries(kept),
  });
}

/**
 * Throws InputError where points lack what laws need. Their columns are found by the names of the
 * fitted table's, so that the remedy is a column and no flag.
 */
export function checkFound(
  { data }: FittedTable,
  points: Runs,
  need: NonNullable<RunsOptions["need"]>,
): void {
  const { params = USUAL_COLUMNS.params, tokens = USUAL_COLUMNS.tokens, inputs = {} } = data.reading ?? {}; // prettier-ignore
  const columns: Readonly<Record<string, string>> = {
    ...(need.params ? { params } : {}),
    ...(need.tokens ? { tokens } : {}),
    ...Object.fromEntries((need.inputs ?? []).map((name) => [name, inputs[name] ?? name])),
  };
  const names = [
    ...Object.keys(columns).filter((name) => points.train.inputs[name] === undefined),
    ...(need.weights === true ? data.domains.filter((name) => !points.domains.includes(name)) : []),
  ].map((name) => columns[name] ?? `h_${name}`);
  if (names.length === 0) return;
  throw new InputError(
    `${points.source} has no ${plural(names.length, "column")} ${listed(names)}, which the fit's laws need: add ${names.length === 1 ? "it" : "them"}, by the names that the fitted table has`,
    { file: points.source },
  );
}

/** Counts this many times larger than any that was fitted are in another unit. */
const FAR = 1e4;

/**
 * The units of the columns that were fitted, for columns of the same names; those asked for go
 * before them.
 *
 * @throws InputError where a column holds counts that can only be in another unit.
 */
export function unitsOfFit(
  { data }: FittedTable,
  table: Table,
  asked: Pick<RunsOptions, "params" | "tokens" | "units">,
): CountUnits | undefined {
  const { units, params, tokens } = data.reading ?? {};
  const own = asked.units;
  if (own === "absolute" || units === undefined || units === "absolute") return own ?? units;
  const columns = {
    params: params ?? USUAL_COLUMNS.params,
    tokens: tokens ?? USUAL_COLUMNS.tokens,
  };
  const kept = Object.entries(units).filter(([name, unit]) => {
    if (own !== undefined && Object.hasOwn(own, name)) return false;
    if (name !== "params" && name !== "tokens") return true;
    const column = table.columns.get(columns[name]);
    if (column === undefined || (asked[name] ?? column.name) !== column.name) return false;
    const most = data.range[name]?.max ?? Infinity;
    for (let row = 0; row < table.rows; row++) {
      const count = numberAt(column, row) ?? 0;
      if (unit > 1 && count * unit > FAR * most && count <= FAR * most)
        throw new InputError(
          `${rowPlace(table, row)}, column "${column.name}" holds ${count}, and the fit has its column of that name in units of ${unit}: say --units ${name}=1 if this one counts by itself, or --units ${name}=${unit}`,
          { file: table.source, row: row + 1, column: column.name, option: "units" },
        );
    }
    return true;
  });
  return { ...Object.fromEntries(kept), ...own };
}

/**
 * The list of the shares' columns: that of the fit, with or without what it leaves out, or the
 * domains by their names where they are columns. Undefined where a table has none of these, and
 * where the usual columns are there.
 */
function weightsIn(
  table: Table,
  weights: string | undefined,
  domains: readonly string[],
): string | undefined {
  const usual = weights ?? USUAL_COLUMNS.weights;
  const kept = usual.split(",").filter((item) => !item.trim().startsWith("!"));
  const list = [usual, kept.join(",")].find((each) => isThere(table, each));
  if (list !== undefined) return weights === undefined ? undefined : list;
  const areColumns = domains.length > 0 && domains.every((domain) => table.columns.has(domain));
  return areColumns ? domains.map(quoted).join(",") : undefined;
}

/** Whether a list names columns of a table, and only such. */
function isThere(table: Table, list: string): boolean {
  try {
    return pickColumns(table, list, "weights").length > 0;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** The column of an input: u_web of the supply u[web]. */
function columnOfInput(input: string): string {
  const domain = domainOfSupply(input);
  return domain === undefined ? input : `u_${domain}`;
}

/**
 * The columns of a point's shares; undefined where it has none. Of phases each has its own, as
 * "h0/web", or that of "web" where all have the same.
 */
function sharesAt(
  { domains, phases }: FitFile["data"],
  values: Readonly<Record<string, number>>,
): Record<string, number> | undefined {
  const columns: (readonly [string, number | undefined])[] =
    phases === undefined
      ? domains.map((name) => [`h_${name}`, ownOf(values, name)])
      : phases.names.flatMap((phase) =>
          phases.domains.map((domain) => [
            `${phase}_${domain}`,
            ownOf(values, cellOf(phase, domain)) ?? ownOf(values, domain),
          ]),
        );
  if (columns.length === 1) return byNames(columns.map(([name, share]) => [name, share ?? 1]));
  if (columns.every(([, share]) => share === undefined)) return undefined;
  return byNames(columns.map(([name, share]) => [name, share ?? 0]));
}

/** A phase's part of the tokens in the fitted runs, where all had the same. */
function fractionIn({ range }: FitFile["data"], input: string): number | undefined {
  const extent = phaseOfFraction(input) === undefined ? undefined : ownOf(range.inputs, input);
  return extent?.min === extent?.max ? extent?.min : undefined;
}

/** How a table of `--at` has the phases of a fit. */
export const phasesAt = ({ data }: FitFile): RunsOptions["phases"] =>
  data.phases && byNames(data.phases.names.map((phase) => [phase, fractionOf(phase)]));

const EXAMPLE = "params=7B,tokens=150B,web=0.5,code=0.5";

/** The values of a point by the laws' names for inputs, also where it has their columns'. */
function byInput(
  file: FitFile,
  known: readonly string[],
  text: string,
  values: Readonly<Record<string, number>>,
): Record<string, number> {
  const entries = Object.entries(values).map(([name, value]) => {
    const input = known.includes(name) ? undefined : inputNamed(file, name);
    if (input !== undefined && Object.hasOwn(values, input))
      throw new InputError(
        `--at ${text}: ${name} and ${input} are the same input, which has that column in the fit: give one`,
      );
    return [input ?? name, value] as const;
  });
  return byNames(entries);
}

/**
 * The table of the points of `--at`, a row each: N, D, the shares and the other inputs of the laws
 * by their names or by their columns in the fit. Domains that a point leaves out have none of it.
 *
 * @param need what the laws need of a point
 * @throws InputError for a name that the fit does not have, what is no number, and what is missing.
 */
export function tableAt(
  file: FitFile,
  points: readonly string[],
  need: NonNullable<RunsOptions["need"]>,
): Table {
  const { data } = file;
  const others = Object.keys(data.range.inputs ?? {});
  const { domains } = data;
  const clash = domains.find((domain) => ["params", "tokens", ...others].includes(domain));
  if (clash !== undefined)
    throw new InputError(
      `--at cannot tell the domain "${clash}" from the input of that name: give a table of points`,
    );
  const columns = Object.values(data.reading?.inputs ?? {});
  const known = ["params", "tokens", ...others, ...domains, ...(data.phases?.domains ?? [])];
  const rows = points.map((text): Row => {
    const values = byInput(file, known, text, weighted("--at", [text], [...known, ...columns], EXAMPLE)); // prettier-ignore
    const odd = Object.keys(values).find((name) => !known.includes(name));
    if (odd !== undefined)
      throw new InputError(
        `--at: the fit has no domain or input "${odd}"; there are ${known.join(", ")}`,
      );
    const shares = sharesAt(data, values);
    const { params, tokens } = values;
    const missing = [
      ...(need.params ? ["params"] : []),
      ...(need.tokens ? ["tokens"] : []),
      ...need.inputs,
    ].filter((name) => values[name] === undefined);
    if (need.weights && shares === undefined) missing.push("the shares of domains");
    if (missing.length > 0)
      throw new InputError(
        `--at ${text} lacks ${listed(missing)}, which the fit's laws need; write it like ${EXAMPLE}`,
      );
    return {
      ...given({ n_params: params, n_tokens: tokens }),
      ...Object.fromEntries(
        others
          .map((name) => [columnOfInput(name), values[name] ?? fractionIn(data, name)] as const)
          .filter(([name, value]) => value !== undefined || !name.startsWith("u_")),
      ),
      ...shares,
    };
  });
  return tableOf(rows, "--at");
}

/** The supply of the fit, of the domains that the table has no column for. */
export const supplyBeside = (
  { columns }: Table,
  file: FitFile,
  supply: string | undefined,
): Record<string, number> =>
  supply === undefined
    ? byNames(Object.entries(supplyOfFit(file)).filter(([domain]) => !columns.has(`u_${domain}`)))
    : {};
