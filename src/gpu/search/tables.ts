/**
 * The search kernel's read-only tables: in which buffers they lie, and what is written there.
 *
 * All invocations read the same row at a time, which is what uniform buffers are for: a GPU
 * broadcasts from its constant cache. A uniform buffer holds 4096 vectors of four columns. A larger
 * table is cut by columns into several buffers, its *pages*; one that is too large for that lies in
 * a storage buffer.
 */
import { type Access, type Binding, UNIFORM_BYTES, VECTOR, vectorsFor } from "../layout.ts";

/** Vectors that a uniform buffer holds on every adapter. */
const PAGE = UNIFORM_BYTES / VECTOR.bytes;
/** Uniform buffers a kernel may have on every adapter, less the settings. */
const PAGES = 11;

export interface TableLayout {
  readonly name: string;
  /** Columns of a row, float32 each. */
  readonly width: number;
  readonly access: Exclude<Access, "read_write">;
  /** Whether each lane reads a row of its own, to be passed round: see table-loops.ts. */
  readonly staged: boolean;
  /** Vectors of a row, four columns each. */
  readonly vectors: number;
  /** Vectors of a row in each buffer but the last, which has the rest. */
  readonly perPage: number;
}

const pagesOf = ({ vectors, perPage }: TableLayout): number => Math.ceil(vectors / perPage);

/** Vectors of a row in a page. */
export const strideOf = ({ vectors, perPage }: TableLayout, page: number): number =>
  Math.min(perPage, vectors - page * perPage);

/** The name of a page's binding. */
export const pageName = ({ name }: TableLayout, page: number): string => `${name}${page}`;

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
function layOut({ name, width, rows }: Shape, most: number, staged: boolean): TableLayout {
  const vectors = Math.max(1, vectorsFor(width));
  const perPage = Math.min(vectors, Math.floor(PAGE / Math.max(1, rows)));
  const paged: TableLayout = { name, width, access: "uniform", staged, vectors, perPage };
  return perPage > 0 && pagesOf(paged) <= most
    ? paged
    : { ...paged, access: "read", perPage: vectors };
}

/**
 * Layouts of several tables that share a kernel; the first ones come first where uniform buffers
 * are short. `uniform`: whether there may be uniform buffers; invocations that read different rows
 * at a time would wait for one another there.
 */
export function layOutAll(
  tables: readonly Shape[],
  {
    staged = false,
    uniform = true,
  }: { readonly staged?: boolean; readonly uniform?: boolean } = {},
): TableLayout[] {
  let left = uniform ? PAGES : 0;
  return tables.map((table) => {
    const layout = layOut(table, left, staged);
    if (layout.access === "uniform") left -= pagesOf(layout);
    return layout;
  });
}

/** The rows that its buffers hold, on a device that binds storage buffers of so many bytes. */
export const rowsOf = ({ access, perPage, vectors }: TableLayout, storageBytes: number): number =>
  access === "uniform"
    ? Math.floor(PAGE / perPage)
    : Math.floor(storageBytes / (vectors * VECTOR.bytes));

/** The bindings of a table's pages. */
export const tableBindings = (layout: TableLayout): Binding[] =>
  Array.from({ length: pagesOf(layout) }, (_, page) => ({
    name: pageName(layout, page),
    type: layout.access === "uniform" ? `array<vec4<f32>, ${PAGE}>` : "array<vec4<f32>>",
    access: layout.access,
  }));

/** The contents of a table's buffers, by the names of its bindings. */
export type TableContents = Readonly<Record<string, Float32Array<ArrayBuffer>>>;

/**
 * The contents of a table's buffers. Uniform ones are whole pages, so that the kernel's text does
 * not depend on the number of rows.
 */
export function fillTable(
  layout: TableLayout,
  rows: number,
  value: (row: number, column: number) => number,
): TableContents {
  const pages = tableBindings(layout).map(({ name }, page) => {
    const columns = VECTOR.length * strideOf(layout, page);
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
