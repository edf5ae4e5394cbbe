import Papa from "papaparse";

/**
 * A table as CSV, with the last line end. Numbers have full precision; null is an empty cell; cells
 * with commas, quotes or line ends are quoted.
 *
 * @example csvText(["domain", "weight"], [["web, clean", 0.1]]) // 'domain,weight\n"web,
 *   clean",0.1\n'
 */
export const csvText = (
  fields: readonly string[],
  rows: readonly (readonly (string | number | boolean | null)[])[],
): string =>
  `${Papa.unparse({ fields: [...fields], data: rows.map((row) => [...row]) }, { newline: "\n" })}\n`;
