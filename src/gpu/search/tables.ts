/**
 * The kernels' read-only tables. All invocations read the same row at a time, which is what uniform
 * buffers are for: a GPU broadcasts from its constant cache. A uniform buffer holds 4096 vectors; a
 * larger table is cut by columns into several, and one that is too large for that lies in a storage
 * buffer.
 *
 * A software adapter serves the lanes of a subgroup one by one even where they read the same place.
 * There a table is *staged*: each lane reads a row of its own, and the rows of a subgroup go round
 * by shuffles, which cost a quarter (docs/performance.md). All lanes of the subgroup have to take
 * part.
 */
import {
  type Access,
  type Binding,
  placeOf,
  UNIFORM_BYTES,
  VECTOR,
  vectorIndex,
  vectorsFor,
} from "../layout.ts";

/** Vectors that a uniform buffer holds on every adapter. */
const PAGE = UNIFORM_BYTES / VECTOR.bytes;
/** Uniform buffers a kernel may have on every adapter, less the settings. */
const PAGES = 11;

export interface Layout {
  readonly name: string;
  /** float32 columns a row. */
  readonly width: number;
  readonly access: Exclude<Access, "read_write">;
  /** Read a row a lane at a time, and passed round; else a row at a time by all. */
  readonly staged: boolean;
  /** Vectors of four columns a row: in all, and in each buffer but the last. */
  readonly vectors: number;
  readonly perPage: number;
}

const pagesOf = ({ vectors, perPage }: Layout): number => Math.ceil(vectors / perPage);

/** A table of float32 values. */
interface Shape {
  readonly name: string;
  /** Columns. */
  readonly width: number;
  readonly rows: number;
}

/**
 * Lays out a table of `rows` rows in at most `most` uniform buffers, or else in one storage buffer.
 */
function layOut({ name, width, rows }: Shape, most: number, staged: boolean): Layout {
  const vectors = Math.max(1, vectorsFor(width));
  const perPage = Math.min(vectors, Math.floor(PAGE / Math.max(1, rows)));
  const paged: Layout = { name, width, access: "uniform", staged, vectors, perPage };
  return perPage > 0 && pagesOf(paged) <= most
    ? paged
    : { ...paged, access: "read", perPage: vectors };
}

/**
 * Layouts of several tables that share a kernel; the first ones come first where uniform buffers
 * are short.
 */
export function layOutAll(tables: readonly Shape[], staged = false): Layout[] {
  let left = PAGES;
  return tables.map((table) => {
    const layout = layOut(table, left, staged);
    if (layout.access === "uniform") left -= pagesOf(layout);
    return layout;
  });
}

export const tableBindings = (layout: Layout): Binding[] =>
  Array.from({ length: pagesOf(layout) }, (_, page) => ({
    name: `${layout.name}${page}`,
    type: layout.access === "uniform" ? `array<vec4<f32>, ${PAGE}>` : "array<vec4<f32>>",
    access: layout.access,
  }));

/** Vector `vector` of row `row` (WGSL text). */
function vectorOf(layout: Layout, row: string, vector: number): string {
  const page = Math.floor(vector / layout.perPage);
  const stride = Math.min(layout.perPage, layout.vectors - page * layout.perPage);
  return `${layout.name}${page}[${vectorIndex(row, stride, vector - page * layout.perPage)}]`;
}

/** Vector `vector` of the row that the lane itself has read. */
const ownVector = ({ name }: Layout, vector: number): string => `own_${name}_${vector}`;

/** The value of column `column` in row `row` (WGSL text) of the loop that `loopOver` opens. */
export function cell(layout: Layout, row: string, column: number): string {
  const { vector, component } = placeOf(column);
  return layout.staged
    ? `subgroupShuffle(${ownVector(layout, vector)}.${component}, ${row})`
    : `${vectorOf(layout, row, vector)}.${component}`;
}

/** Lines with other names for what they declare. */
function renamed(text: readonly string[], suffix: string): string[] {
  const names = new Set(
    text.flatMap((line) => Array.from(line.matchAll(/\blet (\w+)/g), (match) => match[1])),
  );
  return text.map((line) =>
    line.replace(/\b[a-z]\w*\b/g, (word) => (names.has(word) ? `${word}${suffix}` : word)),
  );
}

/**
 * A loop over the rows `from` … `to` − 1 (WGSL text) around `body`, which is given the name of its
 * row for `cell`. With `times` above 1 the body is written as often a turn, line by line for all
 * rows: what a row waits for, a division above all, the others fill. What is left of the last turn
 * is its last row again, where `missing`, a WGSL condition, holds.
 */
export function loopOver(
  layout: Layout,
  row: string,
  [from, to]: readonly [string, string],
  body: (row: string, missing: string | undefined) => readonly string[],
  times = 1,
): string[] {
  const [first, end] = layout.staged ? ["0u", `${row}_end`] : [from, to];
  const others = Array.from({ length: times - 1 }, (_, n) => ({
    name: `${row}_${n + 1}`,
    at: `${row} + ${n + 1}u`,
  }));
  const bodies = [
    body(row, undefined),
    ...others.map(({ name, at }, n) => renamed(body(name, `${at} >= ${end}`), `_${n + 1}`)),
  ];
  const all = [
    ...others.map(({ name, at }) => `let ${name} = min(${at}, ${end} - 1u);`),
    ...bodies[0].flatMap((_, line) => bodies.map((text) => text[line])),
  ];
  const step = times === 1 ? `${row}++` : `${row} += ${times}u`;
  const loop = [`for (var ${row} = ${first}; ${row} < ${end}; ${step}) {`, ...all, "}"];
  if (!layout.staged) return loop;
  return [
    `for (var ${row}_from = ${from}; ${row}_from < ${to}; ${row}_from += subgroup_lanes) {`,
    // Rows beyond the last are read too, and never asked for.
    `let own_${row} = ${row}_from + subgroup_lane;`,
    ...Array.from(
      { length: layout.vectors },
      (_, v) => `let ${ownVector(layout, v)} = ${vectorOf(layout, `own_${row}`, v)};`,
    ),
    `let ${row}_end = min(subgroup_lanes, ${to} - ${row}_from);`,
    ...loop,
    "}",
  ];
}

/** The contents of a table's buffers, by the names of its bindings. */
export type TableContents = Readonly<Record<string, Float32Array<ArrayBuffer>>>;

/**
 * The contents of a table's buffers. Uniform ones are whole pages, so that the kernel's text does
 * not depend on the number of rows.
 */
export function fillTable(
  layout: Layout,
  rows: number,
  value: (row: number, column: number) => number,
): TableContents {
  const pages = tableBindings(layout).map(({ name }, page) => {
    const stride = Math.min(layout.perPage, layout.vectors - page * layout.perPage);
    const columns = VECTOR.length * stride;
    const whole = layout.access === "uniform";
    const data = new Float32Array(whole ? VECTOR.length * PAGE : rows * columns);
    const first = VECTOR.length * page * layout.perPage;
    const last = Math.min(layout.width, first + columns);
    for (let row = 0; row < rows; row++)
      for (let c = first; c < last; c++) data[row * columns + c - first] = value(row, c);
    return [name, data] as const;
  });
  return Object.fromEntries(pages);
}
