/**
 * Flags about single parameters: `--fix alpha=0.34`, `--bounds 'alpha=0:1'`, `--start
 * 'A=400,alpha=0.3'`.
 */
import { itemAt } from "../../base/known.ts";
import { toNumber } from "../../data/table/cells.ts";
import { readTable } from "../../node/read-file.ts";
import { InputError } from "../../base/errors.ts";
import { byNames } from "../../base/objects.ts";
import type { RidgeOption, RidgeStrength } from "../../options/ridge-option.ts";
import { listReadings, pairReadings, type Readings } from "../../syntax/names.ts";
import { added, repeated, words } from "./values.ts";

type ByName<T> = Readonly<Record<string, T>>;

/**
 * A parameter as reports call it: "alpha", or "C[web]" with whatever stands in the name of a
 * domain.
 */
const LABEL = /^[^[\]=,]+(\[.+\])?$/s;

const labels = (text: string): Readings<string> => (LABEL.test(text) ? [text] : []);

/** Labels of parameters, comma-separated. */
export const labelsOf = added((text) => {
  const read = listReadings(text, ",", (piece) => labels(piece.trim()))[0];
  return read === undefined ? words(text) : read;
});

/**
 * Collects the NAME=VALUE items of a flag, which may be repeated and may hold several, separated by
 * commas. A name that is given twice is a mistake.
 *
 * @param read a value's text; undefined for one that cannot be read
 * @param alone the value of a name that stands alone; undefined where it must have one
 */
const collect = <T>(
  flag: string,
  example: string,
  read: (text: string) => T | undefined,
  alone?: (name: string) => T,
) =>
  repeated<ByName<T>>((text, before = {}) => {
    const single = (name: string): Readings<readonly [string, T]> =>
      alone === undefined ? [] : [[name, alone(name)]];
    const item = (piece: string): Readings<readonly [string, T]> => [
      ...pairReadings(piece, (name) => labels(name.trim()), read, "some"),
      ...labels(piece.trim()).flatMap(single),
    ];
    const items = listReadings(text, ",", item)[0];
    if (items === undefined) {
      const bad = text.split(",").find((piece) => item(piece).length === 0 && piece.trim() !== "");
      throw new InputError(
        `${flag} has ${JSON.stringify((bad ?? text).trim())}; write it like ${example}`,
      );
    }
    const values = byNames(Object.entries(before));
    for (const [name, value] of items) {
      if (Object.hasOwn(values, name)) throw new InputError(`${flag} names ${name} twice`);
      values[name] = value;
    }
    return values;
  });

/** "0:1"; an end may be left open, which is null. */
function open(text: string): readonly [number | null, number | null] | undefined {
  const [low, high, ...more] = text
    .split(":")
    .map((end) => (end.trim() === "" ? null : toNumber(end)));
  return low === undefined || high === undefined || more.length > 0 ? undefined : [low, high];
}

function closed(text: string): readonly [number, number] | undefined {
  const [low, high] = open(text) ?? [null, null];
  return low === null || high === null ? undefined : [low, high];
}

export const fixes = collect("--fix", "alpha=0.34 or 'gamma[web]=0.5'", (text) => toNumber(text));
export const tied = collect(
  "--tie",
  "alpha=beta, or gamma for one value in all domains",
  (text) => labels(text)[0],
  (name) => name,
);
export const bounded = collect("--bounds", "alpha=0:1, or alpha=0: with one end open", open);
export const ranged = collect("--range", "alpha=0.1:0.8", closed);

/** "1e-4" or "auto". */
const strength = (text: string): RidgeStrength | undefined =>
  text.trim() === "auto" ? "auto" : toNumber(text);
const strengths = collect("--ridge", "1e-4, auto, or alpha=1e-4", strength);

/** λ of a ridge: one for all, or by parameter. */
export const ridged = repeated<RidgeOption>((text, before) => {
  const alone = strength(text);
  if (alone === undefined) return strengths(text, typeof before === "object" ? before : undefined);
  if (before === undefined) return alone;
  throw new InputError(`--ridge ${text} is for all parameters, and --ridge is given twice`);
});

const assign = collect("--start", "'A=400,alpha=0.3,…'", (text) => toNumber(text));

/**
 * Starts: each text is assignments, or the path of a table with a column for each parameter and a
 * start in each row.
 *
 * @throws InputError for text that is neither, and for cells that are no numbers.
 */
export async function startsOf(texts: readonly string[]): Promise<ByName<number>[]> {
  const starts: ByName<number>[] = [];
  for (const text of texts) {
    if (text.includes("=")) starts.push(assign(text));
    else starts.push(...(await fromTable(text)));
  }
  return starts;
}

async function fromTable(path: string): Promise<ByName<number>[]> {
  const table = await readTable(path);
  return Array.from({ length: table.rows }, (_, row) =>
    byNames(
      [...table.columns.values()].map(({ name, cells }) => {
        const value = toNumber(itemAt(cells, row));
        if (value === undefined)
          throw new InputError(`--start ${path}, data row ${row + 1}, column "${name}": ${JSON.stringify(cells[row])} is not a number`, { file: path, row: row + 1, column: name }); // prettier-ignore
        return [name, value];
      }),
    ),
  );
}
