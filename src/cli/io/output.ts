/** Where text goes: results to stdout, everything else to stderr; and how it is to look there. */
import { wrap } from "../text/layout.ts";
import { COLORED, harmless, PLAIN, type Style } from "../text/style.ts";
import { withFlagNames } from "../../words/option-flags.ts";
import { whyNotWritten } from "./file-errors.ts";

/**
 * Columns of text: enough for a table, few enough to read a line. `usual` is for pipes and files,
 * and few enough to paste it into a message.
 */
const WIDTH = { least: 40, usual: 110, most: 120 } as const;

/** What of a stream says how text is to look. */
type Stream = Pick<NodeJS.WriteStream, "isTTY" | "columns">;

/**
 * Columns that text on a stream may take: those of the terminal, or else of COLUMNS. Some terminals
 * report 0.
 */
export function width(stream: Partial<Stream> = process.stdout): number {
  const columns = stream.isTTY === true ? stream.columns : Number(process.env["COLUMNS"]);
  if (columns === undefined || !(columns > 0)) return WIDTH.usual;
  return Math.min(WIDTH.most, Math.max(WIDTH.least, Math.floor(columns)));
}

/** Writes a result and a line end to stdout. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Whether nothing is said. */
let isSilent = false;

/**
 * Does some work that says nothing: its results are in a file, and what is to be said of them was
 * said before. Whoever calls it tells its errors.
 */
export async function silently<T>(work: () => Promise<T>): Promise<T> {
  const { stdout } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = (_: unknown, encoding?: unknown, written?: unknown): boolean => {
    const told = typeof encoding === "function" ? encoding : written;
    if (typeof told === "function") (told as () => void)();
    return true;
  };
  isSilent = true;
  try {
    return await work();
  } finally {
    isSilent = false;
    stdout.write = write;
  }
}

/** Writes a result to stdout piece by piece, and waits for each: a reader may be slow, or gone. */
export async function pour(pieces: Iterable<string | Uint8Array>): Promise<void> {
  for (const piece of pieces)
    await new Promise<void>((resolve) => void process.stdout.write(piece, () => resolve()));
}

/** Who speaks on stderr. */
const SPEAKER = "mixlaw: ";

/** Characters of a sentence that are shown: what a user typed may be in it. */
const LONGEST = 4000;

/** Columns that a line on stderr may take beside its speaker. */
export const toldWidth = (): number => width(process.stderr) - SPEAKER.length;

/**
 * Writes a sentence to stderr: in lines on a terminal, in one for programs. What follows it in
 * lines of their own (a formula, and where it is wrong) stays as it is. Options of the library are
 * written as flags.
 */
export function tell(text: string): void {
  if (isSilent) return;
  const [sentence = "", ...others] = withFlagNames(text).split("\n");
  const room = process.stderr.isTTY ? width(process.stderr) : Infinity;
  const shown = sentence.length > LONGEST ? `${sentence.slice(0, LONGEST)}…` : sentence;
  const lines = [wrap(shown, room, SPEAKER), ...others.map(harmless)];
  process.stderr.write(`${lines.join("\n")}\n`);
}

/**
 * Ignores that a reader of the output closes its pipe, as `mixlaw … | head` does. Other errors of
 * stdout, such as a full disk, are told at once and end in exit code 1. In either case the command
 * goes on, since it may still have a file to write.
 */
export function watchOutput(): void {
  let isTold = false;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" || isTold) return;
    isTold = true;
    tell(`standard output ${whyNotWritten(error)}`);
    process.once("exit", () => (process.exitCode = 1));
  });
  process.stderr.on("error", () => undefined); // there is nowhere to tell it
}

/**
 * The styles of a stream, decided here alone: none where NO_COLOR is set (no-color.org) or
 * FORCE_COLOR is 0, some where FORCE_COLOR is something else, and else where a terminal that knows
 * them reads along.
 */
export function style(stream: Partial<Stream> = process.stdout): Style {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if ((NO_COLOR ?? "") !== "" || FORCE_COLOR === "0" || FORCE_COLOR === "false") return PLAIN;
  if ((FORCE_COLOR ?? "") !== "") return COLORED;
  return stream.isTTY === true && TERM !== "dumb" ? COLORED : PLAIN;
}

/** How a result is to look. */
export interface Medium {
  readonly width: number;
  readonly style: Style;
  /** Whether charts are drawn: where a person looks, and not in pipes and files. */
  readonly charts: boolean;
}

/** How a result is to look on stdout. */
export const medium = (): Medium => ({
  width: width(),
  style: style(),
  charts: process.stdout.isTTY && process.env["TERM"] !== "dumb",
});

/** How a summary is to look. */
export interface SummaryOptions extends Medium {
  /** Whether the parameters of every law are printed, and not only those of a law that has few. */
  readonly parameters: boolean;
}
