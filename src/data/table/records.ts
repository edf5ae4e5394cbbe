/** Columns from records, one a row: what JSON lines, other JSON and plain objects share. */
import { InputError } from "../../base/errors.ts";
import { type Cell, type Column, typedCell } from "./cells.ts";

/** Cells of a table from which on it must not be nearly empty. */
const MANY_CELLS = 1e7;
const LEAST_FILLED = 0.05;

/**
 * Collects records into columns: keys in the order of their first appearance, absent keys missing.
 */
export class Records {
  readonly #source: string;
  readonly #unit: string;
  readonly #kind: string;
  readonly #columns = new Map<string, Cell[]>();
  #rows = 0;
  #values = 0;

  /**
   * @param source how messages name the file
   * @param unit what holds a record, for messages: "line"
   * @param kind what a record must be, for messages
   */
  constructor(source: string, unit: string, kind: "JSON object" | "object" = "JSON object") {
    [this.#source, this.#unit, this.#kind] = [source, unit, kind];
  }

  /**
   * Adds a record from its JSON; it stands in unit `n`.
   *
   * @throws InputError for broken JSON and for what is no object.
   */
  addJson(json: string, n: number): void {
    this.add(this.#parsed(json, `${this.#unit} ${n}`), n);
  }

  /**
   * Adds a record; it stands in unit `n`.
   *
   * @throws InputError for what is no object.
   */
  add(record: unknown, n: number): void {
    const place = `${this.#unit} ${n}`;
    const row = (this.#rows += 1);
    for (const [key, value] of Object.entries(this.#objectIn(record, place))) {
      const name = key.trim();
      const cells = this.#columns.get(name) ?? this.#newColumn(name, place);
      while (cells.length < row - 1) cells.push(null);
      if (cells.length === row)
        throw this.#error(
          `, ${place}: the key "${name}" is there twice, with and without spaces; rename one`,
          name,
        );
      cells.push(this.#cell(value, name, place));
      this.#values += 1;
    }
  }

  /** The columns of all records. */
  columns(): Column[] {
    if (this.#columns.size === 0)
      throw new InputError(
        `${this.#source} holds only empty objects: each needs the columns as keys`,
        { file: this.#source },
      );
    return [...this.#columns].map(([name, cells]) => {
      while (cells.length < this.#rows) cells.push(null);
      return { name, cells };
    });
  }

  #cell(value: unknown, name: string, place: string): Cell {
    try {
      return typedCell(value);
    } catch (error) {
      // Writing a nested value as text needs a call for every level.
      if (error instanceof RangeError)
        throw this.#error(`, ${place}: the value of "${name}" is nested too deeply`, name);
      // One that contains itself has no text.
      if (error instanceof TypeError)
        throw this.#error(
          `, ${place}: the value of "${name}" is neither a number nor a text, and cannot be written as one (${error.message.split("\n")[0]})`,
          name,
        );
      throw error;
    }
  }

  #newColumn(name: string, place: string): Cell[] {
    const cells: Cell[] = [];
    this.#columns.set(name, cells);
    const all = this.#columns.size * this.#rows;
    if (all > MANY_CELLS && this.#values < LEAST_FILLED * all)
      throw this.#error(
        `, ${place}: the records have hardly a key in common (${this.#columns.size} keys in ${this.#rows} records): is each record a run, and each key a column?`,
        name,
      );
    return cells;
  }

  #parsed(json: string, place: string): unknown {
    try {
      return JSON.parse(json);
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      // Python's json module writes these by default.
      const remedy = /\b(NaN|Infinity)\b/.test(json)
        ? "NaN and Infinity are not JSON, write null"
        : `each ${this.#unit} must be one complete JSON object`;
      throw this.#error(
        `, ${place} is not valid JSON (${detail}): ${remedy}`,
        undefined,
        this.#rows + 1,
      );
    }
  }

  #objectIn(value: unknown, place: string): object {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
    throw this.#error(
      `, ${place} is ${kindOf(value)}: each ${this.#unit} must be one ${this.#kind} with the columns as keys`,
    );
  }

  #error(problem: string, column?: string, row = this.#rows): InputError {
    return new InputError(this.#source + problem, {
      file: this.#source,
      row,
      ...(column === undefined ? {} : { column }),
    });
  }
}

/** What a value is, with its article. */
const kindOf = (value: unknown): string => {
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value) ? "an array" : `a ${typeof value}`;
};
