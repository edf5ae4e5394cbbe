/** Files of JSON and YAML from anywhere: how large and how deep they are is checked first. */
import type * as v from "valibot";
import { parse } from "yaml";
import { InputError } from "../base/errors.ts";
import { checkLimit, type LimitName, LIMITS } from "./limits.ts";
import { checkValue, describeIssue } from "./option-schema.ts";

/** How messages name a file, and what to do about one that cannot be read. */
export interface FileWords {
  readonly source: string;
  /** 'write it with "mixlaw fit RUNS --out fit.json"' */
  readonly remedy: string;
  /** What a part of the file is called; default: "option". */
  readonly part?: string;
}

/** What a JSON text holds. @throws InputError naming the file. */
export function parseJson(text: string, { source, remedy }: FileWords): unknown {
  checkSize("jsonSize", text, { source, remedy });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InputError(`${source} is no JSON file: ${remedy}`, { file: source });
  }
  checkNesting(value, { source, remedy });
  return value;
}

/**
 * What a text in YAML holds, or in JSON, which is YAML and may be larger.
 *
 * @throws InputError naming the file.
 */
export function parseYaml(text: string, words: FileWords): unknown {
  const { source, remedy } = words;
  if (text.length > LIMITS.yamlSize.most && text.trimStart().startsWith("{"))
    return parseJson(text, words);
  checkSize("yamlSize", text, words);
  if (mayBeDeep(text)) throw tooDeep(words);
  let value: unknown;
  try {
    value = parse(text, { logLevel: "error" });
  } catch (error) {
    const problem = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    throw new InputError(`${source} is not YAML or JSON: ${problem}; ${remedy}`, { file: source });
  }
  checkNesting(value, words);
  return value;
}

/** Throws the InputError for a value that is nested too deeply, or that contains itself. */
export function checkNesting(value: unknown, words: FileWords): void {
  let level: readonly object[] = isObject(value) ? [value] : [];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth >= LIMITS.nesting.most) throw tooDeep(words);
    const inner = new Set<object>();
    for (const each of level)
      for (const part of Object.values(each)) if (isObject(part)) inner.add(part);
    level = [...inner];
  }
}

/**
 * What a schema makes of a file's value.
 *
 * @param kind what the file is, or is not: "is damaged"
 * @throws InputError naming the file, the path in it, what is there and what must be.
 */
export function checkFile<T extends v.GenericSchema>(
  schema: T,
  value: unknown,
  kind: string,
  { source, remedy, part }: FileWords,
): v.InferOutput<T> {
  const checked = checkValue(schema, value);
  if ("output" in checked) return checked.output;
  const problem = describeIssue(checked.issue, "it", (path) => path, part).replace(/\.$/, "");
  const end = problem.endsWith("?") ? " " : "; ";
  throw new InputError(`${source} ${kind}: ${problem}${end}${remedy}`, { file: source });
}

/** What a line of YAML begins with: indentation, and signs of items, keys and values. */
const BEFORE = /^(?:[ \t]|[-?:](?=[ \t]))*/;

/**
 * Whether a text in YAML may be nested too deeply, by its brackets and by what its lines begin
 * with. The parser calls itself for every level, and must not get at the end of the stack.
 */
function mayBeDeep(text: string): boolean {
  let open = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open = Math.max(0, open + ("[{".includes(bracket) ? 1 : -1));
    if (open > LIMITS.nesting.most) return true;
  }
  return text
    .split("\n")
    .some((line) => (BEFORE.exec(line)?.[0].length ?? 0) > 2 * LIMITS.nesting.most);
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !ArrayBuffer.isView(value);

const checkSize = (name: LimitName, text: string, { source, remedy }: FileWords): void =>
  checkLimit(name, text.length, { what: source, remedy, where: { file: source } });

const tooDeep = ({ source, remedy }: FileWords): InputError =>
  new InputError(
    `${source} is nested deeper than ${LIMITS.nesting.most} levels (limit "nesting"): ${remedy}`,
    { file: source },
  );
