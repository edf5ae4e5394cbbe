/**
 * `--candidates`: a table of mixtures to rank, with the columns of the fit's shares or h_<domain>
 * and, if they are to have names, name.
 */
import { shorten } from "../../../base/wording.ts";
import { hasShares } from "../../../data/runs/column-roles.ts";
import { byNames } from "../../../base/objects.ts";
import { itemAt } from "../../../base/known.ts";
import { toRuns } from "../../../data/runs/runs.ts";
import { type FitFile, InputError, readTable } from "../../../node.ts";
import { rolesOfFit } from "../points.ts";
import type { OptimizeOptions } from "../../../mixture/request/optimize-options.ts";

/** Throws InputError naming file, row and column. */
export async function candidatesFrom(
  path: string,
  file: FitFile,
): Promise<NonNullable<OptimizeOptions["candidates"]>> {
  const table = await readTable(path);
  const roles = rolesOfFit(file, table);
  if (roles.weights === undefined && !hasShares(table))
    throw new InputError(
      `--candidates ${path} has no columns of shares: call them ${shorten(
        file.data.domains.map((name) => `h_${name}`),
        4,
      )}, or as in the table that was fitted; there are: ${shorten([...table.columns.keys()], 6)}`,
      { file: path },
    );
  const need = { params: false, tokens: false, weights: true, inputs: [] };
  const { domains, train } = toRuns(table, { ...roles, targets: "", need });
  const labels = table.columns.get("name")?.cells;
  const names = [...train.rowNumbers].map((row) => String(labels?.[row - 1] ?? `row ${row}`));
  const seen = new Set<string>();
  const twice = names.find((name) => seen.size === seen.add(name).size);
  if (twice !== undefined)
    throw new InputError(
      `--candidates ${path} has two mixtures called "${twice}": give each its own name`,
      { file: path },
    );
  return names.map((name, row) => ({
    name,
    weights: byNames(
      domains.map((domain, i) => [domain, itemAt(train.weights, row * domains.length + i)]),
    ),
  }));
}
