/**
 * The kernels' read-only tables. All invocations read the same row at a time, which is what uniform buffers are for: a GPU broadcasts from its constant
 * cache, and lavapipe reads once for eight lanes (3 × the rate of a storage buffer, whose lanes it serves one by one). A uniform buffer holds 4096 vectors; a larger
 * table is cut by columns into several, and one that is too large for that lies in a storage buffer.
 */
import type { Binding } from "./layout.ts";

/** Vectors a uniform buffer holds on every adapter: 64 KiB. */
const PAGE = 4096;
/** Uniform buffers a kernel may have on every adapter, less the settings. */
const PAGES = 11;

export interface Layout {
  readonly name: string;
  /** float32 columns a row. */
  readonly width: number;
  readonly space: "uniform" | "read";
  /** Vectors of four columns a row: in all, and in each buffer but the last. */
  readonly vectors: number;
  readonly perPage: number;
}

const pagesOf = ({ vectors, perPage }: Layout): number => Math.ceil(vectors / perPage);

/** Lays out a table of `rows` rows in at most `most` uniform buffers, or else in one storage buffer. */
function layOut(name: string, width: number, rows: number, most: number): Layout {
  const vectors = Math.max(1, Math.ceil(width / 4));
  const perPage = Math.min(vectors, Math.floor(PAGE / Math.max(1, rows)));
  const paged: Layout = { name, width, space: "uniform", vectors, perPage };
  return perPage > 0 && pagesOf(paged) <= most ? paged : { ...paged, space: "read", perPage: vectors };
}

/** Layouts of several tables that share a kernel; the first ones come first where uniform buffers are short. */
export function layOutAll(tables: readonly { readonly name: string; readonly width: number; readonly rows: number }[]): Layout[] {
  let left = PAGES;
  return tables.map(({ name, width, rows }) => {
    const layout = layOut(name, width, rows, left);
    if (layout.space === "uniform") left -= pagesOf(layout);
    return layout;
  });
}

export const tableBindings = (layout: Layout): Binding[] =>
  Array.from({ length: pagesOf(layout) }, (_, page) => ({
    name: `${layout.name}${page}`,
    type: layout.space === "uniform" ? `array<vec4<f32>, ${PAGE}>` : "array<vec4<f32>>",
    access: layout.space,
  }));

/** Where column `column` of row `row` (WGSL text) is. */
export function cell(layout: Layout, row: string, column: number): string {
  const vector = Math.floor(column / 4);
  const page = Math.floor(vector / layout.perPage);
  const stride = Math.min(layout.perPage, layout.vectors - page * layout.perPage);
  const within = vector - page * layout.perPage;
  const index = stride === 1 ? row : `${row} * ${stride}u + ${within}u`;
  return `${layout.name}${page}[${index}].${"xyzw"[column % 4]}`;
}

/** The contents of a table's buffers. Uniform ones are whole pages, so that the kernel's text does not depend on the number of rows. */
export function fillTable(layout: Layout, rows: number, value: (row: number, column: number) => number): Float32Array<ArrayBuffer>[] {
  return Array.from({ length: pagesOf(layout) }, (_, page) => {
    const stride = Math.min(layout.perPage, layout.vectors - page * layout.perPage);
    const data = new Float32Array(4 * (layout.space === "uniform" ? PAGE : Math.max(1, rows * stride)));
    const first = 4 * page * layout.perPage;
    const last = Math.min(layout.width, first + 4 * stride);
    for (let row = 0; row < rows; row++) for (let c = first; c < last; c++) data[row * 4 * stride + c - first] = value(row, c);
    return data;
  });
}
