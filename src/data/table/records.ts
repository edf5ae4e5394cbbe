/** Columns from records, one a row: what JSON lines and other JSON have in common. */
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
  readonly #columns = new Map<string, Cell[]>();
  #rows = 0;
  #values = 0;

  /**
   * @param source how messages name the file
   * @param unit what holds a record, for messages: "line"
   */
  constructor(source: string, unit: string) {
    [this.#source, this.#unit] = [source, unit];
  }

  /**
   * Adds a record from its JSON; it stands in unit `n`.
   *
   * @throws InputError for broken JSON and for what is no object.
   */
  add(json: string, n: number): void {
    const place = `${this.#unit} ${n}`;
    const row = (this.#rows += 1);
    for (const [key, value] of Object.entries(this.#parsed(json, place))) {
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
      if (!(error instanceof RangeError)) throw error;
      throw this.#error(`, ${place}: the value of "${name}" is nested too deeply`, name);
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

  #parsed(json: string, place: string): object {
    let value: unknown;
    try {
      value = JSON.parse(json);
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      // Python's json module writes these by default.
      const remedy = /\b(NaN|Infinity)\b/.test(json)
        ? "NaN and Infinity are not JSON, write null"
        : `each ${this.#unit} must be one complete JSON object`;
      throw this.#error(`, ${place} is not valid JSON (${detail}): ${remedy}`);
    }
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
    const found = Array.isArray(value) ? "an array" : value === null ? "null" : `a ${typeof value}`;
    throw this.#error(
      `, ${place} is ${found}: each ${this.#unit} must be one JSON object with the columns as keys`,
    );
  }

  #error(problem: string, column?: string): InputError {
    return new InputError(this.#source + problem, {
      file: this.#source,
      row: this.#rows,
      ...(column === undefined ? {} : { column }),
    });
  }
}
