/** What must hold whatever the input: the invariants of every harness. */
import { MixlawError } from "../../src/base/errors.ts";
import type { Harness } from "./harness.ts";

/** Words that mean that a value got into a message which nobody meant to be there. */
const LEAKS = /\bundefined\b|\[object \w+\]|\bNaN\b|internal error/;
/** What messages teach, whatever the input has of it. */
const TAUGHT = "NaN and Infinity are not JSON";
/** Longer messages are no line. */
const LONGEST = 4000;

/** What is wrong with running a harness on an input; undefined where nothing is. */
export async function problemOf(harness: Harness, input: unknown): Promise<string | undefined> {
  try {
    const path = notFinite(await harness.run(input), "", new Set());
    return path === undefined ? undefined : `a number that is not finite: ${path}`;
  } catch (error) {
    return problemOfError(error, input);
  }
}

/** What is wrong with an error; undefined for one that mixlaw throws on purpose. */
function problemOfError(error: unknown, input: unknown): string | undefined {
  if (!(error instanceof Error)) return `what is thrown is no Error: ${String(error)}`;
  const at = /\((?:.*\/)?((?:src|test)\/[^)]*)\)|at (?:.*\/)?(src\/\S*)/.exec(error.stack ?? "");
  const place = at?.[1] ?? at?.[2] ?? "";
  if (!(error instanceof MixlawError)) return `${error.name}: ${error.message} (${place})`;
  const problem = problemOfMessage(error.message, input);
  return problem === undefined ? undefined : `${problem}: ${error.message} (${place})`;
}

/** A message is one line, or a line and two with a text and the place in it. */
export function problemOfMessage(message: string, input: unknown): string | undefined {
  const [, ...others] = message.split(/[\n\r]/);
  const pointed = others.length === 2 && others.every((line) => line.startsWith("  "));
  if (others.length > 0 && !pointed) return "a message of several lines";
  if (message.length > LONGEST) return `a message of ${message.length} characters`;
  const leak = LEAKS.exec(message.replace(TAUGHT, ""))?.[0];
  if (leak !== undefined && !textIn(input).includes(leak)) return `"${leak}" in a message`;
  return message.trim() === "" ? "an empty message" : undefined;
}

/**
 * Throws for a printed text with what nobody meant to print.
 *
 * @param input what is printed: words that it has itself are its own
 */
export function noLeak(text: string, input: unknown): void {
  const leak = /\bundefined\b|\[object \w+\]|\bNaN\b/.exec(text);
  if (leak === null || textIn(input).includes(leak[0])) return;
  const around = text.slice(Math.max(0, leak.index - 80), leak.index + 40).replaceAll(/\s+/g, " ");
  throw new Error(`"${leak[0]}" is printed: ${around}`);
}

/** All text of an input, whatever it is in. */
function textIn(input: unknown): string {
  if (input instanceof Uint8Array) return Buffer.from(input).toString("utf8");
  if (Array.isArray(input)) return input.map(textIn).join("\n");
  if (typeof input === "object" && input !== null)
    return Object.entries(input)
      .map(([key, value]) => `${key}\n${textIn(value)}`)
      .join("\n");
  return String(input);
}

/** Where a number of a value is not finite; undefined where none is. */
function notFinite(value: unknown, path: string, seen: Set<object>): string | undefined {
  if (typeof value === "number")
    return Number.isFinite(value) ? undefined : `${path || "the result"} is ${value}`;
  if (typeof value !== "object" || value === null || seen.has(value)) return undefined;
  seen.add(value);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const at = Array.prototype.findIndex.call(value, (x) => typeof x === "number" && !Number.isFinite(x)); // prettier-ignore
    return at < 0 ? undefined : `${path}[] is ${String(Reflect.get(value, at))}`;
  }
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  for (const [key, each] of entries) {
    const name = Array.isArray(value) ? `${path}[]` : `${path}.${String(key)}`;
    const problem = notFinite(each, name, seen);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** What two findings of one cause have in common: the problem without numbers and quoted parts. */
export const causeOf = (problem: string): string =>
  problem
    .replaceAll(/"[^"]*"|'[^']*'|`[^`]*`/g, "…")
    .replaceAll(/[-+]?\d[\d.e+-]*/g, "#")
    .slice(0, 300);
