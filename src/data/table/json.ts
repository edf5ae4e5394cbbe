/** JSON: an array of records, `[{"n_params": 1e9, "loss_web": 2.5}, …]`. */
import { InputError } from "../../base/errors.ts";
import type { Column } from "./cells.ts";
import { type TableFormat, textFormat, textOf, wholeReader } from "./format.ts";
import { Records } from "./records.ts";

/** Settings and results are JSON more often than tables are. */
export const json: TableFormat = {
  ...textFormat(["json"], (source) =>
    wholeReader((bytes) => readRecords(textOf(bytes, source), source)),
  ),
  general: true,
};

/** Deeper records are no runs. */
const DEEPEST = 100;

const SPACE = /[ \t\n\r]*/y;
const STRUCTURE = /["[\]{},]/g;

/** The first offset from `from` on that is no white space. */
function skip(text: string, from: number): number {
  SPACE.lastIndex = from;
  SPACE.exec(text);
  return SPACE.lastIndex;
}

/**
 * The columns of an array of records: keys in the order of their first appearance, absent keys
 * missing. Records are cut apart and parsed one by one, so that an error has the record's number.
 *
 * @throws InputError naming the record for broken JSON, for what is no object, and for a key that
 *   is there twice.
 */
function readRecords(text: string, source: string): Column[] {
  const fail = (problem: string, n?: number): InputError =>
    new InputError(`${source}${n === undefined ? "" : `, record ${n}`}${problem}`, {
      file: source,
      ...(n === undefined ? {} : { row: n }),
    });
  let at = skip(text, 0);
  if (text[at] !== "[")
    throw fail(
      ' is not an array: a table in .json is an array of records, [{"n_params": 1e9, "loss_web": 2.5}, …]; records a line are .jsonl',
    );
  at = skip(text, at + 1);
  if (text[at] === "]") return [];
  const records = new Records(source, "record");
  for (let n = 1; ; n++) {
    const { end, keys, deep } = cut(text, at);
    if (deep) throw fail(` is nested deeper than ${DEEPEST} levels`, n);
    records.addJson(text.slice(at, end), n);
    if (keys.length > new Set(keys).size) {
      const twice = keys.find((key, i) => keys.indexOf(key) < i) ?? "";
      throw fail(`: the key ${twice} is there twice; rename or drop one`, n);
    }
    at = skip(text, end + 1);
    if (text[end] === "]") break;
    if (text[end] !== ",") throw fail(': no "," or "]" follows; is the file complete?', n);
  }
  if (at < text.length) throw fail(" goes on after the end of the array: it must hold one array");
  return records.columns();
}

/** Where a record ends, its keys as they are written, and whether it is nested too deeply. */
interface Cut {
  readonly end: number;
  readonly keys: readonly string[];
  readonly deep: boolean;
}

/** Cuts off the record that begins at `start`; what is wrong inside it is for its parser to say. */
function cut(text: string, start: number): Cut {
  const keys: string[] = [];
  let depth = 0;
  let at = start;
  for (;;) {
    STRUCTURE.lastIndex = at;
    const found = STRUCTURE.exec(text);
    if (found === null) return { end: text.length, keys, deep: false };
    at = found.index;
    const [char] = found;
    if (depth === 0 && ",]}".includes(char)) return { end: at, keys, deep: false };
    if (char === '"') {
      const end = stringEnd(text, at);
      if (depth === 1 && text[skip(text, end)] === ":") keys.push(text.slice(at, end));
      at = end;
      continue;
    }
    if ("[{".includes(char)) depth += 1;
    if ("]}".includes(char)) depth -= 1;
    if (depth > DEEPEST) return { end: at, keys, deep: true };
    at += 1;
  }
}

/**
 * The offset after the string that begins at `start`: a quote with an even number of \ before it.
 */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    at = text.indexOf('"', at);
    if (at < 0) return text.length;
    let slashes = 0;
    while (text[at - 1 - slashes] === "\\") slashes += 1;
    if (slashes % 2 === 0) return at + 1;
  }
}
