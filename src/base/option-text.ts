/**
 * Options in messages. A message names an option as the library does, between ‘ and ’, which no
 * filter, formula or column name holds: "‘delta’ is 0; it must be a positive number". Whoever shows
 * the message to somebody who calls the option otherwise (the command line: `--delta`) finds the
 * names by these marks and writes them anew.
 */

/**
 * An option in a message, and what it is set to, or could be.
 *
 * @param path the option's name; a part of its value after a dot: "delta", "inputs.sparsity",
 *   "constraints.floors.web"
 * @example option("delta") // "‘delta’"
 * @example option("residual", "raw") // "‘residual: raw’"
 */
export const option = (path: string, value?: string | number): string =>
  value === undefined ? `‘${path}’` : `‘${path}: ${value}’`;

/** How an option is written for somebody: see `option` for the arguments. */
export type Spelling = (path: string, value: string | undefined) => string;

/**
 * The text with its options written by `spelling`.
 *
 * @example
 * respell("‘seed: 1’ is the default", (path, value) => `--${path} ${value}`)
 * // "--seed 1 is the default"
 */
export const respell = (text: string, spelling: Spelling): string =>
  text.replace(/‘([a-zA-Z][^’]*?)(?:: ([^’]*))?’/g, (_, path: string, value: string | undefined) =>
    spelling(path, value),
  );
