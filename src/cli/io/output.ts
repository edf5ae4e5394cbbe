/** Where text goes: results to stdout, everything else to stderr. */
import { styleText } from "node:util";
import { withFlagNames } from "../../words/option-flags.ts";

/** Columns of text: enough for a table, and few enough to paste it into a message. */
const WIDTH = { least: 60, most: 110 } as const;

/** Columns that text on stdout may take. Some terminals report 0. */
export const width = (): number =>
  Math.min(WIDTH.most, Math.max(WIDTH.least, process.stdout.columns || WIDTH.most));

/** Writes a result and a line end to stdout. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes a line to stderr. Options of the library are written as flags. */
export function tell(text: string): void {
  process.stderr.write(`mixlaw: ${withFlagNames(text)}\n`);
}

/**
 * Ignores that a reader of the output closes its pipe, as `mixlaw … | head` does. The command goes
 * on, since it may still have a file to write.
 */
export function quietPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}

/** Styles of text on a terminal; no-color.org. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly warn: (text: string) => string;
}

const plain: Style = { bold: (text) => text, dim: (text) => text, warn: (text) => text };

/** Styles are for streams that are known to show them: `styleText` need not ask again. */
const ALWAYS = { validateStream: false };
const colored: Style = {
  bold: (text) => styleText("bold", text, ALWAYS),
  dim: (text) => styleText("dim", text, ALWAYS),
  warn: (text) => styleText("yellow", text, ALWAYS),
};

/** The styles of a stream: none for pipes and files, and where the environment asks for none. */
export function style(stream: { readonly isTTY?: boolean } = process.stdout): Style {
  const { NO_COLOR, TERM } = process.env;
  return stream.isTTY === true && (NO_COLOR ?? "") === "" && TERM !== "dumb" ? colored : plain;
}

/** How a summary is to look. */
export interface SummaryOptions {
  readonly width: number;
  readonly style: Style;
  /** Whether the parameters of every law are printed, and not only those of a law that has few. */
  readonly parameters: boolean;
}
