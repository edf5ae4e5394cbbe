/**
 * Points to predict at: what a fit file knows of a table's columns, and points on the command line.
 */
import { InputError } from "../../base/errors.ts";
import { given } from "../../base/objects.ts";
import type { RunsOptions } from "../../data/runs/runs-options.ts";
import { type Table } from "../../data/table/cells.ts";
import { pickColumns } from "../../data/table/columns.ts";
import { type Row, tableOf } from "../../data/table/rows.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import { weighted } from "./shares.ts";

/** The roles of the columns that were fitted, as far as a table has columns of these names. */
export function rolesOfFit({ data }: FitFile, table: Table): RunsOptions {
  const { params, tokens, weights, inputs = {}, normalize } = data.reading ?? {};
  const ifThere = (name: string | undefined): string | undefined =>
    name !== undefined && table.columns.has(name) ? name : undefined;
  const hasWeights =
    weights !== undefined && /[*?]/.test(weights) && !weights.includes(",")
      ? pickColumns(table, weights, "weights", true).length > 0
      : weights?.split(",").every((name) => table.columns.has(name.trim()));
  const kept = Object.entries(inputs).filter(([, column]) => table.columns.has(column));
  return given({
    params: ifThere(params),
    tokens: ifThere(tokens),
    weights: hasWeights === true ? weights : undefined,
    normalize,
    inputs: kept.length === 0 ? undefined : Object.fromEntries(kept),
  });
}

const EXAMPLE = "params=7B,tokens=150B,web=0.5,code=0.5";

/**
 * The table of the points of `--at`, a row each: N, D, the shares and the other inputs of the laws
 * by their names. Domains that a point leaves out have none of it.
 *
 * @throws InputError for a name that the fit does not have, and what is no number.
 */
export function tableAt({ data }: FitFile, points: readonly string[]): Table {
  const others = Object.keys(data.range.inputs ?? {});
  const { domains } = data;
  const clash = domains.find((domain) => ["params", "tokens", ...others].includes(domain));
  if (clash !== undefined)
    throw new InputError(
      `--at cannot tell the domain "${clash}" from the input of that name: give a table of points`,
    );
  const known = ["params", "tokens", ...others, ...domains];
  const rows = points.map((text): Row => {
    const values = weighted("--at", [text], known, EXAMPLE);
    const odd = Object.keys(values).find((name) => !known.includes(name));
    if (odd !== undefined)
      throw new InputError(
        `--at: the fit has no domain or input "${odd}"; there are ${known.join(", ")}`,
      );
    const hasShares = domains.some((domain) => Object.hasOwn(values, domain));
    const { params, tokens } = values;
    return {
      ...given({ n_params: params, n_tokens: tokens }),
      ...Object.fromEntries(others.map((name) => [name, values[name]])),
      ...(hasShares
        ? Object.fromEntries(domains.map((domain) => [`h_${domain}`, values[domain] ?? 0]))
        : {}),
    };
  });
  return tableOf(rows, "--at");
}
