import { fc } from "../../support/property.ts";
import Papa from "papaparse";
import { describe, expect, test } from "vitest";
import { LineReader, unquoted } from "../../../src/data/bytes/lines.ts";
import { TextColumn } from "../../../src/data/bytes/text-column.ts";
import { toNumber } from "../../../src/data/table/cells.ts";
import { FORMATS } from "../../../src/data/table/formats.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The lines of a text whose bytes come in pieces of `size`, or what is wrong with it. */
function linesOf(text: string, delimiter: "," | "\t", size: number): string[][] | string {
  const lines: string[][] = [];
  const reader = new LineReader(
    delimiter,
    ({ count, bytes, starts, ends, quoted }) =>
      lines.push(
        Array.from({ length: count }, (_, n) =>
          decoder.decode(
            quoted[n] === 0
              ? bytes.subarray(starts[n], ends[n])
              : unquoted(bytes, starts[n], ends[n]),
          ),
        ),
      ),
    (problem) => new Error(problem),
  );
  try {
    const bytes = encoder.encode(text);
    for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
    reader.end();
    return lines;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The same by papaparse, which reads texts whole. */
function byPapa(text: string, delimiter: "," | "\t"): string[][] | string {
  const { data, errors } = Papa.parse<string[]>(text.replace(/\r\n?/g, "\n"), {
    delimiter,
    newline: "\n",
  });
  return errors[0]?.message ?? data;
}

const isBlank = (line: readonly string[]): boolean => line.length === 1 && line[0] === "";
const withoutBlank = (lines: string[][] | string): string[][] | string =>
  typeof lines === "string" ? lines : lines.filter((line) => !isBlank(line));

describe("lines of cells", () => {
  const piece = fc.constantFrom(
    ",",
    "\t",
    "\n",
    "\r",
    "\r\n",
    '"',
    '""',
    " ",
    "1.5",
    "a",
    "é",
    "𝔸",
  );

  test.each([",", "\t"] as const)("are those of papaparse (%j), in pieces of any size", (sign) => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 24 }),
        fc.integer({ min: 1, max: 9 }),
        (parts, size) => {
          // papaparse refuses spaces between a quote and the end of the file.
          const text = `${parts.join("").replace(/[ \t]+$/, "")}\n`;
          expect(withoutBlank(linesOf(text, sign, size))).toEqual(withoutBlank(byPapa(text, sign)));
        },
      ),
      { numRuns: 1500 },
    );
  });

  test("a quote that nothing ends is found before it fills the memory", () => {
    const reader = new LineReader(",", () => undefined, (problem) => new Error(problem)); // prettier-ignore
    const letters = new Uint8Array(2 ** 25).fill(0x61);
    reader.push(encoder.encode('"'));
    expect(() => {
      for (let n = 0; n < 3; n++) reader.push(letters);
    }).toThrow("a line is longer than 64 MiB, or a quoted field is unterminated");
  });
});

test("a JSON line that does not end is refused before no text holds it", () => {
  const reader = FORMATS.jsonl.reader("runs.jsonl");
  const letters = new Uint8Array(2 ** 25).fill(0x61);
  expect(() => {
    for (let n = 0; n < 3; n++) reader.push(letters);
  }).toThrow("runs.jsonl, line 1 is longer than 64 MiB");
});

describe("a column of text", () => {
  const columnOf = (cells: readonly string[]): TextColumn => {
    const column = new TextColumn();
    for (const cell of cells) {
      const bytes = encoder.encode(cell);
      column.push(bytes, 0, bytes.length);
    }
    return column;
  };

  test("keeps cells as they are written, without spaces around", () => {
    const cells = ["a", " b\t", "", "é", "1e6", "x".repeat(1000)];
    const column = columnOf(cells);
    expect(column.rows).toBe(6);
    expect(cells.map((_, row) => column.textAt(row))).toEqual(cells.map((cell) => cell.trim()));
    expect(column.firstByteAt(2)).toBeUndefined();
    expect(() => column.textAt(6)).toThrow("there is no row 6");
  });

  test("decimals are read to the last bit", () => {
    const digits = fc.stringMatching(/^[+-]?(\d{0,20}\.?\d{0,22})([eE][+-]?\d{0,3})?$/);
    const numbers = fc.double({ noNaN: true, noDefaultInfinity: true }).map(String);
    fc.assert(
      fc.property(fc.oneof(digits, numbers), (text) => {
        const value = columnOf([text]).decimalAt(0);
        const expected = toNumber(text);
        if (value === undefined || Number.isFinite(value)) expect(value).toBe(expected);
        else expect(expected).toBeUndefined();
      }),
      { numRuns: 3000 },
    );
  });
});
