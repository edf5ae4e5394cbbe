import { InputError } from "../../base/errors.ts";
import { type Cell, typedCell } from "./cells.ts";
import type { Column } from "./cells.ts";

/**
 * The columns of JSON lines (LF line ends): one object a line, keys in the order of their first
 * appearance, absent keys missing.
 *
 * @throws InputError naming the line for broken JSON and for a line that is no object.
 */
export function readJsonLines(text: string, source: string): Column[] {
  const columns = new Map<string, Cell[]>();
  let row = 0;
  text.split("\n").forEach((line, index) => {
    if (line.trim() === "") return;
    row += 1;
    for (const [key, value] of Object.entries(parseLine(line, index + 1, row, source))) {
      const name = key.trim();
      const cells = columns.get(name) ?? [];
      columns.set(name, cells);
      while (cells.length < row - 1) cells.push(null);
      if (cells.length === row) {
        throw new InputError(
          `${source}, line ${index + 1}: the key "${name}" is there twice, with and without spaces; rename one`,
          {
            file: source,
            row,
            column: name,
          },
        );
      }
      cells.push(typedCell(value));
    }
  });
  if (columns.size === 0)
    throw new InputError(
      `${source} holds only empty objects: each line needs the columns as keys`,
      { file: source },
    );
  return [...columns].map(([name, cells]) => {
    while (cells.length < row) cells.push(null);
    return { name, cells };
  });
}

function parseLine(line: string, lineNumber: number, row: number, source: string): object {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    // Python's json module writes these by default.
    const remedy = /\b(NaN|Infinity)\b/.test(line)
      ? "NaN and Infinity are not JSON, write null"
      : "each line must be one complete JSON object";
    throw new InputError(`${source}, line ${lineNumber} is not valid JSON (${detail}): ${remedy}`, {
      file: source,
      row,
    });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  const found = Array.isArray(value) ? "an array" : value === null ? "null" : `a ${typeof value}`;
  throw new InputError(
    `${source}, line ${lineNumber} is ${found}: each line must be one JSON object with the columns as keys`,
    {
      file: source,
      row,
    },
  );
}
