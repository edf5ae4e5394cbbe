/** What the command says: results on stdout, everything else on stderr. */
import { styleText } from "node:util";
import { withFlagNames } from "./option-flags.ts";

/** Wide enough for a table, narrow enough to paste into a message. */
const widest = 110;

/** Columns that text on stdout may take. Some terminals say that they have 0. */
export const width = (): number => Math.min(widest, Math.max(60, process.stdout.columns || widest));

/** Prints a result, with a line end. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Tells something that is no result; options of the library become flags. */
export function tell(text: string): void {
  process.stderr.write(`mixlaw: ${withFlagNames(text)}\n`);
}

/**
 * A reader that has seen enough (`mixlaw … | head`) closes the pipe: what is left unread is no
 * failure, and the work goes on, since it may still have a file to write.
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

/** Whether the stream shows styles has been found out by then. */
const ALWAYS = { validateStream: false };
const colored: Style = {
  bold: (text) => styleText("bold", text, ALWAYS),
  dim: (text) => styleText("dim", text, ALWAYS),
  warn: (text) => styleText("yellow", text, ALWAYS),
};

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
