/**
 * The errors mixlaw throws on purpose: one class a cause, the data on the instance, the remedy in
 * the message. Anything else that escapes is a bug in mixlaw.
 */
export class MixlawError extends Error {
  /** The name of the class. */
  override readonly name: string = "MixlawError";
  /** What was finished before; undefined where nothing was. A fit has a FitFile, and so on. */
  declare readonly partial?: unknown;
  /**
   * @param message one line, also where it quotes text that has more; a text and carets under a
   *   place in it, by `pointAt`, may follow in lines of their own
   */
  constructor(message: string) {
    const pointed = POINTED.exec(message)?.[0] ?? "";
    const sentence = oneLine(message.slice(0, message.length - pointed.length));
    super(shortened(sentence) + pointed);
  }
}

/** Lets an error carry what was finished before it; to be thrown on. */
export function withPartial(error: unknown, partial: unknown): Error {
  const carrier = error instanceof Error ? error : new Error(String(error));
  Object.defineProperty(carrier, "partial", { value: partial, configurable: true });
  return carrier;
}

/** What was finished before an error; undefined where nothing was. */
export const partialOf = (error: unknown): unknown =>
  error instanceof Error && "partial" in error ? error.partial : undefined;

/** Where the problem of an `InputError` is; what is not known or does not apply is left out. */
export interface Place {
  /** The file, as it was named. */
  file?: string;
  /** Data row, counted from 1 as in the file (the header is not counted). */
  row?: number;
  /** Name of a column. */
  column?: string;
  /**
   * The library's name of an option, with the part of it after a dot: "delta",
   * "constraints.floors.web".
   */
  option?: string;
}

/** Characters of a message at most: names that it quotes may be of any length. */
const LONGEST = 3000;

/** What is too long has its middle left out: what is wrong is said first, the remedy last. */
const shortened = (sentence: string): string =>
  sentence.length <= LONGEST
    ? sentence
    : `${sentence.slice(0, LONGEST / 2)} … ${sentence.slice(-LONGEST / 2)}`;

/**
 * What the user gave cannot be used: a file, a column, a cell, an option. The message says where,
 * what was expected, what was found, and what to do.
 */
export class InputError extends MixlawError {
  override readonly name = "InputError";
  constructor(
    message: string,
    /** Where the problem is, as far as it is known. */
    readonly where: Place = {},
  ) {
    super(message);
  }
}

/** No WebGPU adapter where one was demanded: there is none, or it was refused. */
export class NoAdapterError extends MixlawError {
  override readonly name = "NoAdapterError";
  constructor(
    message: string,
    /** The name of the adapter that is there and was refused; the message says why. */
    readonly refused?: string,
  ) {
    super(message);
  }
}

/**
 * The GPU went away in mid-work. Distinct from an abort: both reject a pending `mapAsync` with the
 * same DOM name.
 */
export class DeviceLostError extends MixlawError {
  override readonly name = "DeviceLostError";
  constructor(
    /** WebGPU's reason: "unknown" or "destroyed". */
    readonly reason: string,
    detail: string,
  ) {
    super(
      `the GPU device was lost (${reason}): ${detail}. Run again; with ${option("backend", "cpu")} no GPU is needed.`,
    );
  }
}

/** Work on the GPU that did not end within several times what was expected of it. */
export class HungKernelError extends MixlawError {
  override readonly name = "HungKernelError";
  constructor(
    /** The name of the kernel or the call. */
    readonly label: string,
    /** Milliseconds that were waited. */
    readonly limit: number,
  ) {
    super(`the GPU kernel "${label}" did not end within ${Math.round(limit / 1000)} s`);
  }
}

/** A shader did not compile or a GPU call failed validation: a bug in mixlaw or a driver's. */
export class KernelError extends MixlawError {
  override readonly name = "KernelError";
  constructor(
    /** The name of the kernel or the call. */
    readonly label: string,
    detail: string,
  ) {
    super(
      `GPU kernel "${label}" failed: ${detail}. Please report this with the output of "mixlaw doctor"; ${option("backend", "cpu")} works meanwhile.`,
    );
  }
}

/**
 * The user's `AbortSignal` fired. What was finished by then is in `partial` (a fit: the fits found
 * so far, marked "interrupted").
 */
export class AbortedError<T = unknown> extends MixlawError {
  override readonly name = "AbortedError";
  constructor(
    /** What was finished; undefined where nothing was. */
    override readonly partial?: T,
  ) {
    super("interrupted");
  }
}

/** One shard of a job is recorded. It has no result: that is the job's, of all shards together. */
export class ShardDoneError extends MixlawError {
  override readonly name = "ShardDoneError";
  constructor() {
    super("this shard is recorded; the same job without a shard has the result");
  }
}

/** The deadline came before there was anything to give. */
export class DeadlineError extends MixlawError {
  override readonly name = "DeadlineError";
  constructor() {
    super(
      `the deadline came before anything was found: give more time, or go on with ${option("records")}`,
    );
  }
}

/** Where in a text something is: offsets, `end` excluded. */
export interface Span {
  /** Offset of its first character. */
  readonly start: number;
  /** Offset after its last character. */
  readonly end: number;
}

/** How much of a long text is shown on each side of the place. */
const CONTEXT = 60;

/** What `pointAt` adds to a message. */
const POINTED = /\n {2}[^\n\r]*\n *\^+$/;

/**
 * Two lines: the text, in one line and cut to what is near, and carets under the place.
 *
 * @example pointAt("a + + b", { start: 4, end: 5 }) // "  a + + b\n      ^"
 */
export function pointAt(text: string, { start, end }: Span): string {
  const from = start <= CONTEXT + 20 ? 0 : start - CONTEXT;
  const stop = Math.max(start + 1, Math.min(end, start + CONTEXT));
  const to = Math.min(text.length, stop + CONTEXT);
  const before = `${from > 0 ? "…" : ""}${text.slice(from, start)}`;
  const line = `${before}${text.slice(start, to)}${to < text.length ? "…" : ""}`;
  return `  ${oneLineAligned(line)}\n  ${" ".repeat(before.length)}${"^".repeat(stop - start)}`;
}
import { oneLine, oneLineAligned } from "./wording.ts";
import { option } from "./option-text.ts";
