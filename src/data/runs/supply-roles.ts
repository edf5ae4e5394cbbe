/** Where the unique tokens of each domain are: in an option, or in columns of the table. */
import { ownOf } from "../../base/known.ts";
import { InputError } from "../../base/errors.ts";
import { option } from "../../base/option-text.ts";
import { nearFirst, shorten, suggest } from "../../base/wording.ts";
import { unitOf } from "../../options/count-units.ts";
import { printable } from "../../options/printable.ts";
import { supplyOf } from "../../options/supply.ts";
import { type Column, sourceColumn, type Table } from "../table/cells.ts";
import { columnOf, pickColumns } from "../table/columns.ts";
import type { InputRole, Roles } from "./roles.ts";
import { type RunsOptions, USUAL_COLUMNS } from "./runs-options.ts";

/** The domain of a table without shares, for laws that read the supply: all tokens are of it. */
export const ONE_DOMAIN = "all";

/** The column of the unique tokens of a table without shares. */
export const UNIQUE_TOKENS = "unique_tokens";

type Weights = Roles["weights"];

/** A column with the same number in every row. */
export const constantColumn = (name: string, value: number, rows: number): Column =>
  sourceColumn(name, {
    rows,
    cellAt: () => value,
    isMissing: () => false,
    numberAt: () => value,
  });

/** The one domain of a table without columns of shares. */
export const oneDomain = ({ rows }: Table): Weights => [
  { domain: ONE_DOMAIN, column: constantColumn(`h_${ONE_DOMAIN}`, 1, rows) },
];

/** Whether the supply of a domain is given, or a column of the table. */
export const hasSupply = (
  table: Table,
  options: Pick<RunsOptions, "available" | "supply" | "inputs">,
  domain: string,
): boolean =>
  ownOf(options.available, domain) !== undefined ||
  supplyColumns(table, options).has(domain) ||
  uniqueTokens(table, options, domain) !== undefined;

/**
 * The inputs of the supply, one for each domain: of `available`, else of the columns. Phases share
 * it.
 *
 * @throws InputError for a domain without a supply where a law needs it, and for a supply of what
 *   is no domain.
 */
export function resolveSupply(
  table: Table,
  options: RunsOptions,
  domains: readonly string[],
): readonly InputRole[] {
  const { need, available, units } = options;
  if (need?.supply === false) return [];
  checkAvailable(available, domains);
  const columns = supplyColumns(table, options);
  return domains.flatMap((domain): InputRole[] => {
    const tokens = ownOf(available, domain);
    const found = columns.get(domain);
    const [column, unit] =
      tokens === undefined
        ? [found ?? uniqueTokens(table, options, domain), unitOf(units, found === undefined ? UNIQUE_TOKENS : "tokens")] // prettier-ignore
        : [constantColumn(`u_${domain}`, tokens, table.rows), 1];
    if (column !== undefined) return [{ name: supplyOf(domain), column, positive: true, unit }];
    if (need?.supply === true) throw noSupply(table, options, domain);
    return [];
  });
}

/** The columns of the supply by domain. */
function supplyColumns(
  table: Table,
  { supply }: Pick<RunsOptions, "supply">,
): ReadonlyMap<string, Column> {
  const picks = pickColumns(table, supply ?? USUAL_COLUMNS.supply, "supply", supply === undefined);
  return new Map(
    picks.map(({ column, stem, named }) => [
      printable(named ? column.name.replace(/^u_(?=.)/, "") : stem),
      column,
    ]),
  );
}

/** The column of the unique tokens, where the table has one domain. */
function uniqueTokens(
  table: Table,
  { inputs }: Pick<RunsOptions, "inputs">,
  domain: string,
): Column | undefined {
  if (domain !== ONE_DOMAIN) return undefined;
  const named = ownOf(inputs, UNIQUE_TOKENS);
  return named === undefined
    ? table.columns.get(UNIQUE_TOKENS)
    : columnOf(table, named, `inputs.${UNIQUE_TOKENS}`);
}

/** Throws an InputError for a supply of what is no domain. */
function checkAvailable(available: RunsOptions["available"], domains: readonly string[]): void {
  const odd = Object.keys(available ?? {}).find((domain) => !domains.includes(domain));
  if (odd === undefined || domains.length === 0) return;
  throw new InputError(
    `${option("available")} names the domain "${odd}", which the runs do not have; ${suggest(odd, domains, "domains")}`,
    { option: "available" },
  );
}

function noSupply(table: Table, { available }: RunsOptions, domain: string): InputError {
  const alone = domain === ONE_DOMAIN ? ` or "${UNIQUE_TOKENS}"` : "";
  const shares = domain === ONE_DOMAIN ? `; if there are shares, name them with ${option("weights")}` : ""; // prettier-ignore
  const near = shorten(nearFirst(`u_${domain}`, table.columns.keys()), 6);
  const problem = `no supply of the domain "${domain}" is given, which the law needs (formulas have it as u[i]): ${option("available")} ${available === undefined ? "is not given" : "does not name it"}, and ${table.source} has no column "u_${domain}"${alone} (there are: ${near}). Give the unique tokens there are with ${option("available")}, or name their columns with ${option("supply")}${shares}.`;
  return new InputError(problem, { file: table.source, option: "available" });
}
