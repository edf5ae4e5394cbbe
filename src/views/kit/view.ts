/**
 * What a view is: a picture with a sentence on how to read it, and the numbers that it shows as a
 * table. Reports and the page show the same views. A view draws and computes nothing: what it shows
 * comes as plain data from `src/report/facts`.
 */

/** Where a view is drawn. */
export interface Frame {
  /** The page's document, or one without a browser in tests. */
  readonly document: Document;
  /** The width that there is, in CSS pixels. */
  readonly width: number;
}

/** The numbers of a view. */
export interface Table {
  /** Names of the columns. */
  readonly header: readonly string[];
  /** Cells a row, as many as there are columns; null where there is no value. */
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** A view of one kind of data. */
export interface View<Data> {
  /** What stands above it. */
  readonly title: string;
  /** How to read it, in one or two sentences. */
  readonly reading: string;
  /** The picture. Text from data becomes text nodes and attributes, never markup. */
  readonly draw: (data: Data, frame: Frame) => Element;
  /** The same numbers; undefined for a view that has none to save. */
  readonly table?: (data: Data) => Table;
  /** Whether it is words, which have no width of their own, and go on over pages of paper. */
  readonly isWords?: true;
}

/** In place of a view's data: why it cannot be shown, and what would give it. */
export interface Lacking {
  /** A sentence or two. */
  readonly lacks: string;
}

/** @example lacking("The fit file has no rows. Fit again without --no-rows.") */
export const lacking = (lacks: string): Lacking => ({ lacks });

/** Whether there is no data to draw. */
export const isLacking = (data: unknown): data is Lacking =>
  typeof data === "object" && data !== null && "lacks" in data;
