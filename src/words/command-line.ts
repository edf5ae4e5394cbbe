/** Command lines that repeat a result, safe to paste into a POSIX shell. */
import { quoted } from "../syntax/names.ts";

/** A command, with the files that it reads beside the table and the fit. */
export interface CommandLine {
  readonly line: string;
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

/** A flag with its value; a flag alone has none. */
export type Flag = readonly [name: string, value?: string];

/** What a shell reads in double quotes too: of ! only what no history knows. */
const READ_IN_QUOTES = /["$`\\]|!(?!=)/;

/** A word of a shell: as it is where that is safe, else in quotes, single ones where they do. */
export function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  if (text.includes("'") && !READ_IN_QUOTES.test(text)) return `"${text}"`;
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** @example commandLine(["mixlaw", "fit", "runs.csv"], [["--law", "joint"]]) */
export const commandLine = (words: readonly string[], flags: readonly Flag[]): string =>
  [...words, ...flags.flatMap(([name, value]) => (value === undefined ? [name] : [name, value]))]
    .map(shellWord)
    .join(" ");

/** A file that a command reads, which is no flag even where its name looks like one. */
export const fileWord = (path: string): string =>
  path.startsWith("-") && path !== "-" ? `./${path}` : path;

/** A number with all its digits. @example exactly(7e9) // "7e9" */
export function exactly(x: number): string {
  const [plain, powered] = [String(x), x.toExponential().replace("e+", "e")];
  return powered.length < plain.length ? powered : plain.replace("e+", "e");
}

/** A flag for a value that may not be there. */
export const flagOf = (name: string, value: string | undefined): Flag[] =>
  value === undefined ? [] : [[name, value]];

/** A flag for a number that may not be there. */
export const numberFlag = (name: string, value: number | undefined): Flag[] =>
  flagOf(name, value === undefined ? undefined : exactly(value));

/** "a=1,b=2", names in quotes where a list could be read in two ways. */
export const pairsOf = (values: Readonly<Record<string, number | string>>): string =>
  Object.entries(values)
    .map(
      ([name, value]) => `${listName(name)}=${typeof value === "number" ? exactly(value) : value}`,
    ) // prettier-ignore
    .join(",");

const listName = (name: string): string => (/^[\w.-]+$/.test(name) ? name : quoted(name));
